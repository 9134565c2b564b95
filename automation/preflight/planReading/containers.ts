/** Task definitions and services of ECS as they stand in a plan. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { isUnknown } from "./values.ts";

export const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";
export const SERVICE = "aws:ecs/service:Service";

/** A container definition as ECS takes it: `name`, `image`, `logConfiguration`, `secrets` ... */
export type ContainerFields = Readonly<Record<string, unknown>>;

export function findTaskDefinitions(plan: Plan): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === TASK_DEFINITION);
}

export function findServices(plan: Plan): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === SERVICE);
}

/** Undefined when the containers are not known before the deployment. Ids and ARNs in them may be stand-ins. */
export function readContainers({ inputs: { containerDefinitions } }: PlannedResource): readonly ContainerFields[] | undefined {
    return typeof containerDefinitions === "string" ? JSON.parse(containerDefinitions) as readonly ContainerFields[] : undefined;
}

/** For messages. */
export function nameOf(container: ContainerFields): string {
    return `container ${JSON.stringify(container["name"] ?? null)}`;
}

/** The service's task definition, when the plan has it. */
export function findTaskOf(service: PlannedResource, plan: Plan): PlannedResource | undefined {
    return findTaskDefinitions(plan).find((task) => runs(service, task));
}

/** Services that run the tasks of a definition. */
export function findServicesOf(task: PlannedResource, plan: Plan): readonly PlannedResource[] {
    return findServices(plan).filter((service) => runs(service, task));
}

/** By reference, or by the family's name with or without a revision. */
function runs(service: PlannedResource, task: PlannedResource): boolean {
    if ((service.propertyDependencies["taskDefinition"] ?? []).includes(task.urn)) return true;
    const { taskDefinition } = service.inputs;
    const { family } = task.inputs;
    if (typeof taskDefinition !== "string" || isUnknown(family)) return false;
    return taskDefinition.split(":")[0] === family;
}
