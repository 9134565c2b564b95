/** What the Pulumi SDKs declare about a resource type, read from their `.d.ts` files. */
import { readFileSync } from "node:fs";
import path from "node:path";

const PACKAGES = path.resolve(import.meta.dirname, "../../../../node_modules/@pulumi");

export interface SdkClass {
    /** Names of all outputs. */
    readonly outputs: readonly string[];
    /** Outputs whose type does not admit `undefined`. */
    readonly presentOutputs: readonly string[];
    /** Declared type by name of the input. */
    readonly inputs: ReadonlyMap<string, string>;
    /** `__pulumiType` of the class. */
    readonly token: string | undefined;
}

/** Reads the class of a type token such as `aws:s3/bucket:Bucket`. */
export function readSdkClass(type: string): SdkClass {
    const [packageName = "", module = "", name = ""] = type.split(":");
    const file = packageName === "aws" ? module : packageName === "random" ? module.replace("index/", "") : `${module}/${name.toLowerCase()}`;
    const declarations = readFileSync(path.join(PACKAGES, packageName, `${file}.d.ts`), "utf8");
    const code = readFileSync(path.join(PACKAGES, packageName, `${file}.js`), "utf8");
    const argsStart = declarations.indexOf(`export interface ${name}Args {`);
    const stateStart = declarations.indexOf(`export interface ${name}State {`);
    const classText = declarations.slice(0, stateStart < 0 ? argsStart : Math.min(argsStart, stateStart));
    const outputs = [...classText.matchAll(/^ {4}readonly (\w+): pulumi\.Output<([^]*?)>;$/gm)];
    return {
        outputs: outputs.map((match) => match[1]!),
        presentOutputs: outputs.filter((match) => !match[2]!.endsWith("| undefined")).map((match) => match[1]!),
        inputs: propertiesOf(declarations.slice(argsStart), 4),
        token: /__pulumiType = ['"]([^'"]+)['"]/.exec(code)?.[1],
    };
}

/** Types may go over several lines (maps do): what ends a line with a semicolon ends the part that tells a nested type. */
function propertiesOf(text: string, indent: number): ReadonlyMap<string, string> {
    const pattern = new RegExp(`^ {${indent}}(\\w+)\\??: ([^]*?);$`, "gm");
    return new Map([...text.matchAll(pattern)].map((match) => [match[1]!, match[2]!]));
}

let nestedTypes: string | undefined;

/** Properties of a nested type such as `inputs.s3.BucketVersioningVersioningConfiguration`; undefined when there is no such type. */
export function readNestedInputs(reference: string): ReadonlyMap<string, string> | undefined {
    nestedTypes ??= readFileSync(path.join(PACKAGES, "aws/types/input.d.ts"), "utf8");
    const [, namespace = "", name = ""] = reference.split(".");
    const namespaceStart = nestedTypes.indexOf(`export declare namespace ${namespace} {`);
    const start = nestedTypes.indexOf(`    interface ${name} {\n`, namespaceStart);
    const end = nestedTypes.indexOf("\n    }\n", start);
    const namespaceEnd = nestedTypes.indexOf("\n}\n", namespaceStart);
    if (namespaceStart < 0 || start < 0 || start > namespaceEnd) return undefined;
    return propertiesOf(nestedTypes.slice(start, end), 8);
}

/** The nested type that a declared type holds, through inputs and lists; undefined for plain values and maps of them. */
export function nestedReference(declared: string): string | undefined {
    return /\binputs\.\w+\.\w+/.exec(declared)?.[0];
}
