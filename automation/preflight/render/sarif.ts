/**
 * A preflight's result as SARIF 2.1.0, for views of code scanning. A finding is a result at its key or line; what could not be checked is a
 * notification, since a result would look like a finding and silence like a pass; what was skipped is a suppressed result with its reason.
 *
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; which parts a view needs:
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
import { createHash } from "node:crypto";
import type { Invocation, Location, Log, Notification, ReportingDescriptor, Result } from "sarif";
import type { SourcePosition } from "../../engine/engine.ts";
import type { PreflightResult, RuleFinding, RuleReason } from "../result.ts";
import { isChecked } from "../rule.ts";
import type { Rule, RuleId } from "../rule.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/** Of the repository, as views of code scanning take it. */
const ROOT = "%SRCROOT%";

export interface SarifSource {
    /** The Pulumi stack: `dev`, `dev--pr7`. */
    readonly stack: string;
    /** The file that describes it, where a result stands that has no line: `Pulumi.dev.yaml`. */
    readonly stackFile: string;
    /** Of this program. */
    readonly version: string;
    readonly rules: readonly Rule[];
    /** Absent when the preflight could not run. */
    readonly result?: PreflightResult;
    /** Why it could not run, or what it ended with. */
    readonly failure?: string;
    readonly exitCode: number;
    /** Whether what could not be checked stops the run. */
    readonly isStrict: boolean;
}

export function buildSarif(source: SarifSource): Log {
    const { stack, version, result } = source;
    const rules = source.rules.filter(isChecked);
    const findings = result?.findings ?? [];
    const isTold = new Set<RuleId>([...findings.map(({ id }) => id), ...(result?.notChecked ?? []).map(({ id }) => id), ...(result?.skipped ?? []).map(({ id }) => id)]);
    // Those that say nothing would only make the file long.
    const told = rules.filter(({ id }) => isTold.has(id));
    const indexOf = (id: RuleId): { ruleId: string; ruleIndex?: number } => {
        const index = told.findIndex((rule) => rule.id === id);
        return { ruleId: id, ...(index < 0 ? {} : { ruleIndex: index }) };
    };
    return {
        $schema: SCHEMA,
        version: "2.1.0",
        runs: [{
            tool: { driver: { name: "Firstlight preflight", version, semanticVersion: version, rules: told.map(describeRule) } },
            // Runs of another stack do not take the place of this one's.
            automationDetails: { id: `preflight/${stack}/` },
            columnKind: "utf16CodeUnits",
            invocations: [describeInvocation(source)],
            results: [
                ...findings.map((finding) => ({ ...indexOf(finding.id), ...describeFinding(finding, source) })),
                ...(result?.skipped ?? []).map((reason) => ({ ...indexOf(reason.id), ...describeSkip(reason, source) })),
            ],
        }],
    };
}

/** The help is what somebody reads who meets a finding: what happened to others, how it is prevented, what to do. */
function describeRule({ id, title, story, source, prevention, fix, kind }: Rule): ReportingDescriptor {
    const held = prevention === undefined ? "" : `Prevented by: ${prevention}`;
    const parts = [`What to do: ${fix}`, `What happened: ${story}`, held, `Source: ${source}`, `More: docs/failures.md#${id.toLowerCase()}`];
    const text = parts.filter((part) => part !== "");
    return {
        id,
        shortDescription: { text: title },
        fullDescription: { text: story },
        help: { text: text.join("\n\n"), markdown: text.map((part) => part.replace(/^([^:]+):/, "**$1:**")).join("\n\n") },
        ...(source.startsWith("https://") ? { helpUri: source } : {}),
        properties: { tags: [kind] },
    };
}

function describeFinding(finding: RuleFinding, { stackFile }: SarifSource): Omit<Result, "ruleId"> {
    const { id, severity, where, what, fix, graph, urn, at = [] } = finding;
    const [first, ...around] = at;
    return {
        level: severity === "blocker" ? "error" : "warning",
        message: { text: `${where}: ${what}${graph === undefined ? "" : ` (graph: ${graph})`}\nFix: ${fix}` },
        locations: [{ ...locate(first ?? stackFile), logicalLocations: [{ fullyQualifiedName: urn ?? where, kind: "resource" }] }],
        ...(around.length === 0 ? {} : { relatedLocations: around.map((position, index) => ({ id: index + 1, ...locate(position) })) }),
        // What is found keeps its identity when its numbers or its line change.
        partialFingerprints: { "firstlight/v1": fingerprint([id, where, urn ?? "", finding.setting ?? "", what.replaceAll(/\d+/g, "#")]) },
    };
}

/** The rule was not asked; so there is a place for the reason, and nothing that counts. */
function describeSkip({ id, because }: RuleReason, { stack, stackFile }: SarifSource): Omit<Result, "ruleId"> {
    return {
        kind: "notApplicable",
        level: "none",
        message: { text: `${stack}: ${id} was skipped: ${because}` },
        locations: [locate(stackFile)],
        suppressions: [{ kind: "external", status: "accepted", justification: because }],
        partialFingerprints: { "firstlight/v1": fingerprint([id, stack, "skipped"]) },
    };
}

function describeInvocation({ result, failure, exitCode, isStrict }: SarifSource): Invocation {
    const notChecked = (result?.notChecked ?? []).map(({ id, because }): Notification => ({
        associatedRule: { id },
        level: isStrict ? "error" : "warning",
        message: { text: `${id} was not checked: ${because}` },
    }));
    const refusal: readonly Notification[] = result === undefined && failure !== undefined ? [{ level: "error", message: { text: failure } }] : [];
    return { executionSuccessful: result !== undefined, exitCode, toolExecutionNotifications: [...refusal, ...notChecked] };
}

function locate(position: SourcePosition | string): Location {
    const artifactLocation = { uri: encodeURI(typeof position === "string" ? position : position.file), uriBaseId: ROOT };
    return { physicalLocation: { artifactLocation, region: { startLine: typeof position === "string" ? 1 : position.line } } };
}

function fingerprint(parts: readonly string[]): string {
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
