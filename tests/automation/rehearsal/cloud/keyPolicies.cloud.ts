import { CreateKeyCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { expect } from "chai";
import { ACCOUNT, refusalOf, startTestCloud, type TestCloud } from "./testCloud.ts";

const policyFor = (AWS: string, Action: string) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS }, Action, Resource: "*" }] });
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

describe("a key's policy", () => {
    let test: TestCloud;
    before(async () => { test = await startTestCloud(); });
    after(() => test.stop());

    it("may not shut out the account, neither at first nor later", async () => {
        const shut = policyFor(ROOT, "kms:Encrypt");
        const refused = await refusalOf(test.kms.send(new CreateKeyCommand({ Policy: shut })));
        expect(refused).to.include({ name: "MalformedPolicyDocumentException", message: "The new key policy will not allow you to update the key policy in the future." });
        const { KeyMetadata } = await test.kms.send(new CreateKeyCommand({ Policy: policyFor(ROOT, "kms:*") }));
        const put = (Policy: string) => test.kms.send(new PutKeyPolicyCommand({ KeyId: KeyMetadata!.KeyId!, PolicyName: "default", Policy }));
        expect((await refusalOf(put(shut))).name).to.equal("MalformedPolicyDocumentException");
        await put(policyFor(ROOT, "kms:Put*"));
    });

    it("may do so when the caller says that it knows", async () => {
        const answer = await test.kms.send(new CreateKeyCommand({ Policy: policyFor(ROOT, "kms:Encrypt"), BypassPolicyLockoutSafetyCheck: true }));
        expect(answer.KeyMetadata?.Enabled).to.equal(true);
    });
});
