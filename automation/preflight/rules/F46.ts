/** F46: functions send CSV to the model's container. */
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { FileReference } from "../../engine/provider.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding, Having } from "../rule.ts";

const FUNCTION = "aws:lambda/function:Function";
/** What the built-in XGBoost reads at /invocations. Source: aws/sagemaker-xgboost-container, serve_utils.parse_content_data. */
const ACCEPTED = /^(text\/(csv|libsvm|x-libsvm)|application\/x-recordio-protobuf)\b/;
/** The input of InvokeEndpoint in the bundled code: both properties in one object. */
const CALL = /\{[^{}]*EndpointName:[^{}]*\}/g;
const CONTENT_TYPE = /ContentType:\s*["'`]([^"'`]+)["'`]/;

export const rule = defineRule({
    id: "F46",
    kind: "artifact",
    needs: ["plan"],
    title: "What asks the endpoint sends a content type that the container reads",
    story: "The function sent application/json to the built-in XGBoost, as the container's own answers are JSON. It reads CSV and libsvm "
        + "only: every request got 415 Unsupported Media Type, after two hours of deployment that were all green.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html",
    prevention: "The inference function encodes rows to CSV by the schema that the model was trained with, and says so in ContentType.",
    fix: "send text/csv: no header, no label, the columns in the model's order",
    applies: (evidence) => functionsOf(evidence).length > 0,
    async check(evidence): Promise<CheckResult> {
        const findings: Finding[] = [];
        for (const { name, inputs } of functionsOf(evidence)) {
            const { code } = inputs;
            if (!(code instanceof FileReference)) {
                return { findings: [], open: `the code of ${name} is not known before the deployment` };
            }
            const where = `${evidence.stack}/${name}`;
            findings.push(...findWrongTypes(await readFile(code.path)).map((what): Finding => ({ severity: "blocker", where, what })));
        }
        return { findings };
    },
    mustFind: [
        { title: "JSON", evidence: () => buildEvidence('new Invoke({ EndpointName: name, ContentType: "application/json", Body: body })') },
        {
            title: "no content type, so the SDK's octet stream",
            evidence: () => buildEvidence("new Invoke({ EndpointName: name, Body: body })"),
        },
    ],
    mustPass: [
        { title: "CSV", evidence: () => buildEvidence('new Invoke({EndpointName:a,ContentType:"text/csv",Accept:"text/csv",Body:b})') },
        { title: "a function that asks no endpoint", evidence: () => buildEvidence("new Get({ Name: name })") },
    ],
});

function functionsOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === FUNCTION);
}

function findWrongTypes(archive: Uint8Array): readonly string[] {
    const sources = Object.entries(unzipSync(archive)).filter(([name]) => /\.[cm]?js$/.test(name)).map(([, bytes]) => strFromU8(bytes));
    const calls = sources.flatMap((source) => source.match(CALL) ?? []).filter((call) => /\bBody\b/.test(call));
    return calls.flatMap((call) => {
        const type = CONTENT_TYPE.exec(call)?.[1];
        if (type !== undefined && ACCEPTED.test(type)) return [];
        return [`asks an endpoint with ${type === undefined ? "no ContentType" : type}, which the built-in XGBoost answers with 415`];
    });
}

async function buildEvidence(source: string): Promise<Evidence> {
    const file = path.join(await mkdtemp(path.join(tmpdir(), "firstlight-F46-")), "function.zip");
    await writeFile(file, zipSync({ "index.js": strToU8(source) }));
    return buildPlanEvidence({ type: FUNCTION, name: "inference", inputs: { code: new FileReference("archive", file, "0") } });
}
