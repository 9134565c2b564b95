/** F14: the state lies where Pulumi can keep and lock it. */
import { readStateBackend } from "../planReading/stateBackend.ts";
import { buildConfig } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

/** What other tools want beside the bucket, and Pulumi does not: its lock is a file next to the state. */
const LOCK_TABLE = /dynamodb|lock/i;

export const rule = defineRule({
    id: "F14",
    kind: "config",
    needs: ["config", "runner"],
    title: "The state's backend is one that Pulumi has, with settings that it takes",
    story: "A Terraform state in S3 was locked by a table in DynamoDB, a setting of its backend that is deprecated: the lock belongs "
        + "into the bucket now. Settings of one tool's backend do not carry over to another: Pulumi refuses the whole URL for one that "
        + "it does not know.",
    source: "field reports S0-S4",
    prevention: "Pulumi keeps the lock beside the state; no backend of it has a table of locks, and `bootstrap` makes the bucket.",
    fix: "set PULUMI_BACKEND_URL=s3://BUCKET?region=REGION (`node automation/deploy.ts bootstrap` makes the bucket), or log in to "
        + "Pulumi Cloud",
    check({ stack, config, runner }): CheckResult {
        if (runner.backendUrl === undefined) {
            return { findings: [], open: "no backend is chosen yet (PULUMI_BACKEND_URL, Pulumi.yaml or `pulumi login`)" };
        }
        const { kind, place, bucket, unknownSettings } = readStateBackend(runner.backendUrl);
        const where = `${stack}/backend`;
        const findings: Finding[] = unknownSettings.map((name) => ({
            severity: "blocker", where, what: `${place} is given the setting ${name}, which no S3 backend of Pulumi takes`,
            fix: `remove ${name} from the URL${LOCK_TABLE.test(name) ? ": the lock is kept in the bucket, and no table is needed" : ""}`,
        }));
        if (kind === "unknown") {
            const what = `${JSON.stringify(place)} is no backend of Pulumi: s3, gs, azblob, postgres, https or file`;
            findings.push({ severity: "blocker", where, what });
        }
        if (kind === "s3" && bucket === undefined) findings.push({ severity: "blocker", where, what: `${place} names no bucket` });
        if (kind === "disk" && config.preset !== "dev") {
            findings.push({
                severity: "warning", where,
                what: `the state of a ${config.preset} stack lies on the disk of one machine (${place}); nobody else can deploy it`,
            });
        }
        return { findings };
    },
    mustFind: [
        {
            title: "a table of locks beside the bucket",
            evidence: () => buildEvidence("s3://states?region=eu-central-1&dynamodb_table=locks"),
        },
        { title: "a kind of backend that Pulumi does not have", evidence: () => buildEvidence("consul://states") },
        { title: "a bucket's name without its kind", evidence: () => buildEvidence("our-states") },
        { title: "S3 without a bucket", evidence: () => buildEvidence("s3://") },
        { title: "a production stack whose state lies on a disk", evidence: () => buildEvidence("file:///var/states", "prod") },
    ],
    mustPass: [
        {
            title: "a bucket with a prefix, a region and a key",
            evidence: () => buildEvidence("s3://states/firstlight?region=eu-central-1&ssetype=aws:kms&kmskeyid=alias/states"),
        },
        { title: "a bucket of another cloud", evidence: () => buildEvidence("gs://states", "prod") },
        { title: "Pulumi Cloud", evidence: () => buildEvidence("https://api.pulumi.com", "prod") },
        { title: "a disk, for a stack to try things in", evidence: () => buildEvidence("file://~") },
        {
            title: "a bucket in a store that speaks S3",
            evidence: () => buildEvidence("s3://states?endpoint=minio.example.com&s3ForcePathStyle=true"),
        },
    ],
});

function buildEvidence(backendUrl: string, preset = "dev"): Evidence {
    const alerts = { emails: ["on-call@example.com"] };
    return { stack: preset, config: buildConfig({ preset, alerts }), runner: { isCi: false, backendUrl } };
}
