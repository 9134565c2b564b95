import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { buildEnvironment, REHEARSAL_ACCOUNT } from "../../../automation/rehearsal/environment.ts";

describe("the environment of a rehearsal's processes", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-environment-"));
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("holds nothing of the caller's but where programs are", () => {
        process.env["FIRSTLIGHT_TEST_SECRET"] = "secret";
        try {
            const environment = buildEnvironment({ region: "eu-west-1", folder });
            expect(Object.keys(environment)).to.have.members([
                "LANG", "TZ", "PATH", "HOME", "TMPDIR", "NODE_OPTIONS", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED",
            ]);
        } finally {
            delete process.env["FIRSTLIGHT_TEST_SECRET"];
        }
    });

    it("has its own home and temporary folder, which exist", () => {
        const { HOME, TMPDIR } = buildEnvironment({ region: "eu-west-1", folder });
        for (const own of [HOME!, TMPDIR!]) {
            expect(own.startsWith(folder)).to.equal(true);
            expect(existsSync(own)).to.equal(true);
        }
    });

    it("takes further variables, but none that would open a wall", () => {
        const extra = { PULUMI_CONFIG: "{}", AWS_ACCESS_KEY_ID: "AKIAREAL", NODE_OPTIONS: "--title=open", HOME: "/root" };
        const environment = buildEnvironment({ region: "eu-west-1", folder, endpoint: "http://127.0.0.1:4566", extra });
        expect(environment).to.include({ PULUMI_CONFIG: "{}", AWS_ACCESS_KEY_ID: REHEARSAL_ACCOUNT, AWS_ENDPOINT_URL: "http://127.0.0.1:4566" });
        expect(environment["NODE_OPTIONS"]).to.contain("nodePreload.mjs");
        expect(environment["HOME"]).not.to.equal("/root");
    });

    it("refuses an endpoint that is not on this machine", () => {
        expect(() => buildEnvironment({ region: "eu-west-1", folder, endpoint: "https://s3.eu-west-1.amazonaws.com" })).to.throw("not on this machine");
    });

    it("finds the project's own Node first", () => {
        expect(buildEnvironment({ region: "eu-west-1", folder })["PATH"]!.split(path.delimiter)[0]).to.match(/node_modules.\.bin$/);
    });
});
