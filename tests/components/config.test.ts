import { expect } from "chai";
import fc from "fast-check";
import { ConfigError, parseConfig } from "../../components/config.ts";
import type { ConfigSource, PlatformConfig } from "../../components/config.ts";

const LABEL = { data: { label: "churned" } };
/** What prod must be told beside it. */
const IN_PROD = { ...LABEL, alerts: { emails: ["oncall@example.com"] } };

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
            training: {
                imageTag: "3.0-5", instanceType: "ml.m5.large", volumeSizeGiB: 10, maxRuntimeSeconds: 3600, spot: false, private: false,
                schedule: "rate(7 days)", hyperparameters: {}, challengerHyperparameters: { max_depth: 4, eta: 0.1 },
            },
            inference: { endpoints: "auto", memoryMiB: 2048, maxConcurrency: 2, threshold: 0.5 },
            abTest: { weights: { champion: 90, challenger: 10 } },
            stream: {
                mode: "provisioned", shards: 1, retentionHours: 24, batchSize: 100, batchingWindowSeconds: 1, maxRetries: 3,
                maxRecordAgeSeconds: 3600, predictionDays: 90,
            },
            api: { corsOrigins: [], rateLimit: 50, burstLimit: 100, openRoutes: [] },
            functions: {
                pipeline: { memoryMiB: 2048, timeoutSeconds: 900 },
                inference: { memoryMiB: 512, timeoutSeconds: 29 },
                consumer: { memoryMiB: 1024, timeoutSeconds: 120 },
            },
            storage: { infrequentAccessDays: 30, archiveDays: 90, expireDays: 365, noncurrentDays: 30 },
            network: { vpc: "auto", zones: 2, cidr: "10.20.0.0/16", nat: "none", interfaceEndpoints: [] },
            alerts: { emails: [], urls: [] },
            alarms: { modelLatencyMilliseconds: 2000, invocationErrors: 5, functionErrors: 3, iteratorAgeSeconds: 300 },
            budget: {},
            logRetentionDays: 14,
            destroyData: true,
            tags: {},
        });
    });

    it("decides by preset what costs, and what is kept", () => {
        const [dev, staging, prod] = (["dev", "staging", "prod"] as const).map((stack) => parse(IN_PROD, { stack }));
        const summary = ({ storage, network, stream }: PlatformConfig) => (
            [storage.infrequentAccessDays, storage.archiveDays, storage.expireDays, network.zones, network.nat, stream.mode]);
        expect(summary(dev!)).to.deep.equal([30, 90, 365, 2, "none", "provisioned"]);
        expect(summary(staging!)).to.deep.equal([30, 90, 730, 2, "single", "provisioned"]);
        expect(summary(prod!)).to.deep.equal([90, 180, undefined, 3, "one-per-zone", "on-demand"]);
    });

    it("takes one weight for both", () => {
        expect(parse({ ...LABEL, abTest: { weights: { champion: 70 } } }).abTest.weights).to.deep.equal({ champion: 70, challenger: 30 });
        expect(parse({ ...LABEL, abTest: { weights: { challenger: 100 } } }).abTest.weights).to.deep.equal({ champion: 0, challenger: 100 });
    });

    it("refuses storage days that S3 refuses, saying which would do", () => {
        expect(findFault({ storage: { infrequentAccessDays: 45, archiveDays: 60 } })).to.contain("archiveDays: must be at least 30 days after").and.to.contain("give 75 or more");
        expect(findFault({ storage: { archiveDays: 365 } })).to.contain("expireDays: must be later than archiveDays").and.to.contain("give 366 or more");
        expect(findFault({ storage: { infrequentAccessDays: 45, archiveDays: 75, expireDays: 76 } })).to.equal("nothing");
    });

    it("takes a token's issuer with its audiences only", () => {
        expect(findFault({ api: { jwt: { issuer: "https://login.example.com/" } } })).to.contain("api.jwt.audiences: is missing");
        expect(findFault({ api: { jwt: { audiences: ["firstlight"] } } })).to.contain("api.jwt.issuer: must be an https URL");
        const jwt = { issuer: "https://login.example.com/", audiences: ["firstlight"] };
        expect(parse({ ...LABEL, api: { jwt } }).api.jwt).to.deep.equal(jwt);
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

    it("refuses a project whose names AWS would refuse, with such a name", () => {
        for (const project of ["sg", "sthree", "___"]) expect(findFault({}, { project }), project).to.match(/^F31 Pulumi\.yaml name: makes names that AWS refuses, "/);
        for (const project of ["sgx", "three", "7", "X_1"]) expect(findFault({}, { project }), project).to.equal("nothing");
    });

    const filed: readonly (readonly [failure: string, values: Readonly<Record<string, unknown>>, overrides: Partial<ConfigSource>])[] = [
        ["F15", { storage: { infrequentAccessDays: 15 } }, {}],
        ["F15", { storage: { archiveDays: 365 } }, {}],
        ["F27", {}, { environmentSuffix: "much-too-long-for-a-suffix" }],
        ["F31", {}, { project: "sg" }],
        ["F60", { stream: { maxRetries: -1 } }, {}],
        ["F60", { stream: { maxRecordAgeSeconds: -1 } }, {}],
        ["F66", { preset: "prod" }, {}],
        ["F67", { ...IN_PROD, preset: "prod", api: { openRoutes: ["GET /models"] } }, {}],
    ];
    for (const [failure, values, overrides] of filed) {
        it(`says that ${JSON.stringify({ ...values, ...overrides })} would have become ${failure}, and where to read on`, () => {
            expect(findFault(values, overrides)).to.match(new RegExp(`^${failure} \\S.*; see: docs/failures\\.md#${failure.toLowerCase()}$`));
        });
    }

    it("gives no number to what nobody deployed", () => {
        for (const values of [{ training: { speed: 9 } }, { stream: { shards: 0 } }, { api: { openRoutes: ["GET /nothing"] } }]) {
            expect(findFault(values)).to.match(/^Pulumi\.dev\.yaml /);
        }
    });

    it("keeps data and logs longer the nearer a preset is to production", () => {
        const byPreset = (["dev", "staging", "prod"] as const).map((stack) => parse(IN_PROD, { stack }));
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
        ["a key that no longer is one", { alertEmails: ["ops@example.com"] }, "firstlight:alertEmails"],
        ["a mail address without a domain", { alerts: { emails: ["ops"] } }, "alerts.emails"],
        ["an alert address without encryption", { alerts: { urls: ["http://example.com/hook"] } }, "alerts.urls"],
        ["a schedule that EventBridge refuses", { training: { schedule: "rate(1 days)" } }, "training.schedule"],
        ["a challenger's hyperparameter that does not exist", { training: { challengerHyperparameters: { depth: 3 } } }, "challengerHyperparameters.depth"],
        ["weights that do not sum to 100", { abTest: { weights: { champion: 50, challenger: 40 } } }, "abTest.weights"],
        ["half a percent", { abTest: { weights: { champion: 99.5 } } }, "abTest.weights.champion"],
        ["no shard", { stream: { shards: 0 } }, "stream.shards"],
        ["shards of a stream on demand", { stream: { mode: "on-demand", shards: 2 } }, "stream.shards"],
        ["a batch that Lambda does not make", { stream: { batchSize: 10_001 } }, "stream.batchSize"],
        ["retries without end", { stream: { maxRetries: -1 } }, "stream.maxRetries"],
        ["an origin with a path", { api: { corsOrigins: ["https://app.example.com/x"] } }, "api.corsOrigins"],
        ["an open route that is none", { api: { openRoutes: ["GET /modles"] } }, "api.openRoutes"],
        ["no requests at all", { api: { rateLimit: 0 } }, "api.rateLimit"],
        ["a function that outlives the API's patience", { functions: { inference: { timeoutSeconds: 30 } } }, "functions.inference.timeoutSeconds"],
        ["a timeout of no time", { functions: { consumer: { timeoutSeconds: 0 } } }, "functions.consumer.timeoutSeconds"],
        ["more memory than a function has", { functions: { pipeline: { memoryMiB: 10_241 } } }, "functions.pipeline.memoryMiB"],
        ["infrequent access before 30 days", { storage: { infrequentAccessDays: 29 } }, "storage.infrequentAccessDays"],
        ["a single zone", { network: { zones: 1 } }, "network.zones"],
        ["an endpoint of a service that has none here", { network: { interfaceEndpoints: ["logs", "s4"] } }, "network.interfaceEndpoints"],
        ["a public range", { network: { cidr: "8.8.0.0/16" } }, "network.cidr"],
        ["a range that begins within itself", { network: { cidr: "10.0.1.0/16" } }, "network.cidr"],
        ["a latency of no time", { alarms: { modelLatencyMilliseconds: 0 } }, "alarms.modelLatencyMilliseconds"],
        ["a budget of nothing", { budget: { monthlyUsd: 0 } }, "budget.monthlyUsd"],
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

    it("refuses in prod what is open to everybody, and alerts that nobody hears", () => {
        const open = { preset: "prod", api: { corsOrigins: ["*"], openRoutes: ["GET /models"] } };
        expect(findFault(open)).to.contain("api.corsOrigins: must not be * in prod").and.to.contain("api.openRoutes: must be empty in prod")
            .and.to.contain("alerts.emails: is empty, so nobody would hear");
        expect(findFault({ ...open, preset: "dev" })).to.equal("nothing");
        expect(findFault({ preset: "prod", alerts: { urls: ["https://hooks.example.com/x"] } }), "one way to be told is enough").to.equal("nothing");
    });

    it("makes names of any suffix of one to twenty letters, digits, hyphens and underscores", () => {
        for (const environmentSuffix of ["a", "7", "PR_7", "Feature-X", "a_b-C9", "X".repeat(20)]) {
            expect(parse(LABEL, { environmentSuffix }).environmentSuffix, environmentSuffix).to.match(/^-[a-z0-9]+(-[a-z0-9]+)*$/);
        }
        const different = ["PR_1", "pr-1", "PR-1", "pr_1"].map((environmentSuffix) => parse(LABEL, { environmentSuffix }).environmentSuffix);
        expect(new Set(different).size).to.equal(4);
    });

    it("refuses a suffix that names cannot hold, naming the variable", () => {
        for (const environmentSuffix of ["has space", "x".repeat(21), "ä", "___"]) {
            expect(findFault({}, { environmentSuffix })).to.contain("environment variable ENVIRONMENT_SUFFIX");
        }
        expect(parse(LABEL, { environmentSuffix: "" })).not.to.have.property("environmentSuffix");
    });

    it("never throws anything but a ConfigError, whatever the values", () => {
        const section = fc.constantFrom("data", "training", "inference", "abTest", "stream", "api", "functions", "storage", "network", "alerts", "alarms", "budget", "tags", "preset", "x");
        fc.assert(fc.property(fc.dictionary(section, fc.jsonValue()), (values) => {
            try {
                const config = parse(values as Record<string, unknown>);
                expect(config.data.label).not.to.equal("");
            } catch (error) {
                expect(error).to.be.instanceOf(ConfigError);
                expect((error as ConfigError).findings.every(({ what, fix }) => what !== "" && fix !== "")).to.equal(true);
            }
        }), { numRuns: 300, seed: 3 });
    });

    it("finds no fault with values that are all within their bounds, and keeps every one", () => {
        fc.assert(fc.property(fc.record(WITHIN_BOUNDS), ({ abTest, storage, ...sections }) => {
            const { archiveAfter, expireAfter, infrequentAccessDays, noncurrentDays } = storage;
            const archiveDays = infrequentAccessDays + archiveAfter;
            const values = { ...sections, storage: { infrequentAccessDays, archiveDays, expireDays: archiveDays + expireAfter, noncurrentDays }, abTest: { weights: abTest } };
            const config = parse({ ...LABEL, ...values });
            expect(config).to.deep.include({ ...sections, storage: values.storage });
            expect(config.abTest.weights).to.deep.equal({ champion: abTest.champion, challenger: 100 - abTest.champion });
        }), { numRuns: 200, seed: 5 });
    });
});

const size = (maxSeconds: number) => fc.record({ memoryMiB: fc.integer({ min: 128, max: 10_240 }), timeoutSeconds: fc.integer({ min: 1, max: maxSeconds }) });

/** Good values of the sections whose values depend on each other least; the storage days come as distances, so that they are in order. */
const WITHIN_BOUNDS = {
    inference: fc.record({
        endpoints: fc.constantFrom("auto", "on", "off"), memoryMiB: fc.constantFrom(1024, 2048, 3072, 4096, 5120, 6144),
        maxConcurrency: fc.integer({ min: 1, max: 200 }), threshold: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    abTest: fc.record({ champion: fc.integer({ min: 0, max: 100 }) }),
    stream: fc.record({
        mode: fc.constant("provisioned"), shards: fc.integer({ min: 1, max: 200 }), retentionHours: fc.integer({ min: 24, max: 8760 }),
        batchSize: fc.integer({ min: 1, max: 10_000 }), batchingWindowSeconds: fc.integer({ min: 0, max: 300 }),
        maxRetries: fc.integer({ min: 0, max: 10_000 }), maxRecordAgeSeconds: fc.integer({ min: 60, max: 604_800 }),
        predictionDays: fc.integer({ min: 1, max: 3650 }),
    }),
    functions: fc.record({ pipeline: size(900), inference: size(29), consumer: size(900) }),
    storage: fc.record({
        infrequentAccessDays: fc.integer({ min: 30, max: 1000 }), archiveAfter: fc.integer({ min: 30, max: 1000 }),
        expireAfter: fc.integer({ min: 1, max: 1000 }), noncurrentDays: fc.integer({ min: 1, max: 1000 }),
    }),
    alarms: fc.record({
        modelLatencyMilliseconds: fc.integer({ min: 1, max: 60_000 }), invocationErrors: fc.integer({ min: 1, max: 1000 }),
        functionErrors: fc.integer({ min: 1, max: 1000 }), iteratorAgeSeconds: fc.integer({ min: 1, max: 604_800 }),
    }),
};
