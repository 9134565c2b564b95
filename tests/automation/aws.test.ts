import { expect } from "chai";
import { closeAccountClients, createAccountClients } from "../../automation/account/clients.ts";
import { closeAwsClients, createAwsClients } from "../../automation/aws.ts";
import { parseS3Backend } from "../../automation/locks/s3Backend.ts";

describe("the clients of AWS", () => {
    it("wait for no answer for ever, whatever the service", async () => {
        const { target, ...clients } = createAwsClients({ region: "eu-central-1", endpoint: "http://127.0.0.1:9", credentials: { accessKeyId: "a", secretAccessKey: "b" } });
        const { aws: _aws, accountId: _accountId, ...others } = createAccountClients({ target, ...clients }, "111122223333");
        for (const [name, { config }] of Object.entries({ ...clients, ...others })) {
            const handler = config.requestHandler as { handle(request: unknown): Promise<unknown>; httpHandlerConfigs(): { socketTimeout?: number; connectionTimeout?: number } };
            // Its settings are there from its first request on.
            await handler.handle({ hostname: "127.0.0.1", port: 9, protocol: "http:", method: "GET", path: "/", headers: {}, query: {} }).catch(() => undefined);
            const { socketTimeout = 0, connectionTimeout = 0 } = handler.httpHandlerConfigs();
            expect(socketTimeout, name).to.be.within(60_000, 10 * 60_000);
            expect(connectionTimeout, name).to.be.within(1000, 60_000);
        }
        expect(parseS3Backend("s3://states?region=eu-central-1").client).to.have.nested.property("requestHandler.socketTimeout");
        closeAwsClients({ target, ...clients });
        closeAccountClients({ aws: { target, ...clients }, accountId: "", ...others });
    });
});
