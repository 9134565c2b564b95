import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { Log } from "sarif";
import { EXIT } from "../../../../automation/errorReport.ts";
import type { PreflightResult } from "../../../../automation/preflight/result.ts";
import type { TimedEvent } from "../../../../automation/progress/reporter.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../../..");
/** What the command needs of a project. */
const PARTS = ["automation", "components", "lambdas", "index.ts", "package.json", "package-lock.json", "Pulumi.yaml", "Pulumi.dev.yaml", "tsconfig.json"];

interface Ended { readonly code: number | null; readonly stdout: string; readonly stderr: string; readonly result: PreflightResult | undefined }

describe("npm run preflight", function () {
    this.timeout(240_000);

    const folder = mkdtempSync(path.join(tmpdir(), "firstlight-preflight-"));
    let server: Server;
    let endpoint = "";
    let requests = 0;

    before((done) => {
        server = createServer((_request, response) => {
            requests++;
            response.writeHead(501).end();
        }).listen(0, "127.0.0.1", () => {
            endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
            done();
        });
    });

    after(() => {
        server.close();
        rmSync(folder, { recursive: true, force: true });
    });

    /** As in a shell that has credentials and would reach somebody. */
    async function run(project: string, ...words: readonly string[]): Promise<Ended> {
        const child = spawn(process.execPath, [path.join(project, "automation", "deploy.ts"), "preflight", "--stack", "dev", "--offline", "--json", "-", ...words], {
            cwd: folder, stdio: ["ignore", "pipe", "pipe"],
            env: {
                PATH: path.dirname(process.execPath), HOME: folder, TMPDIR: folder, AWS_EC2_METADATA_DISABLED: "true", AWS_ENDPOINT_URL: endpoint,
                AWS_ACCESS_KEY_ID: "nobody", AWS_SECRET_ACCESS_KEY: "nothing", PULUMI_BACKEND_URL: `file://${folder}`,
            },
        });
        const texts = { stdout: "", stderr: "" };
        child.stdout.on("data", (text: Buffer) => { texts.stdout += text.toString(); });
        child.stderr.on("data", (text: Buffer) => { texts.stderr += text.toString(); });
        const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
        const events = texts.stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as TimedEvent);
        return { code, ...texts, result: events.find((event) => event.kind === "preflight")?.result };
    }

    it("finds nothing that blocks in this program, asks AWS nothing, and calls nothing passed that needs the account", async () => {
        const { code, stderr, result } = await run(PROJECT, "--sarif", "good.sarif");
        expect(code, stderr).to.equal(EXIT.done);
        expect(requests).to.equal(0);
        expect(result?.passed).to.include.members(["F05", "F27", "F28"]);
        expect(result?.notChecked.map(({ id }) => id)).to.include.members(["F12", "F40"]);
        const [sarif] = (JSON.parse(readFileSync(path.join(folder, "good.sarif"), "utf8")) as Log).runs;
        expect(sarif?.results?.filter(({ level }) => level === "error")).to.deep.equal([]);
        expect(sarif?.invocations?.[0]?.toolExecutionNotifications?.length).to.equal(result?.notChecked.length);
    });

    it("ends with 1 for what would fail, at the line of the component that declares it", async () => {
        const project = copyProject(path.join(folder, "broken"));
        const file = path.join(project, "components", "compute", "lambdaFunction.ts");
        const sound = readFileSync(file, "utf8");
        const broken = sound.replace("dependsOn: given.waitFor", "dependsOn: []");
        expect(broken).not.to.equal(sound);
        writeFileSync(file, broken);
        const { code, stderr, result } = await run(project, "--only", "F28", "--sarif", "broken.sarif");
        expect(code, stderr).to.equal(EXIT.operator);
        const [finding] = result?.findings ?? [];
        expect([finding?.id, finding?.at?.[0]?.file]).to.deep.equal(["F28", "components/compute/lambdaFunction.ts"]);
        expect(sound.split("\n")[(finding?.at?.[0]?.line ?? 0) - 1]).to.match(/new .*Function\(/);
        const [result0] = (JSON.parse(readFileSync(path.join(folder, "broken.sarif"), "utf8")) as Log).runs[0]?.results ?? [];
        expect(result0?.locations?.[0]?.physicalLocation?.region?.startLine).to.equal(finding?.at?.[0]?.line);
        expect(result0?.relatedLocations?.at(-1)?.physicalLocation?.artifactLocation?.uri).to.equal("index.ts");
    });
});

/** The program to be changed, with the packages of this one. */
function copyProject(to: string): string {
    mkdirSync(to);
    for (const part of PARTS) cpSync(path.join(PROJECT, part), path.join(to, part), { recursive: true });
    symlinkSync(path.join(PROJECT, "node_modules"), path.join(to, "node_modules"));
    return to;
}
