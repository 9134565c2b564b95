/** Reads which model a variant's endpoint serves: the parameter that exists while the endpoint is declared. */
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { ApprovedModel, Variant } from "./documents.ts";

/** What a parameter of ours holds before anything was written to it. */
const NOTHING = "none";

/** Full name of the parameter below the environment's path. */
export function nameServingParameter(parameterPath: string, variant: Variant): string {
    return `${parameterPath}/serving-${variant}`;
}

/** The serving model, or undefined when the parameter is absent or says none. Throws when it cannot be read. */
export async function readServingModel(client: SSMClient, parameterName: string, signal?: AbortSignal): Promise<ApprovedModel | undefined> {
    const command = new GetParameterCommand({ Name: parameterName, WithDecryption: true });
    try {
        const { Parameter } = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
        return parseServingModel(Parameter?.Value);
    } catch (error) {
        if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
        throw error;
    }
}

/** Parses the parameter's text. Throws when it is neither `none` nor an approved model. */
export function parseServingModel(text: string | undefined): ApprovedModel | undefined {
    if (text === undefined || text === NOTHING) return undefined;
    const model = JSON.parse(text) as Partial<ApprovedModel>;
    if (typeof model.version !== "string" || typeof model.schemaUrl !== "string") {
        throw new Error(
            "the serving parameter holds no approved model: version or schemaUrl is absent\n  fix: run the enable-endpoints phase",
        );
    }
    return model as ApprovedModel;
}
