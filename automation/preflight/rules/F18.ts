/** F18: the database's version can be had. */
import {
    ageOfPostgresVersions, judgePostgresVersion, postgresVersions, SNAPSHOT_MAX_AGE_DAYS, suggestPostgresVersion,
} from "../../../components/facts/postgresVersions.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import type { AccountView } from "../account/accountView.ts";
import {
    askOfferings, DATABASE, findDatabases, findParameterGroups, ofVersion, PARAMETER_GROUP, usesGroup,
} from "../planReading/databases.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildAccount, buildPlanEvidence } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

export const rule = defineRule({
    id: "F18",
    kind: "plan",
    needs: ["plan"],
    title: "The database's version is one that RDS still offers",
    story: "engineVersion was 15.4, which RDS had withdrawn: \"Cannot find version 15.4 for postgres\". Minor versions go every few "
        + "months, so a program that deployed in spring fails in autumn without a change.",
    source: "field reports S0-S4",
    fix: "name the major version alone, which RDS completes with a minor one that it offers, or a version of the list (components/facts/postgresVersions.ts)",
    applies: ({ plan }) => findDatabases(plan).some(namesVersion),
    check: (evidence) => checkEach(evidence, findDatabases(evidence.plan).filter(namesVersion), async (database) => [
        ...(isThereAlready(database, evidence) ? [] : await findVersionFaults(database, evidence.account)),
        ...findFamilyFaults(database, evidence.plan),
    ]),
    mustFind: [
        { title: "a version that was withdrawn", evidence: () => buildEvidence("15.4") },
        { title: "a version that never was", evidence: () => buildEvidence("99.1") },
        { title: "a version that only other regions have", evidence: () => buildEvidence("18.6", ["18.4", "17.11"]) },
        { title: "a class that has no PostgreSQL at all", evidence: () => buildEvidence("17.11", []) },
        { title: "parameters of another major version", evidence: () => buildEvidence("17.11", ["17.11"], "postgres16") },
    ],
    mustPass: [
        { title: "a major version, which RDS completes", evidence: () => buildEvidence("15", ["17.11", "15.19"]) },
        { title: "a version that the account has", evidence: () => buildEvidence("15.14", ["15.14"], "postgres15") },
        { title: "a database that has had its version since before it was withdrawn", evidence: () => buildExisting("15.4") },
        { title: "a version that is newer than the list, and in the account", evidence: () => buildEvidence("19.1", ["19.1"]) },
    ],
});

function namesVersion({ inputs: { engine, engineVersion } }: PlannedResource): boolean {
    return engine !== undefined && engineVersion !== undefined;
}

/** A database that exists keeps its version, whether others can still have it or not. */
function isThereAlready({ urn, inputs }: PlannedResource, { state = [] }: Evidence): boolean {
    return state.some((each) => each.urn === urn && each.inputs["engineVersion"] === inputs["engineVersion"]);
}

/** The account knows; without it, the list. */
async function findVersionFaults(database: PlannedResource, account: AccountView | undefined): Promise<readonly Remark[]> {
    const { engine, engineVersion, instanceClass } = database.inputs;
    if (typeof engine !== "string" || typeof engineVersion !== "string" || isUnknown(engineVersion)) {
        return [{ open: "engine or version are not known before the deployment" }];
    }
    const answer = await askOfferings(database, account);
    if ("open" in answer) return judgeOffline(engine, engineVersion, answer.open);
    const { offerings } = answer;
    if (offerings.length === 0) {
        return [{ what: `${String(instanceClass)} cannot be ordered with ${engine} in this region`, fix: "choose another instanceClass" }];
    }
    if (ofVersion(offerings, engineVersion).length > 0) return [];
    const sameMajor = ofVersion(offerings, engineVersion.split(".")[0]).map((offering) => offering.engineVersion);
    const offered = [...new Set(sameMajor.length > 0 ? sameMajor : offerings.map((offering) => offering.engineVersion))].slice(0, 5);
    return [{
        what: `${engine} ${engineVersion} cannot be ordered on ${String(instanceClass)} in this region; it has ${offered.join(", ")}`,
    }];
}

function judgeOffline(engine: string, version: string, open: string): readonly Remark[] {
    if (engine !== "postgres") return [{ open: `versions of ${engine} are not listed, and ${open}` }];
    const verdict = judgePostgresVersion(version);
    const date = postgresVersions.snapshotDate;
    if (verdict === "unlisted") return [{ open: `PostgreSQL ${version} is not in the list of ${date}, and ${open}` }];
    if (verdict !== "offered") {
        const what = verdict === "withdrawn" ? `RDS no longer offers PostgreSQL ${version}` : `there is no PostgreSQL ${version}`;
        return [{ what: `${what} (list of ${date})`, fix: `write ${version.split(".")[0] ?? ""} or ${suggestPostgresVersion(version)}` }];
    }
    const age = ageOfPostgresVersions(new Date());
    if (age <= SNAPSHOT_MAX_AGE_DAYS || !version.includes(".")) return [];
    const what = `PostgreSQL ${version} was offered ${age} days ago, on ${date}; it may have been withdrawn since`;
    return [{ severity: "warning", what, fix: "run preflight with an account, or name the major version alone" }];
}

/**
 * A database takes parameters of its own major version only.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithDBInstanceParamGroups.html
 */
function findFamilyFaults(database: PlannedResource, plan: Plan): readonly Remark[] {
    const { engine, engineVersion } = database.inputs;
    if (engine !== "postgres" || typeof engineVersion !== "string" || isUnknown(engineVersion)) return [];
    const family = `postgres${engineVersion.split(".")[0] ?? ""}`;
    return findParameterGroups(plan).filter((group) => usesGroup(database, group)).flatMap(({ name, inputs }): readonly Remark[] => {
        if (isUnknown(inputs["family"]) || inputs["family"] === family) return [];
        return [{
            what: `is PostgreSQL ${engineVersion}, and its parameter group ${name} is of the family ${String(inputs["family"])}`,
            fix: `write family: "${family}"`,
        }];
    });
}

function buildEvidence(engineVersion: string, offered?: readonly string[], family?: string): Evidence {
    const group: SampleResource = { type: PARAMETER_GROUP, name: "parameters", inputs: { name: "firstlight-dev", family: family ?? "" } };
    const parameters: PropertyMap = family === undefined ? {} : { parameterGroupName: "firstlight-dev" };
    const inputs = { engine: "postgres", engineVersion, instanceClass: "db.t4g.micro", ...parameters };
    const database: SampleResource = { type: DATABASE, name: "database", inputs };
    const evidence = family === undefined ? buildPlanEvidence(database) : buildPlanEvidence(group, database);
    if (offered === undefined) return evidence;
    const offerings = offered.map((version) => ({ engineVersion: version, supportsPerformanceInsights: true, storageTypes: ["gp3"] }));
    return { ...evidence, account: buildAccount({ databaseOfferings: async () => offerings }) };
}

/** A database that the state knows. */
function buildExisting(engineVersion: string): Evidence {
    const evidence = buildEvidence(engineVersion);
    return { ...evidence, state: (evidence.plan?.resources ?? []).map((resource) => ({ ...resource, outputs: {} })) };
}
