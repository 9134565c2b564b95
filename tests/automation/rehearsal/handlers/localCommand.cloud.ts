import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { PropertyMap, ResourceHandler } from "../../../../automation/engine/provider.ts";
import { createRehearsalProvider } from "../../../../automation/rehearsal/handlers/provider.ts";

describe("the handler of local commands", () => {
    let folder: string;
    let handler: ResourceHandler;
    before(async () => {
        folder = await realpath(await mkdtemp(path.join(tmpdir(), "firstlight-command-")));
        const provider = createRehearsalProvider({
            target: { region: "eu-central-1", endpoint: "http://127.0.0.1:9", credentials: { accessKeyId: "a", secretAccessKey: "b" } },
            accountId: "111122223333", environment: { PATH: process.env["PATH"] }, projectFolder: folder,
        });
        handler = provider.resources.get("command:local:Command")!;
    });
    after(() => rm(folder, { recursive: true }));

    const create = (inputs: PropertyMap) => handler.create({ urn: "urn", name: "example", inputs });

    it("runs in the project folder, with the built environment and nothing else", async () => {
        process.env["FIRSTLIGHT_LEAK"] = "leaked";
        const state = await create({ create: "pwd; echo \"[$OWN][$FIRSTLIGHT_LEAK]\"; echo warning >&2", environment: { OWN: "mine" } })
            .finally(() => { delete process.env["FIRSTLIGHT_LEAK"]; });
        expect(state.outputs).to.deep.equal({ stdout: `${folder}\n[mine][]`, stderr: "warning" });
    });

    it("gives the interpreter the script as its last argument, and the input", async () => {
        const script = "process.stdin.on('data', (data) => console.log(process.argv.slice(1).join() + data))";
        const state = await create({ interpreter: [process.execPath, "-e", script, "--", "flag"], create: "verb", stdin: "typed" });
        expect(state.outputs["stdout"]).to.equal("flag,verbtyped");
    });

    it("runs update with the output of before, and delete", async () => {
        const inputs: PropertyMap = { create: "echo first", update: "echo \"after $PULUMI_COMMAND_STDOUT\"", delete: "echo gone > trace" };
        const state = await create(inputs);
        const updated = await handler.update!({ urn: "urn", name: "example", id: state.id, inputs, oldInputs: inputs, oldOutputs: state.outputs });
        expect(updated).to.deep.include({ id: state.id, outputs: { stdout: "after first", stderr: "" } });
        await handler.delete({ urn: "urn", id: state.id, inputs, outputs: updated.outputs });
        expect(await readFile(path.join(folder, "trace"), "utf8")).to.equal("gone\n");
    });

    it("runs create again when there is no update", async () => {
        const inputs = { create: "echo again" };
        const updated = await handler.update!({ urn: "urn", name: "example", id: "x", inputs, oldInputs: {}, oldOutputs: {} });
        expect(updated.outputs["stdout"]).to.equal("again");
    });

    it("fails with the exit code and what was printed", async () => {
        const failure = await create({ create: "echo out; echo why >&2; exit 3" }).then(() => "", (error: Error) => error.message);
        expect(failure).to.match(/^exit status 3: running .*\nwhy\nout$/s);
    });

    it("fails when there is no such interpreter", async () => {
        const failure = await create({ interpreter: ["no-such-program"], create: "x" }).then(() => "", (error: Error) => error.message);
        expect(failure).to.match(/ENOENT/);
    });
});
