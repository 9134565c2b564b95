/** `aws:lambda/function:Function`, as a zip file. */
import {
    CreateFunctionCommand, DeleteFunctionCommand, DeleteFunctionConcurrencyCommand, GetFunctionCommand, GetFunctionConcurrencyCommand,
    PutFunctionConcurrencyCommand, TagResourceCommand, UntagResourceCommand, UpdateFunctionCodeCommand,
    UpdateFunctionConfigurationCommand, type Architecture,
} from "@aws-sdk/client-lambda";
import { readFile } from "node:fs/promises";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import { lambdaInvokeArn, regionalArn } from "./arn.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { amount, file, flag, requiredText, text, texts } from "./inputs.ts";
import { fromConfiguration, toConfiguration } from "./lambdaShape.ts";
import type { Place } from "./place.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recorded, region, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, tagChange, tagsOf, withoutSystemTags } from "./tags.ts";
import { errorName, retryWhile, unless, waitFor, waitUntilGone } from "./wait.ts";

const GONE = ["ResourceNotFoundException"];
/** On AWS a new role takes seconds to be assumable, and the provider tries for 2 minutes. In the rehearsal IAM knows it at once. */
const ROLE_WAIT = { timeoutMs: 2_000, intervalMs: 250 };

async function codeBytes(inputs: PropertyMap): Promise<Uint8Array> {
    const code = file(inputs, "code");
    if (code === undefined) throw new Error("code: is required, as a zip archive");
    return readFile(code.path);
}

/** Whether Lambda refuses the role only because IAM has not told everybody yet. */
function roleIsYoung(error: unknown): boolean {
    return errorName(error) === "InvalidParameterValueException" && error instanceof Error && /cannot be assumed by Lambda/i.test(error.message);
}

async function waitUntilReady(name: string, { clients }: HandlerContext): Promise<void> {
    await waitFor(async () => {
        const { Configuration } = await clients.lambda.send(new GetFunctionCommand({ FunctionName: name }));
        if (Configuration?.State === "Failed" || Configuration?.LastUpdateStatus === "Failed") {
            throw new Error(`function ${name}: ${Configuration.StateReason ?? Configuration.LastUpdateStatusReason ?? "failed without a reason"}`);
        }
        const isReady = Configuration?.State !== "Pending" && Configuration?.LastUpdateStatus !== "InProgress";
        return isReady ? true : undefined;
    }, { what: `function ${name}: ready`, timeoutMs: 10 * 60_000 });
}

async function setConcurrency(name: string, inputs: PropertyMap, { clients }: HandlerContext): Promise<void> {
    const count = amount(inputs, "reservedConcurrentExecutions");
    // -1 is the provider's word for "not reserved".
    if (count === undefined || count < 0) await clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }));
    else await clients.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: count }));
}

function functionArns(place: Place, name: string): Record<string, string> {
    const arn = regionalArn(place, "lambda", `function:${name}`);
    return {
        arn,
        invokeArn: lambdaInvokeArn(place, arn, "invocations"),
        responseStreamingInvokeArn: lambdaInvokeArn(place, arn, "response-streaming-invocations"),
        qualifiedArn: `${arn}:$LATEST`,
        qualifiedInvokeArn: lambdaInvokeArn(place, `${arn}:$LATEST`, "invocations"),
    };
}

async function observe(name: string, inputs: PropertyMap, { clients, place }: HandlerContext) {
    const found = await unless(GONE, () => clients.lambda.send(new GetFunctionCommand({ FunctionName: name })));
    const configured = found?.Configuration;
    if (configured === undefined) return undefined;
    const { ReservedConcurrentExecutions } = await clients.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
    const tags = withoutSystemTags(found?.Tags);
    const values = fromConfiguration(configured, ReservedConcurrentExecutions);
    const code = file(inputs, "code");
    const observed = observeTagged({
        id: name, values, tags,
        computed: {
            ...functionArns(place, name),
            codeSha256: configured.CodeSha256,
            lastModified: configured.LastModified,
            sourceCodeSize: configured.CodeSize,
            version: configured.Version,
            // Code here is never signed.
            signingJobArn: "",
            signingProfileVersionArn: "",
            region: place.region,
        },
    });
    // The content is compared by its hash; a path means nothing to the cloud.
    return code === undefined ? observed : { ...observed, inputs: { ...observed.inputs, code } };
}

