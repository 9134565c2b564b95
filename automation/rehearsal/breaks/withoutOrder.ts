/**
 * The platform as it would be if nobody had said what the state machine has to wait for. A program of its own, since the SDK keeps the
 * order.
 */
import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import declarePlatform from "../../../index.ts";

const POLICY = "aws:iam/rolePolicy:RolePolicy";
const STATE_MACHINE = "aws:sfn/stateMachine:StateMachine";
/** A race that is lost every time. */
const LATE_MILLISECONDS = 5000;

pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    if (type === STATE_MACHINE) return { props, opts: { ...opts, dependsOn: [] } };
    if (type !== POLICY || name !== "pipeline-policy") return undefined;
    const late = pulumi.output(props["policy"] as pulumi.Input<string>).apply(async (policy) => {
        await delay(LATE_MILLISECONDS);
        return policy;
    });
    return { props: { ...props, policy: late }, opts };
});

export default declarePlatform;
