/** Whatever people call projects, stacks and pull requests: AWS is asked for names that it takes, or for none. */
import { expect } from "chai";
import fc from "fast-check";
import { ConfigError, parseConfig } from "../../components/config.ts";
import { nameRules } from "../../components/facts/nameRules.ts";
import type { NamedType } from "../../components/facts/nameRules.ts";
import { createNaming } from "../../components/naming.ts";

const REGIONS = ["us-east-1", "eu-central-1", "ap-northeast-1", "cn-north-1", "us-gov-west-1"];
/** The shortest and the longest that the program has. */
const PARTS = ["raw", "function-throttles-preprocess-data"];

const LETTERS = ["a", "b", "Z", "7", "0", "-", "_", ".", " ", "/", "ü", "ß", "修", "😀", "é"];
const texts = (maxLength: number) => fc.array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength }).map((letters) => letters.join(""));
const projects = fc.oneof(fc.constant("firstlight"), fc.stringMatching(/^[a-zA-Z][\w.-]{0,60}$/), texts(30));
const stacks = fc.oneof(fc.constantFrom("dev", "Dev", "prod.eu"), fc.stringMatching(/^[\w.-]{1,60}$/), texts(30));
const suffixes = fc.option(fc.oneof(fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/), fc.stringMatching(/^\d{1,20}$/), texts(22)), { nil: undefined });

interface Given { readonly project: string; readonly stack: string; readonly suffix?: string | undefined }

type TypedName = readonly [NamedType, string];

/** Undefined for what is refused. */
function namesFor({ project, stack, suffix }: Given, region: string): readonly TypedName[] | undefined {
    try {
        const config = parseConfig({ project, stack, environmentSuffix: suffix, values: { preset: "dev", data: { label: "y" } } });
        const naming = createNaming(config, { accountId: "123456789012", region });
        const types = ["alarm", "api", "authorizer", "budget", "dashboard", "endpoint", "eventRule", "function", "query", "queue", "stateMachine", "stream", "table", "topic"] as const;
        return PARTS.flatMap((part): TypedName[] => [
            ...types.map((type): TypedName => [type, naming.name(type, part)]),
            ["role", naming.role(part)], ["bucket", naming.bucket(part, "a1b2c3")], ["alias", naming.alias(part)],
            ["logGroup", naming.logGroup("/aws/sagemaker/Endpoints", part)], ["parameter", `${naming.parameterPath}/${part}`],
        ]);
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        for (const { key, what, fix } of error.findings) expect([key, what, fix].every((text) => text.length > 0), error.message).to.equal(true);
        return undefined;
    }
}

describe("names that are given", () => {
    it("become names that every service takes, or are refused with where, what and fix", () => {
        let taken = 0;
        let refused = 0;
        fc.assert(fc.property(projects, stacks, suffixes, fc.constantFrom(...REGIONS), (project, stack, suffix, region) => {
            const names = namesFor({ project, stack, suffix }, region);
            if (names === undefined) refused++;
            else taken++;
            for (const [type, name] of names ?? []) {
                expect(name.length, `${type} ${name}`).to.be.at.most(nameRules[type].maxLength);
                expect(name, type).to.match(nameRules[type].pattern);
            }
        }), { numRuns: 500, seed: 7 });
        expect(Math.min(taken, refused)).to.be.greaterThan(50);
    });

    it("have none in common where stack or suffix differ", () => {
        let compared = 0;
        fc.assert(fc.property(stacks, suffixes, stacks, suffixes, (one, oneSuffix, other, otherSuffix) => {
            fc.pre(one !== other || (oneSuffix ?? "") !== (otherSuffix ?? ""));
            const taken = new Set(namesFor({ project: "firstlight", stack: one, suffix: oneSuffix }, "ap-northeast-1")?.map(([, name]) => name));
            const others = namesFor({ project: "firstlight", stack: other, suffix: otherSuffix }, "ap-northeast-1") ?? [];
            if (taken.size > 0 && others.length > 0) compared++;
            expect(others.filter(([, name]) => taken.has(name))).to.deep.equal([]);
        }), { numRuns: 500, seed: 7 });
        expect(compared).to.be.greaterThan(50);
    });

    for (const suffix of ["feature.x", "größe", "---", "_", "-", "123456789012345678901", "a b", "a/b", "pr:7"]) it(`refuse the suffix ${JSON.stringify(suffix)}`, () => {
        expect(namesFor({ project: "firstlight", stack: "dev", suffix }, "us-east-1")).to.equal(undefined);
    });

    for (const suffix of ["a", "7", "PR_4095", "-x-", "a--b", "__a__", "12345678901234567890", "ABCDEFGHIJKLMNOPQRST"]) it(`take the suffix ${JSON.stringify(suffix)}`, () => {
        for (const region of REGIONS) expect(namesFor({ project: "firstlight", stack: "dev", suffix }, region), region).to.have.length.greaterThan(30);
    });
});
