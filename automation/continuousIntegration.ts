/** Whether a CI service runs this: nobody reads a redrawn screen there, and the machine is gone afterwards. */

/**
 * Set by services that do not set CI: AWS CodeBuild, Azure Pipelines, Jenkins, TeamCity.
 * Source: sdk/go/common/util/ciutil/detect.go of Pulumi 3.259.0.
 */
const OTHERS = ["CODEBUILD_BUILD_ARN", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION"] as const;

/** CI=false says no, whatever else is set. */
export function isContinuousIntegration(environment: Readonly<NodeJS.ProcessEnv>): boolean {
    const said = environment["CI"] ?? "";
    return said === "" ? OTHERS.some((name) => (environment[name] ?? "") !== "") : said !== "false" && said !== "0";
}
