/** What a deployment has left, in a shape in which two deployments of one stack are the same: what is chosen at random has a stand-in. */
import { DescribeExecutionCommand, paginateGetExecutionHistory, paginateListExecutions } from "@aws-sdk/client-sfn";
import type { SFNClient } from "@aws-sdk/client-sfn";
import type { StackResource } from "../../../automation/engine/engine.ts";
import type { Cloud } from "../../../automation/rehearsal/cloud/cloud.ts";

export interface Picture {
    /** By URN: the inputs as JSON. */
    readonly resources: ReadonlyMap<string, string>;
    /** How many there are of each kind of thing in the cloud. */
    readonly inventory: ReadonlyMap<string, number>;
    /** How often each version of the data was trained on, rising. */
    readonly trainings: readonly number[];
}

/** What the phase verify uploads (automation/phases/verification/singleRun.ts). */
const OF_VERIFICATION = /verify-[0-9a-f]{12}\.csv$/;
/** A job's own. A run that verify starts may have begun one before it is stopped (docs/decisions/0012-what-verify-sends-and-removes.md). */
const JOB_LOG = /:log-group:\/aws\/sagemaker\/(Training|Transform)Jobs:log-stream:/;
/** Entered by every run that trains (components/inference/pipelineVariants.ts). */
const TRAINING_STATE = "TrainVariants";

/** What differs by nature from one deployment to the next, whatever resource it belongs to. */
const RANDOM: readonly (readonly [RegExp, string])[] = [
    [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>"],
    // A model's version: time, run, variant.
    [/\d{8}T\d{6}Z-[0-9a-f]{12}/g, "<version>"],
    [/-[0-9a-f]{12}-([ab])-(\d+)-(\d+)/g, "-<run>-$1-$2-$3"],
    [/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g, "<time>"],
];

export async function takePicture(resources: readonly StackResource[], cloud: Cloud, sfn: SFNClient): Promise<Picture> {
    const declared = resources.filter(({ type }) => !type.startsWith("pulumi:providers:"));
    const replace = createReplacement(declared);
    return {
        resources: new Map(declared.map(({ urn, inputs }) => [urn, replace(JSON.stringify(normalise(inputs)))])),
        inventory: countKinds((await cloud.inventory()).filter((item) => !JOB_LOG.test(item))),
        trainings: await countTrainings(declared, sfn),
    };
}

/** What is different, a line each; empty when nothing is. */
export function comparePictures(expected: Picture, actual: Picture): string[] {
    const urns = [...new Set([...expected.resources.keys(), ...actual.resources.keys()])];
    const resources = urns.flatMap((urn) => {
        const [want, have] = [expected.resources.get(urn), actual.resources.get(urn)];
        if (want === have) return [];
        if (want === undefined || have === undefined) return [`${urn} is ${have === undefined ? "missing" : "too much"} in the state`];
        return [`${urn} has other inputs: ${firstDifference(want, have)}`];
    });
    const kinds = [...new Set([...expected.inventory.keys(), ...actual.inventory.keys()])].sort();
    const inventory = kinds.filter((kind) => expected.inventory.get(kind) !== actual.inventory.get(kind))
        .map((kind) => `${kind}: ${actual.inventory.get(kind) ?? 0} instead of ${expected.inventory.get(kind) ?? 0} in the cloud`);
    const runs = actual.trainings.join() === expected.trainings.join()
        ? [] : [`training runs by version of the data: ${actual.trainings.join(", ")} instead of ${expected.trainings.join(", ")}`];
    return [...resources, ...inventory, ...runs];
}

/** Ids are replaced by the resource that has them, wherever they stand: the same id is the same resource in both deployments. */
function createReplacement(resources: readonly StackResource[]): (text: string) => string {
    const suffixes = resources.filter(({ type }) => type === "random:index/randomId:RandomId").map(({ outputs, urn }) => [String(outputs["hex"]), `<hex of ${urn}>`] as const);
    const ids = resources.filter(({ id, custom }) => custom && id !== undefined && id.length > 5).map(({ id = "", urn }) => [id, `<id of ${urn}>`] as const);
    const known = [...ids, ...suffixes].toSorted(([left, leftUrn], [right, rightUrn]) => right.length - left.length || leftUrn.localeCompare(rightUrn));
    return (text) => RANDOM.reduce((result, [pattern, stand]) => result.replaceAll(pattern, stand),
        known.reduce((result, [id, stand]) => result.replaceAll(id, stand), text));
}

/** In one order, and of a file its hash alone: the engines write it each in their way. */
function normalise(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(normalise);
    if (typeof value !== "object" || value === null) return value;
    if ("hash" in value && "path" in value) return { hash: value.hash };
    return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => left.localeCompare(right)).map(([name, inner]) => [name, normalise(inner)]));
}

/** `arn:aws:sagemaker:...:training-job/x` is a `sagemaker:training-job`. */
export function countKinds(inventory: readonly string[]): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const item of inventory) {
        const [, , service, , , ...rest] = item.split(":");
        const resource = rest.join(":");
        const kind = item.startsWith("arn:") ? `${service}:${/[/:]/.test(resource) ? resource.split(/[/:]/)[0] : ""}` : item.split("/")[0] ?? "";
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return counts;
}

interface ObjectEvent { readonly detail?: { readonly object?: { readonly "version-id"?: string; readonly key?: string } } }

/** Of the data that is deployed with: runs that only took note of an event are none, nor are those that the phase verify starts and stops. */
async function countTrainings(resources: readonly StackResource[], sfn: SFNClient): Promise<readonly number[]> {
    const machine = resources.find(({ type }) => type === "aws:sfn/stateMachine:StateMachine");
    if (machine?.id === undefined) return [];
    const counts = new Map<string, number>();
    for await (const { executions = [] } of paginateListExecutions({ client: sfn }, { stateMachineArn: machine.id })) {
        for (const { executionArn } of executions) {
            const { input = "{}" } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
            const { detail: { object: { "version-id": version, key = "" } = {} } = {} } = JSON.parse(input) as ObjectEvent;
            if (version !== undefined && !OF_VERIFICATION.test(key) && await hasTrained(executionArn ?? "", sfn)) counts.set(version, (counts.get(version) ?? 0) + 1);
        }
    }
    return [...counts.values()].toSorted((left, right) => left - right);
}

async function hasTrained(executionArn: string, sfn: SFNClient): Promise<boolean> {
    for await (const { events = [] } of paginateGetExecutionHistory({ client: sfn }, { executionArn })) {
        if (events.some(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === TRAINING_STATE)) return true;
    }
    return false;
}

function firstDifference(want: string, have: string): string {
    const index = [...want].findIndex((letter, place) => letter !== have[place]);
    const around = (text: string): string => text.slice(Math.max(0, index - 40), index + 60);
    return `...${around(have)}... instead of ...${around(want)}...`;
}
