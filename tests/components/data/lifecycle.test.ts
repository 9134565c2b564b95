import { expect } from "chai";
import { buildLogsRules, buildModelsRules, buildProcessedRules, buildRawRules } from "../../../components/data/lifecycle.ts";
import type { LifecycleRule } from "../../../components/data/lifecycle.ts";
import { testConfig } from "../../support/programContexts.ts";

const { storage } = testConfig();
const keptForEver = testConfig({ preset: "prod", alerts: { emails: ["a@x.org"] } }).storage;

/** What goes when: days by prefix. */
function expiries(rules: readonly LifecycleRule[]): Readonly<Record<string, number>> {
    return Object.fromEntries(rules.flatMap(({ filter, expiration }) => (
        expiration !== undefined && "days" in expiration ? [[filter.prefix ?? "everything", expiration.days]] : [])));
}

function transitions(rules: readonly LifecycleRule[]) {
    return rules.filter((rule) => rule.transitions !== undefined).map((rule) => [rule.filter.prefix ?? "everything", rule.transitions]);
}

describe("lifecycle rules", () => {
    const all = { raw: buildRawRules(storage, "data/"), processed: buildProcessedRules(storage, 90), models: buildModelsRules(storage), logs: buildLogsRules(storage, 14) };
    const dev = [{ days: 30, storageClass: "STANDARD_IA" }, { days: 90, storageClass: "GLACIER_IR" }];

    it("move what is kept to cheaper storage, from which it can still be read at once", () => {
        expect(transitions(all.raw)).to.deep.equal([["everything", dev]]);
        expect(transitions(all.models)).to.deep.equal([["everything", dev]]);
        expect(transitions(all.processed)).to.deep.equal([["runs/", dev]]);
        expect(transitions(all.logs)).to.deep.equal([]);
    });

    it("remove uploads and runs at their time, and never images", () => {
        expect(expiries(all.raw)).to.deep.equal({ "data/": 365 });
        expect(expiries(all.processed)).to.deep.equal({ "runs/": 365, "predictions/": 90, "aws/lambda/": 90 });
        expect(expiries(all.logs)).to.deep.equal({ everything: 14 });
    });

    it("never remove a model, whatever the configuration: it may be served", () => {
        expect(expiries(all.models)).to.deep.equal({});
    });

    it("keep data for ever where nothing says for how long, and predictions as long as the stream says", () => {
        expect(expiries(buildRawRules(keptForEver, "data/"))).to.deep.equal({});
        expect(expiries(buildProcessedRules(keptForEver, 7))).to.deep.equal({ "predictions/": 7, "aws/lambda/": 7 });
    });

    it("clean up after every bucket: old versions, marks of deletion, unfinished uploads", () => {
        for (const [bucket, [cleanUp]] of Object.entries(all)) {
            expect(cleanUp, bucket).to.deep.equal({
                id: "clean-up", status: "Enabled", filter: {},
                noncurrentVersionExpiration: { noncurrentDays: 30 },
                expiration: { expiredObjectDeleteMarker: true },
                abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            });
        }
    });

    it("have names of their own in each bucket, and a filter, without which S3 refuses them", () => {
        for (const [bucket, rules] of Object.entries(all)) {
            expect(new Set(rules.map(({ id }) => id)).size, bucket).to.equal(rules.length);
            for (const { filter } of rules) expect(filter, bucket).to.be.an("object");
        }
    });
});
