/** Which runtimes Lambda takes for new functions. Read on 2026-11-21: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */

/** For new functions, of the languages that the platform may come to use. */
export const CREATABLE_RUNTIMES: readonly string[] = [
    "nodejs24.x", "nodejs22.x", "python3.14", "python3.13", "python3.12", "python3.11", "provided.al2023",
];

/**
 * No new function since the end of the support for them. `nodejs20.x` is not among them: deprecated, but creatable until 2027-02-01.
 * Source: https://github.com/aws-cloudformation/cfn-lint/blob/main/src/cfnlint/data/AdditionalSpecs/LmbdRuntimeLifecycle.json
 */
export const REFUSED_RUNTIMES: readonly string[] = [
    "nodejs", "nodejs4.3", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x", "nodejs16.x", "nodejs18.x",
    "python2.7", "python3.6", "python3.7", "python3.8", "provided", "go1.x", "java8", "ruby2.5", "ruby2.7",
    "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet6", "dotnet7",
];
