import { expect } from "chai";
import { createIdentities } from "../../../automation/account/identities.ts";
import type { AccountClients } from "../../../automation/account/clients.ts";
import { OperatorError } from "../../../automation/errors.ts";
import { failureOf } from "../../support/phaseWorld.ts";

const OURS = { Project: "firstlight", Environment: "dev" };
const API = "aws:apigatewayv2/api:Api";

/** An account that has these HTTP APIs. */
function accountWith(apis: readonly { readonly id: string; readonly tags: Readonly<Record<string, string>> }[]): AccountClients {
    const send = async ({ input }: { readonly input: { readonly ResourceArn?: string } }): Promise<unknown> => {
        if (input.ResourceArn !== undefined) return { Tags: apis.find(({ id }) => input.ResourceArn?.endsWith(`/${id}`))?.tags };
        return { Items: apis.map(({ id }) => ({ ApiId: id, Name: "firstlight-dev-api", ProtocolType: "HTTP" })) };
    };
    return { aws: { target: { region: "eu-central-1" } }, accountId: "111122223333", apigateway: { send } } as unknown as AccountClients;
}

async function find(...apis: Parameters<typeof accountWith>[0]) {
    const identity = createIdentities({ project: "firstlight", environment: "dev", prefix: "firstlight-dev" } as Parameters<typeof createIdentities>[0]).get(API);
    return identity?.find({ name: "firstlight-dev-api", protocolType: "HTTP" }, accountWith(apis));
}

describe("an identity", () => {
    it("finds what is ours, and nothing of another environment", async () => {
        expect(await find({ id: "a", tags: OURS }, { id: "b", tags: { ...OURS, Environment: "staging" } })).to.have.property("id", "a");
        expect(await find({ id: "b", tags: {} })).to.equal(undefined);
    });

    it("stops when two could be meant, with both: to go on would make a third", async () => {
        const error = await failureOf(find({ id: "a", tags: OURS }, { id: "b", tags: OURS }));
        expect(error).to.be.instanceOf(OperatorError).with.property("message").that.matches(/Api: 2 of this stack's exist .*: a, b$/);
    });
});
