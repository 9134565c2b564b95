import { expect } from "chai";
import type { StackExport } from "../../../../automation/engine/pulumi/checkpoint.ts";
import { settleState } from "../../../../automation/engine/pulumi/settlement.ts";

const URN = "urn:pulumi:test::fixture::memory:index/thing:Thing::";
const TYPE = "memory:index/thing:Thing";
const KEPT = { urn: `${URN}kept`, type: TYPE, custom: true, id: "kept-1" };

function stateWith(operations: readonly { type: string; name: string }[]): StackExport {
    const pending = operations.map(({ type, name }) => ({ type, resource: { urn: `${URN}${name}`, type: TYPE, custom: true, parent: "p", inputs: { value: name } } }));
    return { version: 3, deployment: { secrets_providers: { type: "passphrase" }, resources: [KEPT], pending_operations: pending } } as unknown as StackExport;
}

describe("pending creates", () => {
    it("become resources that are still to be read when they exist, and are forgotten otherwise", () => {
        const settled = settleState(stateWith([{ type: "creating", name: "a" }, { type: "creating", name: "b" }]), [{ urn: `${URN}a`, id: "a-7" }, { urn: `${URN}b` }]);
        expect(settled?.adopted).to.deep.equal([`${URN}a`]);
        expect(settled?.state).to.deep.equal({
            version: 3,
            deployment: {
                secrets_providers: { type: "passphrase" },
                resources: [KEPT, {
                    urn: `${URN}a`, type: TYPE, custom: true, parent: "p", id: "a-7", inputs: { value: "a" }, outputs: { value: "a", id: "a-7" },
                    initErrors: ["its create was interrupted, and it was not read since"],
                }],
            },
        });
    });

    it("are all to be accounted for", () => {
        expect(() => settleState(stateWith([{ type: "creating", name: "a" }]), [{ urn: `${URN}b` }])).to.throw(`${TYPE} a: its create is pending, and nothing was said`);
    });

    it("are none when other steps are pending, or nothing", () => {
        expect(settleState(stateWith([{ type: "updating", name: "kept" }]), [])).to.equal(undefined);
        expect(settleState({ version: 3, deployment: null }, [])).to.equal(undefined);
    });
});
