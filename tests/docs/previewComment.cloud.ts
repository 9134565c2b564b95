/** The steps of preview.yml as a runner's shell runs them, with scripts in the place of Node and of GitHub's CLI. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";

const WORKFLOW = path.resolve(import.meta.dirname, "../../.github/workflows/preview.yml");
/** https://docs.github.com/en/rest/issues/comments: a body has at most so many characters. */
const MOST_CHARACTERS = 65_536;

interface Step { readonly name?: string; readonly run?: string; readonly if?: string }

describe("the comment of a pull request's preview", () => {
    const { jobs } = parse(readFileSync(WORKFLOW, "utf8")) as { jobs: { preview: { steps: readonly Step[] } } };
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "firstlight-comment-"));
        mkdirSync(path.join(folder, "bin"));
        write("gh", "#!/bin/sh\necho \"$@\" > gh.txt\n");
        write("pulumi", "#!/bin/sh\necho \"Policies: firstlight ($*)\"\n");
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    function write(name: string, text: string, where = "bin"): void {
        writeFileSync(path.join(folder, where, name), text, { mode: 0o755 });
    }

    /** As a runner does: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell */
    function runStep(name: string): number | null {
        const script = jobs.preview.steps.find((step) => step.name === name)?.run ?? "exit 99";
        const PATH = `${path.join(folder, "bin")}:/usr/bin:/bin`;
        return spawnSync("bash", ["-e", "-c", script], { cwd: folder, env: { PATH, FIRSTLIGHT_STACK: "dev", NUMBER: "7", COMMIT: "0123456789abcdef" } }).status;
    }

    function comment(): string {
        return readFileSync(path.join(folder, "comment.md"), "utf8");
    }

    it("holds what preflight found and what the stack's resources would become, and goes to the pull request", () => {
        write("node", "#!/bin/sh\ncase \"$*\" in *preflight*) echo '0 findings';; *) echo '  update raw (aws:s3/bucket:Bucket): tags'; echo '  would be: 1 updated';; esac\n");
        expect([runStep("Preflight, preview and policies"), runStep("Comment")]).to.deep.equal([0, 0]);
        expect(comment()).to.contain("Preview of `dev` at 0123456789ab").and.to.contain("0 findings").and.to.contain("update raw (aws:s3/bucket:Bucket): tags");
        expect(comment()).to.contain("Policies: firstlight (preview --stack dev --policy-pack automation/policyPack --non-interactive)");
        expect(readFileSync(path.join(folder, "gh.txt"), "utf8")).to.match(/^pr comment 7 --body-file comment\.md /);
    });

    it("says why when there is nothing to preview, and the job fails afterwards", () => {
        write("node", "#!/bin/sh\necho 'F12 dev/abTest: the weights are wrong' >&2\nexit 1\n");
        expect([runStep("Preflight, preview and policies"), runStep("Comment")]).to.deep.equal([1, 0]);
        expect(comment()).to.contain("F12 dev/abTest: the weights are wrong").and.not.to.contain("<summary>preview");
        expect(jobs.preview.steps.at(-1)).to.deep.include({ if: "steps.preview.outcome == 'failure'", run: "exit 1" });
    });

    it("holds the policy that refuses what would change, by the CLI that the driver has installed, and the job fails afterwards", () => {
        write("node", "#!/bin/sh\necho 'would be: 1 updated'\n");
        rmSync(path.join(folder, "bin", "pulumi"));
        const installed = path.join(".firstlight", "pulumi", "3.259.0", "bin");
        mkdirSync(path.join(folder, installed), { recursive: true });
        write("pulumi", "#!/bin/sh\necho '[mandatory] F06 (aws:iam:RolePolicy: wide)'\nexit 1\n", installed);
        expect([runStep("Preflight, preview and policies"), runStep("Comment")]).to.deep.equal([1, 0]);
        expect(comment()).to.contain("would be: 1 updated").and.to.contain("<summary>policies").and.to.contain("[mandatory] F06");
    });

    it("is no longer than GitHub takes, and keeps the end, where the sum stands", () => {
        for (const name of ["node", "pulumi"]) {
            write(name, "#!/bin/sh\nyes 'a line of a very long preview' | head -c 200000\necho 'would be: 999 created'\n");
        }
        expect([runStep("Preflight, preview and policies"), runStep("Comment")]).to.deep.equal([0, 0]);
        expect(comment().length).to.be.below(MOST_CHARACTERS);
        expect(comment().match(/would be: 999 created/g)).to.have.length(3);
    });
});
