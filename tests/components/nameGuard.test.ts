import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { Repository } from "@pulumi/aws/ecr/repository.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { guardNames } from "../../components/nameGuard.ts";
import { runProgram } from "../support/mocks.ts";

const PREFIX = "firstlight-dev";

/** What declaring ends with; undefined when it goes well. */
async function failureOf(declare: () => void): Promise<string | undefined> {
    const program = (): void => {
        guardNames({ prefix: PREFIX });
        declare();
    };
    return runProgram(program).then(() => undefined, (error: Error) => error.message);
}

class Holder extends pulumi.ComponentResource {
    constructor(name: string, queueName: string) {
        super("firstlight:tests:Holder", name);
        new Queue(`${name}-queue`, { name: queueName }, { parent: this });
    }
}

describe("the program", () => {
    it("refuses a name that another environment may have, where it is declared, and says which failure that is", async () => {
        const failure = await failureOf(() => void new Queue("letters", { name: "firstlight-letters" }));
        expect(failure).to.contain("F27 letters: its name \"firstlight-letters\"").and.to.contain("docs/failures.md#f27");
    });

    it("refuses it in a component too", async () => {
        expect(await failureOf(() => void new Holder("holder", "firstlight-dev--pr7-letters"))).to.contain("F27 holder-queue");
    });

    it("refuses a name that its service would refuse", async () => {
        const capital = await failureOf(() => void new Repository("images", { name: `${PREFIX}-Images` }));
        expect(capital).to.contain(`F31 images: its name "${PREFIX}-Images" is none that the service takes`);
        const long = await failureOf(() => void new Queue("letters", { name: `${PREFIX}-${"x".repeat(80)}` }));
        expect(long).to.contain("F31 letters").and.to.contain("has 95 characters; 80 are taken");
    });

    it("takes names of the environment, and those that the engine gives", async () => {
        const failure = await failureOf(() => {
            new Holder("holder", `${PREFIX}-letters`);
            new Queue("unnamed");
            new Repository("images", { name: `${PREFIX}-images` });
            new Bucket("raw", { bucket: pulumi.output(`${PREFIX}-raw-123456789012`) });
        });
        expect(failure).to.equal(undefined);
    });
});
