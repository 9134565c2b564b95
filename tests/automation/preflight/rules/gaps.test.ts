import { expect } from "chai";
import type { AccountView } from "../../../../automation/preflight/account/accountView.ts";
import { UnansweredError } from "../../../../automation/preflight/account/accountView.ts";
import type { CheckedRule, Evidence } from "../../../../automation/preflight/rule.ts";
import { rule as F07 } from "../../../../automation/preflight/rules/F07.ts";
import { rule as F17 } from "../../../../automation/preflight/rules/F17.ts";
import { rule as F18 } from "../../../../automation/preflight/rules/F18.ts";
import { rule as F19 } from "../../../../automation/preflight/rules/F19.ts";
import { rule as F20 } from "../../../../automation/preflight/rules/F20.ts";
import { rule as F21 } from "../../../../automation/preflight/rules/F21.ts";
import { rule as F23 } from "../../../../automation/preflight/rules/F23.ts";
import { rule as F24 } from "../../../../automation/preflight/rules/F24.ts";
import { rule as F25 } from "../../../../automation/preflight/rules/F25.ts";
import { rule as F31 } from "../../../../automation/preflight/rules/F31.ts";
import { rule as F54 } from "../../../../automation/preflight/rules/F54.ts";
import { rule as F56 } from "../../../../automation/preflight/rules/F56.ts";
import { rule as F65 } from "../../../../automation/preflight/rules/F65.ts";
import { rule as F68 } from "../../../../automation/preflight/rules/F68.ts";
import { buildAccount, buildPlanEvidence, urnOf } from "../../../../automation/preflight/samples.ts";
import type { SampleResource } from "../../../../automation/preflight/samples.ts";
import { UNKNOWN } from "../../../../automation/engine/provider.ts";
import type { PropertyMap } from "../../../../automation/engine/provider.ts";

const DENIED = new UnansweredError("AWS does not let you ask (rds:DescribeOrderableDBInstanceOptions)", "denied");

interface Expected {
    /** Severities of what is found. @default nothing */
    readonly found?: readonly ("blocker" | "warning")[];
    /** Undefined when nothing may be left open. */
    readonly open?: RegExp;
}

/** Looks at a plan, and says what the rule must find there and leave open. */
async function expectLook(rule: CheckedRule, evidence: Evidence, { found = [], open }: Expected): Promise<void> {
    expect(rule.applies(evidence), "applies").to.equal(true);
    const result = await rule.check(evidence);
    expect(result.findings.map(({ severity }) => severity), JSON.stringify(result)).to.deep.equal(found);
    if (open === undefined) expect(result.open).to.equal(undefined);
    else expect(result.open).to.match(open);
}

