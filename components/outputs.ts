/** The stack's outputs: what the driver, CI and other stacks read. What does not exist is absent. */
export interface PlatformOutputs {
    /** `infrastructure` until endpoints are declared, then `serving`. */
    readonly phase: "infrastructure" | "serving";
    readonly region: string;
    readonly accountId: string;
    readonly rawBucketName: string;
    /** Key prefix in the raw bucket under which a new object starts the pipeline, e.g. `data/`. */
    readonly dataPrefix: string;
    readonly processedBucketName: string;
    readonly modelsBucketName: string;
    readonly modelMetadataTableName: string;
    readonly pipelineLeasesTableName: string;
    readonly stateMachineArn: string;
    readonly alertTopicArn: string;
    /** `https://<id>.execute-api.<region>.<dns suffix>`, no trailing slash. */
    readonly apiUrl: string;
    /** `/<project>/<environment>/inference`; below it `switch`, `approved`, `serving`. */
    readonly parameterPath: string;
    /** The name the inference endpoint has or will have. */
    readonly endpointName: string;
    /** Present only when the endpoint is declared. */
    readonly endpointArn?: string;
    /** Version of the model that the endpoint was created with; present only when the endpoint is declared. */
    readonly modelVersion?: string;
}
