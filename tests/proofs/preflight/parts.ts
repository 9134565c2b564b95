/**
 * Parts that the program does not have yet, as they will be declared: a database whose password is rotated, and a container service behind
 * a load balancer. They are right as they are; mutations make something wrong in them.
 */
import type { SampleResource } from "../../../automation/preflight/samples.ts";
import type { MutatedStack } from "../mutations/mutation.ts";
import { REHEARSAL_ACCOUNT } from "../../../automation/rehearsal/environment.ts";
import { add, copy, find, urnIn } from "./draft.ts";
import type { Draft, DraftResource, Edit } from "./draft.ts";

const REGION = "us-east-1";
const TAGS = { Project: "firstlight", Environment: "dev", ManagedBy: "Pulumi" };

/** Both parts are declared in the development stack, which has whatever else they need. */
const STACK: MutatedStack = "dev";

const urn = (resource: SampleResource): string => urnIn(STACK, resource);

/** What a function is made of, by the ends of the names. */
const FUNCTION_PARTS = ["-role", "-policy", "-logs", "-function"] as const;
const PATTERN = "health";

/** A function like that of the health check, under another name. */
function likeHealth(name: string): Edit {
    return (draft) => {
        for (const graph of draft.graphs) {
            const parts = FUNCTION_PARTS.flatMap((ending) => graph.resources.filter((each) => each.name === `${PATTERN}${ending}`));
            graph.resources.push(...parts.map((part) => rename(part, name)));
        }
    };
}

/** Its code stays what it is. */
function rename(part: DraftResource, name: string): DraftResource {
    const { code, sourceCodeHash, handler, ...inputs } = part.inputs;
    const renamed = JSON.parse(JSON.stringify({ ...part, inputs }).replaceAll(PATTERN, name)) as DraftResource;
    const kept = Object.fromEntries(Object.entries({ code, sourceCodeHash, handler }).filter(([, value]) => value !== undefined));
    return { ...renamed, inputs: { ...renamed.inputs, ...copy(kept) } };
}

const SECRET: SampleResource = {
    type: "aws:secretsmanager/secret:Secret", name: "database-password",
    inputs: { name: "dev/firstlight/database", recoveryWindowInDays: 0, tags: TAGS },
};
const PARAMETERS: SampleResource = {
    type: "aws:rds/parameterGroup:ParameterGroup", name: "database-parameters",
    inputs: {
        name: "firstlight-dev-database", family: "postgres17", tags: TAGS,
        parameters: [{ name: "effective_cache_size", value: "98304" }, { name: "log_statement", value: "ddl" }],
    },
};
const DATABASE: SampleResource = {
    type: "aws:rds/instance:Instance", name: "database",
    inputs: {
        identifier: "firstlight-dev-database", engine: "postgres", engineVersion: "17.11", instanceClass: "db.m6g.large", tags: TAGS,
        allocatedStorage: 20, storageType: "gp3", storageEncrypted: true, performanceInsightsEnabled: true, performanceInsightsRetentionPeriod: 7,
        parameterGroupName: "firstlight-dev-database",
    },
    dependencies: [urn(PARAMETERS)], propertyDependencies: { parameterGroupName: [urn(PARAMETERS)] },
};
const ROTATOR = "rotator";

/** A database of PostgreSQL, its parameters, and a password that a function changes every month. */
export const withDatabase: readonly Edit[] = [add(SECRET, PARAMETERS, DATABASE), likeHealth(ROTATOR), addRotation];

function addRotation(draft: Draft): void {
    const [rotator] = find(draft, `${ROTATOR}-function`);
    if (rotator === undefined) throw new Error("there is no function to rotate with");
    const permission: SampleResource = {
        type: "aws:lambda/permission:Permission", name: "rotator-permission",
        inputs: { action: "lambda:InvokeFunction", function: "firstlight-dev-rotator", principal: "secretsmanager.amazonaws.com", sourceAccount: REHEARSAL_ACCOUNT },
        dependencies: [rotator.urn], propertyDependencies: { function: [rotator.urn] },
    };
    void add(permission, {
        type: "aws:secretsmanager/secretRotation:SecretRotation", name: "database-rotation",
        inputs: { secretId: "<id of database-password>", rotationLambdaArn: `arn:aws:lambda:${REGION}:${REHEARSAL_ACCOUNT}:function:firstlight-dev-rotator`, rotationRules: { automaticallyAfterDays: 30 } },
        dependencies: [urn(SECRET), rotator.urn, urn(permission)],
        propertyDependencies: { secretId: [urn(SECRET)], rotationLambdaArn: [rotator.urn] },
    })(draft);
}

