/** A function's configuration in the SDK's spelling and in the program's. */
import type { FunctionConfiguration, LogFormat, Runtime, TracingMode, UpdateFunctionConfigurationCommandInput } from "@aws-sdk/client-lambda";
import type { PropertyMap } from "../../engine/provider.ts";
import { amount, map, reported, requiredText, text, textMap } from "./inputs.ts";

/** All but the code, with the provider's defaults. */
export function toConfiguration(inputs: PropertyMap): Omit<UpdateFunctionConfigurationCommandInput, "FunctionName"> {
    const logging = map(inputs, "loggingConfig");
    const size = amount(map(inputs, "ephemeralStorage") ?? {}, "size");
    const mode = text(map(inputs, "tracingConfig") ?? {}, "mode") as TracingMode | undefined;
    return {
        Role: requiredText(inputs, "role"),
        Handler: text(inputs, "handler"),
        Runtime: text(inputs, "runtime") as Runtime | undefined,
        Description: text(inputs, "description") ?? "",
        // Source of both defaults: the registry's `timeout` and `memorySize`.
        Timeout: amount(inputs, "timeout") ?? 3,
        MemorySize: amount(inputs, "memorySize") ?? 128,
        Environment: { Variables: textMap(map(inputs, "environment") ?? {}, "variables") ?? {} },
        KMSKeyArn: text(inputs, "kmsKeyArn") ?? "",
        ...(size === undefined ? {} : { EphemeralStorage: { Size: size } }),
        ...(mode === undefined ? {} : { TracingConfig: { Mode: mode } }),
        ...(logging === undefined ? {} : {
            LoggingConfig: {
                LogFormat: requiredText(logging, "logFormat") as LogFormat,
                LogGroup: text(logging, "logGroup"),
                ApplicationLogLevel: text(logging, "applicationLogLevel") as "INFO" | undefined,
                SystemLogLevel: text(logging, "systemLogLevel") as "INFO" | undefined,
            },
        }),
    };
}

/** The inputs as the cloud has them, but for the code, which only its hash tells. */
export function fromConfiguration(found: FunctionConfiguration, concurrency: number | undefined): PropertyMap {
    const logging = found.LoggingConfig;
    return reported({
        name: found.FunctionName,
        role: found.Role,
        handler: found.Handler,
        runtime: found.Runtime,
        packageType: found.PackageType ?? "Zip",
        architectures: found.Architectures ?? ["x86_64"],
        description: found.Description ?? "",
        timeout: found.Timeout,
        memorySize: found.MemorySize,
        kmsKeyArn: found.KMSKeyArn ?? "",
        environment: { variables: found.Environment?.Variables ?? {} },
        ephemeralStorage: reported({ size: found.EphemeralStorage?.Size }),
        tracingConfig: { mode: found.TracingConfig?.Mode ?? "PassThrough" },
        loggingConfig: logging === undefined ? undefined : reported({
            logFormat: logging.LogFormat,
            logGroup: logging.LogGroup,
            applicationLogLevel: logging.ApplicationLogLevel,
            systemLogLevel: logging.SystemLogLevel,
        }),
        sourceCodeHash: found.CodeSha256,
        reservedConcurrentExecutions: concurrency ?? -1,
    });
}
