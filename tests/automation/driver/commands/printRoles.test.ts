import path from "node:path";
import { expect } from "chai";
import { parseDriverOptions } from "../../../../automation/driver/options.ts";
import { printRoles } from "../../../../automation/driver/commands/preflighting/printRoles.ts";
import type { Session } from "../../../../automation/driver/session.ts";
import { createRecordingReporter } from "../../../../automation/progress/reporters.ts";
import type { RecordingReporter } from "../../../../automation/progress/reporters.ts";
import { OperatorError } from "../../../../automation/errors.ts";
import { buildConfig, buildPlan } from "../../../../automation/preflight/samples.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../../..");
const PLAN = buildPlan({ type: "aws:sqs/queue:Queue", name: "letters" });

/** Only what printing takes: an account in a region, and a plan. */
function sessionOf(words: readonly string[], { accountId }: { readonly accountId: string | undefined }): { readonly session: Session; readonly printed: string[]; readonly reporter: RecordingReporter } {
    const printed: string[] = [];
    const reporter = createRecordingReporter();
    const session = {
        options: parseDriverOptions(["preflight", "--stack", "dev", ...words], { projectFolder: PROJECT, environment: {} }),
        accountId, accountProblem: "no credentials", aws: { target: { region: "cn-north-1" } }, config: buildConfig(), projectFolder: PROJECT,
        environment: { PULUMI_BACKEND_URL: "s3://our-states/below?region=cn-north-1" },
        phaseContext: async () => ({ recordPlans: async () => ({ asIs: PLAN, endpointsOn: PLAN }) }),
        print: (text: string) => void printed.push(text), reporter,
    } as unknown as Session;
    return { session, printed, reporter };
}

describe("the policies that preflight prints", () => {
    it("are one JSON object, each document under its name", async () => {
        const { session, printed } = sessionOf(["--deploy-role", "--preflight-role"], { accountId: "123456789012" });
        await printRoles(session);
        expect(printed).to.have.length(1);
        const documents = JSON.parse(printed[0] ?? "") as Readonly<Record<string, { readonly Version: string }>>;
        expect(Object.keys(documents)).to.include.members(["firstlight-dev-deploy-1", "firstlight-dev-preflight-1"]);
        for (const { Version } of Object.values(documents)) expect(Version).to.equal("2012-10-17");
    });

    it("say what of the larger one is an estimate", async () => {
        const [deploy, preflight] = [sessionOf(["--deploy-role"], { accountId: "123456789012" }), sessionOf(["--preflight-role"], { accountId: "123456789012" })];
        for (const { session } of [deploy, preflight]) await printRoles(session);
        expect(deploy.reporter.events[0]).to.have.property("message").that.contains("an estimate: what the AWS provider asks");
        expect(preflight.reporter.events).to.deep.equal([]);
    });

    it("are of the region's partition, and hold the bucket of the states", async () => {
        const { session, printed } = sessionOf(["--deploy-role"], { accountId: "123456789012" });
        await printRoles(session);
        expect(printed[0]).to.include("arn:aws-cn:sqs:cn-north-1:123456789012:firstlight-dev-*").and.to.include("arn:aws-cn:s3:::our-states/*");
        expect(printed[0]).not.to.include("arn:aws:");
    });

    it("need an account, whose number stands in them", async () => {
        const { session } = sessionOf(["--deploy-role"], { accountId: undefined });
        const error = await printRoles(session).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(OperatorError).with.property("message").that.includes("the account's number stands in the policies");
    });
});
