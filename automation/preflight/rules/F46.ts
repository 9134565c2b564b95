/** F46: functions send CSV to the model's container. */
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { strFromU8, strToU8, zipSync } from "fflate";
import { FileReference } from "../../engine/provider.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import { COMPUTED, findEndpointCalls } from "../artifact/endpointCalls.ts";
import type { EndpointCall } from "../artifact/endpointCalls.ts";
import { readZipDirectory, unpackEntry } from "../artifact/zipDirectory.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const FUNCTION = "aws:lambda/function:Function";
/** What the built-in XGBoost reads at /invocations. Source: aws/sagemaker-xgboost-container, serve_utils.parse_content_data. */
const ACCEPTED = /^(text\/(csv|libsvm|x-libsvm)|application\/x-recordio-protobuf)(;|$)/;
const CODE = /\.([cm]?js|py)$/;

export const rule = defineRule({
    id: "F46",
    kind: "artifact",
    needs: ["plan"],
    title: "What asks the endpoint sends a content type that the container reads",
    story: "The function sent application/json to the built-in XGBoost, as the container's own answers are JSON. It reads CSV and libsvm "
        + "only: every request got 415 Unsupported Media Type, after two hours of deployment that were all green.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html",
    prevention: "The inference function encodes rows to CSV by the schema that the model was trained with, and says so in ContentType.",
    fix: "write ContentType: \"text/csv\", and send no header, no label, the columns in the model's order",
    applies: (evidence) => functionsOf(evidence).length > 0,
    check: (evidence) => checkEach(evidence, functionsOf(evidence), async ({ inputs: { code } }): Promise<readonly Remark[]> => {
        if (!(code instanceof FileReference)) return [{ open: "its code is not known before the deployment" }];
        const archive = await readFile(code.path);
        const entries = readZipDirectory(archive);
        if (entries === undefined) return [{ open: "its code is no zip archive" }];
        return entries.filter(({ name }) => CODE.test(name)).flatMap((entry): readonly Remark[] => {
            const bytes = unpackEntry(archive, entry);
            return bytes === undefined ? [{ open: `${entry.name} cannot be unpacked` }] : findEndpointCalls(strFromU8(bytes)).flatMap(judgeCall);
        });
    }),
    mustFind: [
        { title: "JSON", evidence: () => buildEvidence('new Invoke({ EndpointName: name, ContentType: "application/json", Body: body })') },
        {
            title: "JSON with the body made on the spot",
            evidence: () => buildEvidence(
                'new Invoke({ EndpointName: name, ContentType: "application/json", Body: JSON.stringify({ rows }) })'),
        },
        {
            title: "JSON from Python",
            evidence: () => buildEvidence(
                'client.invoke_endpoint(EndpointName=name, ContentType="application/json", Body=json.dumps({}))', "app.py"),
        },
        {
            title: "no content type, so the SDK's octet stream",
            evidence: () => buildEvidence("new Invoke({ EndpointName: name, Body: body })"),
        },
    ],
    mustPass: [
        { title: "CSV", evidence: () => buildEvidence('new Invoke({EndpointName:a,ContentType:"text/csv",Accept:"text/csv",Body:b})') },
        {
            title: "CSV from Python",
            evidence: () => buildEvidence("client.invoke_endpoint(EndpointName=n, ContentType='text/csv', Body=b)", "app.py"),
        },
        { title: "a function that asks no endpoint", evidence: () => buildEvidence("new Get({ Name: name })") },
        { title: "a function that describes one", evidence: () => buildEvidence("new Describe({ EndpointName: name })") },
    ],
});

function functionsOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === FUNCTION);
}

function judgeCall({ contentType }: EndpointCall): readonly Remark[] {
    if (contentType === COMPUTED) return [{ open: "which content type it sends is decided when it runs" }];
    if (contentType !== undefined && ACCEPTED.test(contentType)) return [];
    return [{ what: `asks an endpoint with ${contentType ?? "no ContentType"}, which the built-in XGBoost answers with 415` }];
}

async function buildEvidence(source: string, name = "index.js"): Promise<Evidence> {
    const file = path.join(await mkdtemp(path.join(tmpdir(), "firstlight-F46-")), "function.zip");
    await writeFile(file, zipSync({ [name]: strToU8(source) }));
    return buildPlanEvidence({ type: FUNCTION, name: "inference", inputs: { code: new FileReference("archive", file, "0") } });
}