export const lambdaFunction: ResourceDefinition = {
    table: {
        type: "aws:lambda/function:Function",
        source: registryPage("lambda/function"),
        inputs: {
            ...region,
            name: appliedReplaces,
            role: applied,
            handler: applied,
            runtime: applied,
            // Sent and read back as `sourceCodeHash`.
            code: applied,
            sourceCodeHash: applied,
            packageType: appliedReplaces,
            architectures: applied,
            description: applied,
            timeout: applied,
            memorySize: applied,
            kmsKeyArn: applied,
            "environment.variables": appliedFree,
            "ephemeralStorage.size": applied,
            "tracingConfig.mode": applied,
            "loggingConfig.logFormat": applied,
            "loggingConfig.logGroup": applied,
            "loggingConfig.applicationLogLevel": applied,
            "loggingConfig.systemLogLevel": applied,
            reservedConcurrentExecutions: applied,
            publish: recorded,
            skipDestroy: recorded,
            layers: recorded,
            codeSigningConfigArn: recorded,
            "deadLetterConfig.targetArn": recorded,
            tags: appliedFree,
        },
        outputs: [
            "architectures", "arn", "capacityProviderConfig", "code", "codeSha256", "codeSigningConfigArn", "deadLetterConfig",
            "description", "durableConfig", "environment", "ephemeralStorage", "fileSystemConfig", "handler", "imageConfig", "imageUri",
            "invokeArn", "kmsKeyArn", "lastModified", "layers", "loggingConfig", "memorySize", "name", "packageType", "publish",
            "publishTo", "qualifiedArn", "qualifiedInvokeArn", "region", "replaceSecurityGroupsOnDestroy",
            "replacementSecurityGroupIds", "reservedConcurrentExecutions", "responseStreamingInvokeArn", "role", "runtime", "s3Bucket",
            "s3Key", "s3ObjectVersion", "signingJobArn", "signingProfileVersionArn", "skipDestroy", "snapStart", "sourceCodeHash",
            "sourceCodeSize", "sourceKmsKeyArn", "tags", "tagsAll", "tenancyConfig", "timeout", "tracingConfig",
            "useResourceTimeoutForPropagation", "version", "vpcConfig",
        ],
        autoName: { property: "name", maxLength: 64 },
    },
    usage: {
        actions: ["lambda:InvokeFunction"],
        resourceArn: (outputs) => text(outputs, "arn") ?? "",
    },
    predict: ({ inputs }, place) => {
        const name = inputs["name"];
        return {
            id: typeof name === "string" ? name : UNKNOWN,
            outputs: {
                ...(typeof name === "string" ? functionArns(place, name) : {}),
                region: place.region,
                tagsAll: inputs["tags"] ?? {},
            },
        };
    },
    async create({ inputs }, context) {
        const name = requiredText(inputs, "name");
        const code = await codeBytes(inputs);
        await retryWhile(roleIsYoung, () => context.clients.lambda.send(new CreateFunctionCommand({
            FunctionName: name,
            ...toConfiguration(inputs),
            Role: requiredText(inputs, "role"),
            Code: { ZipFile: code },
            PackageType: "Zip",
            Architectures: texts(inputs, "architectures") as Architecture[] | undefined,
            Publish: flag(inputs, "publish") ?? false,
            Tags: tagsOf(inputs),
        })), ROLE_WAIT);
        await waitUntilReady(name, context);
        if (amount(inputs, "reservedConcurrentExecutions") !== undefined) await setConcurrency(name, inputs, context);
        return name;
    },
    read: ({ id, inputs }, context) => observe(id, inputs, context),
    async update({ id, inputs, oldInputs, oldOutputs }, context) {
        const { lambda } = context.clients;
        await retryWhile(roleIsYoung, () => lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: id, ...toConfiguration(inputs) })), ROLE_WAIT);
        await waitUntilReady(id, context);
        const codeChanged = file(oldInputs, "code")?.hash !== file(inputs, "code")?.hash;
        if (codeChanged || hasChanged(oldInputs, inputs, "sourceCodeHash", "architectures")) {
            await lambda.send(new UpdateFunctionCodeCommand({
                FunctionName: id,
                ZipFile: await codeBytes(inputs),
                Architectures: texts(inputs, "architectures") as Architecture[] | undefined,
            }));
            await waitUntilReady(id, context);
        }
        if (hasChanged(oldInputs, inputs, "reservedConcurrentExecutions")) await setConcurrency(id, inputs, context);
        const Resource = requiredText(oldOutputs, "arn");
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (Tags) => lambda.send(new TagResourceCommand({ Resource, Tags })),
            (TagKeys) => lambda.send(new UntagResourceCommand({ Resource, TagKeys })),
        );
    },
    async delete({ id, inputs }, { clients }) {
        if (flag(inputs, "skipDestroy") === true) return;
        await unless(GONE, () => clients.lambda.send(new DeleteFunctionCommand({ FunctionName: id })));
        await waitUntilGone(() => unless(GONE, () => clients.lambda.send(new GetFunctionCommand({ FunctionName: id }))), `function ${id}`);
    },
};
