/** What the handlers of EC2's resources share: tags are set one way for all of them, and lists come back in any order. */
import { CreateTagsCommand, DeleteTagsCommand, type ResourceType, type Tag, type TagSpecification } from "@aws-sdk/client-ec2";
import { UNKNOWN, type PredictedState, type PropertyMap, type UpdateRequest } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import type { HandlerContext } from "./definition.ts";
import { texts } from "./inputs.ts";
import type { Place } from "./place.ts";
import { applyTagChange, tagChange, tagsOf, toTagList } from "./tags.ts";

/** Tags of a create call; absent when there are none, since EC2 refuses an empty list. */
export function tagSpecifications(type: ResourceType, inputs: PropertyMap): { TagSpecifications?: TagSpecification[] } {
    const tags: Tag[] = toTagList(tagsOf(inputs));
    return tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: type, Tags: tags }] };
}

type TagUpdate = Pick<UpdateRequest, "id" | "oldInputs" | "inputs">;

export async function updateTags({ id, oldInputs, inputs }: TagUpdate, { clients }: HandlerContext): Promise<void> {
    await applyTagChange(
        tagChange(oldInputs, inputs),
        (tags) => clients.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: toTagList(tags) })),
        (keys) => clients.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) })),
    );
}

/** EC2 chooses ids, and ARNs follow from them: nothing but the place and the tags is known before. */
export function predictNumbered({ tags }: PropertyMap, place: Place): PredictedState {
    return { id: UNKNOWN, outputs: { region: place.region, tagsAll: tags ?? {} } };
}

export function ec2Arn(place: Place, kind: string, id: string): string {
    return regionalArn(place, "ec2", `${kind}/${id}`);
}

/** A set as the program wrote it, when it is the same set; else as the cloud has it, sorted. */
export function inAskedOrder(found: readonly string[] | undefined, inputs: PropertyMap, name: string): string[] | undefined {
    const have = [...found ?? []].sort();
    const asked = texts(inputs, name);
    if (asked !== undefined && [...asked].sort().join() === have.join()) return asked;
    return have.length === 0 && asked === undefined ? undefined : have;
}
