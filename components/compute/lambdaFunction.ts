/** One Lambda function with its own log group, role and least permissions. */
import * as pulumi from "@pulumi/pulumi";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Function } from "@pulumi/aws/lambda/function.js";
import type { PlatformContext } from "../context.ts";
import { LAMBDA_HANDLER } from "./bundle.ts";
import type { LambdaBundle } from "./bundle.ts";
import { LAMBDA_RUNTIME } from "../facts/runtimes.ts";
import { decryptEnvironment } from "../iam/encryption.ts";
import { lambdaLogs } from "../iam/logging.ts";
import { buildPolicy } from "../iam/policy.ts";
import type { Statement } from "../iam/policy.ts";
import { buildServiceTrust } from "../iam/trust.ts";

export interface LambdaFunctionArgs {
    readonly context: PlatformContext;
    readonly description: string;
    readonly bundle: LambdaBundle;
    /** 1 to 900. */
    readonly timeoutSeconds: number;
    /** 128 to 10240; CPU grows with it. */
    readonly memoryMiB: number;
    /** `ENVIRONMENT` is added. */
    readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
    /** What it may do beside writing its log and reading its environment. */
    readonly statements?: pulumi.Input<readonly Statement[]>;
    /** Key for the log group and the environment. */
    readonly kmsKeyArn: pulumi.Input<string>;
}

export class LambdaFunction extends pulumi.ComponentResource {
    readonly functionName: pulumi.Output<string>;
    readonly functionArn: pulumi.Output<string>;
    /** What API Gateway calls. */
    readonly invokeArn: pulumi.Output<string>;
    /** What has the function called by its role, not by a permission, depends on this. */
    readonly policy: RolePolicy;

    constructor(name: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:compute:LambdaFunction", name, {}, opts);
        const logGroup = this.createLogGroup(name, args);
        const role = this.createRole(name, args);
        this.policy = this.createPolicy(name, args, role);
        const lambda = this.createFunction(name, args, { role, waitFor: [logGroup, this.policy] });
        this.functionName = lambda.name;
        this.functionArn = lambda.arn;
        this.invokeArn = lambda.invokeArn;
        this.registerOutputs({ functionName: this.functionName, functionArn: this.functionArn });
    }

    private createLogGroup(name: string, { context, kmsKeyArn }: LambdaFunctionArgs): LogGroup {
        return new LogGroup(`${name}-logs`, {
            name: context.naming.logGroup("/aws/lambda", name),
            retentionInDays: context.logRetentionDays,
            kmsKeyId: kmsKeyArn,
            tags: context.tags,
        }, { parent: this });
    }

    private createRole(name: string, { context }: LambdaFunctionArgs): Role {
        return new Role(`${name}-role`, {
            name: context.naming.role(name),
            description: `Role of the function ${name}`,
            assumeRolePolicy: buildServiceTrust("lambda", context.location),
            // IAM keeps a role as long as anything is attached to it, by whomever.
            forceDetachPolicies: true,
            tags: context.tags,
        }, { parent: this });
    }

    private createPolicy(name: string, args: LambdaFunctionArgs, role: Role): RolePolicy {
        const { location, naming } = args.context;
        const logs = lambdaLogs(location, naming.logGroup("/aws/lambda", name));
        return new RolePolicy(`${name}-policy`, {
            name,
            role: role.name,
            policy: pulumi.all([args.kmsKeyArn, args.statements ?? []])
                .apply(([keyArn, statements]) => buildPolicy([logs, decryptEnvironment(keyArn), ...statements])),
        }, { parent: this });
    }

    private createFunction(name: string, args: LambdaFunctionArgs, given: { role: Role; waitFor: pulumi.Resource[] }): Function {
        const { context } = args;
        return new Function(`${name}-function`, {
            name: context.naming.name("function", name),
            description: args.description,
            role: given.role.arn,
            runtime: LAMBDA_RUNTIME,
            architectures: ["arm64"],
            handler: LAMBDA_HANDLER,
            code: new pulumi.asset.FileArchive(args.bundle.path),
            sourceCodeHash: args.bundle.hash,
            timeout: args.timeoutSeconds,
            memorySize: args.memoryMiB,
            kmsKeyArn: args.kmsKeyArn,
            environment: { variables: { ENVIRONMENT: context.naming.environment, ...args.environment } },
            tags: context.tags,
            // Without its log group Lambda makes one of its own, unencrypted and kept for ever; without its policy the first calls fail.
        }, { parent: this, dependsOn: given.waitFor });
    }
}
