import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { closeAwsClients, createAwsClients } from "../../../automation/aws.ts";
import { OperatorError } from "../../../automation/errors.ts";
import { REHEARSAL_ACCOUNT } from "../../../automation/rehearsal/environment.ts";
import { findStandIns, isAwsHost, refuseEmulatedAccount, refuseForeignHosts, refuseLocalState, refuseStandIns } from "../../../automation/driver/standIns.ts";
import { partitions } from "../../../components/facts/partitions.ts";
import { failureOf } from "../../support/phaseWorld.ts";

describe("what stands in for AWS", () => {
    const home = mkdtempSync(path.join(tmpdir(), "firstlight-stand-ins-"));
    const clean = { HOME: home, PATH: "" };

    function writeConfig(name: string, text: string): string {
        const file = path.join(home, name);
        writeFileSync(file, text);
        return file;
    }

    it("is nothing in an environment of AWS's own", async () => {
        expect(await findStandIns({ ...clean, AWS_PROFILE: "dev", AWS_REGION: "eu-central-1", AWS_ENDPOINT_URL: "" })).to.deep.equal([]);
        await refuseStandIns(clean);
    });

    it("is found in variables: of one service, of all, of Pulumi's providers", async () => {
        for (const name of ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "PULUMI_DEBUG_PROVIDERS"]) {
            expect(await findStandIns({ ...clean, [name]: "http://localhost:4566" })).to.deep.equal([`the variable ${name} is set`]);
        }
        expect(await failureOf(refuseStandIns({ ...clean, AWS_ENDPOINT_URL: "http://localhost:4566" }))).to.be.instanceOf(OperatorError);
    });

    it("is found in the profile that is used, and in no other", async () => {
        const config = writeConfig("config", "[default]\nregion = eu-central-1\n\n[profile local]\nendpoint_url = http://localhost:4566\n");
        const environment = { ...clean, AWS_CONFIG_FILE: config };
        expect(await findStandIns({ ...environment, AWS_PROFILE: "local" })).to.deep.equal([`the profile local in ${config} has an endpoint_url`]);
        expect(await findStandIns(environment)).to.deep.equal([]);
    });

    it("is found in the section of services that the profile names, and in the credentials file", async () => {
        const config = writeConfig("services", "[profile dev]\nservices = testing\n[services testing]\ns3 =\n  endpoint_url = http://localhost:9000\n[services other]\n");
        expect(await findStandIns({ ...clean, AWS_CONFIG_FILE: config, AWS_PROFILE: "dev" })).to.have.length(1);
        const credentials = writeConfig("credentials", "[default]\naws_access_key_id = x\nendpoint_url=http://localhost:4566\n");
        expect(await findStandIns({ ...clean, AWS_SHARED_CREDENTIALS_FILE: credentials })).to.have.length(1);
    });

    it("is a provider on PATH that the CLI would take before its own, but none of the CLI's own", async () => {
        const folder = path.join(home, "bin");
        mkdirSync(folder);
        for (const name of ["pulumi", "pulumi-resource-pulumi-nodejs", "pulumi-language-nodejs"]) writeFileSync(path.join(folder, name), "");
        expect(await findStandIns({ ...clean, PATH: folder })).to.deep.equal([]);
        writeFileSync(path.join(folder, "pulumi-resource-aws"), "");
        const found = await findStandIns({ ...clean, PATH: `/nowhere${path.delimiter}${folder}` });
        expect(found).to.deep.equal([`${path.join(folder, "pulumi-resource-aws")} on PATH stands in for Pulumi's provider`]);
        expect(await findStandIns({ ...clean, PATH: folder, PULUMI_IGNORE_AMBIENT_PLUGINS: "true" })).to.deep.equal([]);
    });

    it("is an account that only emulators have", () => {
        for (const account of ["000000000000", REHEARSAL_ACCOUNT]) expect(() => refuseEmulatedAccount(account)).to.throw(OperatorError, account);
        refuseEmulatedAccount("444455556666");
        refuseEmulatedAccount(undefined);
    });

    it("is a host that is not AWS's: whatever made the SDK choose it, no request is sent", async () => {
        const aws = createAwsClients({ region: "eu-central-1", endpoint: "http://127.0.0.1:9", credentials: { accessKeyId: "x", secretAccessKey: "y" } });
        refuseForeignHosts(aws);
        try {
            for (const asking of [aws.sts.send(new GetCallerIdentityCommand({})), aws.s3.send(new ListBucketsCommand({}))]) {
                expect(await failureOf(asking)).to.be.instanceOf(OperatorError).with.property("message", "the AWS SDK would ask 127.0.0.1 instead of AWS");
            }
        } finally {
            closeAwsClients(aws);
        }
    });

    it("takes the hosts of every partition for AWS, and no host that only looks like one", () => {
        const hosts = ["sts.eu-central-1.amazonaws.com", "s3.cn-north-1.amazonaws.com.cn", "bucket.s3.dualstack.us-east-1.amazonaws.com", "lambda.us-east-1.api.aws"];
        for (const { dnsSuffix } of partitions) expect(isAwsHost(`sts.region.${dnsSuffix}`), dnsSuffix).to.equal(true);
        for (const host of hosts) expect(isAwsHost(host), host).to.equal(true);
        for (const host of ["localhost", "amazonaws.com.example.org", "myamazonaws.com", "s3.localhost.localstack.cloud", ""]) expect(isAwsHost(host), host).to.equal(false);
    });
});

describe("a state on this machine's own disk", () => {
    it("is refused where CI is set, and nowhere else", () => {
        expect(() => refuseLocalState("file:///tmp/state", { CI: "true" })).to.throw(OperatorError, "CI is set");
        expect(() => refuseLocalState("file:///tmp/state", { CODEBUILD_BUILD_ARN: "arn:aws:codebuild:x" })).to.throw(OperatorError);
        expect(() => refuseLocalState("file://~", { CI: "1" })).to.throw(OperatorError);
        refuseLocalState("file:///tmp/state", {});
        refuseLocalState("file:///tmp/state", { CI: "false" });
        refuseLocalState("s3://states", { CI: "true" });
    });
});
