import { expect } from "chai";
import fc from "fast-check";
import { ConfigError, parseConfig } from "../../components/config.ts";
import type { ConfigSource } from "../../components/config.ts";

const LABEL = { data: { label: "churned" } };

function parse(values: Readonly<Record<string, unknown>> = LABEL, overrides: Partial<ConfigSource> = {}) {
    return parseConfig({ project: "firstlight", stack: "dev", values, ...overrides });
}

function findFault(values: Readonly<Record<string, unknown>>, overrides: Partial<ConfigSource> = {}): string {
    try {
        parse({ ...LABEL, ...values }, overrides);
    } catch (error) {
        if (error instanceof ConfigError) return error.message;
        throw error;
    }
    return "nothing";
}

describe("parseConfig", () => {
    it("fills in every default from a label alone", () => {
        expect(parse()).to.deep.equal({
            project: "firstlight",
            environment: "dev",
            preset: "dev",
            data: { label: "churned", ignore: [], maxRejectedShare: 0.01 },
            training: { imageTag: "3.0-5", instanceType: "ml.m5.large", volumeSizeGiB: 10, maxRuntimeSeconds: 3600, spot: false, hyperparameters: {} },
            inference: { endpoints: "auto", memoryMiB: 2048, maxConcurrency: 2, threshold: 0.5 },
            logRetentionDays: 14,
            destroyData: true,
            alertEmails: [],
            tags: {},
        });
    });

    it("refuses an instance type that batch transform does not have, before hours are spent on training", () => {
        for (const instanceType of ["ml.t3.medium", "ml.r5.large", "ml.c5n.xlarge", "ml.m7i-flex.large", "ml.p5.48xlarge"]) {
            expect(findFault({ training: { instanceType } }), instanceType).to.contain("batch transform");
        }
        for (const instanceType of ["ml.m5.large", "ml.c5.xlarge", "ml.m6i.large", "ml.r6i.large", "ml.g4dn.xlarge"]) {
            expect(findFault({ training: { instanceType } }), instanceType).to.equal("nothing");
        }
    });

    it("refuses a project whose name AWS keeps for itself, where the name stands", () => {
        for (const project of ["aws-ml", "SSM_models"]) {
            expect(findFault({}, { project })).to.match(/^Pulumi\.yaml name: begins with (aws|ssm), which AWS keeps for its own parameters/);
        }
        expect(findFault({}, { project: "laws" })).to.equal("nothing");
    });

    it("keeps data and logs longer the nearer a preset is to production", () => {
        const byPreset = (["dev", "staging", "prod"] as const).map((stack) => parse(LABEL, { stack }));
        expect(byPreset.map(({ logRetentionDays }) => logRetentionDays)).to.deep.equal([14, 30, 365]);
        expect(byPreset.map(({ destroyData }) => destroyData)).to.deep.equal([true, true, false]);
    });

    it("takes sections as JSON text, as Pulumi hands them over, and numbers as text", () => {
        const config = parse({ data: '{"label":"y","ignore":["id"]}', logRetentionDays: "30", inference: '{"memoryMiB":"3072"}', tags: '{"Team":"a"}' });
        expect(config.data.ignore).to.deep.equal(["id"]);
        expect(config.logRetentionDays).to.equal(30);
        expect(config.inference.memoryMiB).to.equal(3072);
        expect(config.tags).to.deep.equal({ Team: "a" });
    });

    it("reads a bare on or off, which YAML may turn into a boolean", () => {
        for (const [value, expected] of [["on", "on"], [true, "on"], [false, "off"], ["auto", "auto"]] as const) {
            expect(parse({ ...LABEL, inference: { endpoints: value } }).inference.endpoints).to.equal(expected);
        }
    });

    it("lists everything that is wrong at once, with file, key, value and fix", () => {
        let findings: readonly string[] = [];
        try {
            parse({ data: { lable: "y" }, inference: { memoryMiB: 2000 }, logRetentionDays: 15 });
        } catch (error) {
            findings = (error as Error).message.split("\n");
        }
        expect(findings).to.have.length(4);
        expect(findings[0]).to.equal("Pulumi.dev.yaml firstlight:data.label: is missing; fix: name the column to predict");
        expect(findings.join("\n")).to.contain("firstlight:data.lable: is not a key").and.to.contain("memoryMiB: must be one of 1024, 2048")
            .and.to.contain("logRetentionDays: must be one of 1, 3, 5").and.to.contain("got 15");
    });

    const refused: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
        ["the label among the ignored columns", { data: { label: "y", ignore: ["y"] } }, "data.ignore"],
        ["an unknown task", { data: { label: "y", task: "ranking" } }, "data.task"],
        ["a share above one", { data: { label: "y", maxRejectedShare: 1.5 } }, "data.maxRejectedShare"],
        ["a list that is a text", { data: { label: "y", ignore: "id" } }, "data.ignore"],
        ["a section that is a text", { training: "fast" }, "firstlight:training"],
        ["an image that is not published", { training: { imageTag: "2.0-1" } }, "training.imageTag"],
        ["an instance type of EC2", { training: { instanceType: "m5.large" } }, "training.instanceType"],
        ["a fraction of a second", { training: { maxRuntimeSeconds: 3600.5 } }, "training.maxRuntimeSeconds"],
        ["a hyperparameter that does not exist", { training: { hyperparameters: { depth: 3 } } }, "hyperparameters.depth"],
        ["a hyperparameter out of range", { training: { hyperparameters: { eta: 2 } } }, "hyperparameters.eta"],
        ["a name of every object as hyperparameter", { training: { hyperparameters: { constructor: 1 } } }, "hyperparameters.constructor"],
        ["no concurrency", { inference: { maxConcurrency: 0 } }, "inference.maxConcurrency"],
        ["more concurrency than an endpoint has", { inference: { maxConcurrency: 201 } }, "inference.maxConcurrency"],
        ["a threshold above one", { inference: { threshold: 50 } }, "inference.threshold"],
        ["an unknown preset", { preset: "production" }, "firstlight:preset"],
        ["a tag of ours", { tags: { Project: "x" } }, "firstlight:tags"],
        ["a tag of AWS", { tags: { "aws:owner": "x" } }, "firstlight:tags"],
        ["a mail address without a domain", { alertEmails: ["ops"] }, "firstlight:alertEmails"],
        ["a flag that is a word", { destroyData: "yes" }, "firstlight:destroyData"],
    ];
    for (const [title, values, key] of refused) {
        it(`refuses ${title}`, () => {
            expect(findFault(values)).to.contain(key).and.to.contain("got ").and.to.contain("fix: ");
        });
    }

    it("refuses in prod what may lose data or be taken away, and takes it elsewhere", () => {
        const risky = { preset: "prod", destroyData: true, training: { spot: true } };
        expect(findFault(risky)).to.contain("destroyData: is refused in prod").and.to.contain("training.spot: is refused in prod");
        expect(findFault({ ...risky, preset: "staging" })).to.equal("nothing");
    });

    it("refuses a suffix that names cannot hold, naming the variable", () => {
        for (const environmentSuffix of ["has space", "x".repeat(21), "ä", "___"]) {
            expect(findFault({}, { environmentSuffix })).to.contain("environment variable ENVIRONMENT_SUFFIX");
        }
        expect(parse(LABEL, { environmentSuffix: "" })).not.to.have.property("environmentSuffix");
    });

    it("never throws anything but a ConfigError, whatever the values", () => {
        fc.assert(fc.property(fc.dictionary(fc.constantFrom("data", "training", "inference", "tags", "preset", "x"), fc.jsonValue()), (values) => {
            try {
                const config = parse(values as Record<string, unknown>);
                expect(config.data.label).not.to.equal("");
            } catch (error) {
                expect(error).to.be.instanceOf(ConfigError);
                expect((error as ConfigError).findings.every(({ what, fix }) => what !== "" && fix !== "")).to.equal(true);
            }
        }), { numRuns: 300, seed: 3 });
    });
});
