import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { pluginReleases } from "../../../../components/facts/pluginReleases.ts";
import { readPackages } from "../../../../automation/preflight/gathering/readPackages.ts";
import { rule } from "../../../../automation/preflight/rules/F70.ts";

describe("packages with a plugin", () => {
    let folder: string;

    beforeEach(async () => {
        folder = await mkdtemp(path.join(tmpdir(), "firstlight-packages-"));
    });

    afterEach(async () => {
        await rm(folder, { recursive: true, force: true });
    });

    async function install(name: string, manifest: object): Promise<void> {
        const place = path.join(folder, "node_modules", name);
        await mkdir(place, { recursive: true });
        await writeFile(path.join(place, "package.json"), JSON.stringify(manifest));
    }

    it("are read with what is wanted and what is installed, and others are left out", async () => {
        const dependencies = {
            "@pulumi/command": "^1.2.1", "@pulumi/pulumi": "3.0.0", "@pulumi/tls": "5.0.0", "@pulumi/policy": "1.0.0", yaml: "2.0.0",
        };
        await writeFile(path.join(folder, "package.json"), JSON.stringify({ dependencies }));
        await install("@pulumi/command", { version: "4.5.0", pulumi: { resource: true, name: "command", version: "4.5.0" } });
        await install("@pulumi/pulumi", { version: "3.0.0" });
        await install("yaml", { version: "2.0.0" });
        expect(await readPackages(folder)).to.deep.equal([
            { name: "@pulumi/command", wanted: "^1.2.1", plugin: "command", pluginVersion: "4.5.0" },
            { name: "@pulumi/tls", wanted: "5.0.0", plugin: "tls" },
        ]);
    });

    it("of this project were released", async () => {
        const packages = await readPackages();
        expect(packages.map(({ plugin }) => plugin)).to.have.members(Object.keys(pluginReleases));
        expect(await rule.check({ stack: "dev", packages })).to.deep.equal({ findings: [] });
    });

    it("that are not installed are not said to have passed", async () => {
        const packages = [{ name: "@pulumi/tls", wanted: "5.0.0", plugin: "tls" }];
        expect(await rule.check({ stack: "dev", packages })).to.deep.equal({ findings: [], open: "@pulumi/tls is not installed (npm ci)" });
    });
});
