import { expect } from "chai";
import { resolveAliases } from "../../../../automation/engine/embedded/aliases.ts";
import type { AliasRequest } from "../../../../automation/engine/embedded/aliases.ts";

const STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const NEW_PARENT = "urn:pulumi:dev::shop::my:Group::new";
const spec = (parts: Partial<Extract<AliasRequest, { name: string }>>): AliasRequest =>
    ({ name: "", type: "", stack: "", project: "", parentUrn: "", noParent: false, ...parts });

describe("resolveAliases", () => {
    const context = { project: "shop", stack: "dev", found: new Map<string, string>() };
    const resolve = (parent: string, ...aliases: AliasRequest[]) => resolveAliases({ type: "m:T", name: "new-a", parent, aliases }, context);

    it("takes a URN as it is, and the missing parts of a specification from the resource", () => {
        expect(resolve(STACK, { urn: "urn:x" }, spec({ name: "old" }))).to.deep.equal(["urn:x", "urn:pulumi:dev::shop::m:T::old"]);
        expect(resolve(NEW_PARENT, spec({ type: "m:Old" }))).to.deep.equal(["urn:pulumi:dev::shop::my:Group$m:Old::new-a"]);
        expect(resolve(STACK, spec({ stack: "prod", project: "store" }))).to.deep.equal(["urn:pulumi:prod::store::m:T::new-a"]);
    });

    it("finds a resource that had another parent or none", () => {
        expect(resolve(STACK, spec({ parentUrn: NEW_PARENT }))).to.deep.equal(["urn:pulumi:dev::shop::my:Group$m:T::new-a"]);
        expect(resolve(NEW_PARENT, spec({ noParent: true }), spec({ parentUrn: STACK }))).to.deep.equal(["urn:pulumi:dev::shop::m:T::new-a"]);
    });

    it("follows its parent's alias, with the parent's old name at the beginning of its own", () => {
        const found = new Map([[NEW_PARENT, "urn:pulumi:dev::shop::my:Old::old"]]);
        const goal = { type: "m:T", name: "new-a", parent: NEW_PARENT, aliases: [spec({ name: "b" })] };
        expect(resolveAliases(goal, { ...context, found })).to.deep.equal([
            "urn:pulumi:dev::shop::my:Group$m:T::b",
            "urn:pulumi:dev::shop::my:Old$m:T::old-a",
            "urn:pulumi:dev::shop::my:Old$m:T::b",
        ]);
    });
});
