/** One program on both engines: the real Pulumi CLI with our handlers and components as its providers, and the embedded one. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { createEmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import type { EmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import type { OperationCounts } from "../../../automation/engine/engine.ts";
import { UNKNOWN } from "../../../automation/engine/provider.ts";
import type { Provider } from "../../../automation/engine/provider.ts";
import { buildSchema, packagesOf } from "../../../automation/engine/providerPlugin/schema.ts";
import { servePackages } from "../../../automation/engine/providerPlugin.ts";
import type { ServedPackages } from "../../../automation/engine/providerPlugin.ts";
import { createPulumiEngine } from "../../../automation/engine/pulumi.ts";
import type { PulumiEngine } from "../../../automation/engine/pulumi.ts";
import { createEmbeddedHost } from "../../../automation/rehearsal/engineHost.ts";
import { REHEARSAL_ACCOUNT, buildEnvironment } from "../../../automation/rehearsal/environment.ts";
import { createPlanningProvider } from "../../../automation/rehearsal/handlers/provider.ts";
import { createPulumiHost } from "../../../automation/rehearsal/pulumiHost.ts";
import { readStackSettings, regionOf } from "../../../automation/stackSettings.ts";
import { createPairProvider, PAIR_CLASS } from "../../support/pairComponent.ts";
import { createPulumiTestStack, describeWithPulumi } from "../../support/pulumiStack.ts";
import type { PulumiTestStack } from "../../support/pulumiStack.ts";
import { startHandlerCloud } from "../rehearsal/handlers/handlerCloud.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../..");
const PASSPHRASE = "rehearsed";

describeWithPulumi("a small program on the real and on the embedded engine", function () {
    this.timeout(120_000);
    let stack: PulumiTestStack;
    let real: PulumiEngine;
    let embedded: EmbeddedEngine;
    beforeEach(async () => {
        stack = await createPulumiTestStack(createPairProvider);
        real = await stack.open();
        embedded = stack.engine({ provider: createPairProvider(stack.cloud) });
    });
    afterEach(() => stack.remove());

    async function runBoth(): Promise<OperationCounts> {
        const [one, other] = await Promise.all([real.up(), embedded.up()]);
        expect(one.counts).to.deep.equal(other.counts);
        return one.counts;
    }

    /** Default providers are the engine's own. */
    async function describe(engine: EmbeddedEngine | PulumiEngine): Promise<readonly unknown[]> {
        const declared = (await engine.resources()).filter(({ type }) => !type.startsWith("pulumi:providers:"));
        return declared.map(({ urn, parent, dependencies }) => ({ urn, parent, dependencies: [...dependencies].sort() })).sort((left, right) => left.urn.localeCompare(right.urn));
    }

    async function failureOf(program: string): Promise<string> {
        stack.write(PAIR_CLASS + program);
        return real.up().then(() => "it did not fail", (error: Error) => error.message);
    }

    it("counts what is retained apart", async () => {
        stack.write(`new Thing("a", { value: "x" }); new Thing("b"); new Thing("kept", {}, { retainOnDelete: true }); new Thing("also", {}, { retainOnDelete: true });`);
        expect(await runBoth()).to.deep.equal({ create: 5 });
        stack.write(`new Thing("a", { size: 2 }); new Thing("also", {}, { retainOnDelete: true });`);
        expect(await runBoth()).to.deep.equal({ same: 2, replace: 1, delete: 1, retain: 1 });
        const [one, other] = await Promise.all([real.destroy(), embedded.destroy()]);
        expect(one).to.deep.equal(other).and.to.deep.equal({ delete: 2, retain: 1 });
    });

    it("expands a remote component: the same URNs, parents, dependencies and outputs, and nothing to do the second time", async () => {
        stack.write(`${PAIR_CLASS}const pair = new Pair("p", { value: "y" }, { dependsOn: [new Thing("before")] });
            new Thing("user", { value: pair.firstId }); export const { word } = pair;`);
        expect(await runBoth()).to.deep.equal({ create: 6 });
        expect(await describe(real)).to.deep.equal(await describe(embedded));
        expect(await real.outputs()).to.deep.equal({ word: "FIRST" });
        expect(await runBoth()).to.deep.equal({ same: 6 });
    });

    it("keeps what is secret in a child secret in its sibling, and leaves it out of the state's text", async () => {
        stack.write(`${PAIR_CLASS}new Pair("p");`);
        await real.up();
        const password = [...stack.cloud.stored.values()].find(({ name }) => name === "p-first-second")?.inputs["password"];
        expect(password).to.match(/^[0-9a-f]{64}$/);
        expect(JSON.stringify(await real.exportState())).not.to.include(password);
    });

    it("previews a component without making it, updates and replaces its children, and finds them under another name", async () => {
        const program = (name: string, args: string, options = "{}"): string => `${PAIR_CLASS}new Pair("${name}", ${args}, ${options});`;
        stack.write(program("p", `{ value: "y" }`));
        const { changes } = await real.preview();
        expect(changes.map(({ operation, name }) => `${operation} ${name}`)).to.include.members(["create p", "create p-first", "create p-first-second"]);
        expect(stack.cloud.names).to.deep.equal([]);
        await runBoth();
        stack.write(program("p", `{ value: "z", size: 2 }`));
        expect(await runBoth()).to.include({ replace: 1 });
        stack.write(program("q", `{ value: "z", size: 2 }`, `{ aliases: [{ name: "p" }] }`));
        expect(await runBoth()).to.deep.equal({ same: 4 });
        expect(await describe(real)).to.deep.equal(await describe(embedded));
    });

    it("gives protection to a component's children", async () => {
        stack.write(`${PAIR_CLASS}new Pair("p", {}, { protect: true });`);
        await real.up();
        const failure = await failureOf("");
        expect(failure).to.include("p-first-second").and.to.include("protected");
    });

    it("refuses an argument that a component does not know, by name", async () => {
        expect(await failureOf(`new Pair("p", { colour: "red" });`)).to.include("the argument colour is not known");
    });

    it("names the child that the cloud refuses, and makes it the next time", async () => {
        stack.cloud.options = { before: ({ name }) => { if (name === "p-first-second") throw new Error("AccessDenied: not this one"); } };
        expect(await failureOf(`new Pair("p");`)).to.match(/^memory:index\/thing:Thing p-first-second: AccessDenied: not this one$/);
        stack.cloud.options = {};
        expect((await real.up()).counts).to.include({ create: 1 });
    });
});

