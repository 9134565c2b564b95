import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { createNaming } from "../../../components/naming.ts";
import type { StackResource } from "../../engine/engine.ts";
import { CloudRefusal } from "../../errors.ts";
import type { Check, VerificationWorld } from "./check.ts";
import { STORES } from "./stores.ts";
import type { KeyPart } from "./stores.ts";

/** Every store of the stack is asked which key it encrypts with: what the state says is not asked. */
export const encryption: Check = {
    name: "encryption",
    level: "smoke",
    async run(world: VerificationWorld) {
        const resources = await world.context.engine.resources();
        const keys = await findKeys(world);
        const measured: string[] = [];
        for (const store of STORES) {
            const found = resources.filter(({ type }) => type === store.type);
            await Promise.all(found.map((resource) => checkStore(world, resource, keys)));
            if (found.length > 0) measured.push(`${found.length} ${store.what}`);
        }
        return `${measured.join(", ")}: each with its key`;
    },
};

type Keys = ReadonlyMap<KeyPart, string>;

/** Ids of the stack's keys, by what they are for. The aliases are how people find them. */
async function findKeys({ context, outputs }: VerificationWorld): Promise<Keys> {
    const naming = createNaming(context.config, { accountId: outputs.accountId, region: context.aws.target.region });
    const parts = [...new Set(STORES.map(({ keyPart }) => keyPart))];
    return new Map(await Promise.all(parts.map(async (part) => {
        const { KeyMetadata } = await context.aws.kms.send(new DescribeKeyCommand({ KeyId: naming.alias(part) }));
        return [part, KeyMetadata?.KeyId ?? ""] as const;
    })));
}

async function checkStore({ context, outputs }: VerificationWorld, resource: StackResource, keys: Keys): Promise<void> {
    const store = STORES.find(({ type }) => type === resource.type);
    if (store === undefined) return;
    const found = await store.readKey(context.aws, resource);
    const expected = resource.id === outputs.logsBucketName ? "AES256" : keys.get(store.keyPart);
    // Services name a key by id, by ARN or by alias.
    if (found !== undefined && found.slice(found.lastIndexOf("/") + 1) === expected) return;
    throw new CloudRefusal(
        `${resource.name} (${resource.id ?? "no id"}) must be encrypted with the key ${expected ?? store.keyPart}, got ${found ?? "none"}`,
        "run the phase `up`; if it changes nothing, somebody changed the encryption by hand: pulumi refresh",
    );
}
