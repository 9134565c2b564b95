/** The policy pack on the real Pulumi CLI, with our handlers as its providers. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { servePackages } from "../../automation/engine/providerPlugin.ts";
import type { ServedPackages } from "../../automation/engine/providerPlugin.ts";
import { REHEARSAL_ACCOUNT, buildEnvironment } from "../../automation/rehearsal/environment.ts";
import { createPlanningProvider } from "../../automation/rehearsal/handlers/provider.ts";
import { describeWithPulumi } from "../support/pulumiStack.ts";

const PROJECT = path.resolve(import.meta.dirname, "../..");
const PACK = path.join(PROJECT, "automation", "policyPack");
const REGION = "eu-central-1";

describeWithPulumi("the policy pack on the real CLI", function () {
    this.timeout(240_000);
    let folder: string;
    let served: ServedPackages;
    let environment: NodeJS.ProcessEnv;
    beforeEach(async () => {
        mkdirSync(path.join(PROJECT, ".firstlight"), { recursive: true });
        // Inside the project, so that a program finds its packages.
        folder = mkdtempSync(path.join(PROJECT, ".firstlight", "policies-"));
        for (const name of ["backend", "pulumi"]) mkdirSync(path.join(folder, name));
        served = await servePackages(createPlanningProvider({ region: REGION, accountId: REHEARSAL_ACCOUNT }), { folder });
        environment = {
            ...buildEnvironment({ region: REGION, folder }), PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`, PULUMI_HOME: path.join(folder, "pulumi"),
            PULUMI_CONFIG_PASSPHRASE: "judged", PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", ...served.environment,
        };
    });
    afterEach(() => {
        served.close();
        rmSync(folder, { recursive: true });
    });

    /** What the CLI says to a preview under the pack, and its exit code. */
    async function preview(program: string, ...more: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
        writeFileSync(path.join(folder, "Pulumi.yaml"), "name: fixture\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n");
        writeFileSync(path.join(folder, "index.ts"), program);
        const run = (...args: readonly string[]): Promise<{ stdout: string; stderr: string }> => promisify(execFile)("pulumi", [...args, "--non-interactive"], { cwd: folder, env: environment });
        await run("stack", "init", "dev");
        return run("preview", "--stack", "dev", "--policy-pack", PACK, ...more).then(
            ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
            (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, said: error.stdout + error.stderr }),
        );
    }

    it("refuses a policy that allows too much, naming rule and resource, before anything is made", async () => {
        const { code, said } = await preview(writeRolePolicy("*"));
        expect(code, said).to.equal(255);
        expect(said).to.include("F06").and.to.include("worker-policy").and.to.include("allows s3:GetObject on every resource");
    });

    it("lets a program through that is as it should be", async () => {
        const { code, said } = await preview(writeRolePolicy("arn:aws:s3:::raw/data/*"));
        expect(code, said).to.equal(0);
        expect(said).not.to.include("mandatory");
    });
});

function writeRolePolicy(resource: string): string {
    return `import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
new RolePolicy("worker-policy", { role: "worker", policy: JSON.stringify({
    Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: ${JSON.stringify(resource)} }],
}) });
`;
}
