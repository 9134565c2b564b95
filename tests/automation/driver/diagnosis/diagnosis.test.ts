import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { strFromU8, unzipSync } from "fflate";
import { EngineError } from "../../../../automation/engine/engine.ts";
import { summarizeState } from "../../../../automation/driver/diagnosis/stateSummary.ts";
import { writeDiagnosis } from "../../../../automation/driver/diagnosis/writeDiagnosis.ts";
import { parseDriverOptions } from "../../../../automation/driver/options.ts";
import { SecretMasker } from "../../../../automation/driver/secretMasker.ts";
import type { TimedEvent } from "../../../../automation/progress/reporter.ts";
import { SECRET_FORMS, SECRET_SENTENCES, SECRET_VARIABLES } from "../../../support/canaries.ts";
import { createDriverWorld } from "../../../support/driverWorld.ts";
import type { DriverWorldOptions } from "../../../support/driverWorld.ts";

const CANARIES = [...Object.values(SECRET_VARIABLES), ...SECRET_FORMS, ...SECRET_SENTENCES.map(([, secret]) => secret)];
const STATE_SECRET = "canary-in-the-state-5e6f7a";

/** Runs `preview --diagnose`, whose engine fails with all secrets in its words. */
async function diagnose(options: DriverWorldOptions = {}) {
    const words = [...Object.values(SECRET_VARIABLES), ...SECRET_FORMS, ...SECRET_SENTENCES.map(([sentence]) => sentence)].join("\n");
    const world = createDriverWorld({
        environment: SECRET_VARIABLES,
        answers: {
            ListExecutionsCommand: () => ({ executions: [{ name: "c16c", status: "FAILED", executionArn: "arn:aws:states:eu-central-1:444455556666:execution:p:c16c" }] }),
            GetExecutionHistoryCommand: () => ({
                events: [
                    { id: 2, type: "TaskFailed", timestamp: new Date(0), taskFailedEventDetails: { error: "States.TaskFailed", cause: words } },
                    { id: 1, type: "TaskStateEntered", stateEnteredEventDetails: { name: "TrainModel", input: JSON.stringify({ customer: STATE_SECRET }) } },
                ],
            }),
        },
        ...options,
    });
    const { engine } = world.phaseWorld;
    engine.resourcesNow = [{
        urn: "urn:pulumi:dev::firstlight::random:index/randomPassword:RandomPassword::token", type: "random:index/randomPassword:RandomPassword", name: "token",
        custom: true, id: STATE_SECRET, dependencies: [], inputs: { length: 20 }, outputs: { result: STATE_SECRET },
    }];
    engine.pendingNow = [{ urn: "urn:x::y::z::raw", type: "aws:s3/bucket:Bucket", name: "raw", operation: "creating", inputs: { bucket: STATE_SECRET } }];
    engine.preview = async () => { throw new EngineError(`refused: ${words}`); };
    const run = await world.run("preview --stack dev --diagnose");
    const file = readBundle(run.stderr);
    const files = Object.fromEntries(Object.entries(unzipSync(readFileSync(file))).map(([name, bytes]) => [name, strFromU8(bytes)]));
    return { ...run, file, files };
}

/** Bundles lie in the project: what a test wrote is taken away again. */
const written: string[] = [];

function readBundle(stderr: string): string {
    const file = path.resolve(/The bundle lies in (\S+\.zip)/.exec(stderr)?.[1] ?? "none");
    written.push(file);
    return file;
}

