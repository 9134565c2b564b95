/** The A/B test's weights during a verification: set by the API as operators do, and put back at the end. */
import { setTimeout as delay } from "node:timers/promises";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { AB_TEST_ID } from "../../../lambdas/shared/documents.ts";
import type { Weights } from "../../../lambdas/shared/documents.ts";
import type { PlatformOutputs } from "../../../components/outputs.ts";
import { AB_TEST_CACHE_SECONDS } from "../../../lambdas/shared/routerCaches.ts";
import type { ApiClient } from "../../apiClient.ts";
import type { PhaseContext } from "../phase.ts";
import { expectEqual, expectStatus } from "./expectations.ts";

/** One that has read the weights just before a change must have read them again. */
const ROUTERS_KNOW_AFTER_MS = AB_TEST_CACHE_SECONDS * 1000 + 500;

/** Stands beside the weights as long as they are a verification's own, so that the next one can put back what a killed one found. */
const NOTE = "Verification";

interface Earlier {
    /** Absent: nobody had set any, and the configuration's apply. */
    readonly weights?: Weights;
}

/** What the item says of a verification. */
interface Note extends Earlier {
    /** The champion's weights that verifications have set since. */
    readonly set: readonly number[];
}

export class Traffic {
    readonly #context: PhaseContext;
    readonly #outputs: PlatformOutputs;
    readonly #api: ApiClient;
    #note: Note | undefined;
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
        this.#note ??= await this.#read();
        this.#note = { ...this.#note, set: [...new Set([...this.#note.set, weights.champion])] };
        await this.#writeNote(this.#note);
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
        const note = this.#note;
        if (note === undefined) return;
        this.#note = undefined;
        this.#current = undefined;
        // The API can only set weights. Without any the configuration's apply again, also after it changes.
        if (note.weights === undefined) return this.#update("REMOVE #weights, #revision, #updatedAt, #note", { "#weights": "Weights", "#revision": "Revision", "#updatedAt": "UpdatedAt" });
        await this.#put(note.weights);
        await this.#update("REMOVE #note");
    }

    async #writeNote({ weights, set }: Note): Promise<void> {
        const before = weights === undefined ? {} : { Weights: writeWeights(weights) };
        await this.#update("SET #note = :note", {}, { ":note": { M: { ...before, Set: { NS: set.map(String) } } } });
    }

    async #update(expression: string, names: Readonly<Record<string, string>> = {}, values?: Record<string, AttributeValue>): Promise<void> {
        await this.#context.aws.dynamodb.send(new UpdateItemCommand({
            TableName: this.#outputs.abTestsTableName,
            Key: { TestId: { S: AB_TEST_ID } },
            UpdateExpression: expression,
            ExpressionAttributeNames: { ...names, "#note": NOTE },
            ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
        }));
    }

    async #put(weights: Weights): Promise<void> {
        const path = `/ab-tests/${AB_TEST_ID}`;
        const answer = await this.#api.callAuthorized({ method: "PUT", path, body: { weights } });
        const { weights: stored } = expectStatus(answer, 200, `PUT ${path}`) as { weights?: Partial<Weights> };
        expectEqual([stored?.champion, stored?.challenger], [weights.champion, weights.challenger], `the weights that PUT ${path} answers`);
    }

    /** The weights; of weights that a killed verification has left, those that it had found. Somebody may have set others since. */
    async #read(): Promise<Note> {
        const { Item = {} } = await this.#context.aws.dynamodb.send(new GetItemCommand({
            TableName: this.#outputs.abTestsTableName, Key: { TestId: { S: AB_TEST_ID } }, ConsistentRead: true,
        }));
        const weights = readWeights(Item["Weights"]);
        const note = Item[NOTE]?.M;
        const set = (note?.["Set"]?.NS ?? []).map(Number);
        const found = weights !== undefined && set.includes(weights.champion) ? readWeights(note?.["Weights"]) : weights;
        return { ...(found === undefined ? {} : { weights: found }), set };
    }
}

function writeWeights({ champion, challenger }: Weights): AttributeValue {
    return { M: { champion: { N: String(champion) }, challenger: { N: String(challenger) } } };
}

function readWeights(value: AttributeValue | undefined): Weights | undefined {
    const stored = value?.M;
    return stored === undefined ? undefined : { champion: Number(stored["champion"]?.N), challenger: Number(stored["challenger"]?.N) };
}
