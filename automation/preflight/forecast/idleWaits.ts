/** What waits on the critical path for something that it does not use, what that costs, and which rule wants it so. */
import type { Plan } from "../../engine/engine.ts";
import type { CheckedRule, RuleId } from "../rule.ts";
import { lacksEvidence } from "../rule.ts";
import { forecastGraph } from "./graphTime.ts";
import type { GraphTime } from "./graphTime.ts";
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
    const namesByUrn = new Map(plan.resources.map(({ urn, name }) => [urn, name]));
    const typesByUrn = new Map(plan.resources.map(({ urn, type }) => [urn, type]));
    const judge = await createJudge(request);
    const found: IdleWait[] = [];
    for (const [index, waiter] of graph.path.entries()) {
        const waited = graph.path[index - 1];
        const wait = waits.get(waiter.urn)?.find(({ urn }) => urn === waited?.urn);
        if (waited === undefined || wait === undefined || wait.because === "input") continue;
        const without = forecastGraph(changed, withoutAllLike({ waiter: waiter.urn, wait }, waits, typesByUrn)).seconds.typical;
        found.push({
            waiter: waiter.name, waiterType: waiter.type, waited: waited.name, waitedType: waited.type, because: wait.because,
            ...(wait.component === undefined ? {} : { component: namesByUrn.get(wait.component) ?? wait.component }),
            savesSeconds: graph.seconds.typical - without,
            demandedBy: await judge(waiter.urn, waited.urn),
        });
    }
    return found;
}

/**
 * Two endpoints have two chains of the same shape: one of them alone would never be shorter. A wait is like another when the types are the
 * same, or when both come through one component, which is one edge in the program.
 */
function withoutAllLike(left: { readonly waiter: string; readonly wait: Wait }, waits: Waits, types: ReadonlyMap<string, string>): Waits {
    const { because, component, urn } = left.wait;
    return withoutWaits(waits, (waiter, wait) => wait.because === because && wait.component === component
        && (component !== undefined || (types.get(waiter) === types.get(left.waiter) && types.get(wait.urn) === types.get(urn))));
}

type Judge = (waiter: string, waited: string) => Promise<IdleWait["demandedBy"]>;

/** Each rule is asked twice: about the plan as it is, and about the plan without the wait. */
async function createJudge({ stack, plan, rules }: IdleWaitRequest): Promise<Judge> {
    const askable = rules.filter((rule) => lacksEvidence(rule, { stack, plan }).length === 0);
    const ask = async (rule: CheckedRule, seen: Plan): Promise<readonly string[]> => {
        if (!rule.applies({ stack, plan: seen })) return [];
        return (await rule.check({ stack, plan: seen })).findings.map(({ where, what }) => `${where}: ${what}`);
    };
    const before = await Promise.all(askable.map((rule) => ask(rule, plan)));
    return async (waiter, waited) => {
        const after = await Promise.all(askable.map((rule) => ask(rule, withoutDependency(plan, waiter, waited))));
        return askable.flatMap(({ id }, index) => after[index]!.filter((what) => !before[index]!.includes(what)).map((what) => ({ id, what })));
    };
}

function withoutDependency(plan: Plan, waiter: string, waited: string): Plan {
    const resources = plan.resources.map((resource) => (
        resource.urn === waiter ? { ...resource, dependencies: resource.dependencies.filter((urn) => urn !== waited) } : resource));
    return { ...plan, resources };
}
