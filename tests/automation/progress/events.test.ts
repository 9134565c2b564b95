import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import { expect } from "chai";
import type { StackStatus } from "../../../automation/driver/commands/status/stackStatus.ts";
import type { DriverEvent, TimedEvent } from "../../../automation/progress/reporter.ts";
import { readRecordedLines } from "../../support/recordedRehearsal.ts";

const DOCS = path.resolve(import.meta.dirname, "../../../docs");

interface KindSchema { readonly properties: Readonly<Record<string, unknown>>; readonly required: readonly string[] }
interface EventsSchema { readonly oneOf: readonly { readonly $ref: string }[]; readonly $defs: Readonly<Record<string, KindSchema>> }

type Samples = { readonly [Kind in DriverEvent["kind"]]: Required<Extract<TimedEvent, { readonly kind: Kind }>> };

const urn = "urn:pulumi:dev::firstlight::aws:s3/bucket:Bucket::raw";
const resource = { urn, type: "aws:s3/bucket:Bucket", name: "raw" } as const;
const weights = { champion: 90, challenger: 10 } as const;

const run = { name: "c16c", status: "SUCCEEDED", startedAt: "2026-11-21T16:38:00.000Z", endedAt: "2026-11-21T16:39:00.000Z", reason: "stopped" } as const;
const status: Required<StackStatus> = {
    stack: "dev", region: "eu-central-1", account: "111122223333", backend: "s3://states", phase: "serving", resources: 214, outputs: { phase: "serving" },
    locks: [{ of: "driver", owner: "up by kim" }], pending: [{ urn, operation: "creating" }], endpointSwitch: "on",
    endpoints: [{ variant: "champion", name: "dev-champion", status: "InService", modelVersion: "v1", approvedVersion: "v1", memoryMiB: 2048, maxConcurrency: 2 }],
    weights, drained: "challenger", running: [run], lastRun: run, unconfirmed: ["a@example.com"], standIns: ["a variable"], unasked: [{ what: "the state", why: "no CLI" }],
};

/** One of each kind, with every property that it can have: a new kind or property does not compile until it stands here. */
const samples = {
    run: { kind: "run", atMs: 0, command: "deploy", stack: "dev", startedAt: "2026-11-21T16:38:00.000Z", versions: { node: "24.21.0", events: "1" } },
    end: { kind: "end", atMs: 9, exitCode: 2, durationMs: 9, message: "up: the cloud refused" },
    lock: { kind: "lock", atMs: 1, status: "acquired", message: "held by process 4711 on build-7" },
    pending: { kind: "pending", atMs: 1, urn, operation: "creating", outcome: "adopted", message: "it exists" },
    drift: { kind: "drift", atMs: 1, drift: [{ ...resource, kind: "changed", properties: ["tags"] }] },
    preview: { kind: "preview", atMs: 1, counts: { create: 1, same: 3 }, changes: [{ ...resource, operation: "create", properties: [] }] },
    status: { kind: "status", atMs: 1, status },
    retry: { kind: "retry", atMs: 1, phase: "up", attempt: 2, waitMs: 5000, message: "throttled" },
    weights: { kind: "weights", atMs: 1, weights, drained: "challenger" },
    phase: { kind: "phase", atMs: 1, phase: "up", status: "failed", durationMs: 10.5, message: "refused" },
    resource: { kind: "resource", atMs: 1, ...resource, operation: "create", status: "failed", durationMs: 3, message: "AccessDenied" },
    diagnostic: { kind: "diagnostic", atMs: 1, severity: "warning", message: "deprecated", urn },
    state: { kind: "state", atMs: 1, execution: "c16c", state: "TrainModel (champion)", status: "failed", message: "CapacityError", happenedAt: "2026-11-21T16:38:00.000Z" },
    endpoint: { kind: "endpoint", atMs: 1, endpoint: "firstlight-dev-champion", status: "InService", happenedAt: "2026-11-21T16:38:00.000Z" },
    counts: { kind: "counts", atMs: 1, phase: "up", counts: { create: 214 } },
    preflight: {
        kind: "preflight", atMs: 1,
        result: {
            findings: [{
                id: "F21", title: "Memory", severity: "blocker", where: "dev/endpoint", what: "too much", fix: "less",
                graph: "as it is", urn, setting: "inference.memoryMiB", at: [{ file: "Pulumi.dev.yaml", line: 9 }],
            }],
            passed: ["F01"], notApplicable: ["F22"], skipped: [{ id: "F29", because: "no NAT here" }], notChecked: [{ id: "F02", because: "there is no model yet" }],
        },
    },
    evaluation: {
        kind: "evaluation", atMs: 1, variant: "champion", modelVersion: "v1",
        evaluation: { task: "binary", rows: 414, metrics: { auc: 0.87 }, gate: { metric: "auc", value: 0.87, floor: 0.75, direction: "maximize" } },
    },
    predictions: {
        kind: "predictions", atMs: 1, variant: "champion", modelVersion: "v1",
        samples: [{ features: { tenure: 1, plan: "basic", paperless: true, note: null }, golden: [0.8], served: [Number.NaN], answer: "yes" }],
    },
    check: { kind: "check", atMs: 1, name: "registry", status: "done", measured: "1 model", durationMs: 400 },
    note: { kind: "note", atMs: 1, message: "uploading" },
} as const satisfies Samples;

