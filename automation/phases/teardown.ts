/** Takes everything away again: the stack, and what the pipeline made, Pulumi retains, or a service wrote. Ends with a look that finds nothing. */
import type { OwnedResource } from "../account/ownedResource.ts";
import { describeArn } from "../account/owned/arnKinds.ts";
import { planRemoval, removeResources } from "../account/removal.ts";
import { removalPace } from "../account/sweep.ts";
import { EngineError } from "../engine/engine.ts";
import type { EngineEvent, StackResource } from "../engine/engine.ts";
import { settleEngineLocks } from "../locks/engineLocks.ts";
import type { Phase, PhaseContext } from "./phase.ts";
import { expectGone } from "./servedEndpoint.ts";
import { refuseForeignState } from "./statePlace.ts";
import { openAccount } from "./teardown/account.ts";
import type { TeardownAccount } from "./teardown/account.ts";
import { emptyBuckets, liftProtection, refuseProtected } from "./teardown/dataProtection.ts";
import { expectNothing, surveyUntil } from "./teardown/finalInventory.ts";
import { quietStack } from "./teardown/quietStack.ts";

/** What a stack that is gone can leave behind: made by the pipeline, retained by the program, or written by a service after its log group had gone. */
const RETAINED: ReadonlySet<string> = new Set([
    "sagemaker:model", "sagemaker:endpoint-config", "sagemaker:training-job", "sagemaker:transform-job", "logs:log-group", "logs:log-stream",
]);
/** S3 goes on delivering access logs for a while after a bucket was emptied. */
const DESTROY_ATTEMPTS = 3;

export const teardownPhase: Phase = {
    name: "destroy",
    async run(context) {
        await settleEngineLocks(context.engine, context);
        const resources = await context.engine.resources();
        refuseForeignState(context, resources);
        refuseProtected(context, resources);
        const account = await openAccount(context);
        try {
            const endpointNames = resources.length > 0 ? await prepare(context, account, resources) : [];
            await destroyStack(context, account, resources);
            // The stack's guard waits as well, unless the run that made it was cut off. After the endpoint goes what it uses.
            for (const endpointName of endpointNames) await expectGone(context, endpointName);
            await removeRetained(context, account, { hadState: resources.length > 0 });
            await expectNothing(context, account);
        } finally {
            account.close();
        }
    },
};

/** What would stand in the engine's way. From the state and the configuration alone: an `up` that failed half way has given no outputs. */
async function prepare(context: PhaseContext, account: TeardownAccount, resources: readonly StackResource[]): Promise<readonly string[]> {
    const endpointNames = await quietStack(context, account, resources);
    if (context.deletesData === true) {
        await liftProtection(context, account, resources);
        await emptyBuckets(context, account, resources);
    }
    return endpointNames;
}

async function destroyStack(context: PhaseContext, account: TeardownAccount, resources: readonly StackResource[]): Promise<void> {
    const { engine, reporter, signal, deletesData } = context;
    const onEvent = (event: EngineEvent): void => reporter.report(event);
    for (let attempt = 1; ; attempt++) {
        try {
            const counts = await engine.destroy({ onEvent, signal });
            return reporter.report({ kind: "counts", phase: "destroy", counts });
        } catch (error) {
            const isFilledAnew = error instanceof EngineError && /BucketNotEmpty/.test(error.message);
            if (!isFilledAnew || deletesData !== true || attempt === DESTROY_ATTEMPTS) throw error;
            await emptyBuckets(context, account, resources);
        }
    }
}

/** Deletes what no state knows and only a stack that is gone leaves. Beside a stack that nobody destroyed they are no leftovers but in use. */
async function removeRetained(context: PhaseContext, account: TeardownAccount, { hadState }: { readonly hadState: boolean }): Promise<void> {
    const { reporter, signal } = context;
    const { clients } = account;
    const survey = await surveyUntil(context, account, ({ resources }) => resources.every(isRetained));
    const retained = survey.resources.filter(isRetained);
    if (!hadState && retained.length < survey.resources.length) return;
    const { steps } = planRemoval(retained, { deletesData: true });
    const progress = (message: string): void => reporter.report({ kind: "note", message: `${message}, which the stack left` });
    const failed = await removeResources(steps, { clients, signal, progress, ...removalPace(clients) });
    for (const { resource, reason } of failed) reporter.report({ kind: "note", message: `${resource.label} stays: ${reason}` });
}

function isRetained({ arn }: OwnedResource): boolean {
    return RETAINED.has(describeArn(arn).kind);
}
