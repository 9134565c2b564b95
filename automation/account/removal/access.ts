/** Deletes roles, aliases and keys: last, because everything else uses them. */
import {
    DeleteRoleCommand, DeleteRolePolicyCommand, DetachRolePolicyCommand, paginateListAttachedRolePolicies, paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import { DeleteAliasCommand, DescribeKeyCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { gather } from "../owned/search.ts";
import { nameOf } from "./remover.ts";
import type { Remover } from "./remover.ts";

/** Policies before the role: IAM deletes none that still has one. */
export const role: Remover = {
    kind: "iam:role",
    async remove(resource, { clients: { iam: client } }) {
        const RoleName = nameOf(resource);
        const names = await gather(paginateListRolePolicies({ client }, { RoleName }), ({ PolicyNames }) => PolicyNames);
        for (const PolicyName of names) await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
        const attached = await gather(paginateListAttachedRolePolicies({ client }, { RoleName }), ({ AttachedPolicies }) => AttachedPolicies);
        for (const { PolicyArn } of attached) await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
        await client.send(new DeleteRoleCommand({ RoleName }));
    },
};

/** At once, so that the same stack can be made again while the key still waits. */
export const alias: Remover = {
    kind: "kms:alias",
    async remove(resource, { clients }) {
        await clients.aws.kms.send(new DeleteAliasCommand({ AliasName: nameOf(resource) }));
    },
};

/** The shortest that KMS allows. https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
const PENDING_DAYS = 7;

/** What was encrypted with it is lost when the time is over; until then `aws kms cancel-key-deletion` brings it back. */
export const key: Remover = {
    kind: "kms:key",
    async remove(resource, { clients: { aws: { kms } }, progress }) {
        const KeyId = nameOf(resource);
        const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
        if (KeyMetadata?.KeyState === "PendingDeletion") return;
        const { DeletionDate } = await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: PENDING_DAYS }));
        progress(`key ${resource.label}: pending deletion until ${DeletionDate?.toISOString().slice(0, 10) ?? "a date that KMS did not say"}`);
    },
};
