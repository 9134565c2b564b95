import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { OperatorError } from "../../../automation/errors.ts";
import { findBackend } from "../../../automation/locks/backendUrl.ts";

describe("the backend of Pulumi", () => {
    let folder: string;
    beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-backend-")); });
    afterEach(() => rmSync(folder, { recursive: true }));

    const find = (environment: NodeJS.ProcessEnv = {}) => findBackend({ projectFolder: folder, environment: { HOME: folder, ...environment } });
    const write = (file: string, text: string): void => {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        writeFileSync(path.join(folder, file), text);
    };
    const writeProject = (): void => write("Pulumi.yaml", "name: shop\nbackend:\n  url: s3://project\n");
    const writeLogin = (file = ".pulumi/credentials.json"): void => write(file, JSON.stringify({ current: "s3://login", accessTokens: { "s3://login": "" } }));

    it("is what the environment says, before all", async () => {
        writeProject();
        writeLogin();
        expect(await find({ PULUMI_BACKEND_URL: "s3://environment" })).to.deep.equal({ url: "s3://environment", source: "PULUMI_BACKEND_URL" });
    });

    it("is what the project says, before a login", async () => {
        writeProject();
        writeLogin();
        expect(await find({ PULUMI_BACKEND_URL: "" })).to.deep.equal({ url: "s3://project", source: "Pulumi.yaml" });
    });

    it("is that of the last login, wherever the CLI keeps it", async () => {
        write("Pulumi.yaml", "name: shop\n");
        for (const [variable, place] of [["HOME", ".pulumi"], ["PULUMI_HOME", "home"], ["PULUMI_CREDENTIALS_PATH", "credentials"]] as const) {
            rmSync(path.join(folder, ".pulumi"), { recursive: true, force: true });
            writeLogin(path.join(place, "credentials.json"));
            const environment = variable === "HOME" ? {} : { [variable]: path.join(folder, place) };
            expect(await find(environment), variable).to.deep.equal({ url: "s3://login", source: "pulumi login" });
        }
    });

    it("is Pulumi Cloud when there is only a token", async () => {
        expect(await find({ PULUMI_ACCESS_TOKEN: "pul-1" })).to.deep.equal({ url: "https://api.pulumi.com", source: "PULUMI_ACCESS_TOKEN" });
    });

    for (const [title, text] of [["cannot be read", "{"], ["is encrypted", '{"version":1,"ciphertext":"x"}']] as const) {
        it(`is asked for when the login's file ${title}`, async () => {
            write(".pulumi/credentials.json", text);
            const error = await find().catch((refusal: unknown) => refusal) as OperatorError;
            expect(error).to.be.instanceOf(OperatorError);
            expect(error.message).to.contain(`credentials.json ${title}`);
            expect(error.fix).to.contain("PULUMI_BACKEND_URL");
        });
    }

    it("is asked for when nothing says it", async () => {
        const error = await find().catch((refusal: unknown) => refusal) as OperatorError;
        expect(error).to.be.instanceOf(OperatorError).with.property("message", "no Pulumi backend is chosen");
        expect(error.fix).to.contain("bootstrap");
    });
});
