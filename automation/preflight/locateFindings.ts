/** Finds the lines that a finding is about: the key of the stack's file, the line of the program, and those of the components around it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { isCollection, isScalar, LineCounter, parseDocument } from "yaml";
import type { Pair } from "yaml";
import { CONFIG_PREFIX } from "../../components/config.ts";
import type { PlannedResource, SourcePosition } from "../engine/engine.ts";
import type { PreflightResult, RuleFinding } from "./result.ts";
import type { Plans } from "./rule.ts";

const PACKAGES = "package.json";

/** Where the stack is described. */
export interface StackFile {
    /** Absolute; holds `Pulumi.yaml`. */
    readonly projectFolder: string;
    /** Of the file: `dev` of `Pulumi.dev.yaml`, also for an environment beside it. */
    readonly stack: string;
    /** Name of the Pulumi project, the prefix of its keys. */
    readonly project: string;
}

/** The result with the lines of each finding (`RuleFinding.at`). A file that cannot be read gives none. */
export async function locateFindings(result: PreflightResult, plans: Plans | undefined, file: StackFile | undefined): Promise<PreflightResult> {
    if (result.findings.length === 0) return result;
    const keys = file === undefined ? undefined : await readKeys(file);
    const packages = file === undefined ? "" : await readFile(path.join(file.projectFolder, PACKAGES), "utf8").catch(() => "");
    const resources = plans === undefined ? [] : [...plans.asIs.resources, ...plans.endpointsOn.resources];
    return { ...result, findings: result.findings.map((finding) => locate(withPackage(finding, packages), keys, resources)) };
}

/** The line at which package.json asks for the package, of which it knows the name once. */
function withPackage(finding: RuleFinding, manifest: string): RuleFinding {
    if (finding.packageName === undefined) return finding;
    const line = manifest.split("\n").findIndex((text) => text.includes(`"${finding.packageName}": "`)) + 1;
    return line === 0 ? finding : { ...finding, at: [{ file: PACKAGES, line }] };
}

function locate(finding: RuleFinding, keys: FindKey | undefined, resources: readonly PlannedResource[]): RuleFinding {
    const setting = finding.setting === undefined ? undefined : keys?.(finding.setting);
    const at = [...finding.at ?? [], ...(setting === undefined ? [] : [setting]), ...linesOf(finding.urn ?? findNamed(finding, resources), resources)];
    return at.length === 0 ? finding : { ...finding, at };
}

/** URN of the one resource that the finding names by `<stack>/<resource>`; undefined when none has that name, or several have. */
function findNamed({ where }: RuleFinding, resources: readonly PlannedResource[]): string | undefined {
    const name = where.slice(where.indexOf("/") + 1);
    const urns = new Set(resources.filter((resource) => resource.custom && resource.name === name).map(({ urn }) => urn));
    return urns.size === 1 ? [...urns][0] : undefined;
}

/** From the inside out; a line that several components share once. */
function linesOf(urn: string | undefined, resources: readonly PlannedResource[]): readonly SourcePosition[] {
    const lines: SourcePosition[] = [];
    for (let next = urn; next !== undefined;) {
        const resource = resources.find((each) => each.urn === next);
        const position = resource?.sourcePosition;
        if (position !== undefined && !lines.some(({ file, line }) => file === position.file && line === position.line)) lines.push(position);
        next = resource?.parent;
    }
    return lines;
}

type FindKey = (setting: string) => SourcePosition | undefined;

async function readKeys({ projectFolder, stack, project }: StackFile): Promise<FindKey | undefined> {
    const file = `Pulumi.${stack}.yaml`;
    const text = await readFile(path.join(projectFolder, file), "utf8").catch(() => undefined);
    return text === undefined ? undefined : (setting) => findKey(text, { file, project, setting });
}

/**
 * The line of a setting, or of the section that it would stand in; undefined when neither is there. Pulumi takes keys with the project's
 * name before them and without.
 *
 * Exported for its test.
 */
export function findKey(text: string, { file, project, setting }: { readonly file: string; readonly project: string; readonly setting: string }): SourcePosition | undefined {
    const lineCounter = new LineCounter();
    const [first = "", ...rest] = setting.split(".");
    const parts = [["config"], [`${CONFIG_PREFIX}${first}`, `${project}:${first}`, first], ...rest.map((part) => [part])];
    let node: unknown = parseDocument(text, { lineCounter }).contents;
    let line: number | undefined;
    for (const [depth, names] of parts.entries()) {
        const pair = isCollection(node) ? (node.items as readonly Pair[]).find(({ key }) => isScalar(key) && names.includes(String(key.value))) : undefined;
        if (pair === undefined) break;
        const offset = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
        // That there is a section for all settings says nothing about this one.
        if (offset !== undefined && depth > 0) line = lineCounter.linePos(offset).line;
        node = pair.value;
    }
    return line === undefined ? undefined : { file, line };
}
