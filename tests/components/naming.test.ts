import { expect } from "chai";
import fc from "fast-check";
import { cleanName, cleanStack, cleanSuffix, pulumiStackOf, splitPulumiStack } from "../../components/environmentName.ts";
import { nameRules } from "../../components/facts/nameRules.ts";
import { createNaming, fitName } from "../../components/naming.ts";
import type { Naming } from "../../components/naming.ts";

const PLACE = { accountId: "123456789012", region: "ap-southeast-4" };
const suffixes = fc.stringMatching(/^[A-Za-z0-9_-]{0,9}[A-Za-z0-9][A-Za-z0-9_-]{0,10}$/);
const words = fc.stringMatching(/^[a-z][a-z0-9]{0,30}$/);

function namingFor(project: string, environment: string, suffix?: string): Naming {
    return createNaming({ project, environment, ...(suffix === undefined ? {} : { environmentSuffix: cleanSuffix(suffix) }) }, PLACE);
}

function allNames(naming: Naming): readonly (readonly [keyof typeof nameRules, string])[] {
    const types = [
        "api", "cacheGroup", "cluster", "database", "endpoint", "eventRule", "function", "job", "loadBalancer", "stateMachine", "table", "targetGroup", "topic",
    ] as const;
    return [
        ...types.map((type) => [type, naming.name(type, "preprocess-data")] as const),
        ["role", naming.role("preprocess-data")],
        ["bucket", naming.bucket("processed", "a1b2c3")],
        ["alias", naming.alias("sagemaker")],
        ["logGroup", naming.logGroup("/aws/vendedlogs/states", "training")],
        ["secret", naming.secret("password")],
        ["parameter", naming.parameterPath],
    ];
}

describe("naming", () => {
    it("writes project, environment and part", () => {
        const naming = namingFor("firstlight", "dev");
        expect(naming.name("function", "health")).to.equal("firstlight-dev-health");
        expect(naming.role("health")).to.equal("firstlight-dev-health-ap-southeast-4");
        expect(naming.bucket("raw", "a1b2c3")).to.equal("firstlight-dev-raw-123456789012-ap-southeast-4-a1b2c3");
        expect(naming.alias("s3")).to.equal("alias/firstlight-dev-s3");
        expect(naming.logGroup("/aws/lambda", "health")).to.equal("/aws/lambda/firstlight-dev-health");
        expect(naming.parameterPath).to.equal("/firstlight/dev/inference");
        expect(namingFor("firstlight", "dev", "pr12").name("topic", "alerts")).to.equal("firstlight-dev--pr12-alerts");
    });

    it("keeps to length and alphabet of every service, whatever project, environment and suffix", () => {
        fc.assert(fc.property(words, words, suffixes, (project, environment, suffix) => {
            for (const [type, name] of allNames(namingFor(project, environment, suffix))) {
                expect(name.length, `${type} ${name}`).to.be.at.most(nameRules[type].maxLength);
                expect(name, type).to.match(nameRules[type].pattern);
            }
        }), { numRuns: 300, seed: 13 });
    });

    it("reads stack and suffix back from the name of the Pulumi stack", () => {
        fc.assert(fc.property(words.filter((word) => !word.includes("--") && !word.endsWith("-")), suffixes, (stack, suffix) => {
            expect(splitPulumiStack(pulumiStackOf({ stack, suffix }))).to.deep.equal({ stack, suffix });
            expect(splitPulumiStack(pulumiStackOf({ stack }))).to.deep.equal({ stack });
        }));
    });

    it("gives two different suffixes no name in common", () => {
        fc.assert(fc.property(words, words, suffixes, suffixes, (project, environment, one, other) => {
            fc.pre(one !== other);
            const taken = new Set(allNames(namingFor(project, environment, one)).map(([, name]) => name));
            for (const [type, name] of allNames(namingFor(project, environment, other))) expect(taken.has(name), `${type} ${name}`).to.equal(false);
        }), { numRuns: 500, seed: 13 });
    });

    it("gives a stack with a suffix no name in common with a stack that is called so", () => {
        const suffixed = allNames(namingFor("firstlight", cleanStack("dev"), "a"));
        const plain = new Map(allNames(namingFor("firstlight", cleanStack("dev-a"))));
        for (const [type, name] of suffixed) expect(plain.get(type), type).not.to.equal(name);
    });

    it("gives stacks that differ in case or punctuation alone different names", () => {
        const environments = ["dev-a", "Dev-a", "dev.a", "dev_a", "dev--a"].map(cleanStack);
        expect(new Set(environments).size).to.equal(5);
        expect(environments[0]).to.equal("dev-a");
        for (const environment of environments) expect(environment).to.match(/^dev-a(-[0-9a-f]{6})?$/);
    });

    it("begins every name with the prefix, so that policies can match it", () => {
        fc.assert(fc.property(words, words, suffixes, (project, environment, suffix) => {
            const naming = namingFor(project, environment, suffix);
            for (const type of ["function", "endpoint", "stateMachine", "topic"] as const) {
                expect(naming.name(type, "preprocess-data").startsWith(`${naming.prefix}-`)).to.equal(true);
            }
            expect(naming.logGroup("/aws/lambda", "preprocess-data").startsWith(`/aws/lambda/${naming.prefix}-`)).to.equal(true);
        }), { numRuns: 200, seed: 13 });
    });

    it("matches every bucket with one pattern, also where the prefix itself is cut", () => {
        const matches = (pattern: string, name: string): boolean => name.startsWith(pattern.slice(0, -1));
        expect(namingFor("firstlight", "dev").bucketPattern).to.equal("firstlight-dev-*");
        const long = namingFor("firstlight", "staging", "pr4095");
        expect(long.bucketPattern).not.to.equal(`${long.prefix}-*`);
        fc.assert(fc.property(words, words, fc.option(suffixes, { nil: undefined }), (project, environment, suffix) => {
            const naming = namingFor(project, environment, suffix);
            for (const part of ["raw", "processed", "models", "logs"]) {
                expect(matches(naming.bucketPattern, naming.bucket(part, "a1b2c3")), `${naming.bucketPattern} ${part}`).to.equal(true);
            }
        }));
    });

    it("leaves a job's name room for run, retry and redrive", () => {
        const { prefix } = namingFor("p".repeat(31), "e".repeat(31), "S_".repeat(10));
        expect(`${prefix}-0123456789ab-999-999`.length).to.be.at.most(nameRules.job.maxLength);
    });

    it("gives the same name for the same arguments", () => {
        expect(fitName("x".repeat(80), 63)).to.equal(fitName("x".repeat(80), 63)).and.to.have.length(63);
        expect(fitName("x".repeat(79), 63)).not.to.equal(fitName("x".repeat(80), 63));
        expect(fitName("short", 63)).to.equal("short");
    });
});

describe("cleanSuffix", () => {
    it("leaves a clean suffix as it is, behind the hyphen that no stack's name has", () => {
        expect(cleanSuffix("pr4095")).to.equal("-pr4095");
    });

    it("cleans capitals and underscores, and keeps them apart from the clean spelling", () => {
        expect(cleanSuffix("PR_4095")).to.match(/^-pr-4095-[0-9a-f]{6}$/);
        const spellings = ["PR_1", "pr_1", "pr-1", "Pr-1", "pr--1", cleanSuffix("PR_1")].map(cleanSuffix);
        expect(new Set(spellings).size).to.equal(spellings.length);
    });

    it("gives a lone separator nothing to hold on to", () => {
        expect(cleanName("__A__b  c!")).to.equal("a-b-c");
    });
});
