/**
 * No false alarm: what preflight finds offline in the project's stacks in five regions, in set-ups drawn from the configuration's keys, and
 * under names as people give them. A blocker that is not true is a failure of the proof, and so is a true one that is missing.
 */
import { createNaming } from "../../components/naming.ts";
import type { Finding } from "../../automation/preflight/rule.ts";
import { parseStackConfig, readStackSettings } from "../../automation/stackSettings.ts";
import type { AlarmCase } from "./alarms/alarmCase.ts";
import { judgeNames, judgePlaces } from "./alarms/graphPlaces.ts";
import { lookAt, runPreflightCommand } from "./alarms/look.ts";
import type { Look, LookedAt } from "./alarms/look.ts";
import { createNameCases } from "./alarms/names.ts";
import { createSetUpCases } from "./alarms/setUps.ts";
import { createFixedCases, createStackCases, TRUE_FINDINGS } from "./alarms/stacks.ts";
import type { TrueFinding } from "./alarms/stacks.ts";
import { createUserFolder } from "./alarms/userFolder.ts";
import type { Outcome, Proof } from "./proof.ts";

export const SET_UPS = 50;
/** A plan in which fewer things say where they are was not looked at. */
const FEWEST_PLACES = 300;

export function createAlarmCases(seed: number): readonly AlarmCase[] {
    return [...createStackCases(), ...createFixedCases(), ...createSetUpCases(seed, SET_UPS), ...createNameCases()];
}

async function runCase(oneCase: AlarmCase): Promise<Outcome> {
    const { folder, remove } = createUserFolder(oneCase.settings);
    const subject: LookedAt = { folder, stack: oneCase.settings.stack, region: oneCase.region, ...(oneCase.suffix === undefined ? {} : { suffix: oneCase.suffix }) };
    try {
        return oneCase.refusal === undefined ? await expectNoAlarm(oneCase, subject) : await expectRefusal(oneCase, subject);
    } catch (error) {
        return { id: oneCase.id, passed: false, detail: `it cannot be looked at: ${error instanceof Error ? error.message : String(error)}`, kinds: [] };
    } finally {
        remove();
    }
}

async function expectNoAlarm(oneCase: AlarmCase, subject: LookedAt): Promise<Outcome> {
    const { result, plans } = await lookAt(subject);
    const problems = [...judgeFindings(oneCase, result.findings), ...judgeGraphs(oneCase, { result, plans }, await prefixOf(subject))];
    const seen = result.findings.map(({ id, severity, what }) => `${id} ${severity}: ${what}`);
    const found = seen.length === 0 ? `nothing, ${result.passed.length} rules passed` : seen.join(" | ");
    return {
        id: oneCase.id, passed: problems.length === 0, detail: problems.length === 0 ? found : `${problems.join(" | ")}, found: ${found}`,
        kinds: [oneCase.group, ...oneCase.keys, ...result.passed.map((rule) => `passed by ${rule}`)],
    };
}

async function prefixOf({ folder, stack, suffix, region }: LookedAt): Promise<string> {
    return createNaming(parseStackConfig(await readStackSettings(folder, stack), suffix), { accountId: "000000000000", region }).prefix;
}

/** What is found and not true, and what is true and not found. Exported for its test. */
export function judgeFindings({ group, region }: Pick<AlarmCase, "group" | "region">, findings: readonly (Pick<Finding, "severity" | "what"> & { readonly id: string })[]): readonly string[] {
    const expected = TRUE_FINDINGS.filter((each) => each.regions.includes(region) && !(group === "fixed" && each.isFixedBySettings === true));
    const isOf = (each: TrueFinding, { id, severity, what }: (typeof findings)[number]): boolean => each.rule === id && each.severity === severity && each.what.test(what);
    return [
        ...findings.filter((finding) => !expected.some((each) => isOf(each, finding))).map(({ id, severity, what }) => `false ${severity} ${id}: ${what}`),
        // Which of its warnings a rule gives is its own matter; a blocker must not be missed.
        ...expected.filter((each) => each.severity === "blocker" && !findings.some((finding) => isOf(each, finding))).map(({ rule, severity, what }) => `missed ${severity} ${rule}: ${what.source}`),
    ];
}

function judgeGraphs({ region }: AlarmCase, { result, plans }: Look, prefix: string): readonly string[] {
    const graphs = [plans.asIs, plans.endpointsOn].map((plan) => ({ ...judgePlaces(plan, region), names: judgeNames(plan, prefix) }));
    const broken = result.notChecked.filter(({ because }) => because.includes("the check itself failed")).map(({ id, because }) => `${id} ${because}`);
    return [...new Set([
        ...graphs.flatMap(({ faults, names }) => [...faults, ...names]), ...broken,
        ...graphs.filter(({ looked }) => looked < FEWEST_PLACES).map(({ looked }) => `only ${looked} ARNs, regions and hosts stand in a graph`),
    ])];
}

/** The whole command ends before it plans, and says what is wrong, where, and what to do. */
async function expectRefusal({ id, refusal, group }: AlarmCase, subject: LookedAt): Promise<Outcome> {
    const { exitCode, stderr, result } = await runPreflightCommand(subject);
    const texts = [stderr, ...(result?.findings ?? []).map((finding) => `${finding.id} ${finding.where}: ${finding.what}; fix: ${finding.fix}`)];
    const told = texts.join("\n").replaceAll(/\n\s+fix: /g, "; fix: ");
    const isPlanned = (result?.passed ?? []).includes("F27");
    const isRefused = exitCode !== 0 && refusal?.test(told) === true && !isPlanned;
    const [detail = ""] = refusal?.exec(told) ?? [];
    return { id, passed: isRefused, detail: isRefused ? `refused: ${detail}` : `exit code ${exitCode}${isPlanned ? ", planned" : ""}: ${told}`, kinds: [group, "refused"] };
}

export const alarmProof: Proof<AlarmCase> = {
    name: "alarms",
    keepsAll: true,
    code: ["index.ts", "Pulumi*.yaml", "components/**/*.ts", "automation/preflight/**/*.ts", "automation/phases/preflight.ts", "automation/stackSettings.ts",
        "tests/proofs/alarms.ts", "tests/proofs/alarms/*.ts"],
    async describe() {
        return { node: process.version, judges: "preflight --offline, all rules; every ARN, region, host and name of both graphs" };
    },
    unavailable: () => undefined,
    cases: createAlarmCases,
    idOf: ({ id }) => id,
    run: runCase,
};
