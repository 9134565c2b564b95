/** What somebody who helps has to know, each part a file of the bundle. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { TimedEvent } from "../../progress/reporter.ts";
import { readVersions } from "../versions.ts";
import { readLastRun } from "./lastRun.ts";
import { summarizeState } from "./stateSummary.ts";
import type { DriverOptions } from "../options.ts";
import type { SecretMasker } from "../secretMasker.ts";
import type { Session } from "../session.ts";

export interface DiagnosisSource {
    readonly options: DriverOptions;
    /** Undefined when the command failed before it had one. */
    readonly session: Session | undefined;
    /** Of the run. */
    readonly events: readonly TimedEvent[];
    readonly environment: Readonly<NodeJS.ProcessEnv>;
}

export interface DiagnosisPlace {
    readonly projectFolder: string;
    readonly masker: SecretMasker;
}

export interface DiagnosisPart {
    /** Of the file. */
    readonly name: string;
    /** What is in it, in a line. */
    readonly text: string;
    readonly body: string;
}

/** The masker learns which addresses in the settings are secrets, and has to see every part once more. */
export async function gatherDiagnosis(source: DiagnosisSource, { projectFolder, masker }: DiagnosisPlace): Promise<readonly DiagnosisPart[]> {
    const { options, session, events, environment } = source;
    const settings = await readFile(path.join(projectFolder, `Pulumi.${options.stack}.yaml`), "utf8").catch(describe);
    masker.add(...findCapabilities(settings));
    // Before it is JSON: there, the sign before a secret may be a letter that stands for a line's end, and a form is not seen.
    const part = (name: string, text: string, value: unknown): DiagnosisPart => ({ name, text, body: `${JSON.stringify(masker.maskAll(value ?? null), undefined, 2)}\n` });
    const diagnostics = events.filter((event) => event.kind === "diagnostic" || (event.kind === "resource" && event.status === "failed") || event.kind === "end");
    const offline = [
        part("run.json", "versions, options, and where it ran", { versions: await readVersions(projectFolder), platform: `${process.platform} ${process.arch}`, options }),
        part("environment.json", "names of the environment's variables, without their values", Object.keys(environment).sort()),
        part("diagnostics.json", "what the engine said went wrong, and how the run ended", diagnostics),
        { name: "events.jsonl", text: "all events of the run, without the rows that golden predictions are of", body: events.map((event) => `${JSON.stringify(withoutData(event))}\n`).join("") },
        { name: `Pulumi.${options.stack}.yaml`, text: "the stack's settings", body: settings },
    ];
    if (session === undefined) return offline;
    return [
        ...offline,
        part("place.json", "account, region, and where the state is", {
            accountId: session.accountId, accountProblem: session.accountProblem, region: session.aws.target.region, endpoint: session.aws.target.endpoint,
            pulumiStack: session.pulumiStack, backend: await session.backend().catch(describe),
        }),
        part("config.json", "the configuration with all defaults", session.config),
        part("state.json", "resources of the state: names, types, ids and parents, no inputs and no outputs", await ask(async () => summarizeState(await (await session.engine()).resources()))),
        part("pending.json", "what a killed run had begun", await ask(async () => (await (await session.engine()).pendingOperations()).map(({ urn, operation }) => ({ urn, operation })))),
        part("locks.json", "who holds the stack", { driver: await ask(async () => (await session.locks()).read()), engine: await ask(async () => (await session.engine()).locks()) }),
        part("last-run.json", "the history of the pipeline's last run, without the data that went through it", await ask(() => readLastRun(session))),
    ];
}

/** What of the rows somebody trained on stands in an event: it is nobody else's. */
function withoutData(event: TimedEvent): object {
    return event.kind === "predictions" ? { ...event, samples: event.samples.map(({ golden, served }) => ({ golden, served })) } : event;
}

/** Shorter paths are names. */
const SHORTEST_CAPABILITY = 16;

/** Behind the host of an address: who knows it may write there, as to the addresses of chat and paging services in `alerts.urls`. */
function findCapabilities(settings: string): readonly string[] {
    const paths = [...settings.matchAll(/https?:\/\/[^\s/"',\]]+(\/[^\s"',\]]*)/g)].map(([, found = ""]) => found);
    return paths.filter((found) => found.length >= SHORTEST_CAPABILITY);
}

async function ask(question: () => Promise<unknown>): Promise<unknown> {
    try {
        return await question();
    } catch (error) {
        return { notAsked: describe(error) };
    }
}

function describe(error: unknown): string {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
