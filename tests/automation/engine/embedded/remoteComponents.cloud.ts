import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { StackResource } from "../../../../automation/engine/engine.ts";
import { UNKNOWN } from "../../../../automation/engine/provider.ts";
import type { Provider } from "../../../../automation/engine/provider.ts";
import { createTestStack } from "../../../support/embeddedProgram.ts";
import type { TestStack } from "../../../support/embeddedProgram.ts";
import { PAIR_CLASS, createPairProvider } from "../../../support/pairComponent.ts";

describe("a remote component on the embedded engine", () => {
    let stack: TestStack;
    let provider: Provider;
    beforeEach(() => {
        stack = createTestStack();
        provider = createPairProvider(stack.cloud);
    });
    afterEach(() => stack.remove());

    async function up(program: string) {
        stack.write(PAIR_CLASS + program);
        const { counts, outputs } = await stack.engine({ provider }).up();
        return { counts, outputs, log: stack.cloud.takeLog().filter((line) => !line.startsWith("invoke")) };
    }

    async function find(name: string): Promise<StackResource> {
        const found = (await stack.engine({ provider }).resources()).find((resource) => resource.name === name);
        if (found === undefined) throw new Error(`no resource ${name}`);
        return found;
    }

    it("has the children that its provider registers, under the component and under each other", async () => {
        const { log, outputs } = await up(`const pair = new Pair("p", { value: "y" }); export const { firstId, ids, word, first } = pair;`);
        expect(log).to.deep.equal(["create p-first", "create p-first-second"]);
        expect(outputs).to.deep.include({ firstId: "p-first-1", ids: ["p-first-1", "p-first-second-2"], word: "FIRST", first: "p-first-1" });
        const [component, first, second] = [await find("p"), await find("p-first"), await find("p-first-second")];
        expect(first.urn).to.match(/::memory:index:Pair\$memory:index\/thing:Thing::p-first$/);
        expect(second.urn).to.match(/::memory:index:Pair\$memory:index\/thing:Thing\$memory:index\/thing:Thing::p-first-second$/);
        expect([first.parent, second.parent]).to.deep.equal([component.urn, first.urn]);
        expect(second.outputs["value"]).to.equal("arn:memory:p-first-1");
        const [stored] = [...stack.cloud.stored.values()].filter(({ name }) => name === "p-first-second");
        expect(stored?.inputs["password"]).to.match(/^[0-9a-f]{64}$/);
        expect(readFileSync(stack.stateFile, "utf8")).not.to.include(stored?.inputs["password"]);
    });

    it("changes nothing the second time, updates what changed, and replaces with what depends on it", async () => {
        const program = (args: string): string => `const pair = new Pair("p", ${args}); new Thing("user", { value: pair.firstId });`;
        await up(program(`{ value: "y" }`));
        expect((await up(program(`{ value: "y" }`))).counts).to.deep.equal({ same: 5 });
        expect((await up(program(`{ value: "z" }`))).log).to.deep.equal(["update p-first"]);
        const { log } = await up(program(`{ value: "z", size: 2 }`));
        expect(log.slice(0, 1)).to.deep.equal(["create p-first"]);
        expect(log.slice(1, 3)).to.have.members(["update p-first-second", "update user"]);
        expect(log.slice(3)).to.deep.equal(["delete p-first"]);
    });

    it("is deleted after what depends on its outputs, children before parents", async () => {
        await up(`const pair = new Pair("p"); new Thing("user", { value: pair.firstId });`);
        stack.write("");
        await stack.engine({ provider }).destroy();
        const log = stack.cloud.takeLog();
        expect(log).to.have.members(["delete user", "delete p-first-second", "delete p-first"]);
        expect(log.at(-1)).to.equal("delete p-first");
    });

    it("is planned with unknown values where the cloud decides", async () => {
        stack.write(`${PAIR_CLASS}const pair = new Pair("p"); new Thing("user", { value: pair.firstId });`);
        const { resources } = await stack.engine({ provider }).plan();
        expect(resources.find(({ name }) => name === "p-first-second")?.inputs["value"]).to.equal(UNKNOWN);
        const user = resources.find(({ name }) => name === "user");
        expect(user?.inputs["value"]).to.equal(UNKNOWN);
        expect(user?.propertyDependencies["value"]?.some((urn) => urn.endsWith("::p-first"))).to.equal(true);
        expect(stack.cloud.takeLog().filter((line) => !line.startsWith("invoke"))).to.deep.equal([]);
    });

    it("gives protection to its children, and keeps them when it is renamed with an alias", async () => {
        await up(`new Pair("p", {}, { protect: true });`);
        const refused = await up("").then(() => "", (error: Error) => error.message);
        expect(refused).to.include("protected");
        await up(`new Pair("p");`);
        const { log } = await up(`new Pair("q", {}, { aliases: [{ name: "p" }] });`);
        expect(log).to.deep.equal([]);
        expect((await find("q-first")).id).to.equal("p-first-1");
    });

    const REFUSED: readonly (readonly [string, string, string])[] = [
        ["an argument that its provider does not know", `new Pair("p", { colour: "red" });`, "Pair p: the argument colour is not known"],
        ["ignoreChanges", `new Pair("p", {}, { ignoreChanges: ["value"] });`, "it has the option ignoreChanges"],
        ["a secret argument", `new Pair("p", { value: pulumi.secret("x") });`, "it has a secret among its arguments"],
    ];
    for (const [title, program, words] of REFUSED) {
        it(`refuses ${title} by name`, async () => {
            const message = await up(program).then(() => "", (error: Error) => error.message);
            expect(message).to.include(words);
        });
    }
});