describe("rules about databases", () => {
    it("judge by what is documented when the account does not answer, and say that it did not", async () => {
        const account = denying("databaseOfferings");
        await expectLook(F07, { ...buildDatabase({ engine: "mysql", performanceInsightsEnabled: true }), account }, {
            found: ["blocker"], open: /does not let you ask/,
        });
        await expectLook(F18, { ...buildDatabase({ engineVersion: "15.4" }), account }, { found: ["blocker"] });
        await expectLook(F18, { ...buildDatabase({ engineVersion: "17" }), account }, {});
        await expectLook(F20, { ...buildDatabase({ allocatedStorage: 100, iops: 3000, storageType: "gp3" }), account }, {
            found: ["blocker"], open: /does not let you ask/,
        });
    });

    it("leave versions open that are not in the list, and engines that have none", async () => {
        await expectLook(F18, buildDatabase({ engineVersion: "19.1" }), {
            open: /19\.1 is not in the list of 2026-11-21, and .* without an account/,
        });
        await expectLook(F18, buildDatabase({ engine: "mysql", engineVersion: "8.0.1" }), { open: /versions of mysql are not listed/ });
        await expectLook(F18, buildDatabase({ engineVersion: UNKNOWN }), { open: /version are not known/ });
        await expectLook(F20, buildDatabase({ engine: "oracle-ee", storageType: "gp3", allocatedStorage: 100 }), {
            open: /bounds of gp3 for oracle-ee/,
        });
    });

    it("never guess sizes, classes and parameters", async () => {
        await expectLook(F07, buildDatabase({ performanceInsightsEnabled: UNKNOWN }), { open: /whether Performance Insights is on/ });
        await expectLook(F20, buildDatabase({ storageType: "gp3", allocatedStorage: UNKNOWN, iops: 3000 }), { open: /allocatedStorage/ });
        const cache = { effective_cache_size: "393216" };
        await expectLook(F21, buildDatabase({ instanceClass: UNKNOWN }, cache), { open: /class is not known/ });
        await expectLook(F21, buildDatabase({ instanceClass: "db.z9.large" }, cache), {
            open: /memory of db\.z9\.large is not in the table/,
        });
        await expectLook(F21, buildDatabase({}, { effective_cache_size: "{AllocatedStorage/16384}" }), {
            open: /depends on more than the class/,
        });
        await expectLook(F21, buildDatabase({}, { effective_cache_size: UNKNOWN }), { open: /effective_cache_size is not known/ });
        await expectLook(F19, buildDatabase({}, { log_statement: UNKNOWN }), { open: /log_statement is not known/ });
        await expectLook(F19, buildPlanEvidence({ type: GROUP, name: "group", inputs: { family: "postgres17", parameters: UNKNOWN } }), {
            open: /parameters are not known/,
        });
    });

    it("take replicas as their source is", async () => {
        await expectLook(F07, buildPlanEvidence({
            type: "aws:rds/instance:Instance", name: "replica",
            inputs: { replicateSourceDb: "source", instanceClass: "db.t3.micro", performanceInsightsEnabled: true },
        }), {});
    });
});

describe("rules about containers", () => {
    it("leave open what the account would have to say", async () => {
        const inputs = { repository: "shared", policy: LIFECYCLE };
        const policy = { type: "aws:ecr/lifecyclePolicy:LifecyclePolicy", name: "policy", inputs };
        await expectLook(F17, buildPlanEvidence(policy), { open: /repository shared is not known without an account/ });
        await expectLook(F17, { ...buildPlanEvidence(policy), account: denying("existing") }, { open: /does not let you ask/ });
        await expectLook(F25, buildService({ image: IMAGE }), { open: /letters:v1 has been pushed is not known without an account/ });
        await expectLook(F25, { ...buildService({ image: IMAGE }), account: denying("image") }, { open: /does not let you ask/ });
        const options = { "awslogs-group": "/others", "awslogs-region": "eu-central-1" };
        const logs = { logConfiguration: { logDriver: "awslogs", options } };
        await expectLook(F24, { ...buildService(logs), account: denying("existing") }, {
            found: ["warning"], open: /does not let you ask/,
        });
    });

    it("leave images of other regions open, which the account's registry does not have", async () => {
        const elsewhere = buildService({ image: IMAGE.replace("eu-central-1", "us-east-1") });
        await expectLook(F25, { ...elsewhere, account: buildAccount() }, { open: /another account or region/ });
    });

    it("ask nothing of a service that starts no tasks", () => {
        expect(F25.applies(buildService({ image: "" }, { desiredCount: 0 }))).to.equal(false);
        expect(F25.applies(buildService({ image: "" }, {}))).to.equal(false);
        expect(F25.applies(buildService({ image: "" }, { schedulingStrategy: "DAEMON" }))).to.equal(true);
    });

    it("never guess containers, images and names", async () => {
        const task: SampleResource = { type: TASK, name: "letters", inputs: { containerDefinitions: UNKNOWN } };
        for (const rule of [F24, F65]) await expectLook(rule, buildPlanEvidence(task), { open: /containers are not known/ });
        await expectLook(F25, buildService({ image: "<arn of repository>:v1" }), { open: /image of container "app" is not known/ });
        await expectLook(F25, buildService({ image: IMAGE }, { desiredCount: UNKNOWN }), { open: /desiredCount is not known/ });
        await expectLook(
            F31, buildPlanEvidence({ type: "aws:ecr/repository:Repository", name: "images", inputs: { name: "letters-<id of stack>" } }),
            { open: /name is not known/ },
        );
        await expectLook(F56, buildPlanEvidence({
            type: "aws:lb/targetGroup:TargetGroup", name: "targets", inputs: { healthCheck: { interval: UNKNOWN } },
        }), { open: /interval/ });
        await expectLook(F68, buildPlanEvidence({
            type: "aws:apigatewayv2/integration:Integration", name: "link",
            inputs: { connectionType: "VPC_LINK", integrationUri: "arn:aws:elasticloadbalancing:..." },
        }), { open: /listener is not in this program/ });
    });
});

