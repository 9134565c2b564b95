/** F19: the database does not write every statement into its log. */
import { LOG_STATEMENT_VALUES } from "../../../components/facts/postgresParameters.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import { findParameterGroups, PARAMETER_GROUP, readParameters } from "../planReading/databases.ts";
import type { ParameterReading } from "../planReading/databases.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

export const rule = defineRule({
    id: "F19",
    kind: "plan",
    needs: ["plan"],
    title: "The database does not write every statement into its log",
    story: "log_statement was all, in production too. Passwords of CREATE ROLE and people's data go into CloudWatch in clear text then, "
        + "and the log grows with every query.",
    source: "field reports S0-S4",
    fix: "write ddl or mod; to look for something in a development stack: `--skip F19 --because \"...\"`",
    applies: ({ plan }) => postgresGroupsOf(findParameterGroups(plan)).length > 0,
    check: (evidence) => checkEach(evidence, postgresGroupsOf(findParameterGroups(evidence.plan)), (group) => {
        const parameters = readParameters(group);
        return parameters === undefined ? [{ open: "its parameters are not known before the deployment" }] : parameters.flatMap(findFaults);
    }),
    mustFind: [
        { title: "every statement", evidence: () => buildEvidence({ log_statement: "all" }) },
        { title: "a value that does not exist", evidence: () => buildEvidence({ log_statement: "select" }) },
        { title: "every statement by its duration", evidence: () => buildEvidence({ log_min_duration_statement: "0" }) },
    ],
    mustPass: [
        {
            title: "changes of the schema, and what takes a second",
            evidence: () => buildEvidence({ log_statement: "ddl", log_min_duration_statement: "1000" }),
        },
        { title: "changes of data", evidence: () => buildEvidence({ log_statement: "mod", log_min_duration_statement: "-1" }) },
        { title: "a group that says nothing about it", evidence: () => buildEvidence({ work_mem: "4096" }) },
    ],
});

function postgresGroupsOf(groups: readonly PlannedResource[]): readonly PlannedResource[] {
    return groups.filter(({ inputs: { family } }) => family === UNKNOWN || String(family).startsWith("postgres"));
}

function findFaults({ name, value }: ParameterReading): readonly Remark[] {
    if (name !== "log_statement" && name !== "log_min_duration_statement") return [];
    if (value === undefined) return [{ open: `${name} is not known before the deployment` }];
    if (name === "log_min_duration_statement") {
        if (Number(value) !== 0) return [];
        return [{
            severity: "warning",
            what: "log_min_duration_statement 0 logs every statement with its values",
            fix: "write the milliseconds from which a statement is slow",
        }];
    }
    if (value === "all") return [{ what: "log_statement all writes every statement into the log, with the passwords and data in it" }];
    if (LOG_STATEMENT_VALUES.some((each) => each === value)) return [];
    return [{ what: `log_statement must be one of ${LOG_STATEMENT_VALUES.join(", ")}, got ${JSON.stringify(value)}` }];
}

function buildEvidence(values: Readonly<Record<string, string>>): Evidence {
    const parameters = Object.entries(values).map(([name, value]) => ({ name, value }));
    return buildPlanEvidence({ type: PARAMETER_GROUP, name: "parameters", inputs: { family: "postgres17", parameters } });
}
