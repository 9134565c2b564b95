/**
 * Where states and locks lie, by `node automation/deploy.ts` as processes on the real Pulumi CLI: a bucket and a key as `bootstrap` prints them,
 * and a folder. What locks alone do is tried in locks/.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { clientSettings } from "../../../automation/aws.ts";
import { parseBackend } from "../../../automation/engine/pulumi/backend.ts";
import { readEngineLocks } from "../../../automation/engine/pulumi/engineLocks.ts";
import type { StackPlace } from "../../../automation/engine/pulumi/backendFiles.ts";
import { EXIT } from "../../../automation/errorReport.ts";
import type { LockStore } from "../../../automation/locks/lock.ts";
import { lockStoreOf } from "../../../automation/locks/lockStore.ts";
import { describeWithPulumi } from "../../support/pulumiStack.ts";
import { RealWorld } from "../../support/realWorld.ts";
import type { RealRun } from "../../support/realWorld.ts";
import { foreign } from "../locks/lockOwners.ts";

const STACK = { project: "firstlight", stack: "dev" };
const LOCKS = ".pulumi/locks/organization/firstlight/dev";
/** Above every limit of process ids. */
const NO_PROCESS = 2 ** 22 + 1;

describeWithPulumi("the driver's backends on a real Pulumi CLI", function () {
    this.timeout(600_000);
    let world: RealWorld;
    before(async () => {
        world = await RealWorld.open("dev");
        await world.clone();
    });
    after(async () => world?.close());

    function driverLock(backendUrl: string): LockStore {
        return lockStoreOf({ backendUrl, ...STACK, projectFolder: world.folder, aws: world.cloud.target });
    }

    describe("a folder", () => {
        let folder = "";
        before(async () => {
            folder = path.join(world.folder, "backend", LOCKS);
            await mkdir(folder, { recursive: true });
        });

        function readLocks(): ReturnType<typeof readEngineLocks> {
            return readEngineLocks({ backend: { kind: "file", folder: path.join(world.folder, "backend") }, ...STACK });
        }

        it("keeps both locks while a Pulumi on this machine works, and loses them when it is dead, also where no state is left", async () => {
            const store = driverLock(`file://${path.join(world.folder, "backend")}`);
            await store.acquire(foreign(), () => false);
            const working = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
            await writeFile(path.join(folder, "working.json"), pulumiLock(hostname(), working.pid ?? 0));
            await writeFile(path.join(folder, "dead.json"), pulumiLock(hostname(), NO_PROCESS));
            const refused = await world.run("unlock --stack dev --yes");
            expect(refused.exitCode, refused.said).to.equal(EXIT.operator);
            expect(refused.said).to.contain(`process ${working.pid}`).and.to.contain("runs on this machine");
            expect([(await store.read())?.host, (await readLocks()).length]).to.deep.equal(["elsewhere", 2]);
            working.kill();
            await once(working, "exit");
            const done = await world.run("unlock --stack dev --yes");
            expect(done.exitCode, done.said).to.equal(EXIT.done);
            expect(lockStates(done)).to.deep.equal(["cleared", "cleared", "cleared"]);
            expect([await store.read(), await readLocks()]).to.deep.equal([undefined, []]);
        });
    });

    describe("the bucket and the key of bootstrap", () => {
        let environment: NodeJS.ProcessEnv;
        let s3: S3Client;
        before(() => s3 = new S3Client({ ...clientSettings(world.cloud.target), forcePathStyle: true }));
        after(() => s3?.destroy());

        function lockPlace(): StackPlace {
            return { backend: parseBackend(environment["PULUMI_BACKEND_URL"] ?? "", world.folder), ...STACK, s3 };
        }

        it("take what is printed as it stands, and no passphrase", async () => {
            const run = await world.run("bootstrap --stack dev --yes");
            expect(run.exitCode, run.said).to.equal(EXIT.done);
            const exported = [...run.said.matchAll(/^export (\w+)='([^']+)'/gm)].map(([, name = "", value = ""]) => [name, value]);
            expect(exported.map(([name]) => name)).to.deep.equal(["PULUMI_BACKEND_URL", "FIRSTLIGHT_SECRETS_PROVIDER"]);
            environment = { ...Object.fromEntries(exported), PULUMI_CONFIG_PASSPHRASE: undefined };
        });

        it("go on from another clone after driver and CLI were killed, and keep a second driver out", async () => {
            let made = 0;
            await world.run("deploy --stack dev --yes --from up --until up", {
                environment,
                onEvent: (event, driver) => {
                    if (event.kind === "resource" && event.status === "done" && ++made === 60) driver.kill("SIGKILL");
                },
            });
            const [lock] = await readEngineLocks(lockPlace());
            if (lock !== undefined) process.kill(lock.pid, "SIGKILL");
            expect([made >= 60, lock?.host]).to.deep.equal([true, hostname()]);
            let second: Promise<RealRun> | undefined;
            const run = await world.run("deploy --stack dev --yes --from up --until up", {
                environment, clone: await world.clone(),
                onEvent: ({ kind }) => {
                    if (kind === "phase") second ??= world.run("up --stack dev --yes", { environment });
                },
            });
            expect(run.exitCode, run.said).to.equal(EXIT.done);
            expect(lockStates(run)).to.deep.equal(["cleared", "acquired", "cleared", "released"]);
            expect(run.events.findLast((event) => event.kind === "counts")?.counts).to.have.all.keys("create", "same");
            expect((await second)?.exitCode).to.equal(EXIT.locked);
        });

        it("show and lose the locks of another machine by status and unlock, and those alone", async () => {
            const store = driverLock(environment["PULUMI_BACKEND_URL"] ?? "");
            await store.acquire(foreign(), () => false);
            const bucket = new URL(environment["PULUMI_BACKEND_URL"] ?? "").hostname;
            await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${LOCKS}/1.json`, Body: pulumiLock("runner-7", 4712) }));
            expect((await world.run("up --stack dev --yes", { environment })).exitCode).to.equal(EXIT.locked);
            const { said } = await world.run("status --stack dev", { environment });
            expect(said).to.contain("on elsewhere").and.to.contain("on runner-7 (process 4712)");
            const unlocked = await world.run("unlock --stack dev --yes", { environment });
            expect(unlocked.exitCode, unlocked.said).to.equal(EXIT.done);
            expect(lockStates(unlocked)).to.deep.equal(["cleared", "cleared"]);
            expect([await store.read(), await readEngineLocks(lockPlace())]).to.deep.equal([undefined, []]);
        });

        it("are all that is left when a clone that never made the stack destroys it", async () => {
            const run = await world.run("destroy --stack dev --yes", { environment, clone: await world.clone() });
            expect(run.exitCode, run.said).to.equal(EXIT.done);
            const left = await world.cloud.inventory();
            expect(left).to.have.length(3);
            for (const arn of left) expect(arn).to.match(/:alias\/firstlight-state$|:key\/[0-9a-f-]+$|:::firstlight-state-/);
        });
    });
});

function lockStates({ events }: RealRun): readonly string[] {
    return events.flatMap((event) => (event.kind === "lock" ? [event.status] : []));
}

/** As `pkg/backend/diy/lock.go` of Pulumi writes it. */
function pulumiLock(host: string, pid: number): string {
    return JSON.stringify({ pid, username: "kim", hostname: host, timestamp: new Date().toISOString() });
}
