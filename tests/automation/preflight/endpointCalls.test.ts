import { expect } from "chai";
import { COMPUTED, findEndpointCalls } from "../../../automation/preflight/artifact/endpointCalls.ts";

function typesOf(source: string): readonly (string | symbol | undefined)[] {
    return findEndpointCalls(source).map(({ contentType }) => contentType);
}

describe("the calls of an endpoint in a function's code", () => {
    it("are found with their content type, in whatever order the fields stand", () => {
        expect(typesOf('send(new C({ EndpointName: n, ContentType: "text/csv", Body: b }))')).to.deep.equal(["text/csv"]);
        expect(typesOf("send(new C({Body:b,ContentType:`text/csv`,EndpointName:n}))")).to.deep.equal(["text/csv"]);
        expect(typesOf('send(new C({ EndpointName, "ContentType": "text/csv", Body }))')).to.deep.equal(["text/csv"]);
        expect(typesOf("client.invoke_endpoint(EndpointName=n, ContentType='text/csv', Body=b)")).to.deep.equal(["text/csv"]);
    });

    it("are read beside what stands in brackets of its own", () => {
        const source = 'send(new C({ EndpointName: names[{ a: "x" }.a], Body: JSON.stringify({ ContentType: "text/csv" }) }))';
        expect(typesOf(source)).to.deep.equal([undefined]);
    });

    it("are said to be decided when they run where the text does not say", () => {
        expect(typesOf("new C({ EndpointName: n, ContentType: type, Body: b })")).to.deep.equal([COMPUTED]);
        expect(typesOf("new C({ EndpointName: n, ContentType: `text/${kind}`, Body: b })")).to.deep.equal([COMPUTED]);
        expect(typesOf("new C({ ...usual, EndpointName: n, Body: b })")).to.deep.equal([COMPUTED]);
    });

    it("are no descriptions of an endpoint, and no mention of one in a text", () => {
        expect(typesOf("new Describe({ EndpointName: n }); put({ Body: b, ContentType: 'application/json' })")).to.deep.equal([]);
        expect(typesOf('log("EndpointName is missing")')).to.deep.equal([]);
    });
});
