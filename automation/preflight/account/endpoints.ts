/** SageMaker endpoints, by name. */
import { DescribeEndpointCommand, ListTagsCommand } from "@aws-sdk/client-sagemaker";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";

export interface FoundEndpoint {
    readonly status: string;
    readonly tags: Readonly<Record<string, string>>;
}

/** Undefined when there is no endpoint of that name. */
export async function findEndpoint(sagemaker: SageMakerClient, name: string): Promise<FoundEndpoint | undefined> {
    try {
        const { EndpointStatus = "unknown", EndpointArn } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
        const { Tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: EndpointArn }));
        return { status: EndpointStatus, tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])) };
    } catch (error) {
        // SageMaker has no error of its own for what does not exist.
        if (error instanceof Error && error.name === "ValidationException" && /could not find/i.test(error.message)) return undefined;
        throw error;
    }
}
