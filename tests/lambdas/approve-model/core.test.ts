import { expect } from "chai";
import { approveModel, type ApprovalDependencies } from "../../../lambdas/approve-model/core.ts";
import type { ApprovedModel } from "../../../lambdas/shared/documents.ts";
import { messageOf } from "../support/tables.ts";

function modelOf(version: string): ApprovedModel {
    return {
        version, modelId: "binary:churned", modelDataUrl: "s3://m/model.tar.gz", schemaUrl: "s3://m/schema.json", goldenUrl: "s3://m/golden.json",
        trainingJobName: "job", trainingImage: "image",
    };
}

const [former, model, others] = [modelOf("1-challenger"), modelOf("2-challenger"), modelOf("1-champion")];

/** A parameter store, and what is written to it and to the registry, in order. */
function createWorld(given: Readonly<Record<string, string>>, failAt = Infinity) {
    const parameters = new Map(Object.entries(given));
    const writes: string[] = [];
    const write = (what: string): void => {
        if (writes.length === failAt) throw new Error("gone");
        writes.push(what);
    };
    const dependencies: ApprovalDependencies = {
        readParameter: async (name) => parameters.get(name),
        putParameter: async (name, value) => {
            write(`${name} = ${(JSON.parse(value) as ApprovedModel).version}`);
            parameters.set(name, value);
        },
        putStatus: async ({ version }, status) => write(`${version} is ${status}`),
    };
    return { parameters, writes, dependencies };
}

const deployed = { "approved-champion": JSON.stringify(others), "approved-challenger": JSON.stringify(former), "serving-challenger": JSON.stringify(former) };

describe("approveModel", () => {
    it("writes for the routers last, when all the rest stands", async () => {
        const { writes, dependencies } = createWorld(deployed);
        expect(await approveModel({ variant: "challenger", model, isServed: true }, dependencies)).to.deep.equal({ outcome: "deployed" });
        expect(writes).to.deep.equal([
            "2-challenger is approved", "1-challenger is superseded", "approved-challenger = 2-challenger", "serving-challenger = 2-challenger",
        ]);
    });

    it("writes nothing for the routers where no endpoint serves the model", async () => {
        const { writes, dependencies } = createWorld({ "approved-champion": "none", "approved-challenger": "none" });
        expect(await approveModel({ variant: "champion", model: others, isServed: false }, dependencies)).to.deep.equal({ outcome: "approved" });
        expect(writes).to.deep.equal(["1-champion is approved", "approved-champion = 1-champion"]);
    });

    it("ends in the same state when it is called again after any of its writes failed", async () => {
        for (const failAt of [0, 1, 2, 3]) {
            const { parameters, dependencies, writes } = createWorld(deployed, failAt);
            await messageOf(approveModel({ variant: "challenger", model, isServed: true }, dependencies));
            const again = createWorld(Object.fromEntries(parameters));
            await approveModel({ variant: "challenger", model, isServed: true }, again.dependencies);
            const all = [...writes, ...again.writes];
            expect(all, `failed at ${failAt}`).to.include("1-challenger is superseded").and.include("2-challenger is approved");
            for (const kind of ["approved", "serving"]) expect(again.parameters.get(`${kind}-challenger`)).to.equal(JSON.stringify(model));
        }
    });

    it("supersedes nothing when the same model is approved again", async () => {
        const { writes, dependencies } = createWorld(deployed);
        await approveModel({ variant: "challenger", model: former, isServed: true }, dependencies);
        expect(writes.some((write) => write.includes("superseded"))).to.equal(false);
        expect(writes).to.include("1-challenger is approved");
    });

    it("leaves a former model approved that the other variant has too, as after a promotion", async () => {
        const { writes, dependencies } = createWorld({ ...deployed, "approved-champion": JSON.stringify(former) });
        await approveModel({ variant: "challenger", model, isServed: true }, dependencies);
        expect(writes).to.deep.equal(["2-challenger is approved", "approved-challenger = 2-challenger", "serving-challenger = 2-challenger"]);
    });

    it("replaces a value that is no model", async () => {
        for (const value of ["none", "null", "{}", "spoilt"]) {
            const { writes, dependencies } = createWorld({ "approved-challenger": value });
            await approveModel({ variant: "challenger", model, isServed: false }, dependencies);
            expect(writes, value).to.deep.equal(["2-challenger is approved", "approved-challenger = 2-challenger"]);
        }
    });

    it("refuses to make the parameter that the program is about to create with its endpoint", async () => {
        const { writes, dependencies } = createWorld({ "approved-challenger": JSON.stringify(former) });
        expect(await messageOf(approveModel({ variant: "challenger", model, isServed: true }, dependencies))).to.contain("serving-challenger does not exist");
        expect(writes).to.deep.equal([]);
    });

    it("refuses a value that does not fit into the parameter, before it writes anything", async () => {
        const { writes, dependencies } = createWorld(deployed);
        const large = { ...model, trainingImage: "x".repeat(4000) };
        expect(await messageOf(approveModel({ variant: "challenger", model: large, isServed: true }, dependencies))).to.contain("but a parameter holds 4096");
        expect(writes).to.deep.equal([]);
    });
});
