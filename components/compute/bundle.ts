/** Makes the zip files of the Lambda functions: the same bytes in plan, rehearsal and deployment, from any folder. */
import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { LAMBDA_BUNDLE_TARGET } from "../facts/runtimes.ts";
import { KeptBundles } from "./keptBundles.ts";
import { buildZip } from "./zip.ts";

const projectFolder = fileURLToPath(new URL("../../", import.meta.url));
const bundleFolder = ".firstlight/bundles";

/** The `handler` property of every function made from a bundle. */
export const LAMBDA_HANDLER = "index.handler";

export interface LambdaBundle {
    /** Zip file, relative to the project folder with `/`, so that state does not depend on where the clone lies. */
    readonly path: string;
    /** Base64 SHA-256 of the zip, as `sourceCodeHash` and Lambda's `CodeSha256` want it. */
    readonly hash: string;
}

const bundlesByName = new Map<string, Promise<LambdaBundle>>();
const keptBundles = new KeptBundles<LambdaBundle>(projectFolder, bundleFolder);

/**
 * Bundles `lambdas/<name>/handler.ts` with all it imports into `.firstlight/bundles/<name>-<hash>.zip`.
 * Runs once per name and process, and not at all while nothing has changed since an earlier run.
 * Throws esbuild's own messages when the code does not build.
 */
export function bundleLambda(name: string): Promise<LambdaBundle> {
    const started = bundlesByName.get(name) ?? createBundle(name);
    bundlesByName.set(name, started);
    return started;
}

/** Bundles several functions side by side; the answer has one entry per name. */
export async function bundleLambdas<Name extends string>(names: readonly Name[]): Promise<Readonly<Record<Name, LambdaBundle>>> {
    const entries = await Promise.all(names.map(async (name) => [name, await bundleLambda(name)] as const));
    return Object.fromEntries(entries) as Record<Name, LambdaBundle>;
}

/** Minified CommonJS of one function: loads fastest, and needs no `createRequire` for dependencies that are CommonJS. */
export async function buildLambdaCode(name: string): Promise<Uint8Array> {
    return (await buildCode(name)).code;
}

/** The code, and the files that went into it, from the project folder. */
async function buildCode(name: string): Promise<{ readonly code: Uint8Array; readonly files: readonly string[] }> {
    const result = await build({
        absWorkingDir: projectFolder,
        entryPoints: [`lambdas/${name}/handler.ts`],
        outfile: "index.js",
        write: false,
        metafile: true,
        bundle: true,
        minify: true,
        treeShaking: true,
        platform: "node",
        target: LAMBDA_BUNDLE_TARGET,
        format: "cjs",
        mainFields: ["module", "main"],
        legalComments: "none",
        logLevel: "silent",
        plugins: [slimSdk],
    });
    return { code: result.outputFiles[0]!.contents, files: Object.keys(result.metafile.inputs) };
}

async function createBundle(name: string): Promise<LambdaBundle> {
    const kept = await keptBundles.find(name);
    if (kept !== undefined) return kept;
    const startedAt = Date.now();
    const { code, files } = await buildCode(name);
    const zip = buildZip({ "index.js": code });
    const digest = createHash("sha256").update(zip).digest();
    const path = `${bundleFolder}/${name}-${digest.toString("hex").slice(0, 16)}.zip`;
    await writeOnce(join(projectFolder, path), zip);
    const bundle = { path, hash: digest.toString("base64") };
    await keptBundles.keep(name, bundle, { files, startedAt });
    return bundle;
}

/** Two processes may bundle at once: the file appears whole or not at all. */
async function writeOnce(file: string, contents: Uint8Array): Promise<void> {
    const exists = await access(file).then(() => true, () => false);
    if (exists) return;
    await mkdir(join(projectFolder, bundleFolder), { recursive: true });
    const temporary = `${file}.${randomUUID()}`;
    await writeFile(temporary, contents);
    await rename(temporary, file);
}

/**
 * Leaves out of the AWS SDK what a Lambda function never uses; half of a bundle otherwise.
 * - The default credential chain (profiles, SSO, instance metadata): Lambda gives credentials in the environment.
 * - The schemas of operations that are not called. esbuild keeps them, because a computed key might have side effects.
 * - The error classes of those operations, except the runtime's few. An error without a class keeps its name
 *   (`ParameterNotFound`), and names are all that our code looks at (proved by tests/lambdas/bundles.cloud.ts).
 */
const slimSdk: Plugin = {
    name: "slim-sdk",
    setup(bundler) {
        const credentials = join(projectFolder, "lambdas/shared/credentials.ts");
        bundler.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({ path: credentials }));
        bundler.onLoad({ filter: /client-[a-z0-9-]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/ }, async ({ path }) => {
            const source = writeOutKeys(await readFile(path, "utf8"));
            const keepsErrors = /client-(s3|sagemaker-runtime)/.test(path);
            return {
                contents: keepsErrors ? source : source.replaceAll(/^n0_registry\.registerError/gm, "/* @__PURE__ */ $&"), loader: "js",
            };
        });
    },
};

/** Turns `{ [_e]: 1 }` into `{ "error": 1 }` where the file says `const _e = "error"`: the same object, visibly without side effects. */
function writeOutKeys(source: string): string {
    const texts = new Map([...source.matchAll(/^const (\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name!, text!]));
    return source.replaceAll(
        /([{,]\s*)\[(\w+)\]:/g,
        (whole, before: string, name: string) => (texts.has(name) ? `${before}${texts.get(name)}:` : whole),
    );
}
