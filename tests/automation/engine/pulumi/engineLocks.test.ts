import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { parseBackend } from "../../../../automation/engine/pulumi/backend.ts";
import { readEngineLocks, removeEngineLocks } from "../../../../automation/engine/pulumi/engineLocks.ts";

/** As `pkg/backend/diy/lock.go` of Pulumi writes it. */
const LOCK = JSON.stringify({ pid: 4711, username: "ci", hostname: "runner-1", timestamp: "2026-11-21T16:39:43.352985242Z" });
const READ = { host: "runner-1", pid: 4711, user: "ci", since: new Date("2026-11-21T16:39:43.352Z") };
const STACK = { project: "fixture", stack: "test" };

/** Objects by key. */
function bucketOf(objects: Record<string, string>): Pick<S3Client, "send"> {
    const send = async (command: unknown): Promise<unknown> => {
        if (command instanceof ListObjectsV2Command) {
            expect(command.input.Bucket).to.equal("states");
            return { Contents: Object.keys(objects).filter((key) => key.startsWith(command.input.Prefix ?? "")).map((Key) => ({ Key })) };
        }
        if (command instanceof DeleteObjectCommand) {
            delete objects[command.input.Key ?? ""];
            return {};
        }
        if (!(command instanceof GetObjectCommand)) throw new Error("only lists, reads and deletes are expected");
        const text = objects[command.input.Key ?? ""];
        if (text === "gone") throw Object.assign(new Error("gone"), { name: "NoSuchKey" });
        return { Body: { transformToString: async () => text } };
    };
    return { send } as unknown as Pick<S3Client, "send">;
}

describe("the locks of the Pulumi engine", () => {
    let folder: string;
    beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-locks-")); });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("are read from a file backend, other stacks' and other files left out", async () => {
        const backend = { kind: "file", folder } as const;
        expect(await readEngineLocks({ backend, ...STACK })).to.deep.equal([]);
        for (const stack of ["test", "test2"]) mkdirSync(path.join(folder, ".pulumi", "locks", "organization", "fixture", stack), { recursive: true });
        const own = path.join(folder, ".pulumi", "locks", "organization", "fixture", "test");
        writeFileSync(path.join(own, "1.json"), LOCK);
        writeFileSync(path.join(own, "1.json.attrs"), "{}");
        writeFileSync(path.join(own, "..", "test2", "2.json"), LOCK);
        expect(await readEngineLocks({ backend, ...STACK })).to.deep.equal([READ]);
    });

    it("have an unknown owner when their file was cut off", async () => {
        const own = path.join(folder, ".pulumi", "locks", "organization", "fixture", "test");
        mkdirSync(own, { recursive: true });
        writeFileSync(path.join(own, "1.json"), LOCK.slice(0, 20));
        expect(await readEngineLocks({ backend: { kind: "file", folder }, ...STACK })).to.deep.equal([{ host: "", pid: 0, since: new Date(0) }]);
    });

    it("are read from a bucket, below the prefix of the backend", async () => {
        const s3 = bucketOf({
            "teams/a/.pulumi/locks/organization/fixture/test/1.json": LOCK, "teams/a/.pulumi/locks/organization/fixture/test/2.json": "gone",
            "teams/a/.pulumi/locks/organization/fixture/test2/3.json": LOCK, ".pulumi/locks/organization/fixture/test/4.json": LOCK.replace("4711", "4712"),
        });
        expect(await readEngineLocks({ backend: parseBackend("s3://states/teams/a?region=r", folder), ...STACK, s3 })).to.deep.equal([READ]);
    });

    it("are removed where the CLI knows no stack any more, other stacks' left as they are", async () => {
        const locks = path.join(folder, ".pulumi", "locks", "organization", "fixture");
        for (const stack of ["test", "test2"]) {
            mkdirSync(path.join(locks, stack), { recursive: true });
            writeFileSync(path.join(locks, stack, "1.json"), LOCK);
        }
        await removeEngineLocks({ backend: { kind: "file", folder }, ...STACK });
        expect([readdirSync(path.join(locks, "test")), readdirSync(path.join(locks, "test2"))]).to.deep.equal([[], ["1.json"]]);
        const objects: Record<string, string> = { ".pulumi/locks/organization/fixture/test/1.json": LOCK, ".pulumi/locks/organization/fixture/test2/2.json": LOCK };
        await removeEngineLocks({ backend: parseBackend("s3://states", folder), ...STACK, s3: bucketOf(objects) });
        expect(Object.keys(objects)).to.deep.equal([".pulumi/locks/organization/fixture/test2/2.json"]);
    });

    it("are none that can be read elsewhere", async () => {
        for (const url of ["https://api.pulumi.com", "gs://states", "s3://states"]) {
            expect(await readEngineLocks({ backend: parseBackend(url, folder), ...STACK })).to.deep.equal([]);
        }
    });
});

describe("the backend of a stack", () => {
    it("is told by its URL", () => {
        expect(parseBackend("file:///var/state", "/p")).to.deep.equal({ kind: "file", folder: "/var/state" });
        expect(parseBackend("file://./state?no_tmp_dir=true", "/p")).to.deep.equal({ kind: "file", folder: "/p/state" });
        expect(parseBackend("file://~", "/p")).to.deep.equal({ kind: "file", folder: os.homedir() });
        expect(parseBackend("file://~/state", "/p")).to.deep.equal({ kind: "file", folder: path.join(os.homedir(), "state") });
        expect(parseBackend("s3://states?region=r&awssdk=v2", "/p")).to.deep.equal({ kind: "s3", bucket: "states", prefix: "" });
        expect(parseBackend("s3://states/a/b/", "/p")).to.deep.equal({ kind: "s3", bucket: "states", prefix: "a/b/" });
        expect(parseBackend("azblob://states", "/p")).to.deep.equal({ kind: "bucket" });
        expect(parseBackend("https://api.pulumi.com", "/p")).to.deep.equal({ kind: "service" });
    });
});
