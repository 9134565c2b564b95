/** F04: no deployment depends on the Python of the machine that it runs on. */
import type { StandingRule } from "../rule.ts";

export const rule = {
    id: "F04",
    kind: "design",
    title: "No Python of the machine takes part in a deployment",
    story: "A script trained the model on the machine that deployed. XGBoost 1.5 imports pkg_resources, which comes with setuptools, "
        + "and virtual environments of Python 3.12 have none: NameError, and no model.",
    source: "field reports S0-S4",
    prevention: "Models are trained by SageMaker, in the container image that also serves them; what is deployed is TypeScript. Only "
        + "the rehearsal uses Python, in an environment of its own: every package pinned with its hashes, wheels only, and imported "
        + "once before it counts as made.",
    heldBy: [
        "components/inference/pipelineJobs.ts", "automation/rehearsal/pythonEnvironment.ts",
        "automation/rehearsal/cloud/python/requirements.txt", "tests/automation/rehearsal/pythonEnvironment.cloud.ts",
    ],
    fix: "train through the pipeline (`node automation/deploy.ts train --stack <stack>`); for scripts of your own, pin setuptools "
        + "beside XGBoost 1.5, or use 1.7 and newer",
} as const satisfies StandingRule;
