/** F34: a function's code is there before the function: complete, small enough, and the same for the same source. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { strFromU8, strToU8, zipSync } from "fflate";
import { CREATABLE_RUNTIMES, REFUSED_RUNTIMES } from "../../../components/facts/lambdaRuntimes.ts";
import { LAMBDA_RUNTIME } from "../../../components/facts/runtimes.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import { FileReference, UNKNOWN } from "../../engine/provider.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { locateHandler, mayExport } from "../artifact/handlerExport.ts";
import { readZipDirectory, unpackEntry } from "../artifact/zipDirectory.ts";
import type { ZipEntry } from "../artifact/zipDirectory.ts";
import { lookForImage } from "../planReading/images.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildAccount, buildPlanEvidence, withoutAbsent } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const FUNCTION = "aws:lambda/function:Function";
const MIB = 1024 * 1024;
/** Uploaded directly, and with its layers unpacked. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LIMITS = { packedBytes: 50 * MIB, unpackedBytes: 250 * MIB } as const;

export const rule = defineRule({
    id: "F34",
    kind: "artifact",
    needs: ["plan"],
    title: "Every function's code is there, complete and of a stable hash",
    story: "Functions were declared with packageType Image before anybody had pushed an image: InvalidParameterValue, and everything "
        + "that waited for the functions failed with them. Zips have their own ways: a handler that is not in them fails at the first "
        + "call, in production.",
    source: "field reports S0-S4",
    prevention: "All functions are zips, bundled before any resource is declared, with fixed times: the same source gives the same bytes.",
    fix: "give the function a zip made by components/compute/bundle.ts, with its handler index.handler; an image has to be pushed before",
    applies: (evidence) => functionsOf(evidence).length > 0,
    check: (evidence) => checkEach(evidence, functionsOf(evidence), async ({ inputs }) => [
        ...checkRuntime(inputs),
        ...inputs["packageType"] === "Image" ? await checkImage(inputs["imageUri"], evidence) : await checkZip(inputs),
    ]),
    mustFind: [
        { title: "a handler whose file is not in the zip", evidence: () => buildEvidence({ handler: "main.handler" }) },
        { title: "a handler that its file does not export", evidence: () => buildEvidence({ handler: "index.run" }) },
        { title: "a zip above 50 MiB", evidence: () => buildEvidence({}, { sizeBytes: LIMITS.packedBytes + 1 }) },
        { title: "files above 250 MiB", evidence: () => buildEvidence({}, { bytes: buildBomb() }) },
        { title: "a file that is no zip", evidence: () => buildEvidence({}, { bytes: strToU8("exports.handler = 1;") }) },
        {
            title: "a file that is not there",
            evidence: () => buildFunction({ code: new FileReference("archive", "/nowhere/function.zip", "0") }),
        },
        {
            title: "the hash of other code",
            evidence: () => buildEvidence({ sourceCodeHash: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }),
        },
        { title: "a zip with the time of its packing", evidence: () => buildEvidence({}, { mtime: new Date(2026, 10, 21) }) },
        { title: "a runtime that Lambda refuses", evidence: () => buildEvidence({ runtime: "nodejs16.x" }) },
        { title: "a runtime that is on its way out", evidence: () => buildEvidence({ runtime: "nodejs20.x" }) },
        { title: "an image that is not named", evidence: () => buildFunction({ packageType: "Image" }) },
        { title: "an image that nobody has pushed", evidence: () => buildImage(undefined) },
        { title: "a function without code", evidence: () => buildFunction({ code: undefined }) },
    ],
    mustPass: [
        { title: "a bundle as ours are", evidence: () => buildEvidence({}) },
        {
            title: "a module of today",
            evidence: () => buildEvidence({ runtime: "nodejs22.x" }, { files: { "index.mjs": "export const handler=async()=>1;" } }),
        },
        {
            title: "what a compiler exports",
            evidence: () => buildEvidence({}, { files: { "index.js": "0&&(module.exports={other,handler});" } }),
        },
        {
            title: "a Python function in a folder",
            evidence: () => buildEvidence({ runtime: "python3.13", handler: "src/app.handler" }, { files: { "src/app.py": PYTHON } }),
        },
        { title: "files of exactly 250 MiB", evidence: () => buildEvidence({}, { bytes: buildBomb(LIMITS.unpackedBytes) }) },
        { title: "an image that was pushed", evidence: () => buildImage({ digest: `sha256:${"0".repeat(64)}` }) },
    ],
});

function functionsOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === FUNCTION);
}

/** An image brings its own. */
function checkRuntime({ runtime, packageType }: PropertyMap): readonly Remark[] {
    if (packageType === "Image") return [];
    if (isUnknown(runtime)) return [{ open: "its runtime is not known before the deployment" }];
    if (CREATABLE_RUNTIMES.includes(String(runtime))) return [];
    if (runtime === undefined || REFUSED_RUNTIMES.includes(String(runtime))) {
        return [{ what: `has the runtime ${String(runtime ?? "none")}, of which Lambda creates no function any more`, fix: `write runtime: "${LAMBDA_RUNTIME}"` }];
    }
    return [{ severity: "warning", what: `has the runtime ${String(runtime)}, which is old or not known here`, fix: `write runtime: "${LAMBDA_RUNTIME}"` }];
}

