import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import type { EngineEvent } from "../../../automation/engine/engine.ts";
import { QUICK_PROGRAM } from "../../../automation/engine/programArguments.ts";
import { createTestStack } from "../../support/embeddedProgram.ts";
import type { TestStack } from "../../support/embeddedProgram.ts";

/** One line that was compiled from the first of `original.ts`. */
const SOURCE_MAP = JSON.stringify({ version: 3, sources: ["original.ts"], names: [], mappings: "AAAA" });
const COMPILED = `exports.readStack = () => new Error().stack;
//# sourceMappingURL=data:application/json;base64,${Buffer.from(SOURCE_MAP).toString("base64")}
`;

describe("a program without what nobody reads", () => {
    let stack: TestStack;
    beforeEach(() => { stack = createTestStack(); });
    afterEach(() => stack.remove());

    it("has its stacks looked up in no source map, and declares what it declares otherwise", async () => {
        writeFileSync(path.join(stack.folder, "compiled.cjs"), COMPILED);
        stack.write(`import { readStack } from "./compiled.cjs"; console.log("place" + readStack().split("\\n")[1]); new Thing("a");`);
        const placeWith = async (nodeArguments: readonly string[]): Promise<string | undefined> => {
            const events: EngineEvent[] = [];
            expect((await stack.engine({ nodeArguments }).preview({ onEvent: (event) => events.push(event) })).counts).to.deep.equal({ create: 2 });
            return events.flatMap((event) => (event.kind === "diagnostic" && event.message.startsWith("place") ? [event.message] : []))[0];
        };
        expect(await placeWith([])).to.include("original.ts:1");
        expect(await placeWith(QUICK_PROGRAM)).to.include("compiled.cjs:1");
    });

    it("turns a function into text as any other does", async () => {
        const events: EngineEvent[] = [];
        stack.write(`
            import { serializeFunction } from "@pulumi/pulumi/runtime/index.js";
            import { computeCodePaths } from "@pulumi/pulumi/runtime/index.js";
            const { text } = await serializeFunction(() => 6 * 7);
            console.log("text " + text.includes("6 * 7") + " " + (await computeCodePaths()).size);
            new Thing("a");`);
        await stack.engine({ nodeArguments: QUICK_PROGRAM }).preview({ onEvent: (event) => events.push(event) });
        expect(events.flatMap((event) => (event.kind === "diagnostic" && event.message.startsWith("text") ? [event.message] : []))[0]).to.match(/^text true \d+$/);
    });

    it("shows the place of its own mistake", async () => {
        stack.write(`\nfunction mistake() { undefined.length; }\nmistake();`);
        const failure = await stack.engine({ nodeArguments: QUICK_PROGRAM }).preview().then(() => undefined, (thrown: Error) => thrown.message);
        expect(failure).to.match(/at mistake .*index\.ts:\d+:\d+/);
    });
});
