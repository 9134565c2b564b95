/** F13: the plan is what was asked for. */
import { forbiddenTypes, requirements } from "../../../components/facts/requirements.ts";
import type { Requirement } from "../../../components/facts/requirements.ts";
import type { Plan } from "../../engine/engine.ts";
import { buildConfig, buildPlan } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";

export const rule = defineRule({
    id: "F13",
    kind: "plan",
    needs: ["plan"],
    title: "The plan holds what was asked for, and no machines instead",
    story: "A serverless platform was asked for, and what was written was servers behind a load balancer. It could be deployed, and it "
        + "was the wrong thing: nothing compared the list of what was wanted with what was declared.",
    source: "field reports S0-S4",
    prevention: "What was asked for stands in one table (components/facts/requirements.ts), which the tests of the program read too.",
    fix: "declare what is missing, or, when it is really not wanted any more, change components/facts/requirements.ts",
    applies: ({ plan }) => plan.resources.some(({ custom }) => custom),
    check({ stack, plan, plans, config }): CheckResult {
        // Before a model is approved, its endpoint is not declared; only the graph with endpoints on has to have both.
        const isServing = plan === plans?.endpointsOn && config?.inference.endpoints !== "off";
        const wanted = requirements.filter((each) => isServing || each.isServing !== true);
        return { findings: [...wanted.flatMap((each) => checkCount(each, plan, stack)), ...findMachines(plan, stack)] };
    },
    mustFind: [
        { title: "a plan that lacks a key", evidence: () => buildEvidence({ change: (all) => without(all, "aws:kms/key:Key") }) },
        {
            title: "a plan without the dashboard",
            evidence: () => buildEvidence({ change: (all) => without(all, "aws:cloudwatch/dashboard:Dashboard") }),
        },
        {
            title: "one endpoint where there are to be two",
            evidence: () => buildEvidence({ isServing: true, change: (all) => without(all, ENDPOINT) }),
        },
        {
            title: "servers that scale, beside all that was asked for",
            evidence: () => buildEvidence({ change: (all) => [...all, { type: "aws:autoscaling/group:Group", name: "web" }] }),
        },
        {
            title: "servers instead of what was asked for",
            evidence: () => buildEvidence({ change: () => [{ type: "aws:ec2/instance:Instance", name: "web" }] }),
        },
    ],
    mustPass: [
        { title: "everything, before there are endpoints", evidence: () => buildEvidence({}) },
        { title: "everything, with endpoints on", evidence: () => buildEvidence({ isServing: true }) },
        {
            title: "more than was asked for",
            evidence: () => buildEvidence({ change: (all) => [...all, { type: "aws:s3/bucket:Bucket", name: "more" }] }),
        },
        {
            title: "no endpoints where they are switched off",
            evidence: () => buildEvidence({
                endpoints: "off", isServing: true, change: (all) => all.filter(({ type }) => type !== ENDPOINT),
            }),
        },
    ],
});

function checkCount({ what, type, count }: Requirement, plan: Plan, stack: string): Finding[] {
    const found = plan.resources.filter((resource) => resource.type === type).length;
    if (found >= count) return [];
    const asked = `${count} ${count === 1 ? "is" : "are"} asked for`;
    return [{ severity: "blocker", where: `${stack}/${type}`, what: `${what}: ${asked}, and the plan has ${found}` }];
}

function findMachines(plan: Plan, stack: string): Finding[] {
    return plan.resources.filter(({ type }) => forbiddenTypes[type] !== undefined).map(({ type, name, urn }) => ({
        severity: "blocker", where: `${stack}/${name}`, urn,
        what: `the plan declares ${type}; the platform is to run on ${forbiddenTypes[type]}`,
        fix: "remove it, or take the type out of forbiddenTypes in components/facts/requirements.ts with a reason",
    }));
}

interface SampleArgs {
    readonly isServing?: boolean;
    readonly endpoints?: "auto" | "off";
    readonly change?: (all: readonly SampleResource[]) => readonly SampleResource[];
}

/** A plan of exactly what is asked for, changed. */
function buildEvidence({ isServing = false, endpoints = "auto", change = (all) => all }: SampleArgs): Evidence {
    const all = requirements.filter((each) => isServing || each.isServing !== true)
        .flatMap(({ type, count }) => Array.from({ length: count }, (_, index): SampleResource => ({ type, name: `${type}-${index}` })));
    const plan = buildPlan(...change(all));
    const other = buildPlan();
    const plans = isServing ? { asIs: other, endpointsOn: plan } : { asIs: plan, endpointsOn: other };
    return { stack: "dev", config: buildConfig({ inference: { endpoints } }), plan, plans };
}

/** One of the type less. */
function without(all: readonly SampleResource[], type: string): readonly SampleResource[] {
    const gone = all.find((each) => each.type === type);
    return all.filter((each) => each !== gone);
}