async function checkImage(imageUri: unknown, evidence: Having<"plan">): Promise<readonly Remark[]> {
    if (imageUri === UNKNOWN) return [{ open: "its image is not known before the deployment" }];
    if (typeof imageUri !== "string" || imageUri === "") return [{ what: "has packageType Image, and no imageUri" }];
    const found = await lookForImage(imageUri, evidence);
    if (found === "missing") return [{ what: `has the image ${imageUri}, which nobody has pushed`, fix: "push it first, or make the function a zip" }];
    return found === "pushed" ? [] : [found];
}

async function checkZip(inputs: PropertyMap): Promise<readonly Remark[]> {
    const { code, s3Bucket, sourceCodeHash } = inputs;
    if (code === undefined && s3Bucket === undefined) return [{ what: "has no code" }];
    if (!(code instanceof FileReference)) return [{ open: "its code is not known before the deployment, or lies in a bucket" }];
    const name = path.basename(code.path);
    const size = await findSize(code.path);
    if (size === undefined) return [{ what: `has the code ${name}, which is not there` }];
    if (size > LIMITS.packedBytes) return [{ what: `${name} has ${toMiB(size)} MiB; Lambda takes ${toMiB(LIMITS.packedBytes)}` }];
    const bytes = await readFile(code.path);
    const entries = readZipDirectory(bytes);
    if (entries === undefined) return [{ what: `${name} is no zip archive` }];
    const hash = createHash("sha256").update(bytes).digest("base64");
    return [
        ...checkEntries(name, entries),
        ...(typeof sourceCodeHash === "string" && sourceCodeHash !== hash
            ? [{ what: `its sourceCodeHash is ${sourceCodeHash}, but that of ${name} is ${hash}: it would never be up to date`, fix: "leave sourceCodeHash out, or take it from bundle.ts" }] : []),
        ...checkHandler(inputs, entries, bytes),
    ];
}

