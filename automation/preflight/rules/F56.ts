/** F56: a health check gives up before the next one begins. */
import { findHealthCheckDefaults, HEALTH_CHECK_PATH_LENGTH, healthCheckRanges } from "../../../components/facts/healthChecks.ts";
import type { HealthCheckNumber } from "../../../components/facts/healthChecks.ts";
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { checkEach, findGaps } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

/** The same resource under its old and its new name. */
const TARGET_GROUPS = ["aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup"];
const NUMBERS = Object.keys(healthCheckRanges) as readonly HealthCheckNumber[];

export const rule = defineRule({
    id: "F56",
    kind: "plan",
    needs: ["plan"],
    title: "A health check gives up before the next one begins",
    story: "interval was lowered to 5 seconds, and timeout stayed at its default of 6: \"Health check interval must be greater than the "
        + "timeout\", and the service behind it never started. The default is in no file, so nobody looks at it.",
    source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    fix: "write a timeout that is smaller than the interval",
    applies: ({ plan }) => targetGroupsOf(plan).length > 0,
    check: (evidence) => checkEach(evidence, targetGroupsOf(evidence.plan), ({ inputs }) => {
        const { healthCheck = {} } = inputs;
        if (healthCheck === UNKNOWN) return [{ open: "its health check is not known before the deployment" }];
        return findFaults(healthCheck as PropertyMap, inputs);
    }),
    mustFind: [
        { title: "a timeout as long as the interval", evidence: () => buildEvidence({ interval: 10, timeout: 10 }) },
        { title: "an interval below the timeout that holds by default", evidence: () => buildEvidence({ interval: 5 }) },
        { title: "a timeout above the interval that holds by default", evidence: () => buildEvidence({ timeout: 60 }) },
        { title: "an interval that does not exist", evidence: () => buildEvidence({ interval: 600, timeout: 5 }) },
        { title: "one check being enough", evidence: () => buildEvidence({ healthyThreshold: 1 }) },
        { title: "a path without its slash", evidence: () => buildEvidence({ path: "health" }) },
        { title: "an answer that is an error", evidence: () => buildEvidence({ matcher: "200-599" }) },
    ],
    mustPass: [
        { title: "nothing said", evidence: () => buildEvidence({}) },
        {
            title: "a timeout below the interval",
            evidence: () => buildEvidence({ interval: 15, timeout: 5, path: "/health", matcher: "200,204,300-399" }),
        },
        {
            title: "five seconds over HTTPS, with a timeout",
            evidence: () => buildEvidence({ interval: 5, timeout: 4 }, { protocol: "HTTPS" }),
        },
        {
            title: "a network load balancer",
            evidence: () => buildEvidence({ interval: 30, matcher: "200-599", protocol: "HTTP" }, { protocol: "TCP" }),
        },
    ],
});

function targetGroupsOf(plan: Plan): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => TARGET_GROUPS.includes(type));
}

function findFaults(check: PropertyMap, group: PropertyMap): readonly Remark[] {
    if (check["enabled"] === false) return [];
    const gaps = [...findGaps(group, ["protocol", "targetType"]), ...findGaps(check, ["enabled", "path", "matcher", ...NUMBERS])];
    if (gaps.length > 0) return gaps;
    const ranges = NUMBERS.flatMap((name) => findRangeFaults(name, check[name]));
    return [...ranges, ...findTimeoutFaults(check, group), ...findTextFaults(check, group)];
}

function findRangeFaults(name: HealthCheckNumber, value: unknown): readonly Remark[] {
    if (value === undefined) return [];
    const { min, max, unit } = healthCheckRanges[name];
    if (Number(value) >= min && Number(value) <= max) return [];
    return [{ what: `${name} must be ${min} to ${max} ${unit}, got ${String(value)}`, fix: "write a number in between" }];
}

function findTimeoutFaults({ interval, timeout }: PropertyMap, { protocol, targetType }: PropertyMap): readonly Remark[] {
    const { intervalSeconds, timeoutSeconds } = findHealthCheckDefaults(protocol, targetType);
    const [every, wait] = [interval ?? intervalSeconds, timeout ?? timeoutSeconds];
    if (typeof every !== "number" || typeof wait !== "number" || wait < every) return [];
    const byDefault = (value: unknown): string => (value === undefined ? " by default" : "");
    return [{ what: `waits ${wait} seconds for an answer${byDefault(timeout)}, and asks every ${every} seconds${byDefault(interval)}` }];
}

/** Application load balancers take codes from 200 to 499 only; for gRPC and network load balancers there are others. */
function findTextFaults({ path, matcher }: PropertyMap, { protocol, protocolVersion }: PropertyMap): readonly Remark[] {
    const faults: Remark[] = [];
    if (typeof path === "string" && path !== "" && (!path.startsWith("/") || path.length > HEALTH_CHECK_PATH_LENGTH)) {
        faults.push({
            what: `path must begin with a slash and be ${HEALTH_CHECK_PATH_LENGTH} long at most, got ${JSON.stringify(path.slice(0, 60))}`,
            fix: "write e.g. /health",
        });
    }
    const isHttp = (protocol === "HTTP" || protocol === "HTTPS") && protocolVersion !== "GRPC";
    if (typeof matcher !== "string" || matcher === "" || !isHttp) return faults;
    const codes = matcher.split(/[,-]/).map(Number);
    if (codes.every((code) => code >= 200 && code <= 499)) return faults;
    return [...faults, { what: `matcher must be codes from 200 to 499, got ${JSON.stringify(matcher)}`, fix: "write e.g. 200-299" }];
}

function buildEvidence(healthCheck: PropertyMap, group: PropertyMap = { protocol: "HTTP" }): Evidence {
    const inputs = { port: 8080, targetType: "ip", ...group, healthCheck };
    return buildPlanEvidence({ type: TARGET_GROUPS[0] ?? "", name: "letters-targets", inputs });
}
