/** A plan that looks for what exists, and the imports that it ends in. */
import { expect } from "chai";
import type { AccountLookup } from "../../../automation/account/accountLookup.ts";
import { refuseOrphans } from "../../../automation/account/adopt.ts";
import type { AccountClients } from "../../../automation/account/clients.ts";
import { createFindingProvider } from "../../../automation/account/findingProvider.ts";
import type { FindingProvider } from "../../../automation/account/findingProvider.ts";
import { createIdentities } from "../../../automation/account/identities.ts";
import type { Identity } from "../../../automation/account/identity.ts";
import { buildImport } from "../../../automation/account/importLine.ts";
import type { StackResource } from "../../../automation/engine/engine.ts";
import { UNKNOWN } from "../../../automation/engine/provider.ts";
import type { PredictedState, PropertyMap, Provider, ResourceHandler } from "../../../automation/engine/provider.ts";
import { answersOfEmptyAccount, createFakeAccountClients } from "../../support/emptyAccount.ts";
import { awsError, createPhaseWorld } from "../../support/phaseWorld.ts";

const TYPE = "test:index/thing:Thing";

function refuse(): Promise<never> {
    return Promise.reject(new Error("a plan makes nothing"));
}

/** Predicts a known name and an unknown address. */
const thing: ResourceHandler = {
    table: { type: TYPE, source: "", inputs: {}, outputs: ["name", "address"] },
    create: refuse, read: refuse, delete: refuse,
    predict: ({ inputs }) => ({ id: UNKNOWN, outputs: { name: inputs["name"] ?? UNKNOWN, address: UNKNOWN } }),
};

const planning: Provider = { resources: new Map([[TYPE, thing]]), invokes: new Map() };

/** The account has these; each is meant by every input, but for those that are taken. */
function identityOf(ids: readonly string[], asked: PropertyMap[] = []): Identity {
    return {
        type: TYPE, source: "", isRepeatable: false,
        async find(inputs, _clients, taken) {
            asked.push(inputs);
            await Promise.resolve();
            const id = ids.find((candidate) => taken?.has(`state-${candidate}`) !== true);
            return id === undefined ? undefined : { id: `import/${id}`, stateId: `state-${id}`, outputs: { address: `${id}.example`, notOfTheTable: "x" } };
        },
    };
}

function createFinding(identity: Identity | undefined, known: readonly StackResource[] = []): FindingProvider {
    return createFindingProvider(planning, { clients: {} as AccountClients, identities: new Map(identity === undefined ? [] : [[TYPE, identity]]), known });
}

async function predict({ provider }: FindingProvider, name: string): Promise<PredictedState> {
    const handler = provider.resources.get(TYPE);
    if (handler === undefined) throw new Error(`there is no handler of ${TYPE}`);
    return handler.predict({ urn: `urn:${name}`, name, inputs: { name } });
}

describe("a plan that looks for what exists", () => {
    it("gives the found id and outputs to what refers to them, and keeps the import's id", async () => {
        const finding = createFinding(identityOf(["a"]));
        expect(await predict(finding, "one")).to.deep.equal({ id: "state-a", outputs: { name: "one", address: "a.example" } });
        expect(finding.findings.get("urn:one")?.found.id).to.equal("import/a");
    });

    it("finds two for two that are asked for at once, and never one for both", async () => {
        const finding = createFinding(identityOf(["a", "b"]));
        const ids = (await Promise.all(["one", "two"].map((name) => predict(finding, name)))).map(({ id }) => id);
        expect(ids.sort()).to.deep.equal(["state-a", "state-b"]);
    });

    it("predicts what does not exist, and what nobody can look for", async () => {
        const predicted = { id: UNKNOWN, outputs: { name: "one", address: UNKNOWN } };
        const finding = createFinding(identityOf([]));
        expect(await predict(finding, "one")).to.deep.equal(predicted);
        expect(await predict(createFinding(undefined), "one")).to.deep.equal(predicted);
        expect(finding.findings.size).to.equal(0);
    });

    it("does not look for what the state has", async () => {
        const asked: PropertyMap[] = [];
        const known: StackResource = { urn: "urn:one", type: TYPE, name: "one", custom: true, id: "state-a", dependencies: [], inputs: {}, outputs: { address: "known.example" } };
        const finding = createFinding(identityOf(["a", "b"], asked), [known]);
        expect(await predict(finding, "one")).to.deep.equal({ id: "state-a", outputs: { name: "one", address: "known.example" } });
        expect(asked).to.deep.equal([]);
        expect((await predict(finding, "two")).id).to.equal("state-b");
    });
});

describe("an identity", () => {
    const owner = { project: "firstlight", environment: "dev" };
    const machine = (name: string, account: string): unknown => ({ name, stateMachineArn: `arn:aws:states:eu-central-1:${account}:stateMachine:${name}` });

    function clientsWith(tags: readonly unknown[]): AccountClients {
        const send = async (command: { constructor: { name: string } }): Promise<unknown> => (
            command.constructor.name === "ListStateMachinesCommand" ? { stateMachines: [machine("training", "111122223333")] } : { tags });
        return { aws: { sfn: { send } } } as unknown as AccountClients;
    }

    const find = (tags: readonly unknown[], name: PropertyMap[string] = "training") => (
        createIdentities(owner).get("aws:sfn/stateMachine:StateMachine")?.find({ name }, clientsWith(tags)));
    const ours = [{ key: "Project", value: "firstlight" }, { key: "Environment", value: "dev" }];

    it("finds what carries the stack's tags, and tells them", async () => {
        const arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:training";
        expect(await find(ours)).to.deep.equal({ id: arn, outputs: { arn }, tags: { Project: "firstlight", Environment: "dev" } });
    });

    it("finds nothing that is another environment's, or nobody's, or whose name is not known yet", async () => {
        expect(await find([{ key: "Project", value: "firstlight" }, { key: "Environment", value: "dev-pr7" }])).to.equal(undefined);
        expect(await find([])).to.equal(undefined);
        expect(await find(ours, UNKNOWN)).to.equal(undefined);
    });
});

describe("an empty state", () => {
    it("says what of the account it could not ask before a run makes everything", async () => {
        const { context, notes } = createPhaseWorld(answersOfEmptyAccount({ ListTablesCommand: () => { throw awsError("AccessDeniedException"); } }));
        const owner = { project: "firstlight", environment: "dev" };
        await refuseOrphans(context, { clients: createFakeAccountClients(context.aws, "111122223333"), owner } as AccountLookup);
        expect(notes()).to.have.length(1);
        expect(notes()[0]).to.contain("the state is empty").and.contain("tables of DynamoDB: AccessDeniedException");
    });
});

describe("the import of a resource", () => {
    it("is a command that a shell takes as it is, with the parent under its name", () => {
        const parent = "urn:pulumi:dev::firstlight::firstlight:compute:HttpApi$aws:apigatewayv2/api:Api::api";
        const line = buildImport({ type: "aws:apigatewayv2/stage:Stage", name: "api-stage", id: "abc/$default", parent }, new Map());
        expect(line).to.equal(`pulumi import 'aws:apigatewayv2/stage:Stage' 'api-stage' 'abc/$default' --parent 'api=${parent}'`);
    });

    it("names no parent where there is none, and lets no id end the quotes", () => {
        expect(buildImport({ type: "t", name: "n", id: "it's" }, new Map())).to.equal("pulumi import 't' 'n' 'it'\\''s'");
    });
});
