import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { checkDataHeader } from "../../automation/dataHeader.ts";
import { OperatorError } from "../../automation/errors.ts";
import { nearestName } from "../../automation/driver/nearestName.ts";
import { overrideData, parseStackConfig, readStackSettings, regionOf } from "../../automation/stackSettings.ts";
import { failureOf } from "../support/phaseWorld.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..");

describe("the settings of a stack", () => {
    let folder: string;
    beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-settings-")); });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    function write(files: Readonly<Record<string, string>>): void {
        for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    }

    it("are flat, with the project's prefix, sections as JSON text", async () => {
        write({ "Pulumi.yaml": "name: demo\n", "Pulumi.test.yaml": "config:\n  aws:region: eu-central-1\n  preset: dev\n  demo:data:\n    label: y\n" });
        const settings = await readStackSettings(folder, "test");
        expect(settings).to.deep.equal({ project: "demo", stack: "test", config: { "aws:region": "eu-central-1", "demo:preset": "dev", "demo:data": '{"label":"y"}' } });
        expect(regionOf(settings)).to.equal("eu-central-1");
    });

    it("name the stacks that there are when one is unknown", async () => {
        write({ "Pulumi.yaml": "name: demo\n", "Pulumi.one.yaml": "config: {}\n", "Pulumi.two.yaml": "config: {}\n" });
        expect(await failureOf(readStackSettings(folder, "three"))).to.be.instanceOf(OperatorError).with.property("fix").that.includes("one, two");
    });

    it("name the line that is no YAML, and a secret that only the CLI can read", async () => {
        write({ "Pulumi.yaml": "name: demo\n", "Pulumi.bad.yaml": "config:\n  a: [1,\n", "Pulumi.secret.yaml": "config:\n  key:\n    secure: abc\n" });
        expect(await failureOf(readStackSettings(folder, "bad"))).to.be.instanceOf(OperatorError).with.property("message").that.matches(/^Pulumi\.bad\.yaml:\d+: /);
        expect(await failureOf(readStackSettings(folder, "secret"))).to.be.instanceOf(OperatorError).with.property("message").that.includes("key is encrypted");
    });

    it("must say a region", async () => {
        write({ "Pulumi.yaml": "name: demo\n", "Pulumi.test.yaml": "config: {}\n" });
        const settings = await readStackSettings(folder, "test");
        expect(() => regionOf(settings)).to.throw(OperatorError, "aws:region is missing");
    });

    it("of all stacks of this project are sound", async () => {
        for (const stack of ["dev", "staging", "prod"]) {
            const config = parseStackConfig(await readStackSettings(PROJECT, stack), undefined);
            expect(config.data.label, stack).to.equal("churned");
        }
    });

    it("are the platform's own, whatever the project is called", () => {
        const settings = { project: "My_Platform", stack: "dev", config: { "aws:region": "eu-central-1", "firstlight:data": '{"label":"y"}' } };
        expect(parseStackConfig(settings, undefined)).to.deep.include({ project: "my-platform", environment: "dev" });
        expect(parseStackConfig(overrideData(settings, { label: "price" }), undefined).data.label).to.equal("price");
    });

    it("forget the ignored columns and the task of another data set", async () => {
        const settings = await readStackSettings(PROJECT, "dev");
        const other = overrideData(settings, { label: "price", task: "regression" });
        expect(JSON.parse(other.config["firstlight:data"] ?? "")).to.deep.equal({ label: "price", task: "regression" });
        expect(overrideData(settings, {}).config).to.deep.equal(settings.config);
    });
});

describe("a data file's header", () => {
    const file = path.join(os.tmpdir(), `firstlight-header-${process.pid}.csv`);
    afterEach(() => rmSync(file, { force: true }));

    it("is read with byte order mark, quotes and CRLF", async () => {
        writeFileSync(file, '\uFEFF"Product ID",size,"Machine, failure"\r\n1,2,3\r\n');
        await checkDataHeader(file, { label: "Machine, failure", ignore: ["Product ID"] });
    });

    it("must hold label and ignored columns; the nearest name is asked for", async () => {
        writeFileSync(file, "customer_id,churned\n1,yes\n");
        const label = await failureOf(checkDataHeader(file, { label: "Churnd", ignore: [] }));
        expect(label).to.be.instanceOf(OperatorError).with.property("fix").that.equals('--label "churned"? its columns are customer_id, churned');
        const ignore = await failureOf(checkDataHeader(file, { label: "churned", ignore: ["age"] }));
        expect(ignore).to.have.property("fix").that.equals("its columns are customer_id, churned");
    });

    it("is missing in an empty file", async () => {
        writeFileSync(file, "");
        expect(await failureOf(checkDataHeader(file, { label: "x", ignore: [] }))).to.have.property("message").that.includes("is empty");
    });

    it("takes no other word for a misspelling", () => {
        expect(nearestName("lable", ["label", "table", "size"])).to.be.oneOf(["label", "table"]);
        expect(nearestName("price", ["customer_id", "age"])).to.equal(undefined);
    });
});
