/** `aws:kms/alias:Alias`. */
import { CreateAliasCommand, DeleteAliasCommand, DescribeKeyCommand, ListAliasesCommand, UpdateAliasCommand, type AliasListEntry } from "@aws-sdk/client-kms";
import { randomBytes } from "node:crypto";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { regionalArn, whenKnown } from "./arn.ts";
import { reported, requiredText, text } from "./inputs.ts";
import { applied, appliedReplaces, recordedReplaces, region, registryPage } from "./rules.ts";
import { unless } from "./wait.ts";

async function findAlias(name: string, { clients }: HandlerContext): Promise<AliasListEntry | undefined> {
    let Marker: string | undefined;
    do {
        const page = await clients.kms.send(new ListAliasesCommand({ Marker, Limit: 100 }));
        const found = page.Aliases?.find((alias) => alias.AliasName === name);
        if (found !== undefined) return found;
        Marker = page.Truncated === true ? page.NextMarker : undefined;
    } while (Marker !== undefined);
    return undefined;
}

export const kmsAlias: ResourceDefinition = {
    table: {
        type: "aws:kms/alias:Alias",
        source: registryPage("kms/alias"),
        // `targetKeyId` takes a key's id or ARN; it is read back in the form that was asked.
        inputs: { ...region, name: appliedReplaces, namePrefix: recordedReplaces, targetKeyId: applied },
        outputs: ["arn", "name", "namePrefix", "region", "targetKeyArn", "targetKeyId"],
    },
    predict: ({ inputs }, place) => ({
        id: whenKnown(inputs["name"], (name) => name),
        outputs: { arn: whenKnown(inputs["name"], (name) => regionalArn(place, "kms", name)), region: place.region },
    }),
    async create({ name, inputs }, { clients }) {
        // The engine's auto-naming has no prefix, and an alias must begin with one.
        const alias = text(inputs, "name") ?? `alias/${name}-${randomBytes(4).toString("hex").slice(0, 7)}`;
        await clients.kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: requiredText(inputs, "targetKeyId") }));
        return alias;
    },
    async read({ id, inputs }, context) {
        const alias = await findAlias(id, context);
        if (alias === undefined) return undefined;
        const key = await context.clients.kms.send(new DescribeKeyCommand({ KeyId: alias.TargetKeyId }));
        const arn = key.KeyMetadata?.Arn;
        const asked = text(inputs, "targetKeyId");
        const values = reported({ name: alias.AliasName, targetKeyId: asked === arn ? arn : alias.TargetKeyId });
        return {
            id,
            inputs: values,
            outputs: { ...values, ...reported({ arn: alias.AliasArn, targetKeyArn: arn, region: context.place.region }) },
        };
    },
    async update({ id, inputs }, { clients }) {
        await clients.kms.send(new UpdateAliasCommand({ AliasName: id, TargetKeyId: requiredText(inputs, "targetKeyId") }));
    },
    async delete({ id }, { clients }) {
        await unless(["NotFoundException"], () => clients.kms.send(new DeleteAliasCommand({ AliasName: id })));
    },
};