describe("rules about secrets", () => {
    const secret: SampleResource = {
        type: "aws:secretsmanager/secret:Secret", name: "api-key", inputs: { name: "dev/firstlight/api-key" },
    };

    it("leave open whether a name is free, and whether a secret of others is rotated", async () => {
        await expectLook(F54, buildPlanEvidence(secret), { open: /free is not known without an account/ });
        await expectLook(F54, { ...buildPlanEvidence(secret), account: denying("secret") }, { open: /does not let you ask/ });
        const secrets = [{ name: "PASSWORD", valueFrom: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:others-AbCdEf" }];
        await expectLook(F65, buildService({ secrets }), { open: /behind PASSWORD is rotated is not said in this program/ });
        const rotation = { type: "aws:secretsmanager/secretRotation:SecretRotation", name: "rotation", inputs: { secretId: "others" } };
        await expectLook(F23, buildPlanEvidence(rotation), { open: /another service rotates its secret/ });
    });

    it("ask nothing about names that are new each time", () => {
        for (const inputs of [{}, { namePrefix: "api-key" }]) expect(F54.applies(buildPlanEvidence({ ...secret, inputs }))).to.equal(false);
    });
});

const GROUP = "aws:rds/parameterGroup:ParameterGroup";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/letters:v1";
const LAST_NINE = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 9 };
const LIFECYCLE = JSON.stringify({ rules: [{ rulePriority: 1, selection: LAST_NINE, action: { type: "expire" } }] });

function denying(question: keyof AccountView): AccountView {
    return buildAccount({ [question]: () => Promise.reject(DENIED) });
}

/** A small PostgreSQL with its parameter group. */
function buildDatabase(inputs: PropertyMap, parameters: Readonly<Record<string, string | typeof UNKNOWN>> = {}): Evidence {
    const listed = Object.entries(parameters).map(([name, value]): PropertyMap => ({ name, value }));
    const group: SampleResource = { type: GROUP, name: "group", inputs: { family: "postgres17", parameters: listed } };
    const database: SampleResource = {
        type: "aws:rds/instance:Instance", name: "database", inputs: { engine: "postgres", instanceClass: "db.t3.micro", ...inputs },
        propertyDependencies: { parameterGroupName: [urnOf(group)] },
    };
    // Without parameters there is no group: its family would not fit other versions.
    return listed.length === 0 ? buildPlanEvidence(database) : buildPlanEvidence(group, database);
}

/** A service with one container. */
function buildService(container: object, inputs: PropertyMap = { desiredCount: 1 }): Evidence {
    const task: SampleResource = {
        type: TASK, name: "letters", inputs: { family: "letters", containerDefinitions: JSON.stringify([{ name: "app", ...container }]) },
    };
    return buildPlanEvidence(task, {
        type: "aws:ecs/service:Service", name: "service", inputs, propertyDependencies: { taskDefinition: [urnOf(task)] },
    });
}
