/** F12: traffic is split as the weights say, and the weights are weights. */
import { assignVariant } from "../../../lambdas/shared/router/assign.ts";
import { AB_TEST_ID, VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { AbTestItem, Weights } from "../../../lambdas/shared/documents.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import { buildAccount, buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const TABLE = "aws:dynamodb/table:Table";
const TABLE_PART = /ab-tests$/;

export const rule = defineRule({
    id: "F12",
    kind: "account",
    needs: ["plan", "account"],
    title: "The A/B test's weights sum to 100",
    story: "An A/B test was set up with a router that nobody had tried. Nothing fails when one variant gets everything, or when weights "
        + "that do not sum to 100 leave requests to nobody: it shows when the numbers are compared, and the test has to be run again.",
    source: "field reports S0-S4",
    prevention: "One function assigns, in the router and in verify; the API takes only weights that sum to 100; the configuration does "
        + "too.",
    fix: "set the weights again: `PUT /ab-tests/champion-challenger` with two whole numbers that sum to 100",
    applies: (evidence) => findTable(evidence) !== undefined,
    async check(evidence) {
        const table = findTable(evidence);
        const item = table === undefined ? undefined : await evidence.account.abTest(String(table.inputs["name"]));
        if (table === undefined || item === undefined) return { findings: [] };
        const about = { severity: "blocker", where: `${evidence.stack}/${table.name}`, urn: table.urn } as const;
        return { findings: describeFaults(item).map((what) => ({ ...about, what })) };
    },
    mustFind: [
        { title: "weights that sum to more than 100", evidence: () => buildEvidence({ champion: 90, challenger: 20 }) },
        { title: "weights that sum to less than 100", evidence: () => buildEvidence({ champion: 40, challenger: 40 }) },
        { title: "a weight below zero", evidence: () => buildEvidence({ champion: 110, challenger: -10 }) },
        { title: "half a percent", evidence: () => buildEvidence({ champion: 99.5, challenger: 0.5 }) },
        { title: "weights of which one is missing", evidence: () => buildEvidence({ champion: 100 } as unknown as Weights) },
    ],
    mustPass: [
        { title: "a test that nobody has set", evidence: () => buildEvidence(undefined) },
        { title: "half and half", evidence: () => buildEvidence({ champion: 50, challenger: 50 }) },
        { title: "all to one", evidence: () => buildEvidence({ champion: 0, challenger: 100 }) },
    ],
});

/** By its name, which the item is asked for with. */
function findTable({ plan }: Having<"plan">): PlannedResource | undefined {
    return plan.resources.find(({ type, inputs: { name } }) => type === TABLE && typeof name === "string" && TABLE_PART.test(name));
}

/** Keys that are assigned to see what weights do; a fair split of a thousand stays within 400 to 600. */
const SAMPLE_KEYS = 1000;
const TOLERANCE = 100;

function describeFaults({ Weights: weights }: AbTestItem): readonly string[] {
    if (weights === undefined) return [];
    const values = VARIANTS.map((variant) => weights[variant]);
    const isRight = values.every((value) => Number.isInteger(value) && value >= 0) && values.reduce((sum, value) => sum + value, 0) === 100;
    if (!isRight) return [`the weights must be whole numbers that sum to 100, got ${JSON.stringify(weights)}`];
    const keys = Array.from({ length: SAMPLE_KEYS }, (_, index) => `key-${index}`);
    const champions = keys.filter((key) => assignVariant(AB_TEST_ID, key, weights) === "champion").length;
    const expected = weights.champion * SAMPLE_KEYS / 100;
    if (Math.abs(champions - expected) <= TOLERANCE) return [];
    return [`of ${SAMPLE_KEYS} keys ${champions} go to the champion at ${weights.champion} %`];
}

function buildEvidence(weights: Weights | undefined): Evidence {
    const item = weights === undefined ? undefined : { TestId: AB_TEST_ID, Weights: weights, Revision: 1 };
    return {
        ...buildPlanEvidence({ type: TABLE, name: "ab-tests-table", inputs: { name: "firstlight-dev-ab-tests" } }),
        account: buildAccount({ abTest: async () => item }),
    };
}