/** In bytes; undefined when there is no such file. */
async function findSize(file: string): Promise<number | undefined> {
    try {
        return (await stat(file)).size;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
}

function checkEntries(name: string, entries: readonly ZipEntry[]): readonly Remark[] {
    const unpackedBytes = entries.reduce((sum, entry) => sum + entry.unpackedBytes, 0);
    const dated = entries.filter(({ isDated }) => isDated).map((entry) => entry.name);
    return [
        ...(unpackedBytes > LIMITS.unpackedBytes
            ? [{ what: `${name} unpacks to ${toMiB(unpackedBytes)} MiB; Lambda takes ${toMiB(LIMITS.unpackedBytes)}` }] : []),
        ...(dated.length === 0 ? [] : [{
            severity: "warning" as const,
            what: `${name} holds the time at which ${dated[0]} was packed: the same source gives another hash the next time`,
        }]),
    ];
}

function checkHandler({ handler, runtime }: PropertyMap, entries: readonly ZipEntry[], bytes: Uint8Array): readonly Remark[] {
    if (typeof handler !== "string" || typeof runtime !== "string") return [{ what: "has no handler or no runtime, which a zip needs" }];
    const place = locateHandler(handler, runtime);
    // A program of one's own is started as it is.
    if (place === undefined) return [];
    const entry = place.files.map((file) => entries.find(({ name }) => name === file)).find((found) => found !== undefined);
    if (entry === undefined) {
        const what = `has the handler ${handler}, but its zip has no ${place.files.join(" or ")}`;
        return [{ what, fix: "write the handler as <file in the zip without its ending>.<name that it exports>; bundles of ours have index.handler" }];
    }
    const content = unpackEntry(bytes, entry);
    if (content === undefined) return [{ what: `its code holds ${entry.name}, which cannot be unpacked`, fix: "pack it again, with deflate" }];
    if (mayExport(strFromU8(content), place.name)) return [];
    const fix = `export ${place.name} from ${entry.name}, or name in the handler what it exports; bundles of ours have index.handler`;
    return [{ what: `has the handler ${handler}, but ${entry.name} exports no ${place.name}`, fix }];
}

function toMiB(bytes: number): number {
    return Math.ceil(bytes / MIB);
}

const PYTHON = "def handler(event, context):\n    return 1\n";

interface ZipArgs {
    readonly files?: Readonly<Record<string, string>>;
    readonly bytes?: Uint8Array;
    readonly mtime?: Date;
    /** Of the file, filled up with a hole. */
    readonly sizeBytes?: number;
}

async function buildEvidence(fields: PropertyMap, sample: ZipArgs = {}): Promise<Evidence> {
    const { files = { "index.js": "exports.handler = async () => 1;" }, mtime = new Date(1980, 0, 1), sizeBytes } = sample;
    const file = path.join(await mkdtemp(path.join(tmpdir(), "firstlight-F34-")), "function.zip");
    const contents = Object.fromEntries(Object.entries(files).map(([name, source]) => [name, strToU8(source)]));
    const zip = sample.bytes ?? zipSync(contents, { mtime });
    await writeFile(file, zip);
    if (sizeBytes !== undefined) await truncate(file, sizeBytes);
    const sourceCodeHash = createHash("sha256").update(zip).digest("base64");
    return buildFunction({ code: new FileReference("archive", file, "0"), sourceCodeHash, ...fields });
}

function buildFunction(fields: Parameters<typeof withoutAbsent>[0]): Evidence {
    const inputs = withoutAbsent({ handler: "index.handler", runtime: LAMBDA_RUNTIME, ...fields });
    return buildPlanEvidence({ type: FUNCTION, name: "inference-function", inputs });
}

function buildImage(image: { readonly digest: string } | undefined): Evidence {
    const imageUri = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/firstlight-dev-inference:v1";
    return { ...buildFunction({ packageType: "Image", imageUri }), account: buildAccount({ image: async () => image }) };
}

/** A zip whose directory says of its one file that it is larger than it is. */
function buildBomb(unpackedBytes: number = LIMITS.unpackedBytes + 1): Uint8Array {
    const zip = zipSync({ "index.js": strToU8("exports.handler = 1;") }, { mtime: new Date(1980, 0, 1), level: 0 });
    const view = new DataView(zip.buffer);
    const directory = view.getUint32(zip.length - 6, true);
    view.setUint32(directory + 24, unpackedBytes, true);
    return zip;
}
