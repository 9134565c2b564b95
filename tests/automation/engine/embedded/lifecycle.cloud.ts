import { readFileSync, statSync } from "node:fs";
import { expect } from "chai";
import type { EngineEvent } from "../../../../automation/engine/engine.ts";
import { UNKNOWN } from "../../../../automation/engine/provider.ts";
import { createTestStack } from "../../../support/embeddedProgram.ts";
import type { TestStack } from "../../../support/embeddedProgram.ts";

describe("a stack of the embedded engine", () => {
    let stack: TestStack;
    beforeEach(() => { stack = createTestStack(); });
    afterEach(() => stack.remove());

    async function up(program: string): Promise<{ log: string[]; counts: object; outputs: object }> {
        stack.write(program);
        const { counts, outputs } = await stack.engine().up();
        return { log: stack.cloud.takeLog(), counts, outputs };
    }

    it("is created in the order of its dependencies, and a second up changes nothing", async () => {
        const program = `const a = new Thing("a", { value: "x" });
            new Thing("b", { value: a.arn });
            export const arn = a.arn;`;
        const first = await up(program);
        expect(first.log).to.deep.equal(["create a", "create b"]);
        expect(first.outputs).to.deep.equal({ arn: "arn:memory:a-1" });
        const second = await up(program);
        expect(second.log).to.deep.equal([]);
        expect(second.counts).to.deep.equal({ same: 3 });
        expect(await stack.engine().outputs()).to.deep.equal({ arn: "arn:memory:a-1" });
    });

    it("is planned without a call to the cloud, with unknown values where the cloud decides", async () => {
        stack.write(`const a = new Thing("a", { value: "x" }); new Thing("b", { value: a.arn }, { protect: true });`);
        const plan = await stack.engine().plan();
        expect(stack.cloud.takeLog()).to.deep.equal([]);
        expect(plan.counts).to.deep.equal({ create: 3 });
        const b = plan.resources.find(({ name }) => name === "b");
        expect(b?.inputs["value"]).to.equal(UNKNOWN);
        expect(b?.protect).to.equal(true);
        expect(b?.propertyDependencies["value"]?.[0]).to.match(/::a$/);
        expect(await stack.engine().resources()).to.deep.equal([]);
    });

    it("plans an update from the state: what is known stays known", async () => {
        await up(`const a = new Thing("a", { value: "x" }); new Thing("b", { value: a.arn });`);
        stack.write(`const a = new Thing("a", { value: "y" }); new Thing("b", { value: a.arn });`);
        const plan = await stack.engine().plan();
        expect(plan.counts).to.deep.equal({ same: 2, update: 1 });
        expect(plan.resources.find(({ name }) => name === "b")?.inputs["value"]).to.equal("arn:memory:a-1");
        expect(stack.cloud.takeLog()).to.deep.equal([]);
    });

    it("updates just what changed", async () => {
        await up(`new Thing("a", { value: "x" }); new Thing("b", { value: "x", nested: { inner: 1 } });`);
        const { log, counts } = await up(`new Thing("a", { value: "x" }); new Thing("b", { value: "x", nested: { inner: 2 } });`);
        expect(log).to.deep.equal(["update b"]);
        expect(counts).to.deep.equal({ same: 2, update: 1 });
    });

    it("creates a replacement first, updates what depends on it, and deletes the old one last", async () => {
        const program = (size: number) => `const a = new Thing("a", { size: ${size} }); new Thing("b", { value: a.arn });`;
        await up(program(1));
        const { log, counts } = await up(program(2));
        expect(log).to.deep.equal(["create a", "update b", "delete a"]);
        expect(counts).to.deep.equal({ same: 1, update: 1, replace: 1 });
        expect(stack.cloud.names).to.deep.equal(["a", "b"]);
    });

    it("deletes first when deleteBeforeReplace says so, together with dependents that would be replaced as well", async () => {
        const program = (size: number) => `const a = new Thing("a", { size: ${size} }, { deleteBeforeReplace: true });
            const b = new Thing("b", { size: a.arn });
            new Thing("c", { value: b.arn });`;
        await up(program(1));
        const { log, counts } = await up(program(2));
        expect(log).to.deep.equal(["delete b", "delete a", "create a", "create b", "update c"]);
        expect(counts).to.deep.equal({ same: 1, update: 1, replace: 2 });
    });

    it("deletes first when the program gave the physical name, which two cannot have", async () => {
        await up(`new Named("a", { name: "fixed", size: 1 });`);
        expect((await up(`new Named("a", { name: "fixed", size: 2 });`)).log).to.deep.equal(["delete a", "create a"]);
    });

    it("keeps a generated name through updates, and gives a new one to a replacement", async () => {
        const program = (args: string) => `const a = new Named("a", ${args}); export const name = a.name;`;
        const first = (await up(program(`{ size: 1 }`))).outputs as { name: string };
        expect(first.name).to.match(/^a-[0-9a-f]{7}$/);
        expect((await up(program(`{ size: 1, value: "x" }`))).outputs).to.deep.equal(first);
        const replaced = await up(program(`{ size: 2, value: "x" }`));
        expect(replaced.log).to.deep.equal(["update a", "create a", "delete a"].slice(1));
        expect(replaced.outputs).not.to.deep.equal(first);
    });

    it("deletes what the program no longer declares, dependents first", async () => {
        await up(`const a = new Thing("a"); const b = new Thing("b", { value: a.arn }); new Thing("c", {}, { dependsOn: [b] }); new Thing("d");`);
        const { log, counts } = await up(`new Thing("d");`);
        expect(log).to.deep.equal(["delete c", "delete b", "delete a"]);
        expect(counts).to.deep.equal({ same: 2, delete: 3 });
    });

    it("is destroyed in reverse order, and what is retained stays in the cloud", async () => {
        await up(`const g = new Group("g"); const a = new Thing("a", {}, { parent: g }); new Thing("b", { value: a.arn }); new Thing("kept", {}, { retainOnDelete: true });`);
        const counts = await stack.engine().destroy();
        expect(stack.cloud.takeLog()).to.deep.equal(["delete b", "delete a"]);
        expect(counts).to.deep.equal({ delete: 4, retain: 1 });
        expect(stack.cloud.names).to.deep.equal(["kept"]);
        expect(await stack.engine().resources()).to.deep.equal([]);
    });

    it("does not delete what goes away with another resource", async () => {
        await up(`const a = new Thing("a"); new Thing("b", {}, { deletedWith: a });`);
        await stack.engine().destroy();
        expect(stack.cloud.takeLog()).to.deep.equal(["delete a"]);
    });

    it("follows a rename by its alias, and the children of a renamed parent", async () => {
        await up(`const g = new Group("g"); const a = new Thing("g-a", { value: "x" }, { parent: g }); new Thing("b", { value: a.arn });`);
        const { log, counts } = await up(`const g = new Group("h", {}, { aliases: [{ name: "g" }] });
            const a = new Thing("h-a", { value: "x" }, { parent: g });
            new Thing("b", { value: a.arn });`);
        expect(log).to.deep.equal([]);
        expect(counts).to.deep.equal({ same: 4 });
        await stack.engine().destroy();
        expect(stack.cloud.takeLog()).to.deep.equal(["delete b", "delete g-a"]);
    });

    it("leaves ignored changes alone, nested ones too", async () => {
        const program = (inner: number, name: string) => `new Thing("a", { value: "x", nested: { inner: ${inner} }, rules: [{ name: "${name}", count: 1 }] },
            { ignoreChanges: ["nested.inner", "rules[0].name"] });`;
        await up(program(1, "one"));
        expect((await up(program(2, "two"))).counts).to.deep.equal({ same: 2 });
        expect((await up(`new Thing("a", { value: "x" }, { ignoreChanges: ["*"] });`)).counts).to.deep.equal({ same: 2 });
    });

    it("replaces on changes that the program names", async () => {
        await up(`new Thing("a", { tags: { one: "1" } });`);
        expect((await up(`new Thing("a", { tags: { one: "2" } }, { replaceOnChanges: ["tags.one"] });`)).log).to.deep.equal(["create a", "delete a"]);
    });

    it("keeps secrets out of its file and outputs, and gives them back to the program", async () => {
        const program = `const a = new Thing("a", { value: "x", password: pulumi.secret("hunter22secret") }, { additionalSecretOutputs: ["value"] });
            new Thing("b", { password: pulumi.interpolate\`\${a.password}!\` });
            export const password = a.password;
            export const isSecret = pulumi.all([pulumi.isSecret(a.password), pulumi.isSecret(a.value), pulumi.isSecret(a.token), pulumi.isSecret(a.arn)]);`;
        const { outputs } = await up(program);
        expect(outputs).to.deep.equal({ isSecret: [true, true, true, false] });
        const file = readFileSync(stack.stateFile, "utf8");
        expect(file).to.include("ciphertext").and.not.include("hunter22secret");
        expect(statSync(stack.stateFile).mode & 0o777).to.equal(0o600);
        expect((await up(program)).counts).to.deep.equal({ same: 3 });
        expect(readFileSync(stack.stateFile, "utf8")).to.equal(file);
        expect(stack.cloud.stored.get("b-2")?.inputs["password"]).to.equal("hunter22secret!");
    });

    it("answers invokes and passes configuration, logs and printed lines on", async () => {
        stack.write(`const config = new pulumi.Config("fixture");
            const word = await pulumi.runtime.invoke("memory:index/getWord:getWord", { text: config.require("text") });
            pulumi.log.warn("beware of " + config.require("key"));
            console.log("printed");
            export const answer = word.word;`);
        const events: EngineEvent[] = [];
        const engine = stack.engine({ config: { "fixture:text": "hello", "fixture:key": "sesame-open" }, secretConfigKeys: ["fixture:key"] });
        const { outputs } = await engine.up({ onEvent: (event) => events.push(event) });
        expect(outputs).to.deep.equal({ answer: "HELLO" });
        const messages = events.flatMap((event) => (event.kind === "diagnostic" ? [event.message] : []));
        expect(messages).to.include("printed").and.include("beware of [secret]");
    });

    it("gives handlers files with their hash, and sees when the content changes", async () => {
        const program = (text: string) => `new Thing("a", { source: new pulumi.asset.StringAsset("${text}") });`;
        await up(program("one"));
        expect((await up(program("one"))).counts).to.deep.equal({ same: 2 });
        expect((await up(program("two"))).log).to.deep.equal(["update a"]);
    });

    it("keeps default providers by version and explicit ones as resources of the state", async () => {
        await up(`class Memory extends pulumi.ProviderResource { constructor(name) { super("memory", name, { flavour: "sweet" }); } }
            new Thing("a"); new Thing("b", {}, { provider: new Memory("mine") });`);
        const resources = await stack.engine({ config: {} }).resources();
        const providers = resources.filter(({ type }) => type === "pulumi:providers:memory");
        expect(providers.map(({ name }) => name)).to.have.members(["default_1_2_3", "mine"]);
        expect(providers.every(({ id }) => id !== undefined)).to.equal(true);
        expect(await stack.engine().destroy()).to.deep.equal({ delete: 4 });
        expect(await stack.engine().resources()).to.deep.equal([]);
    });

    it("gets its inputs changed on purpose, and keeps secrets secret then", async () => {
        stack.write(`new Thing("a", { value: "x", password: pulumi.secret("hunter22secret") });`);
        const transformInputs = ({ name }: { name: string }, inputs: object) => ({ ...inputs, value: `${name} broken`, password: "another-secret" });
        await stack.engine({ transformInputs }).up();
        expect(stack.cloud.stored.get("a-1")?.inputs).to.deep.equal({ value: "a broken", password: "another-secret" });
        expect(readFileSync(stack.stateFile, "utf8")).not.to.include("another-secret");
    });
});
