/** Bootstrap against the rehearsal cloud, every property read back; killed after each of its calls, and drifted. */
import {
    CreateAliasCommand, CreateKeyCommand, DisableKeyCommand, DisableKeyRotationCommand, GetKeyPolicyCommand, GetKeyRotationStatusCommand, ListAliasesCommand,
    ListKeysCommand, ListResourceTagsCommand, PutKeyPolicyCommand, UntagResourceCommand,
} from "@aws-sdk/client-kms";
import {
    CreateBucketCommand, DeleteBucketEncryptionCommand, DeleteBucketLifecycleCommand, DeleteBucketPolicyCommand, DeletePublicAccessBlockCommand, GetBucketEncryptionCommand,
    GetBucketLifecycleConfigurationCommand, GetBucketLocationCommand, GetBucketOwnershipControlsCommand, GetBucketPolicyCommand, GetBucketTaggingCommand,
    GetBucketVersioningCommand, GetObjectCommand, GetPublicAccessBlockCommand, HeadObjectCommand, PutBucketLifecycleConfigurationCommand,
    PutBucketOwnershipControlsCommand, PutBucketPolicyCommand, PutBucketTaggingCommand, PutBucketVersioningCommand, PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { closeAwsClients, createAwsClients } from "../../../automation/aws.ts";
import type { AwsClients } from "../../../automation/aws.ts";
import { bootstrapState, describeBootstrap } from "../../../automation/bootstrap/bootstrap.ts";
import type { BootstrapResult } from "../../../automation/bootstrap/bootstrap.ts";
import { OperatorError } from "../../../automation/errors.ts";
import { ACCOUNT, REGION, refusalOf, startTestCloud } from "../rehearsal/cloud/testCloud.ts";
import type { TestCloud } from "../rehearsal/cloud/testCloud.ts";

describe("bootstrap", () => {
    let test: TestCloud;
    let aws: AwsClients;
    before(async () => {
        test = await startTestCloud();
        aws = createAwsClients(test.settings);
    });
    after(async () => {
        closeAwsClients(aws);
        await test.stop();
    });

    const run = (project: string): Promise<BootstrapResult> => bootstrapState({ aws, accountId: ACCOUNT, project });

    it("makes bucket and key, and every property of them can be read back", async () => {
        const result = await run("first");
        const Bucket = `first-state-${ACCOUNT}-${REGION}`;
        expect(result.bucketName).to.equal(Bucket);
        expect(await readBucket(aws, Bucket)).to.deep.equal({
            location: REGION,
            accessBlock: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
            ownership: "BucketOwnerEnforced",
            policy: [{
                Sid: "DenyWithoutTls", Effect: "Deny", Principal: "*", Action: ["s3:*"], Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            }],
            tags: { Project: "first", ManagedBy: "firstlight-bootstrap" },
            encryption: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: result.keyArn }, BucketKeyEnabled: true }],
            versioning: "Enabled",
            lifecycle: [{
                ID: "replaced-states", Status: "Enabled", Filter: { Prefix: "" }, NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 10 },
                AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Expiration: { ExpiredObjectDeleteMarker: true },
            }],
        });
        const key = await readKey(aws, result.keyArn);
        expect(key.aliases).to.deep.equal(["alias/first-state"]);
        expect(key.rotates).to.equal(true);
        expect(key.tags).to.deep.equal({ Project: "first", ManagedBy: "firstlight-bootstrap" });
        expect(key.statements.map(({ Sid }) => Sid)).to.deep.equal(["AccountAdministersKey", "PulumiEncryptsSecrets", "BucketEncryptsStates"]);
        expect(JSON.stringify(key.statements)).not.to.contain("kms:*");
    });

    it("gives the two lines that somebody needs", async () => {
        const result = await run("first");
        expect(describeBootstrap(result, "dev")).to.contain(`\nexport PULUMI_BACKEND_URL='s3://first-state-${ACCOUNT}-${REGION}?region=${REGION}'\n`)
            .and.contain(`\nexport FIRSTLIGHT_SECRETS_PROVIDER='awskms://alias/first-state?region=${REGION}' `)
            .and.contain(` && pulumi stack init dev --secrets-provider='awskms://alias/first-state?region=${REGION}'\n`);
    });

    it("changes nothing when it is run again", async () => {
        await run("first");
        const before = await writes(test);
        expect((await run("first")).changes).to.deep.equal([]);
        expect(await writes(test)).to.deep.equal(before);
    });

    it("makes a bucket that encrypts with its key and keeps what is replaced", async () => {
        const { bucketName: Bucket, keyArn } = await run("first");
        const states = [];
        for (const Body of ["one", "two"]) states.push(await aws.s3.send(new PutObjectCommand({ Bucket, Key: ".pulumi/stacks/dev.json", Body })));
        expect((await aws.s3.send(new HeadObjectCommand({ Bucket, Key: ".pulumi/stacks/dev.json" }))).SSEKMSKeyId).to.equal(keyArn);
        const first = await aws.s3.send(new GetObjectCommand({ Bucket, Key: ".pulumi/stacks/dev.json", VersionId: states[0]!.VersionId! }));
        expect(await first.Body!.transformToString()).to.equal("one");
    });

    it("is finished by the next run wherever it was killed, with one key and one bucket", async () => {
        const whole = await countCalls(aws, (counted) => bootstrapState({ aws: counted, accountId: ACCOUNT, project: "whole" }));
        expect(whole).to.be.at.least(18);
        for (let calls = 1; calls < whole; calls++) {
            const project = `killed${calls}`;
            const error = await refusalOf(bootstrapState({ aws: killedAfter(aws, calls), accountId: ACCOUNT, project }));
            expect(error.message).to.equal("killed");
            const result = await run(project);
            expect((await run(project)).changes).to.deep.equal([], `after ${calls} calls`);
            expect(await readBucket(aws, result.bucketName)).to.deep.equal(renamed(await readBucket(aws, `whole-state-${ACCOUNT}-${REGION}`), {
                whole: project, [await keyOf(aws, "whole")]: result.keyArn,
            }), `after ${calls} calls`);
            expect(await keysOf(aws, project)).to.deep.equal([result.keyArn.split("/")[1]], `keys after ${calls} calls`);
        }
    });

    describe("puts right what deviates, says so, and the next run changes nothing:", () => {
        const Bucket = `drifted-state-${ACCOUNT}-${REGION}`;
        let keyArn: string;
        before(async () => { keyArn = (await run("drifted")).keyArn; });

        const lame = JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "DenyWithoutTls", Effect: "Deny", Principal: "*", Action: "s3:Nothing", Resource: `arn:aws:s3:::${Bucket}/*` }] });
        const drifts: Readonly<Record<string, () => Promise<unknown>>> = {
            "block of public access": () => aws.s3.send(new DeletePublicAccessBlockCommand({ Bucket })),
            "ownership of objects": () => aws.s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] } })),
            "policy": () => aws.s3.send(new DeleteBucketPolicyCommand({ Bucket })),
            "policy put right": () => aws.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: lame })),
            "tags": () => aws.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "ManagedBy", Value: "somebody" }] } })),
            "encryption": () => aws.s3.send(new DeleteBucketEncryptionCommand({ Bucket })),
            "versioning put right (was \"Suspended\")": () => aws.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } })),
            "lifecycle": () => aws.s3.send(new DeleteBucketLifecycleCommand({ Bucket })),
            "lifecycle put right": () => aws.s3.send(new PutBucketLifecycleConfigurationCommand({
                Bucket, LifecycleConfiguration: { Rules: [{ ID: "tidy", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 30 } }] },
            })),
            "rotation switched on": () => aws.kms.send(new DisableKeyRotationCommand({ KeyId: keyArn })),
            "policy put right ": () => aws.kms.send(new PutKeyPolicyCommand({
                KeyId: keyArn, PolicyName: "default",
                Policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:*", Resource: "*" }] }),
            })),
            "tags put right": () => aws.kms.send(new UntagResourceCommand({ KeyId: keyArn, TagKeys: ["Project"] })),
        };
        for (const [said, drift] of Object.entries(drifts)) {
            it(said.trim(), async () => {
                const before = [await readBucket(aws, Bucket), await readKey(aws, keyArn)];
                await drift();
                expect([await readBucket(aws, Bucket), await readKey(aws, keyArn)]).not.to.deep.equal(before);
                const { changes } = await run("drifted");
                expect(changes).to.have.length(1);
                expect(changes[0]).to.contain(said.trim());
                expect((await run("drifted")).changes).to.deep.equal([]);
                expect([await readBucket(aws, Bucket), await readKey(aws, keyArn)]).to.deep.equal(before);
            });
        }

        it("keeps tags and policy statements of others", async () => {
            await aws.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "CostCentre", Value: "7" }] } }));
            const reader = { Sid: "Audit", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` };
            await aws.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement: [reader] }) }));
            await run("drifted");
            const { tags, policy } = await readBucket(aws, Bucket);
            expect(tags).to.deep.equal({ CostCentre: "7", Project: "drifted", ManagedBy: "firstlight-bootstrap" });
            expect((policy as { Sid: string }[]).map(({ Sid }) => Sid)).to.deep.equal(["DenyWithoutTls", "Audit"]);
        });
    });

    it("stops at an alias that names a key it has not made", async () => {
        const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({}));
        await aws.kms.send(new CreateAliasCommand({ AliasName: "alias/foreign-state", TargetKeyId: KeyMetadata!.KeyId! }));
        const error = await refusalOf(run("foreign"));
        expect(error).to.be.instanceOf(OperatorError);
        expect(error.message).to.equal(`alias/foreign-state names the key ${KeyMetadata!.KeyId}, which bootstrap has not made`);
    });

    it("stops at a key that is disabled", async () => {
        const { keyArn } = await run("disabled");
        await aws.kms.send(new DisableKeyCommand({ KeyId: keyArn }));
        const error = await refusalOf(run("disabled"));
        expect(error).to.be.instanceOf(OperatorError);
        expect(error.message).to.contain(`the key ${keyArn} of alias/disabled-state is Disabled`);
    });

    it("stops at a bucket of that name in another account", async () => {
        const other = createAwsClients({ ...test.settings, credentials: { accessKeyId: "444455556666", secretAccessKey: "other" } });
        const Bucket = `taken-state-${ACCOUNT}-${REGION}`;
        await other.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
        closeAwsClients(other);
        const error = await refusalOf(run("taken"));
        expect(error).to.be.instanceOf(OperatorError);
        expect(error.message).to.equal(`bucket ${Bucket} exists, and is not account ${ACCOUNT}'s, or not yours to see`);
        expect(await keysOf(aws, "taken"), "nothing else was made").to.deep.equal([]);
    });
});

