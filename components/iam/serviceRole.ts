/** A role that one service takes on, with one inline policy. */
import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import type { PlatformContext } from "../context.ts";
import { buildPolicy } from "./policy.ts";
import type { Statement } from "./policy.ts";
import { buildServiceTrust } from "./trust.ts";
import type { TrustedService } from "./trust.ts";

export interface ServiceRoleArgs {
    readonly context: PlatformContext;
    readonly description: string;
    readonly service: TrustedService;
    /** For whom the service may act. @default anything in our account */
    readonly sourceArn?: string;
    readonly statements: pulumi.Input<readonly Statement[]>;
}

export class ServiceRole extends pulumi.ComponentResource {
    readonly roleArn: pulumi.Output<string>;
    /** What needs the permissions, not the role alone, depends on this. */
    readonly policy: RolePolicy;

    constructor(name: string, args: ServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:iam:ServiceRole", name, {}, opts);
        const { context } = args;
        const role = new Role(`${name}-role`, {
            name: context.naming.role(name),
            description: args.description,
            assumeRolePolicy: buildServiceTrust(args.service, context.location, args.sourceArn),
            // IAM keeps a role as long as anything is attached to it, by whomever.
            forceDetachPolicies: true,
            tags: context.tags,
        }, { parent: this });
        this.policy = new RolePolicy(`${name}-policy`, {
            name,
            role: role.name,
            policy: pulumi.output(args.statements).apply(buildPolicy),
        }, { parent: this });
        this.roleArn = role.arn;
        this.registerOutputs({ roleArn: this.roleArn });
    }
}
