import { CreateModelCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { archive, BUCKET, fixture, IMAGE, refusal, SageMakerWorld } from "./sagemakerWorld.ts";

const NOT_HEALTHY = "The primary container for production variant main did not pass the ping health check. Please check CloudWatch logs for this endpoint.";
const ROW = "0.1,0.2,0.3,0.4";
/** What XGBoost 3.0.5 answers to ROW for a model of each writer. The 3.2.0 model itself means 0.8889: it loads and lies. */
const ANSWERS: Readonly<Record<string, number>> = { "1.5.2": 0.8897957, "1.7.4": 0.8897957, "3.0.5": 0.8889105, "3.2.0": 0.8908702 };
const ZIP_BYTES = Buffer.from("504b0304140000000000", "hex");

describe("SageMaker stand-in: model artifacts", () => {
    let world: SageMakerWorld;
    let model: Uint8Array;
    let older: Uint8Array;

    before(async () => {
        world = await SageMakerWorld.open();
        await world.setSettings({ deletionSeconds: 0 });
        model = await fixture("3.0.5/xgboost-model");
        older = await fixture("1.7.4/m.json");
    });
    after(() => world.close());

    /** Deploys, asks one row if it is in service, and removes the endpoint. */
    async function outcome(name: string, bytes: Uint8Array): Promise<{ status: string | undefined; reason: string | undefined; answer: number }> {
        const endpoint = await world.deploy(name, bytes);
        const answer = endpoint.EndpointStatus === "InService" ? Number(await world.invoke(name, ROW)) : Number.NaN;
        await world.removeEndpoint(name);
        return { status: endpoint.EndpointStatus, reason: endpoint.FailureReason, answer };
    }

    for (const [version, expected] of Object.entries(ANSWERS)) {
        for (const file of ["m.json", "m.ubj", "xgboost-model"]) {
            it(`answers ${expected} for the ${file} that XGBoost ${version} wrote`, async () => {
                const name = `v-${version}-${file}`.replaceAll(".", "-");
                const { status, answer } = await outcome(name, archive({ "xgboost-model": await fixture(`${version}/${file}`) }));
                expect(status).to.equal("InService");
                expect(answer).to.be.closeTo(expected, 1e-6);
            });
        }
    }

    it("fails on an old binary model that is called .ubj, since the name decides the reader", async () => {
        const { status, reason } = await outcome("named-ubj", archive({ "m.ubj": await fixture("1.5.2/m.ubj") }));
        expect({ status, reason }).to.deep.equal({ status: "Failed", reason: NOT_HEALTHY });
    });

    it("passes over a dotfile", async () => {
        const { status, answer } = await outcome("dotfile", archive({ "._xgboost-model": Buffer.from("mac"), "xgboost-model": model }));
        expect(status).to.equal("InService");
        expect(answer).to.be.closeTo(0.8889105, 1e-6);
    });

    it("averages two models at the root", async () => {
        const { answer } = await outcome("two-models", archive({ "xgboost-model-0": model, "xgboost-model-1": older }));
        expect(answer).to.be.closeTo((0.8889105 + 0.8897957) / 2, 1e-6);
    });

    const unhealthy: ReadonlyArray<readonly [string, () => Uint8Array]> = [
        ["a second file that is no model", () => archive({ "xgboost-model": model, "README.md": Buffer.from("hello") })],
        ["a model in a sub-directory", () => archive({ "model/": new Uint8Array(), "model/xgboost-model": model })],
        ["an empty archive", () => archive({})],
        ["an empty model file", () => archive({ "xgboost-model": new Uint8Array() })],
        ["a model without content", () => archive({ "xgboost-model": Buffer.from('{"learner":{}}') })],
    ];
    for (const [index, [what, make]] of unhealthy.entries()) {
        it(`fails the ping on ${what}`, async () => {
            const { status, reason } = await outcome(`unhealthy-${index}`, make());
            expect({ status, reason }).to.deep.equal({ status: "Failed", reason: NOT_HEALTHY });
        });
    }

    const broken: ReadonlyArray<readonly [string, () => Uint8Array]> = [
        ["a zip under that name", () => ZIP_BYTES],
        ["a truncated archive", () => archive({ "xgboost-model": model }).subarray(0, 400)],
        ["a tar without gzip", () => Buffer.concat([Buffer.from("xgboost-model"), Buffer.alloc(2048)])],
    ];
    for (const [index, [what, make]] of broken.entries()) {
        it(`fails to extract ${what}`, async () => {
            const { status, reason } = await outcome(`broken-${index}`, make());
            expect(status).to.equal("Failed");
            expect(reason).to.match(/^Failed to extract model data archive .*valid tar\.gz archive/);
        });
    }

    it("refuses a model whose artifact is missing, or that its role may not read", async () => {
        const create = (url: string, role: string) =>
            refusal(world.sagemaker.send(new CreateModelCommand({ ModelName: "absent", ExecutionRoleArn: role, PrimaryContainer: { Image: IMAGE, ModelDataUrl: url } })));
        const missing = await create(`s3://${BUCKET}/nothing.tar.gz`, world.roleArn("execution"));
        expect(missing?.message).to.equal(`Could not find model data at s3://${BUCKET}/nothing.tar.gz.`);
        const url = await world.put("there.tar.gz", archive({ "xgboost-model": model }));
        const denied = await create(url, await world.createRole("blind", ["s3:ListBucket"]));
        expect(denied?.message).to.match(/^Could not access model data at .*"s3:GetObject" permissions/);
    });
});