type Counted = Pick<AwsClients, "kms" | "s3" | "target">;

/** Clients that tell of each call after it was answered. */
function observe(aws: AwsClients, onAnswer: () => void): Counted {
    const watch = <Client extends { send: unknown }>(client: Client): Client => new Proxy(client, {
        get: (target, name) => {
            if (name !== "send") return Reflect.get(target, name, target) as unknown;
            return async (...args: unknown[]) => {
                try {
                    return await (target.send as (...given: unknown[]) => Promise<unknown>)(...args);
                } finally {
                    onAnswer();
                }
            };
        },
    });
    return { target: aws.target, kms: watch(aws.kms), s3: watch(aws.s3) };
}

async function countCalls(aws: AwsClients, work: (aws: Counted) => Promise<unknown>): Promise<number> {
    let calls = 0;
    await work(observe(aws, () => { calls++; }));
    return calls;
}

/** The account has done what was asked, and nobody hears of it. */
function killedAfter(aws: AwsClients, calls: number): Counted {
    let done = 0;
    return observe(aws, () => {
        if (++done >= calls) throw new Error("killed");
    });
}

/** Calls that changed something, by action. */
async function writes(test: TestCloud): Promise<Record<string, number>> {
    const reads = /:(Get|Head|List|Describe)/;
    const counts: Record<string, number> = {};
    for (const { action, count = 1 } of await test.cloud.usage()) if (!reads.test(action)) counts[action] = (counts[action] ?? 0) + count;
    return counts;
}

