/** The program of this repository, unmodified, on a real Pulumi engine, with the rehearsal's handlers as its providers. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { createEmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import type { Engine, OperationCounts } from "../../../automation/engine/engine.ts";
import type { Provider } from "../../../automation/engine/provider.ts";
import { serveProvider } from "../../../automation/engine/providerPlugin.ts";
import type { ServedProvider } from "../../../automation/engine/providerPlugin.ts";
import { createPulumiEngine } from "../../../automation/engine/pulumi.ts";
import { startCloud } from "../../../automation/rehearsal/cloud/startCloud.ts";
import { REHEARSAL_ACCOUNT, buildEnvironment } from "../../../automation/rehearsal/environment.ts";
import { createPlanningProvider, createRehearsalProvider } from "../../../automation/rehearsal/handlers/provider.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { readStackSettings, regionOf } from "../../../automation/stackSettings.ts";
import { MemoryCloud, createMemoryProvider } from "../../support/embeddedMemoryProvider.ts";
import { createTestStack } from "../../support/embeddedProgram.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../..");
const STACK = "dev";
const PACKAGES = ["aws", "random", "command", "memory"] as const;

function hasPulumi(): boolean {
    try {
        execFileSync("pulumi", ["version"], { stdio: "ignore", env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
        return true;
    } catch {
        return false;
    }
}

/** A folder that is the project for both engines: the CLI writes into its settings file, which must not be the repository's. */
function createProjectFolder(): string {
    const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-pulumi-"));
    mkdirSync(path.join(PROJECT, ".firstlight"), { recursive: true });
    for (const name of ["index.ts", "components", "lambdas", "automation", "node_modules", "package.json", ".firstlight"]) symlinkSync(path.join(PROJECT, name), path.join(folder, name));
    for (const name of ["Pulumi.yaml", `Pulumi.${STACK}.yaml`]) cpSync(path.join(PROJECT, name), path.join(folder, name));
    for (const name of ["backend", "pulumi"]) mkdirSync(path.join(folder, name));
    return folder;
}

const title = "the program on a real Pulumi engine";

(hasPulumi() ? describe : describe.skip)(hasPulumi() ? title : `${title} (skipped: there is no Pulumi CLI on PATH)`, function () {
    this.timeout(300_000);
    let folder: string;
    let served: ServedProvider | undefined;
    beforeEach(() => { folder = createProjectFolder(); });
    afterEach(() => {
        served?.close();
        rmSync(folder, { recursive: true });
    });

    async function createReal(provider: Provider, environment: NodeJS.ProcessEnv, projectFolder = folder): Promise<Engine> {
        served = await serveProvider(provider, projectFolder);
        const { port } = served;
        return createPulumiEngine({
            projectFolder, stack: STACK,
            environment: {
                ...environment as Record<string, string>,
                PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`, PULUMI_HOME: path.join(folder, "pulumi"), PULUMI_CONFIG_PASSPHRASE: "rehearsed",
                PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
                PULUMI_DEBUG_PROVIDERS: PACKAGES.map((name) => `${name}:${port}`).join(","),
            },
        });
    }

    it("counts what is retained apart, with the same numbers as the embedded engine", async () => {
        const stack = createTestStack();
        try {
            writeFileSync(path.join(stack.folder, "Pulumi.yaml"), "name: fixture\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n");
            const embedded = stack.engine();
            const environment = buildEnvironment({ region: "eu-central-1", folder });
            const real = await createReal(createMemoryProvider(new MemoryCloud()), environment, stack.folder);
            const runBoth = async (): Promise<OperationCounts> => {
                const [one, other] = await Promise.all([real.up(), embedded.up()]);
                expect(one.counts).to.deep.equal(other.counts);
                return one.counts;
            };
            stack.write(`new Thing("a", { value: "x" }); new Thing("b"); new Thing("kept", {}, { retainOnDelete: true }); new Thing("also", {}, { retainOnDelete: true });`);
            expect(await runBoth()).to.deep.equal({ create: 5 });
            stack.write(`new Thing("a", { size: 2 }); new Thing("also", {}, { retainOnDelete: true });`);
            expect(await runBoth()).to.deep.equal({ same: 2, replace: 1, delete: 1, retain: 1 });
            const [one, other] = await Promise.all([real.destroy(), embedded.destroy()]);
            expect(one).to.deep.equal(other).and.to.deep.equal({ delete: 2, retain: 1 });
        } finally {
            stack.remove();
        }
    });

    it("previews as many creates as the embedded engine plans", async () => {
        const { config, project } = await readStackSettings(PROJECT, STACK);
        const environment = buildEnvironment({ region: config["aws:region"] ?? "", folder });
        const provider = createPlanningProvider({ region: config["aws:region"] ?? "", accountId: REHEARSAL_ACCOUNT });
        const embedded = createEmbeddedEngine({
            projectFolder: folder, program: "index.ts", project, stack: STACK, config, provider, environment,
            stateFile: path.join(folder, "embedded.json"), passphrase: "rehearsed",
        });
        const planned = await embedded.preview();
        const previewed = await (await createReal(provider, environment)).preview();
        expect(planned.create).to.be.greaterThan(50);
        expect(previewed).to.deep.equal(planned);
    });

    it("deploys into the rehearsal cloud, changes nothing the second time, and leaves nothing behind", async () => {
        const settings = await readStackSettings(PROJECT, STACK);
        const region = regionOf(settings);
        const { python } = await preparePythonEnvironment({ folder: PROJECT });
        const cloud = await startCloud({ region, folder: path.join(folder, "cloud"), python });
        try {
            const before = await cloud.inventory();
            const environment = buildEnvironment({ region, folder, endpoint: cloud.target.endpoint ?? "" });
            const provider = createRehearsalProvider({ target: cloud.target, accountId: cloud.accountId, environment, projectFolder: folder });
            const engine = await createReal(provider, environment);
            const first = await engine.up();
            expect(first.counts.create).to.be.greaterThan(50);
            expect(first.outputs["phase"]).to.equal("infrastructure");
            expect((await engine.up()).counts).to.deep.equal({ same: first.counts.create });
            expect(await engine.destroy()).to.deep.equal({ delete: first.counts.create });
            expect(await engine.resources()).to.deep.equal([]);
            expect(await cloud.inventory()).to.deep.equal(before);
        } finally {
            await cloud.stop();
        }
    });
});
