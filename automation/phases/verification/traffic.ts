/** The A/B test's weights during a verification: set by the API as operators do, and put back at the end. */
import { setTimeout as delay } from "node:timers/promises";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { AB_TEST_ID } from "../../../lambdas/shared/documents.ts";
import type { Weights } from "../../../lambdas/shared/documents.ts";
import type { PlatformOutputs } from "../../../components/outputs.ts";
import { AB_TEST_CACHE_SECONDS } from "../../../lambdas/shared/routerCaches.ts";
import type { ApiClient } from "../../apiClient.ts";
import type { PhaseContext } from "../phase.ts";
import { expectEqual, expectStatus } from "./expectations.ts";

/** One that has read the weights just before a change must have read them again. */
const ROUTERS_KNOW_AFTER_MS = AB_TEST_CACHE_SECONDS * 1000 + 500;

interface Earlier {
    /** Absent: nobody had set any, and the configuration's apply. */
    readonly weights?: Weights;
}

export class Traffic {
    readonly #context: PhaseContext;
    readonly #outputs: PlatformOutputs;
    readonly #api: ApiClient;
    #earlier: Earlier | undefined;
    #current: Weights | undefined;
    #setAt = 0;

    constructor(context: PhaseContext, outputs: PlatformOutputs, api: ApiClient) {
        this.#context = context;
        this.#outputs = outputs;
        this.#api = api;
    }

    /** Sets the weights, unless they are those that were set last. Routers know them once `settle` has returned. */
    async set(weights: Weights): Promise<void> {
        if (this.#current?.champion === weights.champion) return;
        this.#earlier ??= await this.#read();
        await this.#put(weights);
        this.#current = weights;
        this.#setAt = Date.now();
    }

    async settle(): Promise<void> {
        const { signal } = this.#context;
        await delay(Math.max(0, this.#setAt + ROUTERS_KNOW_AFTER_MS - Date.now()), undefined, { signal });
    }

    /** As it was before the first `set`; nothing when there was none. */
    async restore(): Promise<void> {
        const earlier = this.#earlier;
        if (earlier === undefined) return;
        this.#earlier = undefined;
        this.#current = undefined;
        if (earlier.weights !== undefined) return this.#put(earlier.weights);
        // The API can only set weights. Without any the configuration's apply again, also after it changes.
        await this.#context.aws.dynamodb.send(new UpdateItemCommand({
            TableName: this.#outputs.abTestsTableName,
            Key: { TestId: { S: AB_TEST_ID } },
            UpdateExpression: "REMOVE #weights, #revision, #updatedAt",
            ExpressionAttributeNames: { "#weights": "Weights", "#revision": "Revision", "#updatedAt": "UpdatedAt" },
        }));
    }

    async #put(weights: Weights): Promise<void> {
        const path = `/ab-tests/${AB_TEST_ID}`;
        const answer = await this.#api.callAuthorized({ method: "PUT", path, body: { weights } });
        const { weights: stored } = expectStatus(answer, 200, `PUT ${path}`) as { weights?: Partial<Weights> };
        expectEqual([stored?.champion, stored?.challenger], [weights.champion, weights.challenger], `the weights that PUT ${path} answers`);
    }

    async #read(): Promise<Earlier> {
        const { Item } = await this.#context.aws.dynamodb.send(new GetItemCommand({
            TableName: this.#outputs.abTestsTableName, Key: { TestId: { S: AB_TEST_ID } }, ConsistentRead: true,
        }));
        const stored = Item?.["Weights"]?.M;
        if (stored === undefined) return {};
        return { weights: { champion: Number(stored["champion"]?.N), challenger: Number(stored["challenger"]?.N) } };
    }
}
