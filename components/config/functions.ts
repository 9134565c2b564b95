/** The section `functions`: size and patience of the Lambda functions, by group. */
import type { SectionReader } from "./sectionReader.ts";

export interface FunctionSize {
    /** 128 to 10240; processor time grows with it. */
    readonly memoryMiB: number;
    /** 1 to 900. */
    readonly timeoutSeconds: number;
}

export interface FunctionsConfig {
    /**
     * Functions that read whole files. Lambda gives a whole processor from 1769 MiB on
     * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html); new accounts have no more than 3008 MiB.
     * @default 2048 MiB, 900 s
     */
    readonly pipeline: FunctionSize;
    /** `POST /inference`; at most 29 s, below API Gateway's own 30 s. @default 512 MiB, 29 s */
    readonly inference: FunctionSize;
    /** The stream's consumer. @default 1024 MiB, 120 s */
    readonly consumer: FunctionSize;
}

export function parseFunctions(section: SectionReader): FunctionsConfig {
    const functions: FunctionsConfig = {
        pipeline: parseSize(section.section("pipeline"), { memoryMiB: 2048, timeoutSeconds: 900 }, 900),
        // So that a function that hangs is ended before its caller is given up.
        inference: parseSize(section.section("inference"), { memoryMiB: 512, timeoutSeconds: 29 }, 29),
        consumer: parseSize(section.section("consumer"), { memoryMiB: 1024, timeoutSeconds: 120 }, 900),
    };
    section.finish();
    return functions;
}

function parseSize(section: SectionReader, defaults: FunctionSize, maxTimeoutSeconds: number): FunctionSize {
    const size = {
        memoryMiB: section.number("memoryMiB", { min: 128, max: 10_240, integer: true }) ?? defaults.memoryMiB,
        timeoutSeconds: section.number("timeoutSeconds", { min: 1, max: maxTimeoutSeconds, integer: true }) ?? defaults.timeoutSeconds,
    };
    section.finish();
    return size;
}
