/** docs/first-deployment.md beside what it speaks of. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { closeAwsClients, createAwsClients } from "../../automation/aws.ts";
import { closeAccountClients, createAccountClients } from "../../automation/account/clients.ts";
import { parseDriverOptions } from "../../automation/driver/options.ts";
import { readRecordedRehearsal } from "../support/recordedRehearsal.ts";

const PROJECT = path.resolve(import.meta.dirname, "../..");
const PAGE = readFileSync(path.join(PROJECT, "docs", "first-deployment.md"), "utf8");

/** IAM's name of a service where our clients or the provider's modules have another. */
const IAM_NAMES: Readonly<Record<string, string>> = {
    "apigatewayv2": "apigateway", "sfn": "states", "vpc": "ec2", "tagging": "tag", "quotas": "servicequotas", "runtime": "sagemaker",
    "cloudwatch/eventRule": "events", "cloudwatch/eventTarget": "events", "cloudwatch/logGroup": "logs", "cloudwatch/queryDefinition": "logs",
};

/** `events` of `aws:cloudwatch/eventRule:EventRule`. */
function serviceOfType(type: string): string {
    const [, name = ""] = type.split(":");
    const [module = ""] = name.split("/");
    return IAM_NAMES[name] ?? IAM_NAMES[module] ?? module;
}

describe("the page for the first deployment", () => {
    const section = PAGE.slice(PAGE.indexOf("## What the deployer may"), PAGE.indexOf("## What nobody has verified yet"));
    const listed = [...section.matchAll(/^\| `([a-z0-9]+)` \|/gm)].map(([, service]) => service ?? "");

    it("names every service whose resources the program declares, with and without a network", () => {
        const types = (["dev", "staging"] as const).flatMap((stack) => readRecordedRehearsal(stack).resources).map(({ type }) => type).filter((type) => type.startsWith("aws:"));
        expect(types.length).to.be.above(300);
        expect([...new Set(types.map(serviceOfType))].filter((service) => !listed.includes(service))).to.deep.equal([]);
    });

    it("names every service that the driver asks itself, and none twice", () => {
        const aws = createAwsClients({ region: "eu-central-1" });
        const account = createAccountClients(aws, "444455556666");
        const names = [...Object.entries(aws), ...Object.entries(account)].filter(([, value]) => typeof value === "object" && "middlewareStack" in value).map(([name]) => name);
        closeAccountClients(account);
        closeAwsClients(aws);
        expect(names.length).to.be.above(20);
        expect(names.map((name) => IAM_NAMES[name] ?? name).filter((name) => !listed.includes(name))).to.deep.equal([]);
        expect(new Set(listed).size).to.equal(listed.length);
    });

    it("calls the driver only by commands and options that it takes", () => {
        const lines = [...PAGE.matchAll(/node automation\/deploy\.ts ([^`\n]+)/g)].map(([, line]) => (line ?? "").replace(/ +[#>].*$/, "").trim());
        expect(lines.length).to.be.above(8);
        for (const line of lines) parseDriverOptions(line.split(" "), { projectFolder: PROJECT, environment: {} });
    });
});
