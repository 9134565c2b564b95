/** F46: the function sends JSON to a container that reads CSV. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { strFromU8, strToU8, unzipSync } from "fflate";
import { buildZip } from "../../../components/compute/zip.ts";
import { FileReference } from "../../engine/provider.ts";
import type { Break } from "./break.ts";

const FUNCTION = "aws:lambda/function:Function";
const NAME = /-inference$/;

export const broken: Break = {
    id: "F46",
    what: "the inference function calls the endpoint with ContentType application/json",
    needs: "model",
    stopsAt: "verify",
    checks: ["golden predictions"],
    message: /415|unsupported/i,
    onAws: "at the first request, hours after the deployment began",
    source: "https://github.com/aws/sagemaker-xgboost-container/issues/390",
    transformInputs({ type }, inputs) {
        const { code, name } = inputs;
        if (type !== FUNCTION || !NAME.test(String(name)) || !(code instanceof FileReference)) return inputs;
        const { file, hash } = sendJson(code.path);
        return { ...inputs, code: new FileReference("archive", file, hash), sourceCodeHash: hash };
    },
};

/** The same archive, whose code says application/json where it said text/csv to the endpoint. */
function sendJson(archive: string): { readonly file: string; readonly hash: string } {
    const files = Object.entries(unzipSync(readFileSync(archive))).map(([name, bytes]) => (
        [name, strToU8(strFromU8(bytes).replaceAll(/(ContentType:\s*)["'`]text\/csv["'`]/g, '$1"application/json"'))] as const));
    const bytes = buildZip(Object.fromEntries(files));
    const digest = createHash("sha256").update(bytes).digest();
    // It is asked for again and again, and always the same.
    const file = path.join(tmpdir(), `firstlight-F46-${digest.toString("hex").slice(0, 16)}.zip`);
    writeFileSync(file, bytes);
    return { file, hash: digest.toString("base64") };
}
