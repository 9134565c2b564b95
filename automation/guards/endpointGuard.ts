/**
 * Guards the name of an inference endpoint for `command.local.Command`, since the provider does not wait until a deleted endpoint is gone:
 *
 *     node automation/guards/endpointGuard.ts --endpoint NAME --region REGION --tag Project=P --tag Environment=E create|delete
 *
 * The verb may stand anywhere; last is where the resource puts it. Credentials and endpoint come from the SDK's own chain.
 * Exit code 1 with a message when a person must act.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { DeleteEndpointCommand, DescribeEndpointCommand, ListTagsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { EndpointNameError, waitUntilEndpointIsGone, waitUntilNameIsFree, type EndpointSighting, type EndpointWatch } from "./endpointName.ts";

interface GuardArguments {
    readonly verb: "create" | "delete";
    readonly endpointName: string;
    readonly region: string;
    readonly ownTags: Readonly<Record<string, string>>;
}

const USAGE = "usage: endpointGuard.ts --endpoint NAME --region REGION [--tag KEY=VALUE]... create|delete";

/** Throws `EndpointNameError` with the usage when something is missing. */
export function parseGuardArguments(args: readonly string[]): GuardArguments {
    const { values, positionals } = parseArgs({
        args: [...args],
        allowPositionals: true,
        options: { endpoint: { type: "string" }, region: { type: "string" }, tag: { type: "string", multiple: true } },
    });
    const [verb] = positionals;
    if ((verb !== "create" && verb !== "delete") || positionals.length !== 1) throw new EndpointNameError(USAGE);
    if (values.endpoint === undefined || values.region === undefined) throw new EndpointNameError(USAGE);
    const ownTags = Object.fromEntries((values.tag ?? []).map((tag) => {
        const [key = "", ...rest] = tag.split("=");
        return [key, rest.join("=")];
    }));
    return { verb, endpointName: values.endpoint, region: values.region, ownTags };
}

function isNotFound(error: unknown): boolean {
    return error instanceof Error && error.name === "ValidationException" && /could not find/i.test(error.message);
}

async function describeEndpoint(endpointName: string, client: SageMakerClient): Promise<EndpointSighting | undefined> {
    try {
        const found = await client.send(new DescribeEndpointCommand({ EndpointName: endpointName }));
        const { Tags = [] } = await client.send(new ListTagsCommand({ ResourceArn: found.EndpointArn }));
        return {
            status: found.EndpointStatus ?? "unknown",
            ...(found.FailureReason === undefined ? {} : { failureReason: found.FailureReason }),
            tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
        };
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

async function deleteEndpoint(endpointName: string, client: SageMakerClient): Promise<void> {
    try {
        await client.send(new DeleteEndpointCommand({ EndpointName: endpointName }));
    } catch (error) {
        if (!isNotFound(error)) throw error;
    }
}

/** Sleeps, unless the process that started us has died: then nobody waits for the answer. */
async function sleepWhileWanted(milliseconds: number, parent: number): Promise<void> {
    await sleep(milliseconds);
    if (process.ppid !== parent) throw new EndpointNameError("the deployment that started this guard has ended");
}

async function main(): Promise<void> {
    const { verb, endpointName, region, ownTags } = parseGuardArguments(process.argv.slice(2));
    const client = new SageMakerClient({ region });
    const parent = process.ppid;
    const watch: EndpointWatch = {
        endpointName,
        ownTags,
        describe: () => describeEndpoint(endpointName, client),
        remove: () => deleteEndpoint(endpointName, client),
        sleep: (milliseconds) => sleepWhileWanted(milliseconds, parent),
        now: () => performance.now(),
        print: (line) => { console.log(line); },
    };
    await (verb === "create" ? waitUntilNameIsFree(watch) : waitUntilEndpointIsGone(watch));
}

if (import.meta.main) {
    main().catch((error: unknown) => {
        console.error(error instanceof EndpointNameError ? error.message : error);
        process.exitCode = 1;
    });
}
