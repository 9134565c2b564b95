/** What is wrong in the parts that are yet to come: the database and its password, and the container service. */
import { add, drop, inDocument, loosen, set } from "../draft.ts";
import type { Edit, Fields } from "../draft.ts";
import type { PreflightMutation } from "../mutation.ts";
import { CONTAINER, LIFECYCLE_RULE, withContainers, withDatabase } from "../parts.ts";

type Wrong = Omit<PreflightMutation, "stack" | "occasion">;

function inDatabase(wrong: Wrong): PreflightMutation {
    return { ...wrong, edits: [...withDatabase, ...wrong.edits] };
}

function inContainers(wrong: Wrong): PreflightMutation {
    return { ...wrong, edits: [...withContainers, ...wrong.edits] };
}

function setContainer(fields: object): Edit {
    return set("letters-task", "containerDefinitions", JSON.stringify([{ ...CONTAINER, ...fields }]));
}

function setParameter(name: string, value: string): Edit {
    return set("database-parameters", "parameters", [{ name, value }]);
}

const INJECTED = [{ name: "PASSWORD", valueFrom: "<arn of database-password>" }];

export const partMutations: readonly PreflightMutation[] = [
    inDatabase({ rule: "F07", words: "Performance Insights kept for 30 days", where: "database", edits: [set("database", "performanceInsightsRetentionPeriod", 30)] }),
    inDatabase({
        rule: "F07", words: "Performance Insights on a class without it", where: "database",
        edits: [set("database", "instanceClass", "db.t3.micro"), ({ evidence }) => {
            const offerings = [{ engineVersion: "17.11", supportsPerformanceInsights: false, storageTypes: ["gp3"] }];
            if (evidence.account !== undefined) evidence.account = { ...evidence.account, databaseOfferings: async () => offerings };
        }, setParameter("work_mem", "4096")],
    }),
    inDatabase({ rule: "F18", words: "a version that was withdrawn", where: "database", edits: [set("database", "engineVersion", "17.2")] }),
    inDatabase({ rule: "F18", words: "parameters of another major version", where: "database", edits: [set("database-parameters", "family", "postgres16")] }),
    inDatabase({ rule: "F19", words: "every statement in the log", where: "database-parameters", edits: [setParameter("log_statement", "all")] }),
    inDatabase({ rule: "F20", words: "IOPS for 20 GiB", where: "database", edits: [set("database", "iops", 3000)] }),
    inDatabase({
        rule: "F21", words: "three times the memory of the machine", where: "database-parameters",
        edits: [set("database", "instanceClass", "db.t3.micro"), set("database", "performanceInsightsEnabled", false), set("database-parameters", "parameters.0.value", "393216")],
    }),
    inDatabase({ rule: "F23", words: "a rotation without a function", where: "database-rotation", edits: [set("database-rotation", "rotationLambdaArn", undefined)] }),
    inDatabase({ rule: "F23", words: "a rotation that does not wait for the permission", where: "database-rotation", edits: [loosen("database-rotation", "::rotator-permission")] }),
    inDatabase({
        rule: "F54", words: "a name that is still taken by a deleted secret", where: "database-password",
        edits: [({ evidence }) => {
            if (evidence.account !== undefined) evidence.account = { ...evidence.account, secret: async () => ({ deletedAt: new Date("2026-11-20T08:00:00Z") }) };
        }],
    }),
    inDatabase({ rule: "F54", words: "a recovery window where everything is to go", where: "database-password", edits: [set("database-password", "recoveryWindowInDays", 7)] }),
    inContainers({
        rule: "F17", words: "a policy whose age has no unit", where: "letters-images-lifecycle",
        edits: [inDocument("letters-images-lifecycle", "policy", (document) => {
            const { countUnit: _countUnit, ...selection } = LIFECYCLE_RULE.selection;
            document["rules"] = [{ ...LIFECYCLE_RULE, selection }];
        })],
    }),
    inContainers({
        rule: "F17", words: "a policy of a repository that nobody makes", where: "letters-images-lifecycle",
        edits: [set("letters-images-lifecycle", "repository", "shared-letters"), loosen("letters-images-lifecycle", "::letters-images"), (draft) => {
            for (const graph of draft.graphs) for (const each of graph.resources) if (each.name === "letters-images-lifecycle") each.propertyDependencies = {};
        }],
    }),
    inContainers({
        rule: "F24", words: "logs into a group that nobody makes", where: "letters-task",
        edits: [setContainer({ logConfiguration: { logDriver: "awslogs", options: { ...CONTAINER.logConfiguration.options, "awslogs-group": "/ecs/firstlight-dev-letter" } } })],
    }),
    inContainers({
        rule: "F24", words: "a task that does not wait for its log group", where: "letters-task", edits: [loosen("letters-task", "::letters-logs")],
    }),
    inContainers({ rule: "F25", words: "tasks before their image is pushed", where: "letters-service", edits: [drop("letters-image")] }),
    inContainers({ rule: "F31", words: "a repository in capital letters", where: "letters-images", edits: [set("letters-images", "name", "firstlight-dev-Letters")] }),
    inContainers({ rule: "F56", words: "a health check that waits as long as its interval", where: "letters-targets", edits: [set("letters-targets", "healthCheck.timeout", 30)] }),
    { rule: "F65", words: "a rotated password that is read once, at the start", where: "letters-task", edits: [...withDatabase, ...withContainers, setContainer({ secrets: INJECTED })] },
    inContainers({ rule: "F68", words: "a listener that redirects", where: "letters-integration", edits: [set("letters-listener", "defaultActions", [{ type: "redirect", redirect: { statusCode: "HTTP_301" } }])] }),
    inContainers({ rule: "F68", words: "a balancer that is open to the internet", where: "letters-integration", edits: [set("letters-balancer", "internal", false)] }),
    { rule: "F13", words: "a server beside the functions", where: "web", edits: [add({ type: "aws:ec2/instance:Instance", name: "web", inputs: { instanceType: "t3.micro" } satisfies Fields })] },
];
