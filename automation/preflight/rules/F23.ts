/** F23: what rotates a secret is there, may be called, and has a schedule. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { DATABASE } from "../planReading/databases.ts";
import { ancestorsOf, sourcesOf } from "../planReading/order.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { findRotated, findRotations, isManagedSecret, ROTATION, SECRET } from "../planReading/secrets.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const CALLER = /^secretsmanager\.amazonaws\.com(\.cn)?$/;
/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html (2026-11-21) */
const MOST_DAYS = 1000;

export const rule = defineRule({
    id: "F23",
    kind: "plan",
    needs: ["plan"],
    title: "What is to be rotated has something that rotates it",
    story: "Rotation was switched on for the database's password, and nobody had written the function that does it: "
        + "InvalidRequestException, \"No Lambda rotation function ARN is associated with this secret\".",
    source: "field reports S0-S4",
    fix: "let RDS keep the password (manageMasterUserPassword: true), which it rotates without a function; or name a rotationLambdaArn",
    applies: ({ plan }) => findRotations(plan).length > 0,
    check: (evidence) => checkEach(evidence, findRotations(evidence.plan), (rotation) => [
        ...findScheduleFaults(rotation.inputs), ...findRotatorFaults(rotation, evidence.plan),
    ]),
    mustFind: [
        { title: "no function", evidence: () => buildEvidence({ rotationRules: { automaticallyAfterDays: 30 } }) },
        {
            title: "a function that Secrets Manager may not call",
            evidence: () => buildEvidence({ rotationLambdaArn: ROTATOR_ARN }, { permits: "s3.amazonaws.com" }),
        },
        {
            title: "a rotation that does not wait for the permission",
            evidence: () => buildEvidence({ rotationLambdaArn: ROTATOR_ARN }, { waits: false }),
        },
        {
            title: "too many days",
            evidence: () => buildEvidence({ rotationLambdaArn: ROTATOR_ARN, rotationRules: { automaticallyAfterDays: 1001 } }),
        },
        {
            title: "no days at all",
            evidence: () => buildEvidence({ rotationLambdaArn: ROTATOR_ARN, rotationRules: { automaticallyAfterDays: 0 } }),
        },
        {
            title: "days and a schedule",
            evidence: () => buildEvidence({
                rotationLambdaArn: ROTATOR_ARN, rotationRules: { automaticallyAfterDays: 7, scheduleExpression: "rate(7 days)" },
            }),
        },
        {
            title: "a schedule for a rotation that is off",
            evidence: () => buildEvidence({ rotationEnabled: false, rotationRules: { automaticallyAfterDays: 7 } }),
        },
    ],
    mustPass: [
        {
            title: "a function that Secrets Manager may call",
            evidence: () => buildEvidence({ rotationLambdaArn: ROTATOR_ARN, rotationRules: { automaticallyAfterDays: 30 } }),
        },
        {
            title: "the password that RDS keeps",
            evidence: () => buildEvidence({ rotationRules: { scheduleExpression: "rate(30 days)" } }, { isManaged: true }),
        },
        {
            title: "as many days as there can be",
            evidence: () => buildEvidence({ rotationLambdaArn: ROTATOR_ARN, rotationRules: { automaticallyAfterDays: 1000 } }),
        },
        { title: "a rotation that is off", evidence: () => buildEvidence({ rotationEnabled: false }) },
    ],
});

function findScheduleFaults({ rotationEnabled, rotationRules }: PropertyMap): readonly Remark[] {
    if (rotationRules === UNKNOWN) return [{ open: "its schedule is not known before the deployment" }];
    if (rotationRules === undefined) return [];
    if (rotationEnabled === false) {
        return [{ what: "is off and has rotationRules; the provider takes one of both", fix: "leave rotationRules out" }];
    }
    const { automaticallyAfterDays: days, scheduleExpression: schedule } = rotationRules as PropertyMap;
    if (days === UNKNOWN || schedule === UNKNOWN) return [{ open: "its schedule is not known before the deployment" }];
    if ((days === undefined) === (schedule === undefined)) {
        return [{
            what: `has ${days === undefined ? "neither" : "both"} automaticallyAfterDays and scheduleExpression`,
            fix: "write one of the two",
        }];
    }
    if (days === undefined || (typeof days === "number" && Number.isInteger(days) && days >= 1 && days <= MOST_DAYS)) return [];
    return [{ what: `automaticallyAfterDays must be 1 to ${MOST_DAYS}, got ${String(days)}`, fix: "write a number of days in between" }];
}

