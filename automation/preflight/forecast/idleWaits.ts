/** What waits on the critical path for something that it does not use, what that costs, and which rule wants it so. */
import type { Plan } from "../../engine/engine.ts";
import { lacksEvidence } from "../rule.ts";
import type { CheckedRule, Evidence, RuleId } from "../rule.ts";
import { forecastGraph } from "./graphTime.ts";
import type { GraphTime, PathStep } from "./graphTime.ts";
import { findWaits, withoutWaits } from "./waits.ts";
import type { Wait, Waits } from "./waits.ts";

export interface IdleWait {
    /** Names in the program. */
    readonly waiter: string;
    readonly waiterType: string;
    readonly waited: string;
    readonly waitedType: string;
    readonly because: Exclude<Wait["because"], "input">;
    /** The component through which, when `because` is `component`. */
    readonly component?: string;
    /** Seconds by which the whole is usually shorter without it and its like; zero when another chain is as long. */
    readonly savesSeconds: number;
    /** The rules that find something in the plan without this wait, and what. */
    readonly demandedBy: readonly { readonly id: RuleId; readonly what: string }[];
}

export interface IdleWaitRequest {
    readonly stack: string;
    /** The whole graph. */
    readonly plan: Plan;
    /** What is made of it, and how long that takes. */
    readonly graph: GraphTime;
    /** URNs of what is there already. @default nothing */
    readonly existing?: ReadonlySet<string>;
    /** Asked what they find without a wait. Rules that need more than the plan are passed over. */
    readonly rules: readonly CheckedRule[];
}

/** In the order of the path. A wait whose resources stand next to each other on it, and of which no output is among the inputs. */
export async function findIdleWaits(request: IdleWaitRequest): Promise<readonly IdleWait[]> {
    const { plan, graph, existing = new Set() } = request;
    const waits = findWaits(plan);
    const changed = plan.resources.filter(({ urn }) => !existing.has(urn));
    const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
    const idle = findIdleEdges(graph, waits);
    const judge = await createJudge(request, idle);
    return Promise.all(idle.map(async ({ waiter, waited, wait, because }): Promise<IdleWait> => {
        const left = withoutAllLike({ waiter: waiter.urn, wait }, waits, (urn) => byUrn.get(urn)?.type);
        return {
            waiter: waiter.name, waiterType: waiter.type, waited: waited.name, waitedType: waited.type, because,
            ...(wait.component === undefined ? {} : { component: byUrn.get(wait.component)?.name ?? wait.component }),
            savesSeconds: graph.seconds.typical - forecastGraph(changed, left).seconds.typical,
            demandedBy: await judge(waiter.urn, waited.urn),
        };
    }));
}

interface IdleEdge {
    readonly waiter: PathStep;
    readonly waited: PathStep;
    readonly wait: Wait;
    readonly because: IdleWait["because"];
}

function findIdleEdges({ path }: GraphTime, waits: Waits): readonly IdleEdge[] {
    return path.flatMap((waiter, index): readonly IdleEdge[] => {
        const waited = path[index - 1];
        const wait = waits.get(waiter.urn)?.find(({ urn }) => urn === waited?.urn);
        if (waited === undefined || wait === undefined || wait.because === "input") return [];
        return [{ waiter, waited, wait, because: wait.because }];
    });
}

type TypeOf = (urn: string) => string | undefined;

/**
 * Two endpoints have two chains of the same shape: one of them alone would never be shorter. A wait is like another when the types are the
 * same, or when both come through one component, which is one edge in the program.
 */
function withoutAllLike(like: { readonly waiter: string; readonly wait: Wait }, waits: Waits, typeOf: TypeOf): Waits {
    const { because, component, urn } = like.wait;
    return withoutWaits(waits, (waiter, wait) => wait.because === because && wait.component === component
        && (component !== undefined || (typeOf(waiter) === typeOf(like.waiter) && typeOf(wait.urn) === typeOf(urn))));
}

type Judge = (waiter: string, waited: string) => Promise<IdleWait["demandedBy"]>;

/** Only rules that miss something when all these waits are gone are asked about each: most do not care for order, and some are slow. */
async function createJudge({ stack, plan, rules }: IdleWaitRequest, idle: readonly IdleEdge[]): Promise<Judge> {
    if (idle.length === 0) return async () => [];
    const askNew = async (rule: CheckedRule, seen: Plan, before: readonly string[]): Promise<readonly string[]> =>
        (await ask(rule, { stack, plan: seen })).filter((what) => !before.includes(what));
    const loose = idle.reduce((left, { waiter, waited }) => withoutDependency(left, waiter.urn, waited.urn), plan);
    const asked = await Promise.all(rules.filter((rule) => lacksEvidence(rule, { stack, plan }).length === 0).map(async (rule) => {
        const before = await ask(rule, { stack, plan });
        return { rule, before, cares: (await askNew(rule, loose, before)).length > 0 };
    }));
    const caring = asked.filter(({ cares }) => cares);
    return async (waiter, waited) => {
        const without = withoutDependency(plan, waiter, waited);
        const answers = caring.map(async ({ rule, before }) => (await askNew(rule, without, before)).map((what) => ({ id: rule.id, what })));
        return (await Promise.all(answers)).flat();
    };
}

/** A rule that fails by itself says nothing here: the preflight tells it as not checked. */
async function ask(rule: CheckedRule, evidence: Evidence): Promise<readonly string[]> {
    try {
        if (!rule.applies(evidence)) return [];
        return (await rule.check(evidence)).findings.map(({ where, what }) => `${where}: ${what}`);
    } catch {
        return [];
    }
}

function withoutDependency(plan: Plan, waiter: string, waited: string): Plan {
    const resources = plan.resources.map((resource) => (
        resource.urn === waiter ? { ...resource, dependencies: resource.dependencies.filter((urn) => urn !== waited) } : resource));
    return { ...plan, resources };
}
