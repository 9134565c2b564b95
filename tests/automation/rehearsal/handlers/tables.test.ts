import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { ResourceTable } from "../../../../automation/engine/provider.ts";
import { createPlanningProvider } from "../../../../automation/rehearsal/handlers/provider.ts";
import { nestedReference, readNestedInputs, readSdkClass, type SdkClass } from "./sdkDeclarations.ts";

/** What the upstream provider plans when a leaf changes, by type and leaf. How it was asked: `docs/property-tables.md`. */
interface JudgedChanges {
    readonly provider: string;
    readonly changes: Readonly<Record<string, Readonly<Record<string, "update" | "replace">>>>;
}

const JUDGED = JSON.parse(readFileSync(new URL("judgedChanges.json", import.meta.url), "utf8")) as JudgedChanges;
/** Leaves of the AWS types that no plan of the upstream provider decides: see `docs/property-tables.md`. */
const UNJUDGED = ["region", "attributes.type"];

/** Why a leaf is not what the SDK declares; undefined when it is. */
function findMismatch(leaf: string, free: boolean, sdk: SdkClass): string | undefined {
    let properties: ReadonlyMap<string, string> | undefined = sdk.inputs;
    let reference: string | undefined;
    for (const name of leaf.split(".")) {
        const declared: string | undefined = properties?.get(name);
        if (declared === undefined) return `${leaf}: the SDK has no ${name} in ${reference ?? "the arguments"}`;
        reference = nestedReference(declared);
        properties = reference === undefined ? undefined : readNestedInputs(reference);
    }
    return reference !== undefined && !free ? `${leaf}: is no leaf but ${reference}` : undefined;
}

const REQUIRED_TYPES = [
    "random:index/randomId:RandomId", "aws:kms/key:Key", "aws:kms/alias:Alias", "aws:s3/bucket:Bucket", "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketNotification:BucketNotification", "aws:dynamodb/table:Table", "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy",
    "aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget",
    "aws:lambda/function:Function", "aws:lambda/permission:Permission", "aws:apigatewayv2/api:Api", "aws:apigatewayv2/integration:Integration",
    "aws:apigatewayv2/route:Route", "aws:apigatewayv2/stage:Stage", "aws:sfn/stateMachine:StateMachine", "aws:sns/topic:Topic",
    "aws:sns/topicSubscription:TopicSubscription", "aws:ssm/parameter:Parameter", "aws:sagemaker/model:Model",
    "aws:kinesis/stream:Stream", "aws:lambda/eventSourceMapping:EventSourceMapping", "aws:sqs/queue:Queue", "aws:s3/bucketLogging:BucketLogging",
    "aws:apigatewayv2/authorizer:Authorizer",
    "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/dashboard:Dashboard", "aws:cloudwatch/queryDefinition:QueryDefinition",
    "aws:budgets/budget:Budget", "aws:sns/topicPolicy:TopicPolicy",
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration", "aws:sagemaker/endpoint:Endpoint", "command:local:Command",
    "aws:ec2/vpc:Vpc", "aws:ec2/internetGateway:InternetGateway", "aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation", "aws:ec2/route:Route", "aws:ec2/eip:Eip", "aws:ec2/natGateway:NatGateway",
    "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/flowLog:FlowLog",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];

describe("property tables", () => {
    const provider = createPlanningProvider({ region: "eu-central-1", accountId: "111122223333" });
    const tables: readonly ResourceTable[] = [...provider.resources.values()].map(({ table }) => table);

    it("cover every resource type of the program", () => {
        expect([...provider.resources.keys()].sort()).to.deep.equal([...REQUIRED_TYPES].sort());
    });

    it("are judged for no type that is not there", () => {
        expect(Object.keys(JUDGED.changes).filter((type) => !provider.resources.has(type))).to.deep.equal([]);
    });

    for (const table of tables) {
        describe(table.type, () => {
            const sdk = readSdkClass(table.type);

            it("bears the SDK's own token", () => {
                expect(sdk.token).to.equal(table.type);
            });

            it("lists the outputs of the SDK's class, none missing and none invented", () => {
                expect(sdk.outputs).not.to.be.empty;
                expect([...table.outputs].sort()).to.deep.equal([...sdk.outputs].sort());
            });

            it("has rules for leaves that exist, nested ones too", () => {
                const mismatches = Object.entries(table.inputs).map(([leaf, { free }]) => findMismatch(leaf, free === true, sdk));
                expect(mismatches.filter((mismatch) => mismatch !== undefined)).to.deep.equal([]);
            });

            if (table.type.startsWith("aws:")) {
                it("updates and replaces as the upstream provider plans it", () => {
                    const judged = Object.entries(table.inputs).filter(([leaf]) => !UNJUDGED.includes(leaf));
                    expect(Object.fromEntries(judged.map(([leaf, { change }]) => [leaf, change]))).to.deep.equal(JUDGED.changes[table.type]);
                });
            }

            if (table.usage !== undefined) {
                it("is proven used by the ARN of the thing itself, without a separator at its end", () => {
                    const outputs = { arn: "arn:aws:x:::thing", executionArn: "arn:aws:execute-api:::api", apiId: "api", routeKey: "POST /inference" };
                    expect(table.usage!.resourceArn(outputs)).to.match(/^arn:.*[^/:]$/);
                });
            }

            it("names its source", () => {
                expect(table.source).to.match(/^https:\/\/www\.pulumi\.com\/registry\//);
            });

            it("knows what its automatic name, if any, fills", () => {
                if (table.autoName !== undefined) expect(table.inputs[table.autoName.property]).to.include({ effect: "applied" });
            });
        });
    }
});
