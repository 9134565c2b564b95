/** For a stack whose state was lost: finds what the program declares and the account has, and takes it into the state. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { AdoptedResource, Engine, EngineEvent, PlannedResource } from "../engine/engine.ts";
import { OperatorError } from "../errors.ts";
import type { Reporter } from "../progress/reporter.ts";
import type { AccountLookup } from "./accountLookup.ts";
import { createFindingProvider } from "./findingProvider.ts";
import type { Finding } from "./findingProvider.ts";
import { buildImport } from "./importLine.ts";
import type { OwnedResource } from "./ownedResource.ts";
import { describeUnseen, listOwnedResources, surveyAccount } from "./ownedResources.ts";

export interface AdoptionContext {
    readonly engine: Engine;
    readonly stack: string;
    readonly reporter: Reporter;
    readonly signal: AbortSignal;
}

export interface FoundStack {
    /** What exists and the state does not know, parents first; the components above it are among them, without an id. */
    readonly found: readonly AdoptedResource[];
    /** What the program declares and nobody has: the next `up` makes it. */
    readonly missing: readonly PlannedResource[];
    /** What carries the stack's tags and is of a kind that programs declare, but neither this one declares it nor does the state know it. */
    readonly unplanned: readonly OwnedResource[];
}

const STACK_TYPE = "pulumi:pulumi:Stack";
/** Import lines that a screen shows; the others stand in the file. */
const SHOWN_IMPORTS = 12;

/** Looks only. @param owned what carries the stack's tags, where that was asked already */
export async function findStack({ engine, signal }: AdoptionContext, lookup: AccountLookup, owned?: readonly OwnedResource[]): Promise<FoundStack> {
    const known = await engine.resources();
    const { clients, identities } = lookup;
    const { provider, findings } = createFindingProvider(await lookup.planning(), { clients, identities, known });
    const plan = await lookup.recordPlan(provider, { signal });
    const knownUrns = new Set(known.map(({ urn }) => urn));
    const found = selectFound(plan.resources, findings, knownUrns);
    const missing = plan.resources.filter(({ urn, custom }) => custom && !found.some((resource) => resource.urn === urn) && !knownUrns.has(urn));
    const ours = owned ?? await listOwnedResources(clients, lookup.owner);
    const meant = new Set([
        ...found.flatMap(({ type, id = "", stateId = id }) => [`${type} ${id}`, `${type} ${stateId}`]),
        ...known.map(({ type, id = "" }) => `${type} ${id}`),
    ]);
    return { found, missing, unplanned: ours.filter((resource) => resource.type !== undefined && !isMeant(resource, meant)) };
}

/** Found resources and the components above them. What hangs on a resource that nobody has is not adopted either. */
function selectFound(planned: readonly PlannedResource[], findings: ReadonlyMap<string, Finding>, known: ReadonlySet<string>): readonly AdoptedResource[] {
    const selected = new Map<string, AdoptedResource>();
    for (const { urn, type, name, parent, custom } of planned) {
        if (known.has(urn) || type === STACK_TYPE) continue;
        const isRooted = parent === undefined || known.has(parent) || selected.has(parent) || parent.includes(`::${STACK_TYPE}::`);
        const finding = findings.get(urn);
        if (!isRooted || (custom && finding === undefined)) continue;
        selected.set(urn, { urn, type, name, ...(parent === undefined ? {} : { parent }), ...describeFinding(finding) });
    }
    const parents = new Set<string | undefined>();
    for (const { urn, parent, id } of [...selected.values()].reverse()) if (id !== undefined || parents.has(urn)) parents.add(parent);
    return [...selected.values()].filter(({ urn, id }) => id !== undefined || parents.has(urn));
}

function describeFinding(finding: Finding | undefined): Pick<AdoptedResource, "id" | "stateId" | "inputs"> {
    if (finding === undefined) return {};
    const { id, stateId } = finding.found;
    return { id, inputs: finding.inputs, ...(stateId === undefined ? {} : { stateId }) };
}

