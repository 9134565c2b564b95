import { expect } from "chai";
import { UnansweredError } from "../../../automation/preflight/account/accountView.ts";
import type { AccountView } from "../../../automation/preflight/account/accountView.ts";
import type { Evidence, RuleId } from "../../../automation/preflight/rule.ts";
import { runPreflight } from "../../../automation/preflight/runPreflight.ts";
import { buildAccount, buildConfig, buildPlan, urnOf } from "../../../automation/preflight/samples.ts";

/** What one rule says: findings, passed, the reason for which it was not checked, or that there is nothing of the kind. */
async function ask(id: RuleId, evidence: Omit<Evidence, "stack">): Promise<string> {
    const { findings, passed, notChecked, notApplicable } = await runPreflight({ stack: "dev", ...evidence }, { only: [id] });
    const found = findings.map(({ severity, what }) => `${severity}: ${what}`);
    const rest = [
        ...passed.map(() => "passed"), ...notApplicable.map(() => "nothing of the kind"),
        ...notChecked.map(({ because }) => `not checked: ${because}`),
    ];
    return [...found, ...rest].join(" | ");
}

function onBackend(backendUrl: string | undefined, isCi = false): Pick<Evidence, "config" | "runner"> {
    return { config: buildConfig(), runner: { isCi, backendUrl } };
}

const unanswered: AccountView["owned"] = async () => {
    throw new UnansweredError("tag:GetResources was denied", "denied");
};

describe("a state of which not everything is known", () => {
    it("is not said to lie well before a backend is chosen", async () => {
        expect(await ask("F14", onBackend(undefined))).to.match(/^not checked: no backend is chosen/);
        expect(await ask("F33", { ...onBackend(undefined), account: buildAccount() })).to.equal("nothing of the kind");
    });

    it("is not said to lie well in a bucket of another account, or in another store", async () => {
        const account = buildAccount({ bucket: async () => "foreign" as const });
        const foreign = { ...onBackend("s3://states"), account };
        expect(await ask("F33", foreign)).to.match(/^not checked: the bucket states is of another account/);
        const elsewhere = { ...onBackend("s3://states?endpoint=minio:9000"), account: buildAccount() };
        expect(await ask("F33", elsewhere)).to.match(/^not checked: s3:\/\/states lies in a store/);
        expect(await ask("F33", { ...onBackend("gs://states"), account: buildAccount() })).to.equal("nothing of the kind");
    });

    it("is refused on a disk of CI whether or not the account answers", async () => {
        const disk = onBackend("file:///build", true);
        for (const rest of [{}, { state: [], account: buildAccount({ owned: unanswered }) }]) {
            expect(await ask("F39", { ...disk, ...rest })).to.match(/^blocker: the state lies on this machine's disk .* \| not checked: /);
        }
        expect(await ask("F39", { ...onBackend("s3://states"), state: [], account: buildAccount() })).to.equal("passed");
    });

    it("is compared with the tags when it is empty, and only then", async () => {
        const account = buildAccount({ owned: unanswered });
        expect(await ask("F39", { ...onBackend("s3://states"), state: [], account })).to.equal("not checked: tag:GetResources was denied");
    });
});

describe("a region of which not everything is known", () => {
    const link = { type: "aws:apigatewayv2/vpcLink:VpcLink", name: "link" };
    const subnet = { type: "aws:ec2/subnet:Subnet", name: "private-1", inputs: { availabilityZone: "us-east-1a" } };
    const plan = buildPlan({ ...link, propertyDependencies: { subnetIds: [urnOf(subnet)] } }, subnet);

    it("is not said to have VPC links in a zone of which only the name is known", async () => {
        const settings = { project: "firstlight", stack: "dev", config: { "aws:region": "us-east-1" } };
        const said = await ask("F64", { settings, plans: { asIs: plan, endpointsOn: plan } });
        expect(said).to.match(/^not checked: VPC links in us-east-1 need zones of use1-az1/);
    });

    it("is not guessed", async () => {
        const said = await ask("F64", { plans: { asIs: plan, endpointsOn: plan } });
        expect(said).to.equal("not checked: neither the settings nor any resource says the region");
    });
});