const REPOSITORY: SampleResource = {
    type: "aws:ecr/repository:Repository", name: "letters-images",
    inputs: { name: "firstlight-dev-letters", imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: true }, tags: TAGS },
};
export const LIFECYCLE_RULE = {
    rulePriority: 1, selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 }, action: { type: "expire" },
};
const LIFECYCLE: SampleResource = {
    type: "aws:ecr/lifecyclePolicy:LifecyclePolicy", name: "letters-images-lifecycle",
    inputs: { repository: "firstlight-dev-letters", policy: JSON.stringify({ rules: [LIFECYCLE_RULE] }) },
    dependencies: [urn(REPOSITORY)], propertyDependencies: { repository: [urn(REPOSITORY)] },
};
const LOGS: SampleResource = {
    type: "aws:cloudwatch/logGroup:LogGroup", name: "letters-logs", inputs: { name: "/ecs/firstlight-dev-letters", retentionInDays: 14, tags: TAGS },
};
const IMAGE: SampleResource = { type: "docker-build:index:Image", name: "letters-image", dependencies: [urn(REPOSITORY)] };
/** Of the service's task. */
export const CONTAINER = {
    name: "letters", image: `${REHEARSAL_ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/firstlight-dev-letters:v1`, portMappings: [{ containerPort: 8080 }],
    logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": "/ecs/firstlight-dev-letters", "awslogs-region": REGION, "awslogs-stream-prefix": "letters" },
    },
};
const TASK: SampleResource = {
    type: "aws:ecs/taskDefinition:TaskDefinition", name: "letters-task",
    inputs: { family: "firstlight-dev-letters", requiresCompatibilities: ["FARGATE"], networkMode: "awsvpc", containerDefinitions: JSON.stringify([CONTAINER]), tags: TAGS },
    dependencies: [urn(LOGS), urn(IMAGE)], propertyDependencies: { containerDefinitions: [urn(LOGS), urn(IMAGE)] },
};
const TARGETS: SampleResource = {
    type: "aws:lb/targetGroup:TargetGroup", name: "letters-targets",
    inputs: { port: 8080, protocol: "HTTP", targetType: "ip", healthCheck: { path: "/health", interval: 30, timeout: 5 }, tags: TAGS },
};
const BALANCER: SampleResource = {
    type: "aws:lb/loadBalancer:LoadBalancer", name: "letters-balancer", inputs: { internal: true, loadBalancerType: "application", tags: TAGS },
};
const LISTENER: SampleResource = {
    type: "aws:lb/listener:Listener", name: "letters-listener",
    inputs: { loadBalancerArn: "<arn of letters-balancer>", port: 80, protocol: "HTTP", defaultActions: [{ type: "forward", targetGroupArn: "<arn of letters-targets>" }] },
    dependencies: [urn(BALANCER), urn(TARGETS)], propertyDependencies: { loadBalancerArn: [urn(BALANCER)], defaultActions: [urn(TARGETS)] },
};
const SERVICE: SampleResource = {
    type: "aws:ecs/service:Service", name: "letters-service",
    inputs: { name: "firstlight-dev-letters", desiredCount: 2, launchType: "FARGATE", taskDefinition: "<arn of letters-task>", tags: TAGS },
    dependencies: [urn(TASK), urn(LISTENER)], propertyDependencies: { taskDefinition: [urn(TASK)] },
};

/** A repository with its images, a service that runs two of them, and the way to it from the API. */
export const withContainers: readonly Edit[] = [add(REPOSITORY, LIFECYCLE, LOGS, IMAGE, TASK, TARGETS, BALANCER, LISTENER, SERVICE), addLink];

function addLink(draft: Draft): void {
    const [api] = find(draft, "api", "apigatewayv2/api");
    void add({
        type: "aws:apigatewayv2/integration:Integration", name: "letters-integration",
        inputs: { apiId: "<id of api>", connectionType: "VPC_LINK", integrationType: "HTTP_PROXY", integrationMethod: "ANY", integrationUri: "<arn of letters-listener>" },
        dependencies: [urn(LISTENER), api?.urn ?? ""], propertyDependencies: { apiId: [api?.urn ?? ""], integrationUri: [urn(LISTENER)] },
    })(draft);
}
