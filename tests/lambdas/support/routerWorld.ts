/** A router without a cloud: two served models, an A/B test, and endpoints that answer as told. */
import { AB_TEST_ID } from "../../../lambdas/shared/documents.ts";
import type { FeatureSchema, Variant, Weights } from "../../../lambdas/shared/documents.ts";
import { ProblemError, type Problem } from "../../../lambdas/shared/problem.ts";
import type { AbTest, Drain } from "../../../lambdas/shared/router/abTest.ts";
import { assignVariant } from "../../../lambdas/shared/router/assign.ts";
import type { RouterDependencies } from "../../../lambdas/shared/router/routes.ts";
import { prepareServedModel } from "../../../lambdas/shared/router/served.ts";

export const schema: FeatureSchema = {
    version: 1,
    task: "binary",
    label: "churned",
    classes: ["no", "yes"],
    threshold: 0.4,
    columnCount: 4,
    features: [
        { name: "age", type: "numeric", imputedValue: 42 },
        { name: "paperless", type: "boolean", values: ["no", "yes"], imputedValue: 1 },
        { name: "contract/type", type: "categorical", categories: ["monthly", "yearly"] },
    ],
};

export const row = { age: 30, paperless: false, "contract/type": "yearly" };

export const EVEN: Weights = { champion: 50, challenger: 50 };

/** What an endpoint does with a request: answers a text, or fails. */
export type EndpointAnswer = string | Error | ((csv: string) => string | Error);

export interface RouterWorldOptions {
    readonly weights?: Weights;
    readonly drain?: Drain;
    /** @default the same schema for both; null: not served */
    readonly schemas?: Readonly<Partial<Record<Variant, FeatureSchema | null>>>;
    readonly answers?: Readonly<Partial<Record<Variant, EndpointAnswer>>>;
}

export interface RouterWorld extends RouterDependencies {
    invokeEndpoint(variant: Variant, csv: string, timeoutMilliseconds: number): Promise<string>;
    remainingMilliseconds(): number;
    onFailure(): void;
    /** What the endpoints were sent. */
    readonly sent: { readonly variant: Variant; readonly csv: string; readonly timeoutMilliseconds: number }[];
    readonly reads: string[];
}

/** Versions are `v-<variant>`; endpoints answer 0.7 a row unless told otherwise; it is 1000 seconds past 1970. */
export function createRouterWorld({ weights = EVEN, drain, schemas = {}, answers = {} }: RouterWorldOptions = {}): RouterWorld {
    const abTest: AbTest = { weights, source: "table", revision: 1, ...(drain === undefined ? {} : { drain }) };
    const sent: RouterWorld["sent"] = [];
    const reads: string[] = [];
    return {
        sent, reads,
        now: () => 1_000_000,
        readAbTest: async () => abTest,
        readServed: async (variant) => {
            reads.push(variant);
            const used = schemas[variant] === undefined ? schema : schemas[variant];
            return used === null ? undefined : prepareServedModel(variant, { version: `v-${variant}` }, used);
        },
        expireServed: (variant) => void reads.push(`expire ${variant}`),
        onUnreadable: (variant) => void reads.push(`unreadable ${variant}`),
        remainingMilliseconds: () => 20_000,
        onFailure: () => undefined,
        invokeEndpoint: async (variant, csv, timeoutMilliseconds) => {
            sent.push({ variant, csv, timeoutMilliseconds });
            const given = answers[variant] ?? csv.split("\n").map(() => "0.7").join("\n");
            const answer = typeof given === "function" ? given(csv) : given;
            if (answer instanceof Error) throw answer;
            return answer;
        },
    };
}

/** An error as the SDK throws it. */
export function sdkError(name: string, message = "", httpStatusCode = 400): Error {
    return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

/** A key of the variant at even weights. */
export function keyOf(variant: Variant, from = 0): string {
    for (let index = from; ; index++) {
        if (assignVariant(AB_TEST_ID, `key-${index}`, EVEN) === variant) return `key-${index}`;
    }
}

/** @throws Error when the promise ends otherwise than with a problem. */
export async function problemOf(promise: Promise<unknown>): Promise<Problem> {
    const error = await promise.then(() => undefined, (reason: unknown) => reason);
    if (!(error instanceof ProblemError)) throw new Error(`expected a problem, got ${String(error)}`);
    return error.problem;
}
