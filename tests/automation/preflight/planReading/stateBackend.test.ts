import { expect } from "chai";
import { readStateBackend } from "../../../../automation/preflight/planReading/stateBackend.ts";

describe("the URL of a backend", () => {
    it("says of which kind it is", () => {
        const kinds = {
            "s3://states": "s3", "gs://states": "bucket", "azblob://states": "bucket", "postgres://db/states": "database",
            "https://api.pulumi.com": "service", "file:///var/states": "disk", "file://~": "disk", states: "unknown", "": "unknown",
        };
        for (const [url, kind] of Object.entries(kinds)) expect(readStateBackend(url).kind, url).to.equal(kind);
    });

    it("says bucket, region and host of S3, and which settings its client refuses", () => {
        expect(readStateBackend("s3://states/firstlight?region=eu-central-1&profile=ops")).to.deep.equal({
            kind: "s3", place: "s3://states/firstlight", bucket: "states", region: "eu-central-1", isForeign: false, unknownSettings: [],
        });
        const elsewhere = readStateBackend("s3://states?endpoint=minio:9000&table=locks");
        expect(elsewhere).to.deep.include({ isForeign: true, unknownSettings: ["table"] });
    });

    it("is shown without a password", () => {
        const { place } = readStateBackend("postgres://admin:hunter2@db.example.com/states?sslmode=require");
        expect(place).to.equal("postgres://db.example.com/states");
    });
});