async function readBucket({ s3 }: AwsClients, Bucket: string): Promise<Record<string, unknown>> {
    const unset = (error: Error): undefined => void expect(error.name).to.match(/NoSuch|NotFound/);
    const [location, access, ownership, policy, tagging, encryption, versioning, lifecycle] = await Promise.all([
        s3.send(new GetBucketLocationCommand({ Bucket })),
        s3.send(new GetPublicAccessBlockCommand({ Bucket })).catch(unset),
        s3.send(new GetBucketOwnershipControlsCommand({ Bucket })).catch(unset),
        s3.send(new GetBucketPolicyCommand({ Bucket })).catch(unset),
        s3.send(new GetBucketTaggingCommand({ Bucket })).catch(unset),
        s3.send(new GetBucketEncryptionCommand({ Bucket })).catch(unset),
        s3.send(new GetBucketVersioningCommand({ Bucket })),
        s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })).catch(unset),
    ]);
    return {
        location: location.LocationConstraint,
        accessBlock: access?.PublicAccessBlockConfiguration,
        ownership: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
        policy: policy === undefined ? undefined : (JSON.parse(policy.Policy!) as { Statement: unknown }).Statement,
        tags: Object.fromEntries((tagging?.TagSet ?? []).map(({ Key, Value }) => [Key, Value])),
        encryption: encryption?.ServerSideEncryptionConfiguration?.Rules,
        versioning: versioning.Status,
        lifecycle: lifecycle?.Rules,
    };
}

