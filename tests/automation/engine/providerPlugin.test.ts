import grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import structMessages from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { expect } from "chai";
import { UNKNOWN } from "../../../automation/engine/provider.ts";
import { Secret } from "../../../automation/engine/embedded/values.ts";
import type { ValueMap } from "../../../automation/engine/embedded/values.ts";
import { marshalMap, unmarshalMap } from "../../../automation/engine/embedded/wire.ts";
import { serveProvider } from "../../../automation/engine/providerPlugin.ts";
import type { ServedProvider } from "../../../automation/engine/providerPlugin.ts";
import { MemoryCloud, createMemoryProvider } from "../../support/embeddedMemoryProvider.ts";

const THING = "urn:pulumi:test::fixture::memory:index/thing:Thing::a";
const NAMED = "urn:pulumi:test::fixture::memory:index/named:Named::n";
const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;

function toStruct(values: ValueMap): Struct {
    return structMessages.Struct.fromJavaScript(marshalMap(values) as Parameters<typeof structMessages.Struct.fromJavaScript>[0]);
}

function toValues(struct: Struct | undefined): ValueMap {
    return unmarshalMap(struct?.toJavaScript(), "/");
}

describe("a provider served to a real engine", () => {
    const cloud = new MemoryCloud();
    let served: ServedProvider;
    let client: InstanceType<typeof ResourceProviderClient>;
    before(async () => {
        served = await serveProvider(createMemoryProvider(cloud), "/");
        client = new ResourceProviderClient(`127.0.0.1:${served.port}`, grpc.credentials.createInsecure());
    });
    after(() => {
        client.close();
        served.close();
    });
    beforeEach(() => { cloud.options = {}; });

    function call<Request, Response>(method: (request: Request, done: (error: grpc.ServiceError | null, response: Response) => void) => unknown, request: Request): Promise<Response> {
        return new Promise((resolve, reject) => {
            method.call(client, request, (error, response) => (error === null ? resolve(response) : reject(error)));
        });
    }

    function check(urn: string, news: ValueMap, olds?: Struct): Promise<messages.CheckResponse> {
        return call(client.check, new messages.CheckRequest().setUrn(urn).setNews(toStruct(news)).setOlds(olds));
    }

    function diff(urn: string, olds: Struct, news: Struct): Promise<messages.DiffResponse> {
        return call(client.diff, new messages.DiffRequest().setUrn(urn).setOldInputs(olds).setNews(news));
    }

    function create(inputs: ValueMap, preview = false): Promise<messages.CreateResponse> {
        return call(client.create, new messages.CreateRequest().setUrn(THING).setProperties(toStruct(inputs)).setPreview(preview));
    }

    it("takes secrets and previews", async () => {
        const response = await call<messages.ConfigureRequest, messages.ConfigureResponse>(client.configure, new messages.ConfigureRequest());
        expect([response.getAcceptsecrets(), response.getSupportspreview()]).to.deep.equal([true, true]);
    });

    it("generates a name once, and keeps it in the next check", async () => {
        const first = (await check(NAMED, { value: "x" })).getInputs();
        const name = toValues(first)["name"];
        expect(name).to.match(/^n-[0-9a-f]{7}$/);
        expect(toValues((await check(NAMED, { value: "y" }, first)).getInputs())["name"]).to.equal(name);
        expect(toValues((await check(NAMED, { value: "y" })).getInputs())["name"]).not.to.equal(name);
    });

    it("refuses a property that the table does not know, and a text that was never a value", async () => {
        const response = await check(THING, { valeu: "x", value: "arn:undefined" });
        expect(response.getFailuresList().map((failure) => failure.getReason().split(/[ :]/)[0])).to.deep.equal(["valeu", "value"]);
    });

    it("tells updates from replacements by the table, down to the leaf", async () => {
        const old = toStruct({ value: "x", nested: { inner: 1, fixed: 1 } });
        expect((await diff(THING, old, old)).getChanges()).to.equal(DIFF_NONE);
        const update = await diff(THING, old, toStruct({ value: "x", nested: { inner: 2, fixed: 1 } }));
        expect([update.getChanges(), update.getDiffsList(), update.getReplacesList()]).to.deep.equal([DIFF_SOME, ["nested"], []]);
        const replacement = await diff(THING, old, toStruct({ value: "y", nested: { inner: 1, fixed: 2 } }));
        expect(replacement.getDiffsList()).to.have.members(["value", "nested"]);
        expect(replacement.getReplacesList()).to.deep.equal(["nested"]);
        expect(replacement.getDetaileddiffMap().get("nested.fixed")?.getKind()).to.equal(messages.PropertyDiff.Kind.UPDATE_REPLACE);
    });

    it("asks to delete first when the program gave the name, and not when it was generated", async () => {
        const given = await diff(NAMED, toStruct({ name: "fixed", size: 1 }), toStruct({ name: "fixed", size: 2 }));
        expect([given.getReplacesList(), given.getDeletebeforereplace()]).to.deep.equal([["size"], true]);
        const first = (await check(NAMED, { size: 1 })).getInputs() as Struct;
        const second = (await check(NAMED, { size: 2 }, first)).getInputs() as Struct;
        const generated = await diff(NAMED, first, second);
        expect([generated.getReplacesList(), generated.getDeletebeforereplace()]).to.deep.equal([["size"], false]);
    });

    it("predicts in a preview and calls nothing", async () => {
        cloud.takeLog();
        const response = await create({ value: "x" }, true);
        expect(response.getId()).to.equal("");
        expect(toValues(response.getProperties())).to.deep.equal({ value: "x", arn: UNKNOWN });
        expect(cloud.takeLog()).to.deep.equal([]);
    });

    it("marks outputs as secret when the table says so or the input was", async () => {
        const outputs = toValues((await create({ value: "x", password: new Secret("hunter22") })).getProperties());
        expect(outputs["password"]).to.deep.equal(new Secret("hunter22"));
        expect(outputs["token"]).to.be.instanceOf(Secret);
        expect(outputs["arn"]).to.be.a("string");
    });

    it("fails with the cloud's words", async () => {
        cloud.options = { before: () => { throw new Error("AccessDenied: kms:Encrypt"); } };
        const error = await create({ value: "x" }).then(() => undefined, (failure: grpc.ServiceError) => failure);
        expect(error?.details).to.equal("AccessDenied: kms:Encrypt");
    });

    it("keeps what was made and is not as asked, with the property that differs", async () => {
        cloud.options = { observe: (_name, inputs) => ({ ...inputs, value: "other" }) };
        const error = await create({ value: "x" }).then(() => undefined, (failure: grpc.ServiceError) => failure);
        expect(error?.details).to.match(/^value: /);
        const [details] = error?.metadata.get("grpc-status-details-bin") ?? [];
        expect(String(details)).to.include("pulumirpc.ErrorResourceInitFailed");
    });

    it("answers invokes, and names one that it does not have", async () => {
        const known = new messages.InvokeRequest().setTok("memory:index/getWord:getWord").setArgs(toStruct({ text: "word" }));
        expect(toValues((await call<messages.InvokeRequest, messages.InvokeResponse>(client.invoke, known)).getReturn())).to.deep.equal({ word: "WORD" });
        const unknown = new messages.InvokeRequest().setTok("memory:index/none:none").setArgs(toStruct({}));
        const error = await call(client.invoke, unknown).then(() => undefined, (failure: grpc.ServiceError) => failure);
        expect(error?.details).to.include("memory:index/none:none").and.include("invoke handler");
    });
});
