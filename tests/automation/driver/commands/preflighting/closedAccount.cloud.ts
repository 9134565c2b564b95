import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { EXIT } from "../../../../../automation/errorReport.ts";
import type { PreflightResult } from "../../../../../automation/preflight/result.ts";
import type { TimedEvent } from "../../../../../automation/progress/reporter.ts";
import { openClosedAccount } from "../../../../support/closedAccount.ts";
import type { Refusal } from "../../../../support/closedAccount.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../../../..");
/** Those that know nothing without the account. */
const ASKING = ["F22", "F40", "F66"];

interface Ended { readonly code: number; readonly stderr: string; readonly result: PreflightResult; readonly notes: readonly string[] }

describe("preflight of an account that does not answer", function () {
    this.timeout(240_000);
    const folder = mkdtempSync(path.join(tmpdir(), "firstlight-closed-"));
    after(() => rmSync(folder, { recursive: true, force: true }));

    async function look(refusal?: Refusal): Promise<Ended> {
        const account = await openClosedAccount(refusal);
        const child = spawn(process.execPath, [path.join(PROJECT, "automation", "deploy.ts"), "preflight", "--stack", "dev", "--allow-emulator", "--json", "-"], {
            cwd: folder, stdio: ["ignore", "pipe", "pipe"],
            env: {
                PATH: path.dirname(process.execPath), HOME: folder, TMPDIR: folder, AWS_EC2_METADATA_DISABLED: "true", AWS_ENDPOINT_URL: account.endpoint,
                AWS_ACCESS_KEY_ID: "looker", AWS_SECRET_ACCESS_KEY: "nothing", PULUMI_BACKEND_URL: `file://${folder}`,
            },
        });
        const [stdout, stderr, code] = await Promise.all([
            text(child.stdout), text(child.stderr), new Promise<number>((resolve) => child.once("close", (ended) => resolve(ended ?? -1))),
        ]);
        account.close();
        const events = stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as TimedEvent);
        const result = events.find((event) => event.kind === "preflight")?.result;
        if (result === undefined) throw new Error(`nothing was told: ${stderr}`);
        return { code, stderr, result, notes: events.flatMap((event) => (event.kind === "note" ? [event.message] : [])) };
    }

    function reasonsOf({ notChecked }: PreflightResult, ids: readonly string[]): string {
        return notChecked.filter(({ id }) => ids.includes(id)).map(({ id, because }) => `${id}: ${because}`).join("\n");
    }

    const cases: readonly (readonly [title: string, refusal: Refusal | undefined, reason: RegExp])[] = [
        ["denies everything", { code: "AccessDeniedException", status: 403 }, /the credentials may not ask \w+:/],
        ["is asked too fast", { code: "ThrottlingException", status: 429 }, /was throttled|TooManyRequests/],
        ["listens and says nothing but who one is", undefined, /nobody answered|was not asked, after/],
    ];
    for (const [title, refusal, reason] of cases) {
        it(`that ${title}: looks at the rest, says of each check why it was none, and ends well`, async () => {
            const { code, stderr, result, notes } = await look(refusal);
            expect(code, stderr).to.equal(EXIT.done);
            expect(result.findings).to.deep.equal([]);
            expect(result.passed).to.include.members(["F05", "F27", "F28"]).and.not.to.include.members(ASKING);
            for (const id of ASKING) expect(reasonsOf(result, [id])).to.match(reason);
            expect(JSON.stringify(result.notChecked)).not.to.contain("the check itself failed");
            expect(notes.join("\n")).to.match(/whether endpoints are on, .* is not known/);
        });
    }

    it("whose token has expired: asks nothing more, and says so where the account is needed", async () => {
        const { code, stderr, result } = await look({ code: "ExpiredTokenException", status: 403, isForEverything: true });
        expect(code, stderr).to.equal(EXIT.done);
        expect(result.passed).to.include("F28").and.not.to.include("F22");
        for (const id of ASKING) expect(reasonsOf(result, [id])).to.match(/the account \(.+\)/);
    });
});
