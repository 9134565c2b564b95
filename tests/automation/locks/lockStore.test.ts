import { homedir } from "node:os";
import { expect } from "chai";
import { OperatorError } from "../../../automation/errors.ts";
import { backendFolder, lockStoreOf } from "../../../automation/locks/lockStore.ts";
import { isDead } from "../../../automation/locks/owner.ts";
import { parseS3Backend } from "../../../automation/locks/s3Backend.ts";
import { living } from "./lockOwners.ts";

describe("the lock store of a backend", () => {
    const storeOf = (backendUrl: string, stack = "dev--pr7") => lockStoreOf({ backendUrl, project: "shop", stack, projectFolder: "/srv/shop" });

    it("lies beside the state, in files and in S3", () => {
        expect(storeOf("file:///states").place).to.equal("/states/.firstlight/locks/shop/dev--pr7");
        expect(storeOf("file://./states?no_tmp_dir=true").place).to.equal("/srv/shop/states/.firstlight/locks/shop/dev--pr7");
        expect(storeOf("file://~").place).to.equal(`${homedir()}/.firstlight/locks/shop/dev--pr7`);
        expect(storeOf("s3://states?region=eu-central-1").place).to.equal("s3://states/.firstlight/locks/shop/dev--pr7.json");
        expect(storeOf("s3://states/team/a/?region=eu-central-1").place).to.equal("s3://states/team/a/.firstlight/locks/shop/dev--pr7.json");
    });

    it("is another one for another stack, whatever its name is", () => {
        const places = ["dev", "dev/x", "..", ".", "%2E"].map((stack) => storeOf("file:///states", stack).place);
        expect(new Set(places).size).to.equal(places.length);
        for (const place of places) expect(place).to.match(/^\/states\/\.firstlight\/locks\/shop\/[^/]+$/).and.not.match(/\/\.+$/);
    });

    it("is a gap that is said for backends without locks of our own", async () => {
        expect(storeOf("https://api.pulumi.com").gap).to.contain("Pulumi Cloud keeps two updates of a stack apart");
        expect(storeOf("gs://states").gap).to.contain("no lock of our own in gs:// backends");
        expect(storeOf("azblob://states").gap).to.contain("azblob://");
        const owner = living();
        expect(await storeOf("gs://states").acquire(owner, isDead)).to.have.nested.property("held.owner", owner);
        expect(storeOf("file:///states").gap).to.equal(undefined);
    });

    it("is refused for a URL that Pulumi does not take", () => {
        expect(() => storeOf("states")).to.throw(OperatorError, 'PULUMI_BACKEND_URL "states" has no scheme');
        expect(() => storeOf("s3://?region=x")).to.throw(OperatorError, "names no bucket");
    });

    it("finds the folder of a backend in files", () => {
        expect(backendFolder("file://~/states", "/work")).to.equal(`${homedir()}/states`);
    });
});

describe("the URL of an S3 backend", () => {
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    const aws = { region: "eu-west-1", credentials };

    it("says region, profile and prefix", () => {
        const { bucket, prefix, client, isForeign } = parseS3Backend("s3://states/a%20b/c?region=eu-central-1&profile=prod&awssdk=v2", aws);
        expect({ bucket, prefix, isForeign }).to.deep.equal({ bucket: "states", prefix: "a b/c", isForeign: false });
        expect(client).to.deep.include({ region: "eu-central-1", profile: "prod", forcePathStyle: false });
        expect(client).not.to.have.property("credentials");
        expect(client).not.to.have.property("endpoint");
    });

    it("leaves the rest as the driver has it, or as the SDK finds it", () => {
        expect(parseS3Backend("s3://states", aws).client).to.deep.include({ region: "eu-west-1", credentials });
        expect(parseS3Backend("s3://states").client).not.to.have.any.keys("region", "credentials", "profile");
        expect(parseS3Backend("s3://states", { ...aws, endpoint: "http://127.0.0.1:1" })).to.deep.include({ isForeign: false })
            .and.to.have.nested.property("client.forcePathStyle", true);
    });

    it("names other stores, in the new words and the old", () => {
        const minio = parseS3Backend("s3://states?endpoint=https://minio:9000&use_path_style=true&region=us-west-2");
        expect(minio.isForeign).to.equal(true);
        expect(minio.client).to.deep.include({ endpoint: "https://minio:9000", forcePathStyle: true });
        expect(parseS3Backend("s3://states?endpoint=minio:9000&disableSSL=true&s3ForcePathStyle=true").client.endpoint).to.equal("http://minio:9000");
        expect(parseS3Backend("s3://states?endpoint=minio:9000").client.endpoint).to.equal("https://minio:9000");
        expect(parseS3Backend("s3://states?dualstack=true&fips=1").client).to.deep.include({ useDualstackEndpoint: true, useFipsEndpoint: true });
    });
});
