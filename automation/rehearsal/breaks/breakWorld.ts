/** What failures on demand act on: one rehearsal, shared by all, and the hands to break and mend it. */
import { rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeEndpointCommand } from "@aws-sdk/client-sagemaker";
import type { AwsTarget } from "../../aws.ts";
import type { ApprovedModel, Variant } from "../../../lambdas/shared/documents.ts";
import { parseS3Url } from "../../../lambdas/shared/store.ts";
import { readApprovedModel, readOutputs, writeParameter } from "../../outputs.ts";
import type { PlatformOutputs } from "../../../components/outputs.ts";
import { waitFor } from "../../waiting.ts";
import type { Rehearsal } from "../rehearsal.ts";

const WAIT_MS = 60_000;
const POLL_MS = 200;

export class BreakWorld {
    readonly rehearsal: Rehearsal;
    /** Interpreter with the packages of the rehearsal cloud. */
    readonly python: string;

    constructor(rehearsal: Rehearsal, python: string) {
        this.rehearsal = rehearsal;
        this.python = python;
    }

    /** For clients of services that the driver itself does not use. */
    get clientSettings(): Pick<AwsTarget, "region" | "endpoint" | "credentials"> {
        const { region, endpoint, credentials } = this.rehearsal.cloud.target;
        return { region, ...(endpoint === undefined ? {} : { endpoint }), ...(credentials === undefined ? {} : { credentials }) };
    }

    async outputs(): Promise<PlatformOutputs> {
        return readOutputs(this.rehearsal.engine);
    }

    /** @throws Error when nothing was trained. */
    async approved(variant: Variant = "champion"): Promise<ApprovedModel> {
        const { parameterPath } = await this.outputs();
        const model = await readApprovedModel(this.rehearsal.context.aws, parameterPath, variant);
        if (model === undefined) throw new Error(`no model was approved as ${variant}`);
        return model;
    }

    async readArtifact(): Promise<Uint8Array> {
        const { bucket, key } = parseS3Url((await this.approved()).modelDataUrl);
        const { Body } = await this.rehearsal.context.aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return buffer(Body as AsyncIterable<Uint8Array>);
    }

    /** Puts other bytes where the approved model lies; gives the function that puts the model back. */
    async replaceArtifact(bytes: Uint8Array): Promise<() => Promise<void>> {
        const original = await this.readArtifact();
        const { bucket, key } = parseS3Url((await this.approved()).modelDataUrl);
        const put = async (body: Uint8Array): Promise<void> => {
            await this.rehearsal.context.aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
        };
        await put(bytes);
        return () => put(original);
    }

    /** Limits and pace of the SageMaker stand-in, e.g. `{ deletionSeconds: 20 }`; `{}` for the usual ones. */
    async configureSageMaker(settings: Readonly<Record<string, number | Readonly<Record<string, number>>>>): Promise<void> {
        const file = path.join(this.rehearsal.folder, "sagemaker.json");
        // In one step: the stand-in reads it again and again.
        await writeFile(`${file}.new`, JSON.stringify(settings));
        await rename(`${file}.new`, file);
    }

    /** Status of the variant's endpoint; undefined when its name is free. */
    async endpointStatus(variant: Variant = "champion"): Promise<string | undefined> {
        const { endpointNames } = await this.outputs();
        const { sagemaker } = this.rehearsal.context.aws;
        try {
            return (await sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpointNames[variant] }))).EndpointStatus;
        } catch (error) {
            if (error instanceof Error && error.name === "ValidationException") return undefined;
            throw error;
        }
    }

    /** Waits until the variant's endpoint has the status, or none when `wanted` is undefined. */
    async awaitEndpoint(wanted: string | undefined, variant: Variant = "champion"): Promise<void> {
        const { signal } = this.rehearsal.context;
        const ask = async (): Promise<true | undefined> => (await this.endpointStatus(variant) === wanted ? true : undefined);
        const reached = await waitFor(ask, { intervalMs: POLL_MS, limitMs: WAIT_MS, signal });
        if (reached !== undefined) return;
        throw new Error(`the ${variant}'s endpoint did not become ${wanted ?? "absent"} within ${WAIT_MS / 1000} s`);
    }

    /** Sets the switch, and brings the stack up with it. */
    async switchEndpoints(to: "on" | "off"): Promise<void> {
        const { aws, engine, signal } = this.rehearsal.context;
        await writeParameter(aws, `${(await this.outputs()).parameterPath}/switch`, to);
        await engine.up({ signal });
    }

    /** Switches the endpoints off if one of these serves: a model that is served already cannot be broken any more. */
    async endService(variants: readonly Variant[]): Promise<void> {
        const states = await Promise.all(variants.map((variant) => this.endpointStatus(variant)));
        if (states.includes("InService")) await this.switchEndpoints("off");
    }
}