function readSchema(): EventsSchema {
    return JSON.parse(readFileSync(path.join(DOCS, "events.schema.json"), "utf8")) as EventsSchema;
}

let compiled: ValidateFunction | undefined;

function compile(): ValidateFunction {
    return compiled ??= new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(readSchema());
}

/** As a reader of the file gets it. */
function throughFile(value: object): Record<string, unknown> {
    return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}

describe("the schema of events", () => {
    it("takes every kind of event, with all that it can have and with the least", () => {
        const validate = compile();
        const { $defs } = readSchema();
        for (const [kind, sample] of Object.entries(samples)) {
            expect(validate(throughFile(sample)), `${kind}: ${JSON.stringify(validate.errors)}`).to.equal(true);
            const required = new Set($defs[`${kind}Event`]?.required);
            const least = Object.fromEntries(Object.entries(throughFile(sample)).filter(([name]) => required.has(name)));
            expect(validate(least), `${kind}, least: ${JSON.stringify(validate.errors)}`).to.equal(true);
        }
    });

    it("knows no kind and no property that events do not have", () => {
        const { oneOf, $defs } = readSchema();
        expect(oneOf.map(({ $ref }) => $ref.replace("#/$defs/", "")).sort()).to.deep.equal([...Object.keys(samples), "summary"].map((kind) => `${kind}Event`).sort());
        for (const [kind, sample] of Object.entries(samples)) {
            expect(Object.keys($defs[`${kind}Event`]?.properties ?? {}).sort(), kind).to.deep.equal(Object.keys(sample).sort());
        }
    });

    it("refuses an event with a property too many, one too few, a wrong word or no time", () => {
        const validate = compile();
        const { atMs: _atMs, ...untimed } = samples.note;
        const { status: _status, ...withoutStatus } = samples.check;
        const wrong = [{ ...samples.note, colour: "red" }, untimed, withoutStatus, { ...samples.phase, phase: "deploy" }, { ...samples.drift, drift: [{ ...resource }] }, { kind: "news", atMs: 1 }];
        for (const event of wrong) expect(validate(throughFile(event)), JSON.stringify(event)).to.equal(false);
    });

    it("takes every line of recorded rehearsals", () => {
        const validate = compile();
        for (const stack of ["dev", "staging"] as const) {
            const lines = readRecordedLines(stack);
            expect(lines).to.have.length.above(900);
            for (const line of lines) expect(validate(line), `${JSON.stringify(line).slice(0, 300)}: ${JSON.stringify(validate.errors)}`).to.equal(true);
        }
    });

    it("is the one that the page describes, with an example of each kind that is right", () => {
        const validate = compile();
        const page = readFileSync(path.join(DOCS, "events.md"), "utf8");
        const examples = [...page.matchAll(/^\{"atMs".*\}$/gm)].map(([line]) => JSON.parse(line) as { kind: string });
        for (const example of examples) expect(validate(example), `${JSON.stringify(example)}: ${JSON.stringify(validate.errors)}`).to.equal(true);
        expect([...new Set(examples.map(({ kind }) => kind))].sort()).to.deep.equal([...Object.keys(samples), "summary"].sort());
        for (const [kind, sample] of Object.entries(samples)) {
            const section = page.split(/^## /m).find((text) => text.startsWith(`${kind}\n`)) ?? "";
            for (const field of Object.keys(sample).filter((name) => name !== "kind" && name !== "atMs")) expect(section, `${kind}.${field}`).to.contain(`\`${field}\``);
        }
    });
});
