/**
 * What a deployment calls for each planned type. Actions of `create` to `tag` are those of the handlers in CloudFormation's resource
 * schemas, as far as the platform's properties need them; read on 2026-11-21 from
 * https://github.com/pulumi/pulumi-aws-native/tree/43eed3b017fff3b41e0ceeae37ee943afce53275/aws-cloudformation-schema. What the Terraform
 * provider behind `@pulumi/aws` asks beside them when it reads a resource stands in `besides`, and is from memory: nobody has deployed with
 * this policy yet.
 */
import type { DeployActions } from "./deployActions/entry.ts";
import { network } from "./deployActions/network.ts";
import { services } from "./deployActions/services.ts";
import { stores } from "./deployActions/stores.ts";

/** By Pulumi type; `pulumi:`, `random:`, `command:` and components call nothing themselves. */
export const deployActions: Readonly<Record<string, DeployActions>> = { ...network, ...services, ...stores };
