/** What SageMaker's resources have in common: how their ARNs, their absence and their tags are told. */
import { AddTagsCommand, DeleteTagsCommand, ListTagsCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { UpdateRequest } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import type { Place } from "./place.ts";
import { applyTagChange, readTags, tagChange, toTagList } from "./tags.ts";

/** SageMaker lower-cases the name inside ARNs. Source: facts of `docs/failures.md`, mixed-case names in policies. */
export function sagemakerArn(place: Place, kind: string, name: string): string {
    return regionalArn(place, "sagemaker", `${kind}/${name.toLowerCase()}`);
}

/** SageMaker says "not found" by a ValidationException with a text. */
export async function unlessNotFound<Value>(call: () => Promise<Value>): Promise<Value | undefined> {
    try {
        return await call();
    } catch (error) {
        const isMissing = error instanceof Error && error.name === "ValidationException" && /could not find/i.test(error.message);
        if (isMissing) return undefined;
        throw error;
    }
}

/** Tags of a SageMaker resource, all pages. */
export async function listTags(ResourceArn: string | undefined, client: SageMakerClient): Promise<Record<string, string>> {
    const tags: Record<string, string> = {};
    let NextToken: string | undefined;
    do {
        const page = await client.send(new ListTagsCommand({ ResourceArn, NextToken }));
        Object.assign(tags, readTags(page.Tags));
        NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return tags;
}

export async function updateTags(ResourceArn: string, { oldInputs, inputs }: UpdateRequest, client: SageMakerClient): Promise<void> {
    await applyTagChange(
        tagChange(oldInputs, inputs),
        (tags) => client.send(new AddTagsCommand({ ResourceArn, Tags: toTagList(tags) })),
        (TagKeys) => client.send(new DeleteTagsCommand({ ResourceArn, TagKeys })),
    );
}
