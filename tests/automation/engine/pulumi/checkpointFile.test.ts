import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { readCheckpointFile } from "../../../../automation/engine/pulumi/checkpointFile.ts";

const STACK = { project: "fixture", stack: "test" };
const LATEST = { resources: [], pending_operations: [] };
const FILE = JSON.stringify({ version: 3, checkpoint: { stack: "organization/fixture/test", latest: LATEST } });

describe("the file of a state", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-checkpoint-"));
        mkdirSync(path.join(folder, ".pulumi", "stacks", "fixture"), { recursive: true });
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const write = (name: string, text: string): void => writeFileSync(path.join(folder, ".pulumi", "stacks", "fixture", name), text);
    const read = (): ReturnType<typeof readCheckpointFile> => readCheckpointFile({ backend: { kind: "file", folder }, ...STACK });

    it("is read as the CLI exports it, backups and other stacks left out", async () => {
        write("test.json", FILE);
        for (const name of ["test.json.bak", "test.json.attrs", "test2.json"]) write(name, "{");
        expect(await read()).to.deep.equal({ version: 3, deployment: LATEST });
        write("test.json", JSON.stringify({ version: 3, checkpoint: { stack: "organization/fixture/test" } }));
        expect(await read()).to.deep.equal({ version: 3, deployment: null });
    });

    it("is left to the CLI when it is not there, half written, compressed, beside a compressed one, or of another version", async () => {
        expect(await read()).to.equal(undefined);
        for (const text of ["", FILE.slice(0, 40), FILE.replace("3", "4"), "{}", JSON.stringify({ version: 3 })]) {
            write("test.json", text);
            expect(await read(), text).to.equal(undefined);
        }
        write("test.json", FILE);
        write("test.json.gz", "x");
        expect(await read()).to.equal(undefined);
        rmSync(path.join(folder, ".pulumi", "stacks", "fixture", "test.json"));
        expect(await read()).to.equal(undefined);
    });

    it("is left to the CLI in other backends", async () => {
        expect(await readCheckpointFile({ backend: { kind: "service" }, ...STACK })).to.equal(undefined);
        expect(await readCheckpointFile({ backend: { kind: "s3", bucket: "states", prefix: "" }, ...STACK })).to.equal(undefined);
    });

    it("is read from a bucket, below the backend's prefix", async () => {
        const send = async (command: unknown): Promise<unknown> => {
            if (command instanceof ListObjectsV2Command) return { Contents: ["test.json", "test.json.bak"].map((name) => ({ Key: `${command.input.Prefix?.replace(/test\.json$/, "") ?? ""}${name}` })) };
            if (!(command instanceof GetObjectCommand)) throw new Error("only a list and a read are expected");
            expect(command.input).to.deep.equal({ Bucket: "states", Key: "team/.pulumi/stacks/fixture/test.json" });
            return { Body: { transformToString: async () => FILE } };
        };
        const s3 = { send } as unknown as Pick<S3Client, "send">;
        expect(await readCheckpointFile({ backend: { kind: "s3", bucket: "states", prefix: "team/" }, ...STACK, s3 })).to.deep.equal({ version: 3, deployment: LATEST });
    });
});
