import { expect } from "chai";
import { readStateBackend } from "../../../../automation/preflight/planReading/stateBackend.ts";

describe("the URL of a backend", () => {
    it("says of which kind it is", () => {
        const kinds = ["s3://states", "gs://states", "azblob://states", "postgres://db/states", "https://api.pulumi.com", "file:///var/states", "file://~", "states", ""];
        expect(kinds.map((url) => readStateBackend(url).kind)).to.deep.equal(["s3", "bucket", "bucket", "database", "service", "disk", "disk", "unknown", "unknown"]);
    });

    it("says bucket, region and host of S3, and which settings its client refuses", () => {
        expect(readStateBackend("s3://states/firstlight?region=eu-central-1&profile=ops")).to.deep.equal({
            kind: "s3", place: "s3://states/firstlight", bucket: "states", region: "eu-central-1", isForeign: false, unknownSettings: [],
        });
        expect(readStateBackend("s3://states?endpoint=minio:9000&table=locks")).to.deep.include({ isForeign: true, unknownSettings: ["table"] });
    });

    it("is shown without a password", () => {
        expect(readStateBackend("postgres://admin:hunter2@db.example.com/states?sslmode=require").place).to.equal("postgres://db.example.com/states");
    });
});
