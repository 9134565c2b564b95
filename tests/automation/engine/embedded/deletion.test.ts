import { expect } from "chai";
import { deleteAll } from "../../../../automation/engine/embedded/deletion.ts";
import { dependenciesOf, dependentsOf } from "../../../../automation/engine/embedded/dependencies.ts";
import type { ResourceRecord } from "../../../../automation/engine/embedded/state.ts";
import type { StepRunner } from "../../../../automation/engine/embedded/stepRunner.ts";

function record(urn: string, parts: Partial<ResourceRecord> = {}): ResourceRecord {
    return {
        urn, type: "m:T", custom: true, inputs: {}, outputs: {}, dependencies: [], propertyDependencies: {}, protect: false, retainOnDelete: false,
        ignoreChanges: [], additionalSecretOutputs: [], autoNamed: false, initErrors: [], pendingDeletion: false, pendingReplacement: false, ...parts,
    };
}

const state = [
    record("root"),
    record("left", { parent: "root" }),
    record("right", { propertyDependencies: { value: ["root"] } }),
    record("top", { dependencies: ["left", "right"], deletedWith: "right", provider: "root::id" }),
    record("alone"),
];

describe("deleteAll", () => {
    /** Remembers the order of deletions, and fails for one of them. */
    async function run(condemned: readonly ResourceRecord[], failing = ""): Promise<string[]> {
        const log: string[] = [];
        const runner = {
            failure: undefined,
            async delete({ urn }: ResourceRecord, isGoneWith: boolean) {
                await new Promise((resolve) => setImmediate(resolve));
                if (urn === failing) throw new Error(`cannot delete ${urn}`);
                log.push(isGoneWith ? `${urn} (with another)` : urn);
            },
        };
        await deleteAll(condemned, runner as unknown as StepRunner).catch((error: Error) => log.push(error.message));
        return log;
    }

    it("deletes what depends on others before them, and says what goes away with another", async () => {
        const log = await run(state);
        expect(log).to.have.members(["alone", "top (with another)", "right", "left", "root"]);
        expect(log.at(-1)).to.equal("root");
        expect(log.indexOf("top (with another)")).to.be.lessThan(Math.min(log.indexOf("left"), log.indexOf("right")));
    });

    it("leaves what a failed deletion depends on", async () => {
        expect(await run(state, "right")).to.have.members(["alone", "top (with another)", "left", "cannot delete right"]);
    });
});

describe("dependencies", () => {
    it("come from inputs, dependsOn, parent, provider and deletedWith", () => {
        expect([...dependenciesOf(state[3] as ResourceRecord)]).to.have.members(["left", "right", "root"]);
        expect([...dependenciesOf(state[1] as ResourceRecord)]).to.deep.equal(["root"]);
    });

    it("are followed to all dependents, but not from parent to child", () => {
        expect(dependentsOf(state[0] as ResourceRecord, state, new Set()).map(({ urn }) => urn)).to.deep.equal(["right", "top"]);
        expect(dependentsOf(state[0] as ResourceRecord, state, new Set(["right", "top"]))).to.deep.equal([]);
    });
});
