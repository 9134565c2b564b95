import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { removeSuffixedStackFile, requirePassphrase, writeSuffixedStackFile } from "../../../../automation/engine/pulumi/stackFile.ts";
import { OperatorError } from "../../../../automation/errors.ts";

const DEV = "secretsprovider: awskms://alias/dev\nencryptedkey: dev-key\nencryptionsalt: v1:dev\nconfig:\n  # Where it runs.\n  aws:region: eu-central-1\n  fixture:size: 3\n";

describe("the settings file of a stack", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-settings-"));
        writeFileSync(path.join(folder, "Pulumi.dev.yaml"), DEV);
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    function read(stack: string): unknown {
        return parse(readFileSync(path.join(folder, `Pulumi.${stack}.yaml`), "utf8"));
    }

    it("is written for a pull request from its stack's, without that one's encryption", () => {
        writeSuffixedStackFile(folder, "dev--pr123");
        expect(read("dev--pr123")).to.deep.equal({ config: { "aws:region": "eu-central-1", "fixture:size": 3 } });
        expect(readFileSync(path.join(folder, "Pulumi.dev--pr123.yaml"), "utf8")).to.contain("# Where it runs.").and.to.contain("from Pulumi.dev.yaml");
        expect(readdirSync(folder)).to.have.members(["Pulumi.dev.yaml", "Pulumi.dev--pr123.yaml"]);
    });

    it("keeps its own encryption when it is written again, and nothing else", () => {
        writeFileSync(path.join(folder, "Pulumi.dev--pr123.yaml"), "encryptionsalt: v1:pr\nconfig:\n  aws:region: eu-west-1\n  fixture:gone: yes\n");
        writeSuffixedStackFile(folder, "dev--pr123");
        expect(read("dev--pr123")).to.deep.equal({ encryptionsalt: "v1:pr", config: { "aws:region": "eu-central-1", "fixture:size": 3 } });
    });

    it("is left alone for a stack without a suffix", () => {
        writeSuffixedStackFile(folder, "dev");
        writeSuffixedStackFile(folder, "prod");
        expect(readFileSync(path.join(folder, "Pulumi.dev.yaml"), "utf8")).to.equal(DEV);
        expect(existsSync(path.join(folder, "Pulumi.prod.yaml"))).to.equal(false);
    });

    it("is removed when its stack is gone, also with the encryption that the CLI has added", () => {
        writeSuffixedStackFile(folder, "dev--pr123");
        const file = path.join(folder, "Pulumi.dev--pr123.yaml");
        appendFileSync(file, "encryptionsalt: v1:pr\n");
        expect(removeSuffixedStackFile(folder, "dev--pr123")).to.equal("Pulumi.dev--pr123.yaml");
        expect(readdirSync(folder)).to.deep.equal(["Pulumi.dev.yaml"]);
        expect(removeSuffixedStackFile(folder, "dev--pr123"), "a second time").to.equal(undefined);
    });

    it("stays when a person has changed or written it, and never is that of a stack without a suffix", () => {
        const file = path.join(folder, "Pulumi.dev--pr123.yaml");
        writeSuffixedStackFile(folder, "dev--pr123");
        const written = readFileSync(file, "utf8");
        for (const text of [written.replace("fixture:size: 3", "fixture:size: 4"), `${written}  fixture:more: 1\n`, written.replace(/^#.*\n/, "")]) {
            writeFileSync(file, text);
            expect(removeSuffixedStackFile(folder, "dev--pr123"), text).to.equal(undefined);
        }
        expect(removeSuffixedStackFile(folder, "dev")).to.equal(undefined);
        expect(readdirSync(folder)).to.have.members(["Pulumi.dev.yaml", "Pulumi.dev--pr123.yaml"]);
    });

    it("cannot be made from a stack that has none", () => {
        expect(() => writeSuffixedStackFile(folder, "prod--pr1")).to.throw(OperatorError, "Pulumi.prod.yaml does not exist");
    });
});

describe("the passphrase of a stack", () => {
    let folder: string;
    beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-passphrase-")); });
    afterEach(() => rmSync(folder, { recursive: true }));

    function require(change: { backend?: "file" | "service"; secretsProvider?: string }, environment: NodeJS.ProcessEnv = {}): void {
        const backend = change.backend === "service" ? { kind: "service" } as const : { kind: "file", folder } as const;
        requirePassphrase({ projectFolder: folder, stack: "dev", backend, secretsProvider: change.secretsProvider }, environment);
    }

    it("is asked for before the CLI fails for the lack of it", () => {
        expect(() => require({})).to.throw(OperatorError, "PULUMI_CONFIG_PASSPHRASE is not set").with.property("fix").that.contains("FIRSTLIGHT_SECRETS_PROVIDER");
        writeFileSync(path.join(folder, "Pulumi.dev.yaml"), "encryptionsalt: v1:x\n");
        expect(() => require({ secretsProvider: "passphrase" })).to.throw(OperatorError);
    });

    it("may be empty, or in a file", () => {
        expect(() => require({}, { PULUMI_CONFIG_PASSPHRASE: "" })).not.to.throw();
        expect(() => require({}, { PULUMI_CONFIG_PASSPHRASE_FILE: "/a/file" })).not.to.throw();
    });

    it("is missing when CI hands over an empty one: a secret that is not there", () => {
        expect(() => require({}, { PULUMI_CONFIG_PASSPHRASE: "", CI: "true" })).to.throw(OperatorError, "is not set");
        expect(() => require({}, { PULUMI_CONFIG_PASSPHRASE: "", CI: "false" })).not.to.throw();
        expect(() => require({}, { PULUMI_CONFIG_PASSPHRASE: "given", CI: "true" })).not.to.throw();
    });

    it("is not needed where a key or a service protects the secrets", () => {
        expect(() => require({ secretsProvider: "awskms://alias/state" })).not.to.throw();
        expect(() => require({ backend: "service" })).not.to.throw();
        writeFileSync(path.join(folder, "Pulumi.dev.yaml"), "secretsprovider: awskms://alias/state\n");
        expect(() => require({})).not.to.throw();
    });

    it("is needed when the stack says so, whatever a new one would get", () => {
        writeFileSync(path.join(folder, "Pulumi.dev.yaml"), "secretsprovider: passphrase\n");
        const refused = expect(() => require({ secretsProvider: "awskms://alias/state" })).to.throw(OperatorError);
        refused.with.property("fix").that.contains("PULUMI_CONFIG_PASSPHRASE").and.does.not.contain("FIRSTLIGHT_SECRETS_PROVIDER");
    });
});
