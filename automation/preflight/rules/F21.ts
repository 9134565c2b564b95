/** F21: what the database is told about its memory is true. */
import { findClassMemoryBytes } from "../../../components/facts/databases.ts";
import { memoryParameters } from "../../../components/facts/postgresParameters.ts";
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { DATABASE, findDatabases, findParameterGroups, PARAMETER_GROUP, readParameters, usesGroup } from "../planReading/databases.ts";
import type { ParameterReading } from "../planReading/databases.ts";
import { evaluateParameter, isFormula } from "../planReading/parameterFormula.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

export const rule = defineRule({
    id: "F21",
    kind: "plan",
    needs: ["plan"],
    title: "Memory parameters of the database fit into its class",
    story: "effective_cache_size was 393216, meant as KiB. It counts pages of 8 KiB: 3 GiB on a machine with 1 GiB. The planner "
        + "believed it and chose plans for a cache that is not there. Formulas that forget the division by 8192 are refused outright.",
    source: "field report S2",
    fix: "write a formula, which follows the class: {DBInstanceClassMemory*3/32768} is three quarters of the memory in pages of 8 KiB",
    applies: ({ plan }) => groupsOf(plan).length > 0,
    check: (evidence) => checkEach(evidence, groupsOf(evidence.plan), (group) => {
        const parameters = readParameters(group);
        if (parameters === undefined || isUnknown(group.inputs["family"])) {
            return [{ open: "its family or its parameters are not known before the deployment" }];
        }
        const databases = findDatabases(evidence.plan).filter((database) => usesGroup(database, group));
        return parameters.filter(({ name }) => Object.hasOwn(memoryParameters, name))
            .flatMap((parameter) => findFaults(parameter, databases));
    }),
    mustFind: [
        { title: "three times the memory of the machine", evidence: () => buildEvidence("393216", "db.t3.micro") },
        { title: "one page more than all of the memory", evidence: () => buildEvidence("131073", "db.t3.micro") },
        { title: "one page more than three quarters of the memory", evidence: () => buildEvidence("98305", "db.t3.micro") },
        { title: "nearly all of the memory", evidence: () => buildEvidence("120000", "db.t3.micro") },
        { title: "a formula that counts bytes", evidence: () => buildEvidence("{DBInstanceClassMemory*3/4}", "db.t3.micro") },
        { title: "more than the largest number", evidence: () => buildEvidence("3221225472", "db.r6g.16xlarge") },
        { title: "a value with a unit", evidence: () => buildEvidence("768MB", "db.t3.micro") },
        { title: "a formula that RDS cannot read", evidence: () => buildEvidence("{DBInstanceMemory/16384}", "db.t3.micro") },
        { title: "buffers larger than the machine", evidence: () => buildEvidence("262144", "db.t4g.micro", "shared_buffers") },
    ],
    mustPass: [
        { title: "three quarters of the memory", evidence: () => buildEvidence("98304", "db.t3.micro") },
        { title: "the same number on a machine four times as large", evidence: () => buildEvidence("393216", "db.t3.medium") },
        { title: "three quarters as a formula", evidence: () => buildEvidence("{DBInstanceClassMemory*3/32768}", "db.m6g.large") },
        { title: "a formula with a bound", evidence: () => buildEvidence("LEAST({DBInstanceClassMemory/16384},98304)", "db.r7g.4xlarge") },
        { title: "memory for sorting, in KiB", evidence: () => buildEvidence("65536", "db.t3.micro", "work_mem") },
    ],
});

/** Groups of PostgreSQL, or of what is not known: the parameters of other engines have other units. */
function groupsOf(plan: Plan): readonly PlannedResource[] {
    return findParameterGroups(plan).filter((group) => {
        const { family } = group.inputs;
        const isPostgres = isUnknown(family) || String(family).startsWith("postgres");
        return isPostgres && (readParameters(group)?.some(({ name }) => Object.hasOwn(memoryParameters, name)) ?? true);
    });
}

function findFaults(parameter: ParameterReading, databases: readonly PlannedResource[]): readonly Remark[] {
    const { name, value } = parameter;
    if (value === undefined) return [{ open: `${name} is not known before the deployment` }];
    if (!isFormula(value)) return [{ what: `${name} must be a number or a formula, got ${JSON.stringify(value)}` }];
    const max = memoryParameters[name]?.max ?? 0;
    if (/^\d+$/.test(value) && Number(value) > max) return [{ what: `${name} may be ${max} at most, got ${value}` }];
    return databases.flatMap(({ inputs: { instanceClass } }): readonly Remark[] => {
        if (typeof instanceClass !== "string" || isUnknown(instanceClass)) {
            return [{ open: "the database's class is not known before the deployment" }];
        }
        const memory = findClassMemoryBytes(instanceClass);
        if (memory === undefined) return [{ open: `the memory of ${instanceClass} is not in the table` }];
        return compare(parameter, instanceClass, memory);
    });
}

/** RDS keeps a part of the class's memory for itself, so that a formula's result is a little less than reckoned here. */
function compare({ name, value = "" }: ParameterReading, instanceClass: string, memory: number): readonly Remark[] {
    const { unitBytes = 1, max = 0, sensibleShare = 1 } = memoryParameters[name] ?? {};
    const amount = evaluateParameter(value, { DBInstanceClassMemory: memory });
    if (amount === undefined) return [{ open: `${name} ${value} depends on more than the class` }];
    const bytes = amount * unitBytes;
    const what = `${name} ${value} is ${inGiB(bytes)}, and ${instanceClass} has ${inGiB(memory)} of memory`;
    if (amount > max || bytes > memory) return [{ what }];
    return bytes > memory * sensibleShare ? [{ severity: "warning", what: `${what}, of which ${sensibleShare * 100} % make sense` }] : [];
}

function inGiB(bytes: number): string {
    return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function buildEvidence(value: string, instanceClass: string, name = "effective_cache_size"): Evidence {
    const group = { type: PARAMETER_GROUP, name: "parameters", inputs: { family: "postgres17", parameters: [{ name, value }] } };
    return buildPlanEvidence(group, {
        type: DATABASE, name: "database", inputs: { engine: "postgres", instanceClass },
        dependencies: [urnOf(group)], propertyDependencies: { parameterGroupName: [urnOf(group)] },
    });
}
