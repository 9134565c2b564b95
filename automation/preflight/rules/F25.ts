/** F25: a service starts tasks only when their image is there. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import { findServices, findTaskOf, nameOf, readContainers, SERVICE, TASK_DEFINITION } from "../planReading/containers.ts";
import type { ContainerFields } from "../planReading/containers.ts";
import { lookForImage, readImageName } from "../planReading/images.ts";
import { ancestorsOf } from "../planReading/order.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildAccount, buildConfig, buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const REPOSITORY = "aws:ecr/repository:Repository";
/** What puts images into repositories while the program runs: then they come before the task definition. */
const PUSHES = /^(awsx:ecr:(Image|RegistryImage)|docker:index\/(image|registryImage):|docker-build:index:|command:local:Command)/;

export const rule = defineRule({
    id: "F25",
    kind: "plan",
    needs: ["plan"],
    title: "A service starts tasks only when their image has been pushed",
    story: "Repository and service came up in one deployment, and the image was to be pushed afterwards. The tasks ended with "
        + "CannotPullContainerError, the circuit breaker had nothing to roll back to, and the deployment failed when its time was over.",
    source: "field reports S0-S4",
    fix: "set desiredCount to 0 until the image is pushed, then name it by its digest",
    applies: ({ plan }) => findServices(plan).some(runsTasks),
    check: (evidence) => checkEach(evidence, findServices(evidence.plan).filter(runsTasks), async (service) => {
        const { desiredCount } = service.inputs;
        if (desiredCount === UNKNOWN) return [{ open: "its desiredCount is not known before the deployment" }];
        const task = findTaskOf(service, evidence.plan);
        const containers = task === undefined ? undefined : readContainers(task);
        if (task === undefined || containers === undefined) return [{ open: "its containers are not known before the deployment" }];
        const remarks = await Promise.all(containers.map((container) => lookAtImage(container, task, evidence)));
        return remarks.flat();
    }),
    mustFind: [
        { title: "no image", evidence: () => buildEvidence("") },
        { title: "an image that is not in the account", evidence: () => buildEvidence(`${REGISTRY}/letters:v1`, { pushed: [] }) },
        { title: "a repository that this deployment makes", evidence: () => buildEvidence(`${REGISTRY}/letters:v1`, { isFirst: true }) },
        {
            title: "whatever is the latest, in production",
            evidence: () => buildEvidence(`${REGISTRY}/letters:latest`, { pushed: ["latest"], stack: "prod" }),
        },
        {
            title: "an image without a tag, in production",
            evidence: () => buildEvidence(`${REGISTRY}/letters`, { pushed: ["latest"], stack: "prod" }),
        },
    ],
    mustPass: [
        { title: "a digest that is in the account", evidence: () => buildEvidence(`${REGISTRY}/letters@${DIGEST}`, { pushed: [DIGEST] }) },
        { title: "a tag that is in the account", evidence: () => buildEvidence(`${REGISTRY}/letters:v1`, { pushed: ["v1"] }) },
        {
            title: "an image that the program pushes first",
            evidence: () => buildEvidence(`${REGISTRY}/letters:v1`, { isFirst: true, pushes: true }),
        },
        { title: "an image of another registry", evidence: () => buildEvidence("public.ecr.aws/nginx/nginx:1.29", { stack: "prod" }) },
    ],
});

/** Also when it is not known. Without a number the provider takes none, except for daemons. */
function runsTasks({ inputs: { desiredCount, schedulingStrategy } }: PlannedResource): boolean {
    return desiredCount === UNKNOWN || schedulingStrategy === "DAEMON" || Number(desiredCount ?? 0) > 0;
}

async function lookAtImage(container: ContainerFields, task: PlannedResource, evidence: Having<"plan">): Promise<readonly Remark[]> {
    const { image } = container;
    const who = nameOf(container);
    if (typeof image !== "string" || image === "") return [{ what: `${who} has no image, and the service is to start tasks` }];
    if (isUnknown(image)) return [{ open: `the image of ${who} is not known before the deployment` }];
    const isProd = (evidence.config?.preset ?? evidence.stack) === "prod";
    if (isProd && !/@sha256:/.test(image) && !/:(?!latest$)[^:/@]+$/.test(image)) {
        return [{
            what: `${who} runs ${image}: in production an image must be named by its digest or its own tag`,
            fix: `write ${image.replace(/:latest$/, "")}@sha256:...`,
        }];
    }
    return lookIntoRepository({ who, image }, task, evidence);
}

interface NamedImage { readonly who: string; readonly image: string }

async function lookIntoRepository(
    { who, image }: NamedImage, task: PlannedResource, evidence: Having<"plan">,
): Promise<readonly Remark[]> {
    const named = readImageName(image);
    if (named === undefined || isPushedBefore(task, evidence.plan)) return [];
    if (isMadeNow(named.repository, evidence)) {
        return [{ what: `${who} runs ${image}, and its repository is made by this very deployment: it is empty when the tasks start` }];
    }
    const found = await lookForImage(image, evidence);
    if (found === "missing") {
        return [{ what: `${who} runs ${image}, which nobody has pushed`, fix: "push it, or set desiredCount to 0 until it is pushed" }];
    }
    return found === "pushed" ? [] : [found];
}

function isPushedBefore(task: PlannedResource, plan: Plan): boolean {
    const before = ancestorsOf(task, plan);
    return plan.resources.some(({ type, urn }) => PUSHES.test(type) && before.has(urn));
}

/** Only when it is known what the state holds. */
function isMadeNow(repository: string, { plan, state }: Having<"plan">): boolean {
    const planned = plan.resources.find(({ type, inputs }) => type === REPOSITORY && inputs["name"] === repository);
    return planned !== undefined && state !== undefined && planned.operation === "create" && !state.some(({ urn }) => urn === planned.urn);
}

const REGISTRY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const DIGEST = `sha256:${"0".repeat(64)}`;

interface Around {
    /** Tags and digests that the account has; without it nobody is asked. */
    readonly pushed?: readonly string[];
    /** Nothing has been deployed before. */
    readonly isFirst?: boolean;
    /** The program builds the image itself. */
    readonly pushes?: boolean;
    readonly stack?: "dev" | "prod";
}

function buildEvidence(image: string, { pushed, isFirst = false, pushes = false, stack = "dev" }: Around = {}): Evidence {
    const repository: SampleResource = { type: REPOSITORY, name: "letters-images", inputs: { name: "letters" } };
    const build: SampleResource = { type: "docker-build:index:Image", name: "letters-image", dependencies: [urnOf(repository)] };
    const task: SampleResource = {
        type: TASK_DEFINITION, name: "letters", dependencies: [urnOf(pushes ? build : repository)],
        inputs: { family: "letters", containerDefinitions: JSON.stringify([{ name: "app", image }]) },
    };
    const service: SampleResource = {
        type: SERVICE, name: "letters-service", inputs: { desiredCount: 2 }, propertyDependencies: { taskDefinition: [urnOf(task)] },
    };
    const found = async (_repository: string, reference: string): Promise<{ digest: string } | undefined> => (
        pushed?.includes(reference) === true ? { digest: DIGEST } : undefined);
    return {
        ...buildPlanEvidence(repository, ...(pushes ? [build] : []), task, service),
        stack,
        config: buildConfig({ preset: stack, ...(stack === "prod" ? { alerts: { emails: ["team@example.com"] } } : {}) }),
        ...(isFirst ? { state: [] } : {}),
        ...(pushed === undefined ? {} : { account: buildAccount({ image: found }) }),
    };
}
