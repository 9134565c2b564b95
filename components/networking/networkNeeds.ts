/** Whether there is a network, which services it has endpoints for, and which it cannot reach. */
import type { PlatformConfig } from "../config.ts";
import { endpointNeeds, gatewayServices, interfaceServices } from "../facts/vpcEndpoints.ts";
import type { InterfaceService, PrivatePart } from "../facts/vpcEndpoints.ts";

type NetworkDecisions = Pick<PlatformConfig, "network" | "training">;

/** The parts that run inside the VPC. */
function findPrivateParts({ training }: NetworkDecisions): readonly PrivatePart[] {
    return training.private ? ["training.private"] : [];
}

/** A VPC costs money by the hour, so there is none unless a part runs in it or the configuration asks for it. */
export function needsVpc(config: NetworkDecisions): boolean {
    return config.network.vpc === "on" || findPrivateParts(config).length > 0;
}

/** Services with an interface endpoint: what the configuration names, and what the parts inside the VPC need; sorted, each once. */
export function listInterfaceServices(config: NetworkDecisions): readonly InterfaceService[] {
    const parts = findPrivateParts(config);
    const needed = endpointNeeds.filter(({ part }) => parts.includes(part)).map(({ service }) => service);
    return [...new Set([...config.network.interfaceEndpoints, ...needed])].sort();
}

/**
 * What private and isolated subnets cannot reach, in words. A NAT gateway opens the private subnets alone: isolated ones, in which
 * private jobs run, never have another way than an endpoint.
 */
export function listUnreachableServices(config: NetworkDecisions): readonly string[] {
    const reached = new Set<string>([...Object.keys(gatewayServices), ...listInterfaceServices(config)]);
    const missing = Object.entries(interfaceServices).filter(([service]) => !reached.has(service)).map(([, words]) => words);
    const from = config.network.nat === "none" ? "" : " (from isolated subnets)";
    return [...missing.sort(), "any other service, and the internet"].map((words) => `${words}${from}`);
}