async function readKey({ kms }: AwsClients, KeyId: string) {
    const [tags, rotation, policy, aliases] = await Promise.all([
        kms.send(new ListResourceTagsCommand({ KeyId })),
        kms.send(new GetKeyRotationStatusCommand({ KeyId })),
        kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" })),
        kms.send(new ListAliasesCommand({ KeyId })),
    ]);
    return {
        tags: Object.fromEntries((tags.Tags ?? []).map(({ TagKey, TagValue }) => [TagKey, TagValue])),
        rotates: rotation.KeyRotationEnabled,
        statements: (JSON.parse(policy.Policy!) as { Statement: { Sid?: string }[] }).Statement,
        aliases: (aliases.Aliases ?? []).map(({ AliasName }) => AliasName),
    };
}

/** Ids of all keys with the tags of a project. */
async function keysOf({ kms }: AwsClients, project: string): Promise<(string | undefined)[]> {
    const { Keys = [] } = await kms.send(new ListKeysCommand({ Limit: 1000 }));
    const tags = await Promise.all(Keys.map(({ KeyId }) => kms.send(new ListResourceTagsCommand({ KeyId: KeyId! }))));
    return Keys.filter((_key, index) => tags[index]!.Tags!.some(({ TagValue }) => TagValue === project)).map(({ KeyId }) => KeyId);
}

async function keyOf(aws: AwsClients, project: string): Promise<string> {
    const [keyId = ""] = await keysOf(aws, project);
    return `arn:aws:kms:${REGION}:${ACCOUNT}:key/${keyId}`;
}

function renamed(value: object, names: Readonly<Record<string, string>>): object {
    return JSON.parse(Object.entries(names).reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(value))) as object;
}
