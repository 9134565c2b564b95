import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { PropertyMap } from "../../../../automation/engine/provider.ts";
import { startHandlerCloud, type HandlerCloud } from "./handlerCloud.ts";
import { begin, type Life } from "./life.ts";

describe("storage handlers", () => {
    let cloud: HandlerCloud;
    let key: Life;
    let otherKey: Life;
    before(async () => {
        cloud = await startHandlerCloud();
        key = await begin(cloud.provider, "aws:kms/key:Key", { description: "first", enableKeyRotation: true, deletionWindowInDays: 7, tags: { Part: "a" } });
        otherKey = await begin(cloud.provider, "aws:kms/key:Key", { description: "second" });
    });
    after(() => cloud.stop());

    it("leads a key through its life", async () => {
        const policy = JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${cloud.accountId}:root` }, Action: "kms:*", Resource: "*" }],
        });
        const life = await begin(cloud.provider, "aws:kms/key:Key", { description: "short", policy, enableKeyRotation: true, rotationPeriodInDays: 180, tags: { A: "1", B: "2" } });
        expect(life.state.outputs["arn"]).to.equal(`arn:aws:kms:${cloud.region}:${cloud.accountId}:key/${life.state.id}`);
        await life.update({ description: "longer", policy: policy.replace('"kms:*"', '["kms:*","kms:DescribeKey"]'), enableKeyRotation: false, isEnabled: false, tags: { B: "3" } });
        await life.update({ description: "longer", isEnabled: true });
        await life.end();
    });

    it("leads an alias through its life", async () => {
        const inputs = { name: "alias/example-data", targetKeyId: key.state.id };
        const life = await begin(cloud.provider, "aws:kms/alias:Alias", inputs);
        expect(life.state.outputs["targetKeyArn"]).to.equal(key.state.outputs["arn"]);
        await life.update({ ...inputs, targetKeyId: otherKey.state.outputs["arn"]! });
        await life.end();
    });

    describe("a bucket", () => {
        let bucket: Life;
        const name = "example-raw-data";
        const setting = (values: PropertyMap): PropertyMap => ({ bucket: name, ...values });
        before(async () => {
            bucket = await begin(cloud.provider, "aws:s3/bucket:Bucket", { bucket: name, tags: { A: "1", B: "2" } });
        });
        after(() => bucket.end());

        it("changes its tags", async () => {
            await bucket.update({ bucket: name, tags: { B: "3" } });
            await bucket.update({ bucket: name, tags: {} });
            await bucket.update({ bucket: name, forceDestroy: true, tags: { C: "4" } });
        });

        it("is versioned, suspended, and stays so when the resource goes", async () => {
            const type = "aws:s3/bucketVersioning:BucketVersioning";
            const life = await begin(cloud.provider, type, setting({ versioningConfiguration: { status: "Enabled" } }));
            await life.update(setting({ versioningConfiguration: { status: "Suspended" } }));
            await life.update(setting({ versioningConfiguration: { status: "Enabled" } }));
            expect((await life.remove())?.inputs["versioningConfiguration"]).to.deep.equal({ status: "Suspended" });
        });

        it("is encrypted with a key", async () => {
            const rule = (id: PropertyMap[string], bucketKeyEnabled: boolean): PropertyMap => setting({
                rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: id }, bucketKeyEnabled }],
            });
            const life = await begin(cloud.provider, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", rule(key.state.outputs["arn"]!, true));
            await life.update(rule(otherKey.state.outputs["arn"]!, false));
            // S3 never has no encryption: what remains is its default.
            const left = await life.remove();
            expect(left?.inputs["rules"]).to.deep.equal([{
                applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: false,
            }]);
        });

        it("is closed to the public", async () => {
            const all = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
            const life = await begin(cloud.provider, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", setting(all));
            await life.update(setting({ ...all, ignorePublicAcls: false }));
            await life.end();
        });

        it("has ownership controls", async () => {
            const life = await begin(cloud.provider, "aws:s3/bucketOwnershipControls:BucketOwnershipControls", setting({ rule: { objectOwnership: "BucketOwnerEnforced" } }));
            await life.update(setting({ rule: { objectOwnership: "BucketOwnerPreferred" } }));
            await life.end();
        });

        it("has a policy", async () => {
            const policy = (action: string): string => JSON.stringify({
                Version: "2012-10-17",
                Statement: [{
                    Sid: "TlsOnly", Effect: "Deny", Principal: "*", Action: action, Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
                    Condition: { Bool: { "aws:SecureTransport": "false" } },
                }],
            });
            const life = await begin(cloud.provider, "aws:s3/bucketPolicy:BucketPolicy", setting({ policy: policy("s3:ReplicateObject") }));
            await life.update(setting({ policy: policy("s3:ReplicateDelete") }));
            await life.end();
        });

        it("has a lifecycle", async () => {
            const rules = [
                { id: "zeta", status: "Enabled", filter: { prefix: "logs/" }, expiration: { days: 30 }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
                { id: "alpha", status: "Enabled", filter: {}, noncurrentVersionExpiration: { noncurrentDays: 90, newerNoncurrentVersions: 3 }, expiration: { expiredObjectDeleteMarker: true } },
                { id: "moves", status: "Disabled", filter: { and: { prefix: "a/", objectSizeGreaterThan: 1000, tags: { Keep: "no" } } }, transitions: [{ days: 60, storageClass: "STANDARD_IA" }], noncurrentVersionTransitions: [{ noncurrentDays: 30, storageClass: "GLACIER" }] },
            ];
            const life = await begin(cloud.provider, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", setting({ rules }));
            await life.update(setting({ rules: rules.slice(0, 1).map((rule) => ({ ...rule, expiration: { days: 31 } })) }));
            await life.end();
        });

        it("notifies EventBridge", async () => {
            const life = await begin(cloud.provider, "aws:s3/bucketNotification:BucketNotification", setting({ eventbridge: true }));
            await life.end();
        });
    });

    it("keeps a bucket that holds objects, unless forceDestroy is set", async () => {
        const name = "example-full-bucket";
        const life = await begin(cloud.provider, "aws:s3/bucket:Bucket", { bucket: name });
        await begin(cloud.provider, "aws:s3/bucketVersioning:BucketVersioning", { bucket: name, versioningConfiguration: { status: "Enabled" } });
        const s3 = new S3Client({ ...cloud.target, forcePathStyle: true });
        await s3.send(new PutObjectCommand({ Bucket: name, Key: "a", Body: "1" }));
        await s3.send(new PutObjectCommand({ Bucket: name, Key: "a", Body: "2" }));
        await s3.send(new DeleteObjectCommand({ Bucket: name, Key: "a" }));
        const failure = await life.end().then(() => undefined, (error: unknown) => error);
        expect(failure).to.be.instanceOf(Error).with.property("name", "BucketNotEmpty");
        await life.update({ bucket: name, forceDestroy: true });
        await life.end();
    });

    it("leads a table through its life", async () => {
        const inputs: PropertyMap = {
            name: "example-models", hashKey: "ModelId", rangeKey: "Version", billingMode: "PAY_PER_REQUEST",
            attributes: [{ name: "Version", type: "N" }, { name: "ModelId", type: "S" }],
            serverSideEncryption: { enabled: true, kmsKeyArn: key.state.outputs["arn"]! },
            pointInTimeRecovery: { enabled: true }, tags: { A: "1", B: "2" },
        };
        const life = await begin(cloud.provider, "aws:dynamodb/table:Table", inputs);
        await life.update({ ...inputs, ttl: { enabled: true, attributeName: "Expires" }, deletionProtectionEnabled: true, tags: { B: "3" } });
        await life.update({
            ...inputs, pointInTimeRecovery: { enabled: false }, serverSideEncryption: { enabled: true, kmsKeyArn: otherKey.state.outputs["arn"]! },
        });
        await life.end();
    });

    it("makes a table with an index and a stream", async () => {
        const life = await begin(cloud.provider, "aws:dynamodb/table:Table", {
            name: "example-streamed", hashKey: "Id", billingMode: "PAY_PER_REQUEST", streamEnabled: true, streamViewType: "NEW_IMAGE",
            attributes: [{ name: "Id", type: "S" }, { name: "Kind", type: "S" }], ttl: { enabled: true, attributeName: "Expires" },
            globalSecondaryIndexes: [{ name: "by-kind", hashKey: "Kind", projectionType: "ALL" }],
        });
        expect(life.state.outputs["streamArn"]).to.match(/^arn:aws:dynamodb:.*\/stream\//);
        await life.end();
    });
});
