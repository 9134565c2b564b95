/** A stack whose secrets a key protects, as `bootstrap` proposes it: each CI machine begins with a fresh clone, and nobody knows a passphrase. */
import { rmSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { classify } from "../../../automation/cloudErrors/classify.ts";
import { EngineError } from "../../../automation/engine/engine.ts";
import type { PulumiEngine } from "../../../automation/engine/pulumi.ts";
import { MISSING_KEY, startKmsDouble } from "../../support/kmsDouble.ts";
import type { KmsDouble } from "../../support/kmsDouble.ts";
import { PULUMI_STACK, createPulumiTestStack, describeWithPulumi } from "../../support/pulumiStack.ts";
import type { PulumiTestStack } from "../../support/pulumiStack.ts";

describeWithPulumi("a stack whose secrets a KMS key protects", function () {
    this.timeout(120_000);
    let stack: PulumiTestStack;
    let kms: KmsDouble;
    before(async () => [stack, kms] = await Promise.all([createPulumiTestStack(), startKmsDouble()]));
    after(() => {
        kms.close();
        stack.remove();
    });

    /** What the CLI wrote into the stack's settings file is gone, as in a clone of the repository. */
    function openInFreshClone(alias = "alias/state"): Promise<PulumiEngine> {
        rmSync(path.join(stack.folder, `Pulumi.${PULUMI_STACK}.yaml`), { force: true });
        const { PULUMI_CONFIG_PASSPHRASE: _, ...inherited } = process.env;
        const { PULUMI_CONFIG_PASSPHRASE: __, ...environment } = stack.environment;
        return stack.open({
            inherited, secretsProvider: `awskms://${alias}?region=us-east-1`,
            environment: { ...environment, AWS_ENDPOINT_URL_KMS: kms.endpoint, AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" },
        });
    }

    it("is not made under a key that is not there, and says so without a stack of calls", async () => {
        stack.write(`new Thing("a", { value: "x" });`);
        const engine = await openInFreshClone(MISSING_KEY);
        const error: unknown = await engine.up().catch((failure: unknown) => failure);
        expect(error).to.be.instanceOf(EngineError).with.property("message").that.contains(`${MISSING_KEY} is not found`);
        expect(classify(String(error))?.id).to.equal("secrets-key-denied");
        kms.calls.length = 0;
    });

    it("is previewed, made, gone on with and destroyed from fresh clones, under the one key", async () => {
        stack.write(`new Thing("a", { password: pulumi.secret("s3cret") });`);
        // A pull request's preview may be the first that hears of a stack.
        expect((await (await openInFreshClone()).preview()).counts).to.deep.equal({ create: 2 });
        expect((await (await openInFreshClone()).up()).counts).to.deep.equal({ create: 2 });
        const made = JSON.stringify(await (await openInFreshClone()).exportState());
        expect(made).to.contain("awskms://alias/state").and.not.to.contain("s3cret");
        expect((await (await openInFreshClone()).preview()).counts).to.deep.equal({ same: 2 });
        expect((await (await openInFreshClone()).up()).counts).to.deep.equal({ same: 2 });
        expect(await (await openInFreshClone()).refresh()).to.deep.equal([]);
        expect(JSON.stringify(await (await openInFreshClone()).exportState())).to.contain("awskms://alias/state").and.not.to.contain("passphrase");
        expect(await (await openInFreshClone()).destroy()).to.deep.equal({ delete: 2 });
        expect(kms.calls.filter((action) => action === "Encrypt")).to.have.length(1);
    });
});
