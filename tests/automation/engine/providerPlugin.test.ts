import grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import structMessages from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { expect } from "chai";
import { UNKNOWN } from "../../../automation/engine/provider.ts";
import { Secret } from "../../../automation/engine/embedded/values.ts";
import type { ValueMap } from "../../../automation/engine/embedded/values.ts";
import { marshalMap, unmarshalMap } from "../../../automation/engine/embedded/wire.ts";
import { serveProvider } from "../../../automation/engine/providerPlugin.ts";
import type { ServedProvider } from "../../../automation/engine/providerPlugin.ts";
import type { PackageSchema } from "../../../automation/engine/providerPlugin/schema.ts";
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

    it("says of each leaf whether it was added, changed or taken away, and whether that replaces", async () => {
        const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE } = messages.PropertyDiff.Kind;
        const old = toStruct({ value: "x", document: "{}", nested: { fixed: 1 } });
        const details = (await diff(THING, old, toStruct({ value: "y", size: 1, tags: { a: "b" } }))).getDetaileddiffMap();
        const kinds = Object.fromEntries(details.toObject(false, (_, message) => message.getKind()));
        expect(kinds).to.deep.equal({ value: UPDATE, document: DELETE, "nested.fixed": DELETE_REPLACE, size: ADD_REPLACE, "tags.a": ADD });
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

    async function read(id: string, state: { inputs?: ValueMap; properties?: ValueMap } = {}, urn = THING): Promise<messages.ReadResponse> {
        const request = new messages.ReadRequest().setUrn(urn).setId(id).setProperties(toStruct(state.properties ?? {}));
        return call(client.read, state.inputs === undefined ? request : request.setInputs(toStruct(state.inputs)));
    }

    it("reads what the cloud has where it is not as asked, secrets still secret, and nothing beside it", async () => {
        const inputs = { value: "x", password: new Secret("hunter22"), rules: [{ name: "a", count: 1 }] };
        const { id, properties } = await made(inputs);
        cloud.options = { observe: (_name, stored) => ({ ...stored, value: "other", password: "changed", list: ["unasked"], rules: [{ name: "b", count: 7 }] }) };
        const response = await read(id, { inputs, properties });
        expect(response.getId()).to.equal(id);
        // `rules.count` is only recorded, and `list` was not asked for.
        expect(toValues(response.getInputs())).to.deep.equal({ value: "other", password: new Secret("changed"), rules: [{ name: "b", count: 1 }] });
        expect(toValues(response.getProperties())).to.deep.include({ value: "other", password: new Secret("changed"), arn: `arn:memory:${id}` });
    });

    it("reads inputs back as they were asked when nothing changed, with the note of a generated name", async () => {
        const checked = (await check(NAMED, { value: "x" })).getInputs();
        const created = await call<messages.CreateRequest, messages.CreateResponse>(client.create, new messages.CreateRequest().setUrn(NAMED).setProperties(checked));
        const request = new messages.ReadRequest().setUrn(NAMED).setId(created.getId()).setProperties(created.getProperties()).setInputs(checked);
        const response = await call<messages.ReadRequest, messages.ReadResponse>(client.read, request);
        expect(response.getInputs()?.toJavaScript()).to.deep.equal(checked?.toJavaScript());
        expect(response.getInputs()?.toJavaScript()).to.have.property("__defaults");
    });

    it("says by an empty answer that a resource is gone", async () => {
        const response = await read("gone-1", { inputs: { value: "x" } });
        expect([response.getId(), response.hasProperties()]).to.deep.equal(["", false]);
    });

    it("imports by the id alone all that the cloud tells, and keeps a name that looks generated", async () => {
        const { id } = await made({ value: "x", size: 3 });
        expect(toValues((await read(id)).getInputs())).to.deep.equal({ value: "x", size: 3 });
        const checked = (await check(NAMED, { value: "x" })).getInputs();
        const named = await call<messages.CreateRequest, messages.CreateResponse>(client.create, new messages.CreateRequest().setUrn(NAMED).setProperties(checked));
        const imported = (await read(named.getId(), {}, NAMED)).getInputs();
        expect(toValues((await check(NAMED, { value: "x" }, imported)).getInputs())["name"]).to.equal(toValues(checked)["name"]);
    });

    it("names what cannot be read by its id alone", async () => {
        const { id } = await made({ value: "x" });
        cloud.options = { observe: () => ({}) };
        const error = await read(id).then(() => undefined, (failure: grpc.ServiceError) => failure);
        expect(error?.details).to.include(`memory:index/thing:Thing ${id}: cannot be read by its id alone`);
    });

    async function made(inputs: ValueMap): Promise<{ id: string; properties: ValueMap }> {
        const response = await create(inputs);
        return { id: response.getId(), properties: toValues(response.getProperties()) };
    }

    it("begins nothing new after a cancellation, ends what it has begun, and works again in the next run", async () => {
        const held = Promise.withResolvers<void>();
        const begun = Promise.withResolvers<void>();
        cloud.options = { before: () => { begun.resolve(); return held.promise; } };
        const first = create({ value: "x" });
        await begun.promise;
        await call(client.cancel, new emptyMessages.Empty());
        const error = await create({ value: "y" }).then(() => undefined, (failure: grpc.ServiceError) => failure);
        expect(error?.details).to.equal("the run was cancelled: nothing new is begun");
        held.resolve();
        expect((await first).getId()).to.match(/^a-/);
        await call(client.configure, new messages.ConfigureRequest());
        expect((await create({ value: "y" })).getId()).to.match(/^a-/);
    });

    it("describes its package: every property with its effect, what replaces, what is secret, functions", async () => {
        const response = await call<messages.GetSchemaRequest, messages.GetSchemaResponse>(client.getSchema, new messages.GetSchemaRequest());
        const schema = JSON.parse(response.getSchema()) as PackageSchema;
        expect([schema.name, schema.version]).to.deep.equal(["memory", "999.0.0"]);
        const thing = schema.resources["memory:index/thing:Thing"];
        expect(Object.keys(thing?.inputProperties ?? {})).to.have.members(["value", "size", "nested", "list", "rules", "tags", "document", "password", "source"]);
        expect(thing?.inputProperties["size"]).to.include({ willReplaceOnChanges: true, description: "size: applied, replace" });
        expect(thing?.inputProperties["nested"]).to.not.have.property("willReplaceOnChanges");
        expect(thing?.inputProperties["rules"]?.description).to.equal("rules.name: applied, update; rules.count: recorded, update");
        expect(Object.entries(thing?.properties ?? {}).filter(([, { secret }]) => secret).map(([name]) => name)).to.deep.equal(["token"]);
        expect(thing).not.to.have.property("isComponent");
        expect(Object.keys(schema.functions)).to.deep.equal(["memory:index/getWord:getWord"]);
    });

    it("answers invokes, and names one that it does not have", async () => {
        const known = new messages.InvokeRequest().setTok("memory:index/getWord:getWord").setArgs(toStruct({ text: "word" }));
        expect(toValues((await call<messages.InvokeRequest, messages.InvokeResponse>(client.invoke, known)).getReturn())).to.deep.equal({ word: "WORD" });
        const unknown = new messages.InvokeRequest().setTok("memory:index/none:none").setArgs(toStruct({}));
        const error = await call(client.invoke, unknown).then(() => undefined, (failure: grpc.ServiceError) => failure);
        expect(error?.details).to.include("memory:index/none:none").and.include("invoke handler");
    });
});
