/** Locks where it is not up to us: real processes that are killed, real file systems that refuse, and the rehearsal cloud's S3. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { EXIT } from "../../../automation/errorReport.ts";
import { CloudRefusal } from "../../../automation/errors.ts";
import { lockStoreOf } from "../../../automation/locks/lockStore.ts";
import { isDead } from "../../../automation/locks/owner.ts";
import { createS3LockStore } from "../../../automation/locks/s3LockStore.ts";
import { allow, PROJECT, refusalOf, REGION, startTestCloud } from "../rehearsal/cloud/testCloud.ts";
import type { TestCloud } from "../rehearsal/cloud/testCloud.ts";
import { living } from "./lockOwners.ts";
import { describeLockStore } from "./lockStoreContract.ts";

const HOLDER = path.join(import.meta.dirname, "lockHolder.ts");

describe("locks of real processes", () => {
    let folder: string;
    let child: ChildProcess | undefined;
    beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-locks-")); });
    afterEach(() => {
        child?.kill("SIGKILL");
        rmSync(folder, { recursive: true });
    });

    async function startHolder(): Promise<ChildProcess> {
        child = spawn(process.execPath, [HOLDER, `file://${folder}`], { cwd: PROJECT, stdio: ["ignore", "pipe", "inherit"] });
        await once(child.stdout!, "data");
        return child;
    }

    it("are respected while the process lives, and taken over once it was killed", async () => {
        const holder = await startHolder();
        const store = lockStoreOf({ backendUrl: `file://${folder}`, project: "shop", stack: "dev", projectFolder: folder });
        expect(await store.acquire(living(), isDead)).to.have.nested.property("heldBy.pid", holder.pid);
        holder.kill("SIGKILL");
        await once(holder, "exit");
        expect(await store.acquire(living(), isDead)).to.have.nested.property("cleared.pid", holder.pid);
    });

    it("of a process that has ended, and that its parent has not asked about, are taken over too", async () => {
        // The shell starts the holder, says its id, and never waits for it.
        const parent = spawn("sh", ["-c", `"${process.execPath}" "${HOLDER}" "file://${folder}" & echo "pid $!"; exec sleep 60`], { cwd: PROJECT, stdio: ["ignore", "pipe", "inherit"] });
        child = parent;
        let text = "";
        while (!/pid \d+[^]*held|held[^]*pid \d+/.test(text)) text += String((await once(parent.stdout, "data"))[0]);
        const pid = Number(/pid (\d+)/.exec(text)?.[1]);
        process.kill(pid, "SIGKILL");
        const store = lockStoreOf({ backendUrl: `file://${folder}`, project: "shop", stack: "dev", projectFolder: folder });
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" })).to.match(/^Z/);
        expect(await store.acquire(living(), isDead)).to.have.nested.property("cleared.pid", pid);
    });

    inNamespaceIt("of the same host name in another container are not taken over", async () => {
        const answer = inNamespace(`mount -t proc proc /proc && "${process.execPath}" "${HOLDER}" "file://${folder}" & sleep 4; kill $!`, ["--pid", "--fork"]);
        expect(answer).to.contain("held");
        const store = lockStoreOf({ backendUrl: `file://${folder}`, project: "shop", stack: "dev", projectFolder: folder });
        expect(await store.acquire(living(), isDead)).to.have.nested.property("heldBy.host", os.hostname());
    });

    for (const [title, options, words] of [
        ["the disk is full", "size=4k,nr_inodes=64", "the disk is full (ENOSPC)"],
        ["the file system is read-only", "ro", "the file system is read-only (EROFS)"],
    ] as const) {
        inNamespaceIt(`end the run with what to do when ${title}`, async () => {
            const fill = options === "ro" ? "" : `head -c 4096 /dev/zero > "${folder}/full";`;
            const answer = inNamespace(`mount -t tmpfs -o ${options} tmpfs "${folder}" && { ${fill} "${process.execPath}" "${HOLDER}" "file://${folder}"; echo "exit $?"; }`);
            expect(answer).to.contain(words).and.contain("fix: ").and.contain(`exit ${EXIT.operator}`);
        });
    }
});

describe("locks in the rehearsal cloud's S3", () => {
    let test: TestCloud;
    let s3: S3Client;
    let rounds = 0;
    before(async () => {
        test = await startTestCloud();
        s3 = new S3Client(test.settings);
        await s3.send(new CreateBucketCommand({ Bucket: "states", CreateBucketConfiguration: { LocationConstraint: REGION } }));
        await s3.send(new PutBucketVersioningCommand({ Bucket: "states", VersioningConfiguration: { Status: "Enabled" } }));
    });
    beforeEach(() => { rounds++; });
    after(() => test.stop());

    const place = (client = s3) => ({ client, bucket: "states", key: `.firstlight/locks/shop/${rounds}.json` });
    describeLockStore(() => ({
        open: () => createS3LockStore(place()),
        corrupt: async () => {
            await s3.send(new PutObjectCommand({ Bucket: "states", Key: place().key, Body: "{" }));
        },
    }));

    it("are found by the URL of the backend", async () => {
        const store = lockStoreOf({ backendUrl: `s3://states/team?region=${REGION}`, project: "shop", stack: "dev", projectFolder: "/", aws: test.settings });
        expect(await store.acquire(living(), isDead)).to.have.property("held");
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: "states", Key: "team/.firstlight/locks/shop/dev.json" }));
        expect(JSON.parse(await Body!.transformToString())).to.have.nested.property("owner.pid", process.pid);
    });

    it("say what is missing when a role may not write, and when the bucket is not there", async () => {
        const reader = new S3Client(await test.as(await test.role("lock-reader", undefined, allow(["s3:GetObject", "s3:ListBucket"]))));
        const error = await refusalOf(createS3LockStore(place(reader)).acquire(living(), isDead));
        expect(error).to.be.instanceOf(CloudRefusal).and.to.have.property("fix").that.contains("s3:PutObject");
        const missing = await refusalOf(createS3LockStore({ ...place(), bucket: "not-there" }).acquire(living(), isDead));
        expect(missing).to.have.property("fix").that.contains("bootstrap");
    });
});

/** A test that needs mounts of its own. */
function inNamespaceIt(title: string, test: () => Promise<void>): void {
    if (spawnSync("unshare", ["--user", "--map-root-user", "--mount", "true"]).status === 0) it(title, test);
    else it.skip(`${title} (skipped: this system lets nobody make user namespaces)`, test);
}

/** What a shell says that has mounts of its own. */
function inNamespace(script: string, more: readonly string[] = []): string {
    const { stdout, stderr } = spawnSync("unshare", ["--user", "--map-root-user", "--mount", ...more, "sh", "-c", script], { cwd: PROJECT, encoding: "utf8", timeout: 60_000 });
    return `${stdout}${stderr}`;
}