describeWithPulumi("this program on the real and on the embedded engine", function () {
    this.timeout(240_000);
    let folder: string;
    let served: ServedPackages | undefined;
    beforeEach(() => {
        mkdirSync(path.join(PROJECT, ".firstlight"), { recursive: true });
        // Inside the project, so that a program finds its packages.
        folder = mkdtempSync(path.join(PROJECT, ".firstlight", "pulumi-"));
    });
    afterEach(() => {
        served?.close();
        rmSync(folder, { recursive: true });
    });

    it("is described by schemas that the CLI takes", () => {
        const provider = createPlanningProvider({ region: "eu-central-1", accountId: REHEARSAL_ACCOUNT });
        for (const name of packagesOf(provider)) {
            const file = path.join(folder, `${name}.json`);
            writeFileSync(file, JSON.stringify(buildSchema(provider, name, "1.0.0")));
            const environment = { ...buildEnvironment({ region: "eu-central-1", folder }), PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: "true" };
            execFileSync("pulumi", ["schema", "check", file], { env: environment, stdio: "pipe" });
        }
    });

    it("previews staging, network and all, as the embedded engine does", async () => {
        const settings = await readStackSettings(PROJECT, "staging");
        const region = regionOf(settings);
        const provider = createPlanningProvider({ region, accountId: REHEARSAL_ACCOUNT });
        const shared = { projectFolder: PROJECT, program: "index.ts", settings, provider, folder, passphrase: PASSPHRASE, environment: buildEnvironment({ region, folder }), stateFile: path.join(folder, "state.json") };
        const host = await createPulumiHost(shared);
        try {
            const planned = await createEmbeddedHost(shared).engine.preview();
            const previewed = await host.engine.preview();
            const describe = ({ urn, operation }: { urn: string; operation: string }): string => `${operation} ${urn}`;
            expect(previewed.changes.map(describe).sort()).to.deep.equal(planned.changes.map(describe).sort());
            expect(previewed.counts).to.deep.equal(planned.counts);
            expect(planned.changes.filter(({ urn }) => urn.includes("$awsx:ec2:Vpc$"))).to.have.length.greaterThan(20);
        } finally {
            host.close();
        }
    });

    it("makes the network of staging: the URNs that are planned, nothing to do the second time, nothing left", async () => {
        writeFileSync(path.join(folder, "index.ts"), NETWORK_PROGRAM);
        writeFileSync(path.join(folder, "Pulumi.yaml"), "name: firstlight\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n");
        const { config } = await readStackSettings(PROJECT, "staging");
        writeFileSync(path.join(folder, "Pulumi.staging.yaml"), JSON.stringify({ config }));
        const cloud = await startHandlerCloud();
        try {
            const environment = buildEnvironment({ region: cloud.region, folder, endpoint: cloud.cloud.target.endpoint ?? "" });
            const planned = await planNetwork(folder, { config, environment, region: cloud.region });
            const engine = await openNetwork(cloud.provider, environment);
            expect((await engine.up()).counts).to.deep.equal({ create: planned.length });
            expect((await engine.resources()).map(({ urn }) => urn).sort()).to.deep.equal(planned);
            expect((await engine.up()).counts).to.deep.equal({ same: planned.length });
            expect(await engine.refresh()).to.deep.equal([]);
            expect(await engine.destroy()).to.deep.equal({ delete: planned.length });
            expect((await cloud.cloud.inventory()).filter((found) => found.startsWith("ec2:") || found.includes("log-group") || found.includes("role/"))).to.deep.equal([]);
        } finally {
            await cloud.stop();
        }
    });

    async function openNetwork(provider: Provider, inherited: NodeJS.ProcessEnv): Promise<PulumiEngine> {
        served = await servePackages(provider, { folder });
        for (const name of ["backend", "pulumi"]) mkdirSync(path.join(folder, name));
        return createPulumiEngine({
            projectFolder: folder, stack: "staging", inherited,
            environment: {
                PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`, PULUMI_HOME: path.join(folder, "pulumi"), PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
                PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", ...served.environment,
            },
        });
    }
});

const NETWORK_PROGRAM = `import { EncryptionKeys } from "../../components/data/encryptionKeys.ts";
import { Networking } from "../../components/networking/networking.ts";
import { readContext } from "../../components/programContext.ts";
const { config, context } = await readContext();
const keys = new EncryptionKeys("keys", { context });
export const { vpcId } = new Networking("network", { context, config, kmsKeyArn: keys.lambdaKeyArn });
`;

interface NetworkPlan { readonly config: Readonly<Record<string, string>>; readonly environment: NodeJS.ProcessEnv; readonly region: string }

async function planNetwork(folder: string, { config, environment, region }: NetworkPlan): Promise<string[]> {
    const { resources } = await createEmbeddedEngine({
        projectFolder: folder, program: "index.ts", project: "firstlight", stack: "staging", config, environment,
        provider: createPlanningProvider({ region, accountId: REHEARSAL_ACCOUNT }), stateFile: path.join(folder, "state.json"), passphrase: PASSPHRASE,
    }).plan();
    expect(resources.find(({ type }) => type === "aws:ec2/vpcEndpoint:VpcEndpoint")?.inputs["vpcId"]).to.equal(UNKNOWN);
    return resources.map(({ urn }) => urn).sort();
}