function findRotatorFaults(rotation: PlannedResource, plan: Plan): readonly Remark[] {
    const { rotationEnabled, rotationLambdaArn, externalSecretRotationRoleArn, secretId } = rotation.inputs;
    if (rotationEnabled === false || externalSecretRotationRoleArn !== undefined) return [];
    if (rotationLambdaArn !== undefined && rotationLambdaArn !== "") return findPermissionFaults(rotation, plan);
    const rotated = findRotated(rotation, plan);
    if (rotated?.type === DATABASE || (typeof secretId === "string" && isManagedSecret(secretId))) return [];
    if (rotated === undefined) return [{ open: "whether another service rotates its secret is not known before the deployment" }];
    return [{ what: `rotates ${rotated.name}, and has no rotationLambdaArn` }];
}

/** Functions of others are theirs to open. */
function findPermissionFaults(rotation: PlannedResource, plan: Plan): readonly Remark[] {
    const before = ancestorsOf(rotation, plan);
    return sourcesOf(rotation, "rotationLambdaArn", { plan, type: FUNCTION }).flatMap((rotator): readonly Remark[] => {
        const permissions = plan.resources.filter((each) => each.type === PERMISSION && isOf(each, rotator)
            && CALLER.test(String(each.inputs["principal"])));
        if (permissions.length === 0) {
            return [{
                what: `Secrets Manager may not call ${rotator.name}`,
                fix: "add an aws.lambda.Permission for secretsmanager.amazonaws.com",
            }];
        }
        if (permissions.some(({ urn }) => before.has(urn))) return [];
        return [{
            what: `does not wait for ${permissions[0]?.name ?? ""}: Secrets Manager tries the function out at once`,
            fix: "add the permission to dependsOn",
        }];
    });
}

function isOf({ propertyDependencies, inputs }: PlannedResource, rotator: PlannedResource): boolean {
    const { name } = rotator.inputs;
    if ((propertyDependencies["function"] ?? []).includes(rotator.urn)) return true;
    return name !== undefined && !isUnknown(name) && inputs["function"] === name;
}

const ROTATOR_ARN = "arn:aws:lambda:eu-central-1:123456789012:function:rotator";

interface Around {
    /** Who may call the function. @default Secrets Manager */
    readonly permits?: string;
    /** @default true */
    readonly waits?: boolean;
    /** RDS keeps the password. */
    readonly isManaged?: boolean;
}

function buildEvidence(inputs: PropertyMap, around: Around = {}): Evidence {
    const { permits = "secretsmanager.amazonaws.com", waits = true, isManaged = false } = around;
    const secret: SampleResource = isManaged
        ? { type: DATABASE, name: "database", inputs: { manageMasterUserPassword: true } }
        : { type: SECRET, name: "password", inputs: { name: "dev/firstlight/password" } };
    const rotator: SampleResource = { type: FUNCTION, name: "rotator", inputs: { name: "rotator" } };
    const permission: SampleResource = {
        type: PERMISSION, name: "rotator-permission", inputs: { principal: permits }, propertyDependencies: { function: [urnOf(rotator)] },
    };
    const hasRotator = "rotationLambdaArn" in inputs;
    return buildPlanEvidence(secret, rotator, permission, {
        type: ROTATION, name: "rotation", inputs, dependencies: waits ? [urnOf(permission)] : [],
        propertyDependencies: { secretId: [urnOf(secret)], ...(hasRotator ? { rotationLambdaArn: [urnOf(rotator)] } : {}) },
    });
}
