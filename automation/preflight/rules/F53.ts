/** F53: what functions reserve for themselves leaves the account what Lambda wants to be left. */
import type { PlannedResource, StackResource } from "../../engine/engine.ts";
import { buildAccount, buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

const FUNCTION = "aws:lambda/function:Function";
const RESERVED = "reservedConcurrentExecutions";
/**
 * Lambda keeps so much for functions that reserve nothing; an account that has no more in all may reserve none.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const KEPT = 100;

export const rule = defineRule({
    id: "F53",
    kind: "account",
    needs: ["plan", "state", "account"],
    title: "Reserved concurrency leaves enough for all other functions",
    story: "New accounts run 10 or 50 executions at a time, not 1000. A function that reserved five of them failed to deploy: \"Specified "
        + "ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value\".",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    prevention: "No function of the platform reserves anything.",
    fix: "leave reservedConcurrentExecutions out, or have the account's concurrent executions raised in Service Quotas (AWS Lambda)",
    applies: ({ plan }) => reserversOf(plan.resources).length > 0,
    async check({ stack, plan, state, account }): Promise<CheckResult> {
        const reservers = reserversOf(plan.resources);
        const unknown = reservers.filter(({ inputs }) => typeof inputs[RESERVED] !== "number").map(({ name }) => name);
        const wanted = sum(reservers) - sum(reserversOf(state));
        const { limit, unreserved } = await account.functionConcurrency();
        const kept = Math.min(KEPT, limit);
        const what = `the plan reserves ${wanted} more concurrent executions (${reservers.map(({ name }) => name).join(", ")}), `
            + `and the account has ${unreserved} of ${limit} unreserved, of which Lambda keeps ${kept}`;
        const isTooMuch = wanted > 0 && unreserved - wanted < kept;
        const findings = reservers.slice(0, isTooMuch ? 1 : 0)
            .map(({ name, urn }): Finding => ({ severity: "blocker", where: `${stack}/${name}`, urn, what }));
        if (unknown.length === 0) return { findings };
        return { findings, open: `what ${unknown.join(", ")} reserve is not known before the deployment` };
    },
    mustFind: [
        { title: "five reserved in an account of ten", evidence: () => buildEvidence({ reserved: 5, limit: 10 }) },
        { title: "one too many in an account of a thousand", evidence: () => buildEvidence({ reserved: 901, limit: 1000 }) },
        { title: "all but 50 of an account of a thousand", evidence: () => buildEvidence({ reserved: 950, limit: 1000 }) },
        {
            title: "a reservation that grows over what is left",
            evidence: () => buildEvidence({ reserved: 950, before: 800, limit: 1000, unreserved: 200 }),
        },
    ],
    mustPass: [
        { title: "as many as a thousand allow", evidence: () => buildEvidence({ reserved: 900, limit: 1000 }) },
        { title: "a reservation with room to spare", evidence: () => buildEvidence({ reserved: 100, limit: 1000 }) },
        {
            title: "one that the function has already",
            evidence: () => buildEvidence({ reserved: 900, before: 900, limit: 1000, unreserved: 100 }),
        },
        { title: "a function that is switched off in an account of ten", evidence: () => buildEvidence({ reserved: 0, limit: 10 }) },
    ],
});

/** Functions that reserve anything; -1 is how the provider writes that one does not. */
function reserversOf<Resource extends Pick<PlannedResource, "type" | "inputs">>(resources: readonly Resource[]): readonly Resource[] {
    return resources.filter(({ type, inputs }) => {
        const reserved = inputs[RESERVED];
        return type === FUNCTION && reserved !== undefined && reserved !== null && reserved !== -1;
    });
}

function sum(resources: readonly Pick<PlannedResource, "inputs">[]): number {
    const amounts = resources.map(({ inputs }) => inputs[RESERVED]).filter((amount) => typeof amount === "number");
    return amounts.reduce((total, amount) => total + amount, 0);
}

interface SampleArgs { readonly reserved: number; readonly limit: number; readonly unreserved?: number; readonly before?: number }

function buildEvidence({ reserved, limit, unreserved = limit, before }: SampleArgs): Evidence {
    const worker: SampleResource = { type: FUNCTION, name: "worker", inputs: { [RESERVED]: reserved } };
    const known: StackResource = {
        urn: urnOf(worker), type: FUNCTION, name: "worker", custom: true, id: "worker", dependencies: [],
        inputs: { [RESERVED]: before ?? -1 }, outputs: {},
    };
    return {
        ...buildPlanEvidence(worker), state: before === undefined ? [] : [known],
        account: buildAccount({ functionConcurrency: async () => ({ limit, unreserved }) }),
    };
}
