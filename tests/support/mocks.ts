/**
 * Runs a program against mocks and records what it asked for. The only caller of `setMocks`, which is process-wide.
 *
 * Mocks lose parents, dependencies and options, so the monitor's requests are recorded before the mocks see them.
 */
import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";
import { MUTATION_VARIABLE, mutateInputs } from "../proofs/mutations/mutation.ts";
import type { Mutation } from "../proofs/mutations/mutation.ts";
import { predictState } from "./programStates.ts";

export interface RecordedResource {
    readonly type: string;
    readonly name: string;
    readonly inputs: Readonly<Record<string, any>>;
    /** Name of the parent; `stack` for top-level resources. */
    readonly parent: string;
    /** Names of the resources that this one waits for because of an input. */
    readonly inputDependencies: readonly string[];
    /** Names of the resources that stand in `dependsOn` and nowhere in the inputs. */
    readonly explicitDependencies: readonly string[];
    readonly retainOnDelete: boolean;
    readonly ignoreChanges: readonly string[];
    /** Where the resource stood before, as far as it differs: its name, its parent. */
    readonly aliases: readonly RecordedAlias[];
}

export interface RecordedAlias {
    readonly name?: string;
    /** Name of the former parent; `none` for one that stood at the top. */
    readonly parent?: string;
}

export interface ProgramRequest {
    /** With the project's prefix, as the engine hands it over. */
    readonly config?: Readonly<Record<string, string>>;
    readonly stack?: string;
    readonly region?: string;
    readonly partition?: string;
    readonly dnsSuffix?: string;
    /** What lies in the parameter store, by full name. */
    readonly parameters?: Readonly<Record<string, string>>;
}

export interface ProgramRun<Outputs> {
    readonly outputs: pulumi.Unwrap<Outputs>;
    readonly resources: RecordedProgram;
}

/** Twelve digits that are nobody's account. */
export const TEST_ACCOUNT = "123456789012";

/** All resources of a run; asking for one that is not there fails with what is. */
export class RecordedProgram {
    readonly all: readonly RecordedResource[];

    constructor(all: readonly RecordedResource[]) {
        this.all = all;
    }

    ofType(type: string): readonly RecordedResource[] {
        return this.all.filter((resource) => resource.type === type);
    }

    named(name: string): RecordedResource {
        const found = this.all.find((resource) => resource.name === name && !resource.type.startsWith("firstlight:"));
        if (found === undefined) throw new Error(`no resource named ${name}; there are: ${this.all.map((resource) => resource.name).join(", ")}`);
        return found;
    }

    has(name: string): boolean {
        return this.all.some((resource) => resource.name === name && !resource.type.startsWith("firstlight:"));
    }
}

type Program<Outputs> = () => Outputs | Promise<Outputs>;

/** Runs by program and request; undefined unless they are to be kept. */
let kept: WeakMap<Program<never>, Map<string, Promise<ProgramRun<unknown>>>> | undefined;

/** From now on a program that runs again with the same request does not run: what it asked for is known. Inputs are mutated afterwards all the same. */
export function keepRuns(): void {
    kept ??= new WeakMap();
}

/** Runs a program as the engine would, up to the last registration. Rejects with the program's or a mock's own error. */
export async function runProgram<Outputs>(program: Program<Outputs>, request: ProgramRequest = {}): Promise<ProgramRun<Outputs>> {
    const { outputs, resources } = await (kept === undefined ? recordRun(program, request) : recordOnce(kept, program, request));
    return { outputs, resources: new RecordedProgram(resources.all.map((resource) => ({ ...resource, inputs: mutated(resource, resource.inputs) }))) };
}

function recordOnce<Outputs>(runs: NonNullable<typeof kept>, program: Program<Outputs>, request: ProgramRequest): Promise<ProgramRun<Outputs>> {
    const ofProgram = runs.get(program as Program<never>) ?? new Map<string, Promise<ProgramRun<unknown>>>();
    runs.set(program as Program<never>, ofProgram);
    // The one variable of the environment that the program reads.
    const key = JSON.stringify([request, process.env["ENVIRONMENT_SUFFIX"]]);
    const run = ofProgram.get(key) as Promise<ProgramRun<Outputs>> | undefined ?? recordRun(program, request);
    ofProgram.set(key, run);
    return run;
}

async function recordRun<Outputs>(program: Program<Outputs>, request: ProgramRequest): Promise<ProgramRun<Outputs>> {
    const place = { region: "eu-central-1", partition: "aws", dnsSuffix: "amazonaws.com", parameters: {}, ...request };
    await pulumi.runtime.setMocks({
        newResource: ({ type, name, inputs }) => predictState({ type, name, inputs }, place),
        call: ({ token, inputs }) => answerInvoke(token, inputs, place),
    }, "firstlight", request.stack ?? "dev", false);
    pulumi.runtime.setAllConfig({ "aws:region": place.region, "firstlight:data": '{"label":"churned"}', ...request.config }, []);
    const recorded = recordRequests();
    const outputs = await pulumi.runtime.runInPulumiStack(async () => ({ value: (await program()) ?? {} }));
    await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
    return { outputs: (outputs as { value: pulumi.Unwrap<Outputs> }).value, resources: new RecordedProgram(recorded) };
}

