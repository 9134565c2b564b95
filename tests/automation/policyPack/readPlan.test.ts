import { expect } from "chai";
import type { PolicyResource } from "@pulumi/policy";
import { UNKNOWN } from "../../../automation/engine/provider.ts";
import { readPlan, readProperties } from "../../../automation/policyPack/readPlan.ts";
import { samplePolicyResource, withUnknown } from "../../support/policyResources.ts";

const STACK_RESOURCE = samplePolicyResource({ type: "pulumi:pulumi:Stack", name: "firstlight-dev" });
const COMPONENT = samplePolicyResource({ type: "firstlight:data:Storage", name: "storage", parent: STACK_RESOURCE });
const KEY = samplePolicyResource({ type: "aws:kms/key:Key", name: "keys-s3", isCustom: true });
const BUCKET = samplePolicyResource({
    type: "aws:s3/bucket:Bucket", name: "raw", isCustom: true, parent: COMPONENT,
    dependencies: [KEY], propertyDependencies: { kmsKeyId: [KEY] },
    props: { bucket: "raw", arn: "arn:aws:s3:::raw" }, opts: { protect: true, ignoreChanges: ["tags"] },
});

describe("readPlan", () => {
    it("takes over what rules read, by URN, without the stack itself and without providers", () => {
        const provider = samplePolicyResource({ type: "pulumi:providers:aws", name: "default_7_48_0", isCustom: true });
        const { resources, counts } = readPlan([STACK_RESOURCE, provider, COMPONENT, KEY, BUCKET], new Map());
        expect(resources.map(({ name, custom }) => [name, custom])).to.deep.equal([["storage", false], ["keys-s3", true], ["raw", true]]);
        expect(counts).to.deep.equal({ create: 3 });
        expect(resources[2]).to.deep.include({
            urn: BUCKET.urn, type: "aws:s3/bucket:Bucket", parent: COMPONENT.urn, protect: true, ignoreChanges: ["tags"],
            dependencies: [KEY.urn], propertyDependencies: { kmsKeyId: [KEY.urn] },
        });
    });

    it("takes the inputs that were shown, and outputs only where none were", () => {
        const shown = readPlan([KEY, BUCKET], new Map([[BUCKET.urn, { bucket: "asked-for" }]]));
        expect(shown.resources.find(({ name }) => name === "raw")?.inputs).to.deep.equal({ bucket: "asked-for" });
        expect(readPlan([BUCKET], new Map()).resources[0]?.inputs).to.deep.equal({ bucket: "raw", arn: "arn:aws:s3:::raw" });
    });
});

describe("readProperties", () => {
    it("keeps what is known as it is", () => {
        const properties = { text: "a", count: 1, on: false, none: null, list: ["x", { deep: [2] }], map: {} };
        expect(readProperties(properties)).to.deep.equal(properties);
    });

    it("says of what cannot be read that it is unknown, however deep", () => {
        const props: PolicyResource["props"] = withUnknown({ arn: UNKNOWN, list: ["x", UNKNOWN], map: { deep: UNKNOWN, known: 1 } });
        expect(() => { void props["arn"]; }, "as Pulumi's SDK does").to.throw();
        expect(readProperties(props)).to.deep.equal({ arn: UNKNOWN, list: ["x", UNKNOWN], map: { deep: UNKNOWN, known: 1 } });
    });

    it("knows nothing of what is in a file", () => {
        expect(readProperties({ code: { __pulumiArchive: true, path: "function.zip" }, handler: "index.handler" }))
            .to.deep.equal({ code: UNKNOWN, handler: "index.handler" });
    });
});
