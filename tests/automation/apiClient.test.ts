import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { createApiClient } from "../../automation/apiClient.ts";
import { closeAwsClients, createAwsClients } from "../../automation/aws.ts";
import type { AwsClients } from "../../automation/aws.ts";

describe("the API client", () => {
    let server: Server;
    let aws: AwsClients;
    let seen: { url: string | undefined; method: string | undefined; headers: IncomingHttpHeaders; body: string };

    before(async () => {
        server = createServer((request, response) => {
            let body = "";
            request.setEncoding("utf8").on("data", (text: string) => { body += text; }).on("end", () => {
                seen = { url: request.url, method: request.method, headers: request.headers, body };
                response.writeHead(request.url?.endsWith("/text") === true ? 502 : 200).end(request.url?.endsWith("/text") === true ? "Bad Gateway" : '{"ok":true}');
            });
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        aws = createAwsClients({ region: "eu-central-1", endpoint, credentials: { accessKeyId: "111122223333", secretAccessKey: "test" } });
    });
    after(() => {
        closeAwsClients(aws);
        server.close();
    });

    const client = () => createApiClient(aws, "https://abc123.execute-api.eu-central-1.amazonaws.com");

    it("asks an emulator below its own address, signed for the service and the region", async () => {
        const response = await client().callAuthorized({ method: "POST", path: "/inference", body: { instances: [1] } });
        expect(response).to.deep.include({ status: 200, body: { ok: true } });
        expect(seen.url).to.equal("/_aws/execute-api/abc123/$default/inference");
        expect(seen.body).to.equal('{"instances":[1]}');
        expect(seen.headers.authorization).to.match(/^AWS4-HMAC-SHA256 Credential=111122223333\/\d{8}\/eu-central-1\/execute-api\/aws4_request/);
        expect(seen.headers["content-type"]).to.equal("application/json");
    });

    it("sends no signature when it is not to", async () => {
        await client().callUnsigned({ method: "GET", path: "/health" });
        expect(seen.method).to.equal("GET");
        expect(seen.headers).not.to.have.property("authorization");
    });

    it("gives an answer that is no JSON as text", async () => {
        expect(await client().callUnsigned({ method: "GET", path: "/text" })).to.deep.include({ status: 502, body: "Bad Gateway" });
    });

    it("ends when it is interrupted", async () => {
        const request = client().callUnsigned({ method: "GET", path: "/health", signal: AbortSignal.abort() });
        expect(await request.then(() => "answered", (error: Error) => error.name)).to.equal("AbortError");
    });
});
