/** Construct against a monitor that only takes notes; what a real engine makes of it is tried in pulumi.cloud.ts. */
import grpc from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import aliasMessages from "@pulumi/pulumi/proto/alias_pb.js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type { ConstructResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceMessages from "@pulumi/pulumi/proto/resource_pb.js";
import type { RegisterResourceOutputsRequest, RegisterResourceRequest, ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import { expect } from "chai";
import { Secret } from "../../../../automation/engine/embedded/values.ts";
import type { ValueMap } from "../../../../automation/engine/embedded/values.ts";
import { UNKNOWN } from "../../../../automation/engine/provider.ts";
import { PropertyReader, writeProperties } from "../../../../automation/engine/providerPlugin/properties.ts";
import { serveProvider } from "../../../../automation/engine/providerPlugin.ts";
import type { ServedProvider } from "../../../../automation/engine/providerPlugin.ts";
import { MemoryCloud } from "../../../support/embeddedMemoryProvider.ts";
import { createPairProvider } from "../../../support/pairComponent.ts";

const PAIR = "memory:index:Pair";
const PROVIDER = "urn:pulumi:test::fixture::pulumi:providers:memory::mine::1";
const reader = new PropertyReader("/");

function answer<Request>(respond: (request: Request) => unknown) {
    return (call: ServerUnaryCall<Request, unknown>, done: sendUnaryData<unknown>): void => {
        try {
            done(null, respond(call.request));
        } catch (error) {
            done({ code: grpc.status.UNAVAILABLE, details: (error as Error).message });
        }
    };
}

describe("a component served to a real engine", () => {
    let monitor: grpc.Server;
    let monitorEndpoint: string;
    let served: ServedProvider;
    let client: InstanceType<typeof ResourceProviderClient>;
    const registered: RegisterResourceRequest[] = [];
    const invoked: ResourceInvokeRequest[] = [];
    const outputs: RegisterResourceOutputsRequest[] = [];
    let isPreview = false;
    let refused: string | undefined;

    before(async () => {
        monitor = new grpc.Server();
        monitor.addService(ResourceMonitorService, {
            registerResource: answer((request: RegisterResourceRequest) => {
                if (request.getName() === refused) throw new Error("resource monitor shut down");
                registered.push(request);
                const id = isPreview || !request.getCustom() ? "" : `${request.getName()}-id`;
                const made: ValueMap = isPreview ? { arn: UNKNOWN, token: new Secret(UNKNOWN) } : { arn: `arn:${request.getName()}`, token: new Secret("hidden") };
                return new resourceMessages.RegisterResourceResponse().setUrn(`urn:${request.getName()}`).setId(id).setObject(writeProperties(request.getCustom() ? made : {}));
            }),
            invoke: answer((request: ResourceInvokeRequest) => {
                invoked.push(request);
                return new resourceMessages.ResourceInvokeResponse().setReturn(writeProperties({ word: "FIRST" }));
            }),
            registerResourceOutputs: answer((request: RegisterResourceOutputsRequest) => {
                outputs.push(request);
                return new emptyMessages.Empty();
            }),
        });
        const port = await new Promise<number>((resolve, reject) => {
            monitor.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => (error === null ? resolve(bound) : reject(error)));
        });
        monitorEndpoint = `127.0.0.1:${port}`;
        served = await serveProvider(createPairProvider(new MemoryCloud()), "/");
        client = new ResourceProviderClient(`127.0.0.1:${served.port}`, grpc.credentials.createInsecure());
    });
    after(() => {
        client.close();
        served.close();
        monitor.forceShutdown();
    });
    beforeEach(() => {
        for (const notes of [registered, invoked, outputs]) notes.length = 0;
        isPreview = false;
        refused = undefined;
    });

    function request(inputs: ValueMap = {}) {
        return new providerMessages.ConstructRequest().setMonitorendpoint(monitorEndpoint).setType(PAIR).setName("p").setParent("urn:stack").setInputs(writeProperties(inputs));
    }

    function construct(asked: InstanceType<typeof providerMessages.ConstructRequest>): Promise<ConstructResponse> {
        return new Promise((resolve, reject) => {
            client.construct(asked, (error, response) => (error === null ? resolve(response) : reject(error)));
        });
    }

    function messageOf(asked: InstanceType<typeof providerMessages.ConstructRequest>): Promise<string> {
        return construct(asked).then(() => "it did not fail", (error: grpc.ServiceError) => error.details);
    }

    it("registers the component without its arguments and with its options, then its children, parents first", async () => {
        const asked = request({ value: "y" }).setProtect(true).setRetainondelete(false).setDependenciesList(["urn:before"]).setDeletedwith("urn:other")
            .setAliasesList([new aliasMessages.Alias().setUrn("urn:former")]);
        await construct(asked);
        const [component, first, second] = registered;
        expect(registered).to.have.length(3);
        expect([component?.getType(), component?.getName(), component?.getParent(), component?.getCustom(), component?.getRemote()]).to.deep.equal([PAIR, "p", "urn:stack", false, false]);
        expect([component?.getProtect(), component?.hasRetainondelete(), component?.getRetainondelete(), component?.getDeletedwith()]).to.deep.equal([true, true, false, "urn:other"]);
        expect(component?.getDependenciesList()).to.deep.equal(["urn:before"]);
        expect(component?.getAliasesList().map((alias) => alias.getUrn())).to.deep.equal(["urn:former"]);
        expect(reader.read(component?.getObject())).to.deep.equal({});
        expect([first?.getParent(), first?.getCustom(), first?.hasProtect(), first?.getDependenciesList()]).to.deep.equal(["urn:p", true, false, []]);
        expect(reader.read(first?.getObject())).to.deep.equal({ value: "y", size: 1, tags: { word: "FIRST" } });
        expect([second?.getParent(), second?.getDependenciesList()]).to.deep.equal(["urn:p-first", ["urn:p-first"]]);
        expect(second?.getPropertydependenciesMap().get("value")?.getUrnsList()).to.deep.equal(["urn:p-first"]);
        expect(registered.every((each) => each.getAcceptsecrets() && each.getAcceptresources() && each.getSupportspartialvalues() && each.getAliasspecs())).to.equal(true);
    });

    it("hands a child's secret output on as a secret", async () => {
        await construct(request());
        expect(reader.read(registered[2]?.getObject())["password"]).to.deep.equal(new Secret("hidden"));
    });

    it("gives the component's outputs with what each depends on, to the monitor and to the caller", async () => {
        const response = await construct(request());
        expect(response.getUrn()).to.equal("urn:p");
        const state = reader.read(response.getState());
        expect(state).to.deep.include({ firstId: "p-first-id", ids: ["p-first-id", "p-first-second-id"], word: "FIRST" });
        expect(state["first"]).to.deep.include({ urn: "urn:p-first", id: "p-first-id" });
        const dependencies = Object.fromEntries(response.getStatedependenciesMap().toObject(false, (_, message) => message.getUrnsList()));
        expect(dependencies).to.deep.equal({ first: ["urn:p-first"], firstId: ["urn:p-first"], ids: ["urn:p-first", "urn:p-first-second"] });
        expect(outputs.map((each) => each.getUrn())).to.deep.equal(["urn:p"]);
        expect(reader.read(outputs[0]?.getOutputs())).to.deep.equal(state);
    });

    it("leaves unknown in a preview what the cloud decides", async () => {
        isPreview = true;
        const response = await construct(request());
        expect(reader.read(registered[2]?.getObject())).to.deep.equal({ value: UNKNOWN, password: new Secret(UNKNOWN) });
        expect(reader.read(response.getState())).to.deep.include({ firstId: UNKNOWN, ids: [UNKNOWN, UNKNOWN] });
    });

    it("hands the providers that it was given to its children and its functions", async () => {
        const asked = request();
        asked.getProvidersMap().set("memory", PROVIDER);
        await construct(asked);
        expect(registered[0]?.getProvidersMap().get("memory")).to.equal(PROVIDER);
        expect(registered.slice(1).map((each) => each.getProvider())).to.deep.equal([PROVIDER, PROVIDER]);
        expect(invoked.map((each) => each.getProvider())).to.deep.equal([PROVIDER]);
    });

    it("goes no further when the engine ends", async () => {
        refused = "p-first-second";
        expect(await messageOf(request())).to.equal("the engine takes no more registrations");
        expect(registered.map((each) => each.getName())).to.deep.equal(["p", "p-first"]);
        expect(outputs).to.deep.equal([]);
    });

    it("refuses by name what a component is not expanded for, and registers nothing", async () => {
        const trigger = request();
        trigger.setReplaceWithList(["urn:other"]);
        expect(await messageOf(request({ value: new Secret("x") }))).to.include("it has a secret among its arguments");
        expect(await messageOf(request().setIgnorechangesList(["value"]))).to.include("it has the option ignoreChanges");
        expect(await messageOf(request().setDeletebeforereplace(true))).to.include("it has the option deleteBeforeReplace");
        expect(await messageOf(trigger)).to.include("it has the option replaceWith");
        expect(await messageOf(request().setType("memory:index:Other"))).to.include("memory:index:Other: this component cannot be rehearsed");
        expect(registered).to.deep.equal([]);
        expect(await messageOf(request({ colour: "red" }))).to.equal("the argument colour is not known");
    });
});
