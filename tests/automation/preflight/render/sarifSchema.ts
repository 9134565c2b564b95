/**
 * The parts of the schema of SARIF 2.1.0 that a preflight writes, with what is required and what is allowed there, read in
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json; and what views of code scanning want beyond it:
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
const TEXT = { type: "string", minLength: 1 } as const;
const LEVEL = { enum: ["none", "note", "warning", "error"] } as const;

function object(properties: object, required: readonly string[] = []): object {
    return { type: "object", properties, required, additionalProperties: false };
}

function list(items: object): object {
    return { type: "array", items };
}

const message = object({ text: TEXT, markdown: TEXT }, ["text"]);
const location = object({
    id: { type: "integer", minimum: 0 },
    physicalLocation: object({
        artifactLocation: object({ uri: { type: "string", format: "uri-reference" }, uriBaseId: TEXT }, ["uri"]),
        region: object({ startLine: { type: "integer", minimum: 1 } }, ["startLine"]),
    }, ["artifactLocation", "region"]),
    logicalLocations: list(object({ fullyQualifiedName: TEXT, kind: TEXT })),
}, ["physicalLocation"]);

const rule = object({
    id: TEXT, shortDescription: message, fullDescription: message, help: message, helpUri: { type: "string", format: "uri" },
    properties: object({ tags: list(TEXT) }),
}, ["id", "shortDescription", "fullDescription", "help"]);

const result = {
    ...object({
        ruleId: TEXT, ruleIndex: { type: "integer", minimum: 0 }, level: LEVEL, message,
        kind: { enum: ["notApplicable", "pass", "fail", "review", "open", "informational"] },
        locations: { ...list(location), minItems: 1 }, relatedLocations: list(location),
        partialFingerprints: { type: "object", additionalProperties: TEXT, minProperties: 1 },
        suppressions: list(object({ kind: { enum: ["inSource", "external"] }, status: { enum: ["accepted", "underReview", "rejected"] }, justification: TEXT }, ["kind"])),
    }, ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"]),
    // 3.27.10: a result that is no failure has no level.
    if: { required: ["kind"], properties: { kind: { not: { const: "fail" } } } },
    then: { properties: { level: { const: "none" } } },
};

const notification = object({ level: LEVEL, message, associatedRule: object({ id: TEXT, index: { type: "integer" } }) }, ["message"]);

export const SARIF_SCHEMA = object({
    $schema: { type: "string", format: "uri" },
    version: { const: "2.1.0" },
    runs: { ...list(object({
        tool: object({ driver: object({ name: TEXT, version: TEXT, semanticVersion: TEXT, rules: list(rule) }, ["name"]) }, ["driver"]),
        automationDetails: object({ id: TEXT }),
        columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
        invocations: list(object({ executionSuccessful: { type: "boolean" }, exitCode: { type: "integer" }, toolExecutionNotifications: list(notification) }, ["executionSuccessful"])),
        results: list(result),
    }, ["tool"])), minItems: 1 },
}, ["version", "runs"]);