/** An import's id may be written in several ways; the name that people read is in all of them. */
function isMeant({ type = "", id = "", label, arn }: OwnedResource, meant: ReadonlySet<string>): boolean {
    return [id, label, arn].some((name) => meant.has(`${type} ${name}`));
}

/**
 * Takes everything that was found into the state, and reads it once more. Tells what it did, what the next `up` will create, and what is ours
 * by its tags and in no plan.
 */
export async function adoptStack(context: AdoptionContext, lookup: AccountLookup): Promise<FoundStack> {
    const { engine, reporter, signal } = context;
    const result = await findStack(context, lookup);
    const onEvent = (event: EngineEvent): void => reporter.report(event);
    if (result.found.length > 0) {
        await engine.adopt(result.found, { onEvent, signal });
        const drift = await engine.refresh({ onEvent, signal });
        if (drift.length > 0) reporter.report({ kind: "drift", drift });
    }
    for (const message of describeResult(result)) reporter.report({ kind: "note", message });
    return result;
}

function describeResult({ found, missing, unplanned }: FoundStack): readonly string[] {
    const strangers = unplanned.map(({ label, type, arn }) => (type === undefined ? arn : `${type} ${label}`));
    return [
        `adopted ${countCustom(found)} resources that the state did not know`,
        ...(missing.length === 0 ? [] : [`not found, so the next up creates them: ${shorten(missing.map(({ type, name }) => `${type} ${name}`))}`]),
        ...(strangers.length === 0 ? [] : [`ours by their tags, and not declared (\`deploy.ts sweep\` deletes them): ${shorten(strangers)}`]),
    ];
}

function shorten(items: readonly string[]): string {
    const shown = items.slice(0, SHOWN_IMPORTS).join(", ");
    return items.length > SHOWN_IMPORTS ? `${shown}, and ${items.length - SHOWN_IMPORTS} more` : shown;
}

/**
 * What a run must not make a second time. Only to be asked when the state is empty: the account is looked through.
 *
 * @throws OperatorError with the imports, when something exists that the program declares
 */
export async function refuseOrphans(context: AdoptionContext, lookup: AccountLookup): Promise<void> {
    const { resources, unseen } = await surveyAccount(lookup.clients, lookup.owner);
    for (const part of unseen) {
        context.reporter.report({ kind: "note", message: `the state is empty, and whether resources of the stack exist could not be asked: ${describeUnseen(part)}` });
    }
    // Jobs and their logs outlive every stack and are nothing that a program declares.
    const owned = resources.filter(({ type }) => type !== undefined);
    if (owned.length === 0) return;
    const { found, unplanned } = await findStack(context, lookup, owned);
    if (countCustom(found) > 0) throw await describeOrphans(context.stack, found, lookup.folder);
    if (unplanned.length === 0) return;
    const what = `the state is empty, and ${unplanned.length} resources carry its tags that the program does not declare`;
    context.reporter.report({ kind: "note", message: `${what}: \`deploy.ts sweep\` shows and deletes them` });
}

async function describeOrphans(stack: string, found: readonly AdoptedResource[], folder: string): Promise<OperatorError> {
    const names = new Map(found.map(({ urn, name }) => [urn, name]));
    const lines = found.filter(({ id }) => id !== undefined).map((resource) => buildImport(resource, names));
    const file = path.join(folder, `imports-${stack}.sh`);
    await mkdir(folder, { recursive: true });
    await writeFile(file, `${lines.join("\n")}\n`);
    const shown = lines.slice(0, SHOWN_IMPORTS).map((line) => `  ${line}`);
    const rest = lines.length > shown.length ? [`  ... and ${lines.length - shown.length} more`] : [];
    const what = `the state of stack ${stack} is empty, but ${lines.length} of its resources exist; another \`up\` would make them a second time`;
    return new OperatorError(
        [`${what}. Their imports:`, ...shown, ...rest, `  all of them: ${path.relative(process.cwd(), file)}`].join("\n"),
        `bring the lost state back, or run \`node automation/deploy.ts adopt --stack ${stack}\`: it does all of this, and makes the components above them`,
    );
}

function countCustom(found: readonly AdoptedResource[]): number {
    return found.filter(({ id }) => id !== undefined).length;
}
