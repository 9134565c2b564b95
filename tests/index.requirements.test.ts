import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { forbiddenTypes, requirements } from "../components/facts/requirements.ts";
import { nameRuleOf } from "../components/resourceNames.ts";
import declarePlatform from "../index.ts";
import { runProgram } from "./support/mocks.ts";
import type { ProgramRequest, ProgramRun } from "./support/mocks.ts";
import { SWITCHED_ON } from "./support/programContexts.ts";

/** Texts that stand for nothing where a name is to stand. */
const SENTINEL = /^(not[ _-]?(yet[ _-]?)?(created|available|deployed)|none|null|undefined|n\/?a|unknown|pending|placeholder|todo|tbd)$/i;
/** Everything that configuration can switch on. */
const EVERYTHING: ProgramRequest = {
    stack: "staging", parameters: parametersOf("staging"),
    config: {
        "firstlight:preset": "staging",
        "firstlight:alerts": '{"emails":["on-call@example.com"]}',
        "firstlight:budget": '{"monthlyUsd":50}',
        "firstlight:training": '{"private":true}',
        "firstlight:api": '{"jwt":{"issuer":"https://login.example.com/","audiences":["firstlight"]}}',
    },
};
/** As it stands in a test: in quotes. */
const TYPE = /"((?:aws|awsx|command|random):[a-zA-Z0-9]+[/:][a-zA-Z0-9]+(?::[A-Z][a-zA-Z0-9]+)?)"/g;

/** Named by a test to have a type that nobody knows. */
const INVENTED = "aws:new/thing:Thing";

type Run = ProgramRun<Awaited<ReturnType<typeof declarePlatform>>>;

function parametersOf(environment: string): Record<string, string> {
    return Object.fromEntries(Object.entries(SWITCHED_ON).map(([name, value]) => [name.replace("/dev/", `/${environment}/`), value]));
}

function typesNamedIn(...patterns: readonly string[]): ReadonlySet<string> {
    const files = globSync(patterns, { cwd: import.meta.dirname });
    const texts = files.map((file) => readFileSync(path.join(import.meta.dirname, file), "utf8"));
    return new Set(texts.flatMap((text) => [...text.matchAll(TYPE)].map(([, type = ""]) => type)));
}

describe("what was asked for", function () {
    // The first run bundles the functions.
    this.timeout(30_000);
    let infrastructure: Run;
    let serving: Run;
    let everything: Run;

    before(async () => {
        infrastructure = await runProgram(declarePlatform);
        serving = await runProgram(declarePlatform, { parameters: SWITCHED_ON });
        everything = await runProgram(declarePlatform, EVERYTHING);
    });

    for (const { what, type, count, isServing = false } of requirements) {
        it(`is declared: ${what}`, () => {
            expect(serving.resources.ofType(type)).to.have.length.of.at.least(count);
            if (isServing) expect(infrastructure.resources.ofType(type)).to.deep.equal([]);
            else expect(infrastructure.resources.ofType(type)).to.have.length.of.at.least(count);
        });
    }

    it("is named by an output, or says why by none", () => {
        for (const { what, outputs = [], isInternal } of requirements) expect(outputs.length > 0, what).to.equal(isInternal === undefined);
        const outputs = requirements.flatMap((each) => each.outputs ?? []);
        for (const output of outputs) expect(Object.keys(serving.outputs), output).to.include(output);
    });

    it("is not made of machines that somebody has to keep", () => {
        const types = everything.resources.all.map(({ type }) => type);
        for (const type of Object.keys(forbiddenTypes)) expect(types).not.to.include(type);
        expect(types).to.include("aws:lambda/function:Function");
    });

    it("has no output that stands for nothing, in either phase", () => {
        for (const { outputs } of [infrastructure, serving, everything]) {
            const texts = Object.entries(outputs).map(([name, value]) => [name, JSON.stringify(value).replaceAll('"', "")] as const);
            for (const [name, text] of texts) expect(text, name).not.to.match(SENTINEL);
        }
        expect("not_created").to.match(SENTINEL);
    });
});

describe("tests", function () {
    this.timeout(30_000);

    it("name every type that the program declares, and those of the program and its components no others", async () => {
        const runs = [await runProgram(declarePlatform, { parameters: SWITCHED_ON }), await runProgram(declarePlatform, EVERYTHING)];
        const types = runs.flatMap(({ resources }) => resources.all.map(({ type }) => type));
        const declared = new Set(types.filter((type) => /^(aws|awsx|command|random):/.test(type)));
        const ofAll = typesNamedIn("**/*.test.ts", "**/*.cloud.ts", "support/*.ts");
        const ofProgram = typesNamedIn("index*.test.ts", "components/**/*.test.ts");
        expect([...declared].filter((type) => !ofAll.has(type)).sort(), "declared, and named by no test").to.deep.equal([]);
        // Names are ruled for parts that are still to come too: databases, containers, load balancers.
        const isForeign = (type: string): boolean => !declared.has(type) && type !== INVENTED && nameRuleOf(type) === undefined;
        const foreign = [...ofProgram].filter(isForeign).sort();
        expect(foreign, "named by a test, and never declared").to.deep.equal([]);
        expect(ofProgram.size).to.be.above(30);
    });
});
