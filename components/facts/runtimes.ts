/** Language runtimes. Source, read on 2026-11-21: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */

/** Of all functions. Supported until 2028-04-30. */
export const LAMBDA_RUNTIME = "nodejs24.x";

/** What esbuild compiles for: the syntax of that runtime. */
export const LAMBDA_BUNDLE_TARGET = "node24";
