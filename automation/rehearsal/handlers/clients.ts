/** The AWS clients that handlers use: the phases' own, and those of the services that only resources need. */
import { createServiceClients } from "../../account/clients.ts";
import type { ServiceClients } from "../../account/clients.ts";
import { createAwsClients } from "../../aws.ts";
import type { AwsClients, AwsTarget } from "../../aws.ts";

export type HandlerClients = AwsClients & ServiceClients;

export function createHandlerClients(target: AwsTarget): HandlerClients {
    return { ...createAwsClients(target), ...createServiceClients(target) };
}