type Place = Required<Pick<ProgramRequest, "region" | "partition" | "dnsSuffix" | "parameters">>;

function answerInvoke(token: string, inputs: Readonly<Record<string, any>>, place: Place): Record<string, unknown> {
    switch (token) {
        case "aws:index/getCallerIdentity:getCallerIdentity": return { accountId: TEST_ACCOUNT, arn: "arn", userId: "user", id: TEST_ACCOUNT };
        case "aws:index/getRegion:getRegion": return { region: place.region, name: place.region, id: place.region };
        case "aws:index/getPartition:getPartition": return { partition: place.partition, dnsSuffix: place.dnsSuffix, id: place.partition };
        case "aws:ssm/getParametersByPath:getParametersByPath": {
            const below = Object.entries(place.parameters).filter(([name]) => name.startsWith(`${inputs["path"]}/`));
            return { names: below.map(([name]) => name), values: below.map(([, value]) => value), arns: [], types: [], id: inputs["path"] };
        }
        default: {
            // Without `details` the runtime drops the text of an error that a mock throws.
            const message = `no mock for the call ${token}`;
            throw Object.assign(new Error(message), { details: message });
        }
    }
}

/** The parts of the protocol's RegisterResourceRequest that are recorded. */
interface RegisterRequest {
    getType(): string;
    getName(): string;
    getParent(): string;
    getObject(): { toJavaScript(): Record<string, any> } | undefined;
    getDependenciesList(): string[];
    getPropertydependenciesMap(): { forEach(visit: (value: { getUrnsList(): string[] }, key: string) => void): void };
    getRetainondelete(): boolean;
    getIgnorechangesList(): string[];
    getAliasesList(): { getSpec(): { getName(): string; getParenturn(): string; getNoparent(): boolean } | undefined }[];
}

interface Monitor { registerResource(request: RegisterRequest, callback: unknown): unknown }

function recordRequests(): RecordedResource[] {
    const recorded: RecordedResource[] = [];
    const monitor = getMonitor() as unknown as Monitor;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
        if (request.getType() !== "pulumi:pulumi:Stack") recorded.push(recordRequest(request));
        return register(request, callback);
    };
    return recorded;
}

function recordRequest(request: RegisterRequest): RecordedResource {
    const fromInputs = new Set<string>();
    request.getPropertydependenciesMap().forEach((dependencies) => dependencies.getUrnsList().forEach((urn) => fromInputs.add(urn)));
    const resource = { type: request.getType(), name: request.getName() };
    const inputs = revealSecrets(request.getObject()?.toJavaScript() ?? {}) as Record<string, any>;
    if (JSON.stringify(inputs).includes("undefined")) throw new Error(`the text "undefined" stands in an input of ${request.getName()}`);
    return {
        ...resource,
        inputs,
        parent: request.getParent().includes("pulumi:pulumi:Stack::") ? "stack" : nameOf(request.getParent()),
        inputDependencies: [...fromInputs].map(nameOf),
        explicitDependencies: request.getDependenciesList().filter((urn) => !fromInputs.has(urn)).map(nameOf),
        retainOnDelete: request.getRetainondelete(),
        ignoreChanges: request.getIgnorechangesList(),
        aliases: request.getAliasesList().map((alias) => recordAlias(alias.getSpec())),
    };
}

function recordAlias(spec: { getName(): string; getParenturn(): string; getNoparent(): boolean } | undefined): RecordedAlias {
    if (spec === undefined) return {};
    const parent = spec.getNoparent() ? "none" : nameOf(spec.getParenturn());
    return { ...(spec.getName() === "" ? {} : { name: spec.getName() }), ...(parent === "" ? {} : { parent }) };
}

/** The proof by mutations runs these tests with something taken out of the program; otherwise nothing is changed. */
function mutated(resource: { type: string; name: string }, inputs: Readonly<Record<string, any>>): Readonly<Record<string, any>> {
    const mutation = process.env[MUTATION_VARIABLE];
    return mutation === undefined ? inputs : mutateInputs(JSON.parse(mutation) as Mutation, resource, inputs);
}

/** Marks a secret in Pulumi's wire format: an object with this key, whose `value` is the text. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";
const SECRET_KIND = "1b47061264138c4ac30d75fd1eb44270";

function revealSecrets(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(revealSecrets);
    if (typeof value !== "object" || value === null) return value;
    const record = value as Record<string, unknown>;
    if (record[SECRET_MARK] === SECRET_KIND) return revealSecrets(record["value"]);
    return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, revealSecrets(item)]));
}

function nameOf(urn: string): string {
    return urn.split("::").at(-1) ?? urn;
}
