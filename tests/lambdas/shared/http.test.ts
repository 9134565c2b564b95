import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { expect } from "chai";
import { answerHttp, readPathParameter } from "../../../lambdas/shared/http.ts";
import { ProblemError } from "../../../lambdas/shared/problem.ts";

function buildEvent(body: string, isBase64Encoded = false): APIGatewayProxyEventV2 {
    return { body, isBase64Encoded, routeKey: "POST /inference", requestContext: { requestId: "request-1" } } as APIGatewayProxyEventV2;
}

/** Runs with the console replaced, and gives what was logged. */
async function capture<Result>(run: () => Promise<Result>): Promise<{ result: Result; lines: string[] }> {
    const lines: string[] = [];
    const { log, error } = console;
    console.log = console.error = (line: string) => void lines.push(line);
    try {
        return { result: await run(), lines };
    } finally {
        Object.assign(console, { log, error });
    }
}

describe("answerHttp", () => {
    it("answers JSON with the request's id, and logs one line", async () => {
        const { result, lines } = await capture(() => answerHttp(buildEvent("hi"), async (body, id) => ({ body, id })));
        expect(result.statusCode).to.equal(200);
        expect(result.headers).to.include({ "content-type": "application/json", "x-request-id": "request-1" });
        expect(JSON.parse(result.body)).to.deep.equal({ body: "hi", id: "request-1" });
        expect(lines).to.have.length(1);
        expect(JSON.parse(lines[0]!)).to.include({ status: 200, requestId: "request-1", route: "POST /inference" });
    });

    it("decodes a body in base64", async () => {
        const { result } = await capture(() => answerHttp(buildEvent(Buffer.from("hü").toString("base64"), true), async (body) => body));
        expect(JSON.parse(result.body)).to.equal("hü");
    });

    it("turns a problem into problem+json with its status, reasons and time to wait", async () => {
        const problem = { status: 429, title: "Too many requests", detail: "busy", retryAfterSeconds: 3 };
        const { result } = await capture(() => answerHttp(buildEvent(""), () => Promise.reject(new ProblemError(problem))));
        expect(result.statusCode).to.equal(429);
        expect(result.headers).to.include({ "content-type": "application/problem+json", "retry-after": "3" });
        expect(JSON.parse(result.body)).to.deep.equal({ type: "about:blank", status: 429, title: "Too many requests", detail: "busy", requestId: "request-1" });
    });

    it("hides an unexpected error from the caller and tells the log, with its causes", async () => {
        const failure = new Error("secret", { cause: new Error("deeper") });
        const { result, lines } = await capture(() => answerHttp(buildEvent(""), () => Promise.reject(failure)));
        expect(result.statusCode).to.equal(500);
        expect(result.body).to.not.contain("secret");
        expect(lines[0]).to.contain("secret").and.contain("deeper").and.contain("request-1");
    });
});

describe("readPathParameter", () => {
    it("decodes what came encoded, and keeps what did not", () => {
        for (const [given, expected] of [["binary%3Achurned", "binary:churned"], ["binary:churned", "binary:churned"], ["100%", "100%"]]) {
            expect(readPathParameter({ pathParameters: { id: given } }, "id")).to.equal(expected);
        }
        expect(readPathParameter({}, "id")).to.equal("");
    });
});
