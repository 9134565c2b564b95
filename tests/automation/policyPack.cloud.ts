/** The policy pack on the real Pulumi CLI, over this program, with our handlers as its providers. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { servePackages } from "../../automation/engine/providerPlugin.ts";
import type { ServedPackages } from "../../automation/engine/providerPlugin.ts";
import { REHEARSAL_ACCOUNT, buildEnvironment } from "../../automation/rehearsal/environment.ts";
import { createPlanningProvider } from "../../automation/rehearsal/handlers/provider.ts";
import { copyProject } from "../../automation/rehearsal/projectCopy.ts";
import { readStackSettings, regionOf } from "../../automation/stackSettings.ts";
import { describeWithPulumi } from "../support/pulumiStack.ts";

const PROJECT = path.resolve(import.meta.dirname, "../..");
/** As in README's command: from the project's folder. */
const PACK = "automation/policyPack";
const STACK = "dev";

/** How a run of the CLI ended. */
interface Ending { readonly code: number; readonly said: string }

describeWithPulumi("the policy pack on the real CLI", function () {
    this.timeout(240_000);
    let folder: string;
    let served: ServedPackages;
    let environment: NodeJS.ProcessEnv;
    before(async () => {
        mkdirSync(path.join(PROJECT, ".firstlight"), { recursive: true });
        // Inside the project, so that a program finds its packages.
        folder = mkdtempSync(path.join(PROJECT, ".firstlight", "policies-"));
        for (const name of ["backend", "pulumi"]) mkdirSync(path.join(folder, name));
        const settings = await readStackSettings(PROJECT, STACK);
        const region = regionOf(settings);
        await copyProject({ projectFolder: PROJECT, folder: path.join(folder, "project"), settings, program: "reviewed.ts" });
        served = await servePackages(createPlanningProvider({ region, accountId: REHEARSAL_ACCOUNT }), { folder });
        environment = {
            ...buildEnvironment({ region, folder }), ...served.environment,
            PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`, PULUMI_HOME: path.join(folder, "pulumi"),
            PULUMI_CONFIG_PASSPHRASE: "reviewed",
            PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        };
        expect(await runPulumi("stack", "init", STACK)).to.include({ code: 0 });
    });
    after(() => {
        served.close();
        rmSync(folder, { recursive: true });
    });

    function runPulumi(...args: readonly string[]): Promise<Ending> {
        const run = promisify(execFile)("pulumi", [...args, "--non-interactive"], { cwd: path.join(folder, "project"), env: environment });
        return run.then(
            ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
            ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, said: stdout + stderr }),
        );
    }

    function preview(program: string, ...more: readonly string[]): Promise<Ending> {
        writeFileSync(path.join(folder, "project", "reviewed.ts"), program);
        return runPulumi("preview", "--stack", STACK, "--policy-pack", PACK, ...more);
    }

    it("lets this program through, and says what could not be looked at", async () => {
        const { code, said } = await preview(PROGRAM);
        expect(code, said).to.equal(0);
        expect(said, "the whole program").to.match(/\+ \d{3} to create/);
        expect(said).to.include("firstlight@v0.1.0").and.to.match(/\[advisory\].* not-checked /).and.not.to.include("[mandatory]");
    });

    it("refuses it with a policy that allows too much, naming rule, resource, what to do and where to read on", async () => {
        const { code, said } = await preview(WITH_WIDE_POLICY);
        expect(code, said).not.to.equal(0);
        expect(said).to.match(/\[mandatory\].* F06 +\(aws:iam:RolePolicy: wide\)/);
        expect(said).to.include("F06 dev/wide: allows s3:GetObject on every resource").and.to.include("docs/failures.md#f06");
    });

    it("only tells of it where the pack's configuration says so", async () => {
        const file = path.join(folder, "levels.json");
        writeFileSync(file, JSON.stringify({ all: "advisory" }));
        const { code, said } = await preview(WITH_WIDE_POLICY, "--policy-pack-config", file);
        expect(code, said).to.equal(0);
        expect(said).to.match(/\[advisory\].* F06 /);
    });
});

const PROGRAM = `export { default } from "./index.ts";
`;

const WITH_WIDE_POLICY = `${PROGRAM}import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
new RolePolicy("wide", { role: "worker", policy: JSON.stringify({
    Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" }],
}) });
`;
