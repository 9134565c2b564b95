/** Says what a sweep would delete, or does it. */
import { weighBackend } from "../../../account/backendEvidence.ts";
import { describeUnseen } from "../../../account/ownedResources.ts";
import { sweepAccount } from "../../../account/sweep.ts";
import type { SweepResult } from "../../../account/sweep.ts";
import type { OwnedResource } from "../../../account/ownedResource.ts";
import { CloudRefusal } from "../../../errors.ts";
import { placeOf } from "../../../locks/backendUrl.ts";
import { forgetStackFile } from "./forgetStackFile.ts";
import type { Session } from "../../session.ts";

/** @throws CloudRefusal when something is left that was to be deleted */
export async function runSweep(session: Session): Promise<void> {
    const { options, pulumiStack, reporter, signal, aws, print } = session;
    const { clients, owner } = await session.lookup();
    const engine = await session.engine();
    const known = await engine.resources();
    const place = { account: clients.accountId, region: aws.target.region };
    const backend = await weighBackend({ engine, backend: placeOf(await session.backend()), stack: pulumiStack, place });
    reporter.report({ kind: "note", message: backend.text });
    const { resources, kept, pending, unseen } = await sweepAccount({
        clients, owner, signal,
        stack: pulumiStack, hasSuffix: options.suffix !== undefined, isNamed: options.confirmedStack === pulumiStack,
        knownToState: known.filter(({ custom }) => custom).length,
        backend, isStateLost: options.isStateLost,
        applies: options.applies, deletesData: options.deletesData,
        progress: (message) => reporter.report({ kind: "note", message }),
    });
    print(resources.length === 0 ? `nothing of ${pulumiStack} is there that no state knows` : `${options.applies ? "deleted" : "would be deleted, in this order"}:`);
    for (const resource of resources) print(`  ${describe(resource)}`);
    for (const { resource, reason } of kept) print(`  stays: ${describe(resource)}: ${reason}`);
    for (const resource of pending) print(`  AWS deletes it ${resource.pendingUntil?.toISOString() ?? "later"}: ${describe(resource)}`);
    for (const part of unseen) print(`  could not be looked at: ${describeUnseen(part)}`);
    if (options.applies) {
        refuseLeft({ kept, unseen }, pulumiStack);
        forgetStackFile(session);
    } else if (resources.length > 0) print("nothing was deleted; --apply deletes");
}

/** What is spared on purpose is no failure; where a look was denied, something may still be there. */
function refuseLeft({ kept, unseen }: Pick<SweepResult, "kept" | "unseen">, stack: string): void {
    const left = kept.filter(({ isSpared }) => !isSpared);
    if (left.length > 0) throw new CloudRefusal(`${left.length} resources of ${stack} are left`, "run it again; what stays twice has its reason beside it");
    const denied = unseen.filter(({ isDenied }) => isDenied);
    if (denied.length === 0) return;
    throw new CloudRefusal(`whether nothing of ${stack} is left is not known: ${denied.length} services may not be looked at`,
        "allow what is named above, and run it again");
}

function describe({ type, label, arn }: OwnedResource): string {
    return type === undefined ? arn : `${type} ${label}`;
}