describe("the bundle for somebody who helps", () => {
    after(() => written.forEach((file) => rmSync(file, { force: true })));

    it("holds no secret of any kind, and neither does anything that was printed", async () => {
        const { files, stdout, stderr } = await diagnose();
        const everything = { ...files, stdout, stderr };
        for (const [name, text] of Object.entries(everything)) {
            for (const canary of [...CANARIES, STATE_SECRET]) {
                for (const form of [canary, JSON.stringify(canary).slice(1, -1), encodeURIComponent(canary)]) expect(text.includes(form), `${name}: ${canary}`).to.equal(false);
            }
        }
        // The words were there: each of them was masked, not lost.
        expect(files["diagnostics.json"]?.match(/\[secret\]/g)).to.have.length.of.at.least(CANARIES.length - 1);
        expect(stderr).to.contain("refused: [secret]");
    });

    it("says where it lies and what is in it, and nobody else may read it", async () => {
        const { stderr, files, file } = await diagnose();
        for (const name of Object.keys(files)) expect(stderr).to.contain(`  ${name}: `);
        expect(Object.keys(files)).to.have.members([
            "run.json", "environment.json", "diagnostics.json", "events.jsonl", "Pulumi.dev.yaml", "place.json", "config.json", "state.json", "pending.json", "locks.json", "last-run.json",
        ]);
        expect(statSync(file).mode & 0o077).to.equal(0);
    });

    it("says what a helper asks first: versions, options, variables by name, state, pending steps, the last run's failure", async () => {
        const { files } = await diagnose();
        expect(files["run.json"]).to.contain('"node"').and.to.contain('"command": "preview"');
        expect(JSON.parse(files["environment.json"] ?? "")).to.include.members(["PATH", ...Object.keys(SECRET_VARIABLES)]);
        expect(files["state.json"]).to.contain("randomPassword").and.to.contain('"length"');
        expect(files["pending.json"]).to.contain("creating");
        expect(files["last-run.json"]).to.contain("TrainModel").and.to.contain("States.TaskFailed");
        expect(files["events.jsonl"]?.split("\n").length).to.be.above(2);
    });

    it("is written without an account and without an engine, and names what could not be asked", async () => {
        const { files } = await diagnose({ environment: {}, createEngine: async () => { throw new EngineError("there is no CLI"); } });
        expect(files["state.json"]).to.contain("notAsked").and.to.contain("there is no CLI");
    });

    it("is written when the command failed before it knew anything of the stack", async () => {
        const world = createDriverWorld();
        const { stderr, exitCode } = await world.run("preview --stack nowhere --diagnose");
        expect(exitCode).to.equal(1);
        expect(existsSync(readBundle(stderr))).to.equal(true);
        expect(stderr).to.contain('there is no stack "nowhere"');
    });
});

describe("the bundle of a run with somebody's own data", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "firstlight-diagnosis-"));
    after(() => rmSync(folder, { recursive: true }));

    async function write(events: readonly TimedEvent[], settings: string): Promise<Readonly<Record<string, string>>> {
        writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "firstlight", version: "1.0.0" }));
        writeFileSync(path.join(folder, "Pulumi.dev.yaml"), settings);
        const options = parseDriverOptions(["verify", "--stack", "dev"], { projectFolder: folder, environment: {} });
        const { file } = await writeDiagnosis({ options, session: undefined, events, environment: {} }, { projectFolder: folder, masker: new SecretMasker({}) });
        return Object.fromEntries(Object.entries(unzipSync(readFileSync(file))).map(([name, bytes]) => [name, strFromU8(bytes)]));
    }

    it("holds no row of it, and still what was predicted", async () => {
        const samples = [{ features: { name: "Kim Canary", salary: 987_654 }, golden: [0.8437], served: [0.8438], answer: "yes" }];
        const files = await write([{ atMs: 1, kind: "predictions", variant: "champion", modelVersion: "v1", samples }], "config: {}\n");
        expect(files["events.jsonl"]).to.contain('"golden":[0.8437]').and.to.contain('"served":[0.8438]');
        for (const [name, text] of Object.entries(files)) expect(text, name).to.not.match(/Kim Canary|salary|987654/);
    });

    it("shows only the host of an address to which alerts are sent: whoever has the rest can write there", async () => {
        const message = "could not subscribe https://chat.example.com/services/T00CANARY/B00CANARY/canary0123456789";
        const settings = 'config:\n  firstlight:alerts: { urls: ["https://chat.example.com/services/T00CANARY/B00CANARY/canary0123456789"] }\n  firstlight:api:\n    jwt: { issuer: https://login.example.com/a }\n';
        const files = await write([{ atMs: 1, kind: "note", message }], settings);
        expect(files["Pulumi.dev.yaml"]).to.contain("https://chat.example.com[secret]").and.to.contain("https://login.example.com/a");
        expect(files["events.jsonl"]).to.contain("https://chat.example.com[secret]");
        for (const [name, text] of Object.entries(files)) expect(text, name).to.not.contain("CANARY");
    });
});

describe("the summary of a state", () => {
    it("has the id of what can be named, and not of what is a secret", () => {
        const shared = { name: "x", custom: true, dependencies: [], inputs: {}, outputs: {} };
        const types = ["aws:s3/bucket:Bucket", "aws:iam/accessKey:AccessKey", "random:index/randomId:RandomId"];
        const summaries = summarizeState(types.map((type) => ({ ...shared, type, urn: `urn:${type}`, id: "the-id" })));
        expect(summaries.map(({ id }) => id)).to.deep.equal(["the-id", undefined, undefined]);
    });
});
