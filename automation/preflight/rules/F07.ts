/** F07: Performance Insights is asked for only where it is offered. */
import { isInsightsRetention, offersInsights } from "../../../components/facts/databases.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import type { AccountView } from "../account/accountView.ts";
import { askOfferings, DATABASE, findDatabases, ofVersion } from "../planReading/databases.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildAccount, buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

export const rule = defineRule({
    id: "F07",
    kind: "plan",
    needs: ["plan"],
    title: "Performance Insights is asked for only where the database offers it",
    story: "performanceInsightsEnabled stood in the code of every environment. The small class of the development database may "
        + "not offer it: then the create ends with InvalidParameterCombination, when everything before it has come up.",
    source: "field reports S0-S4",
    fix: "leave performanceInsightsEnabled out, or choose a larger class, db.t4g.medium for one",
    applies: ({ plan }) => findDatabases(plan).some(asksForInsights),
    check: (evidence) => checkEach(evidence, findDatabases(evidence.plan).filter(asksForInsights), async (database) => [
        ...findRetentionFaults(database.inputs), ...await findClassFaults(database, evidence.account),
    ]),
    mustFind: [
        { title: "a small class of MySQL", evidence: () => buildEvidence({ engine: "mysql", instanceClass: "db.t3.micro" }) },
        {
            title: "a small class of PostgreSQL, of which nothing is documented",
            evidence: () => buildEvidence({ instanceClass: "db.t3.micro" }),
        },
        {
            title: "a class for which the account says no",
            evidence: () => buildEvidence({ instanceClass: "db.t4g.small" }, { supportsPerformanceInsights: false }),
        },
        { title: "a retention between two months", evidence: () => buildEvidence({ performanceInsightsRetentionPeriod: 30 }) },
    ],
    mustPass: [
        { title: "a large class, kept a week", evidence: () => buildEvidence({ performanceInsightsRetentionPeriod: 7 }) },
        { title: "a large class, kept two years", evidence: () => buildEvidence({ performanceInsightsRetentionPeriod: 731 }) },
        { title: "a large class, kept one month of 31 days", evidence: () => buildEvidence({ performanceInsightsRetentionPeriod: 31 }) },
        { title: "a large class, kept three months", evidence: () => buildEvidence({ performanceInsightsRetentionPeriod: 93 }) },
        {
            title: "a small class for which the account says yes",
            evidence: () => buildEvidence({ instanceClass: "db.t3.micro" }, { supportsPerformanceInsights: true }),
        },
    ],
});

/** Also when it is not known. */
function asksForInsights({ inputs: { performanceInsightsEnabled } }: PlannedResource): boolean {
    return performanceInsightsEnabled === true || performanceInsightsEnabled === UNKNOWN;
}

function findRetentionFaults({ performanceInsightsRetentionPeriod: days }: PropertyMap): readonly Remark[] {
    if (days === undefined) return [];
    if (typeof days !== "number") return [{ open: "how long Performance Insights is kept is not known before the deployment" }];
    if (isInsightsRetention(days)) return [];
    return [{
        what: `performanceInsightsRetentionPeriod must be 7, 731 or a multiple of 31, got ${days}`,
        fix: "write 7, which costs nothing, or whole months of 31 days",
    }];
}

/** The account knows; without it, what is documented. */
async function findClassFaults(database: PlannedResource, account: AccountView | undefined): Promise<readonly Remark[]> {
    const { engine, instanceClass, engineVersion, performanceInsightsEnabled } = database.inputs;
    if (performanceInsightsEnabled === UNKNOWN) return [{ open: "whether Performance Insights is on is not known before the deployment" }];
    if (engine === undefined) return []; // a replica, or made from a snapshot: what holds for its source holds for it
    if (typeof engine !== "string" || typeof instanceClass !== "string" || isUnknown(instanceClass)) {
        return [{ open: "engine or instance class are not known before the deployment" }];
    }
    const answer = await askOfferings(database, account);
    const offered = "offerings" in answer ? ofVersion(answer.offerings, engineVersion) : [];
    if (offered.some(({ supportsPerformanceInsights }) => supportsPerformanceInsights)) return [];
    if (offered.length > 0) return [{ what: `${instanceClass} does not offer Performance Insights for ${engine} in this region` }];
    const gap: readonly Remark[] = account !== undefined && "open" in answer ? [answer] : [];
    const documented = offersInsights(engine, instanceClass);
    if (documented === "yes") return gap;
    if (documented === "no") return [...gap, { what: `${instanceClass} does not offer Performance Insights for ${engine}` }];
    const what = `${instanceClass} may not offer Performance Insights for ${engine}: only the account knows`;
    return [...gap, { severity: "warning", what }];
}

function buildEvidence(inputs: PropertyMap, offering?: { readonly supportsPerformanceInsights: boolean }): Evidence {
    const large = { engine: "postgres", engineVersion: "17.11", instanceClass: "db.m6g.large", performanceInsightsEnabled: true };
    const evidence = buildPlanEvidence({ type: DATABASE, name: "database", inputs: { ...large, ...inputs } });
    if (offering === undefined) return evidence;
    const offerings = [{ engineVersion: "17.11", storageTypes: ["gp3"], ...offering }];
    return { ...evidence, account: buildAccount({ databaseOfferings: async () => offerings }) };
}
