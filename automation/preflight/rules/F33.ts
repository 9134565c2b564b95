/** F33: the bucket for the state is there, and keeps what is written to it. */
import type { BucketFacts } from "../account/accountView.ts";
import { readStateBackend } from "../planReading/stateBackend.ts";
import type { StateBackend } from "../planReading/stateBackend.ts";
import { buildAccount } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

export const rule = defineRule({
    id: "F33",
    kind: "account",
    needs: ["runner", "account"],
    title: "The bucket for the state exists, is versioned and is encrypted",
    story: "The deployment stopped before its first resource: the bucket for the state, or the table that was to lock it, was not "
        + "there. Both had to be made by hand before anything else, and nothing said so.",
    source: "field reports S0-S4",
    prevention: "`bootstrap` makes the bucket and the key once, and can be run again; no table is needed for a lock.",
    fix: "run `node automation/deploy.ts bootstrap`, which makes the bucket or brings its settings in order",
    applies: ({ runner }) => runner.backendUrl !== undefined && readStateBackend(runner.backendUrl).bucket !== undefined,
    async check({ stack, runner, account }): Promise<CheckResult> {
        const backend = readStateBackend(runner.backendUrl ?? "");
        const { bucket = "", place, isForeign } = backend;
        if (isForeign) return { findings: [], open: `${place} lies in a store of somebody else's, not in the account` };
        const found = await account.bucket(bucket);
        if (found === "foreign") return { findings: [], open: `the bucket ${bucket} is of another account, or may not be looked at` };
        const where = `${stack}/backend`;
        if (found === undefined) {
            return { findings: [{ severity: "blocker", where, what: `the state is to lie in ${place}, and there is no such bucket` }] };
        }
        return { findings: [...checkRegion(backend, found, where), ...checkSettings(bucket, found, where)] };
    },
    mustFind: [
        { title: "a bucket that is not there", evidence: () => buildEvidence({ bucket: undefined }) },
        { title: "a bucket in another region than the URL says", evidence: () => buildEvidence({ bucket: { region: "us-east-1" } }) },
        { title: "a bucket that keeps no versions", evidence: () => buildEvidence({ bucket: { isVersioned: false } }) },
        { title: "a bucket without encryption", evidence: () => buildEvidence({ bucket: { isEncrypted: false } }) },
    ],
    mustPass: [
        { title: "a versioned, encrypted bucket", evidence: () => buildEvidence({ bucket: {} }) },
        {
            title: "a URL that leaves the region to the client",
            evidence: () => buildEvidence({ bucket: { region: "us-east-1" }, url: "s3://states" }),
        },
    ],
});

/** S3 answers a client of another region with a redirect, which Pulumi's does not follow. */
function checkRegion({ region, place }: StateBackend, found: BucketFacts, where: string): Finding[] {
    if (region === undefined || region === found.region) return [];
    return [{
        severity: "blocker", where, what: `${place} is in ${found.region}, but the URL says region=${region}`,
        fix: `write region=${found.region} into the backend's URL`,
    }];
}

/** Neither stops a deployment; both are missed when a state has to be brought back or is read by somebody. */
function checkSettings(bucket: string, { isVersioned, isEncrypted }: BucketFacts, where: string): Finding[] {
    const gaps = [
        ...(isVersioned ? [] : ["keeps no versions, so a state that was damaged cannot be brought back"]),
        ...(isEncrypted ? [] : ["is not encrypted"]),
    ];
    return gaps.map((gap) => ({ severity: "warning", where, what: `the bucket ${bucket}, which holds the state, ${gap}` }));
}

interface SampleArgs { readonly bucket: Partial<BucketFacts> | undefined; readonly url?: string }

function buildEvidence({ bucket, url = "s3://states?region=eu-central-1" }: SampleArgs): Evidence {
    const facts = bucket === undefined ? undefined : { region: "eu-central-1", isVersioned: true, isEncrypted: true, ...bucket };
    return { stack: "dev", runner: { isCi: false, backendUrl: url }, account: buildAccount({ bucket: async () => facts }) };
}
