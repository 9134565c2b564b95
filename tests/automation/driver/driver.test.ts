import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { EngineError } from "../../../automation/engine/engine.ts";
import { EXIT } from "../../../automation/errorReport.ts";
import { currentOwner } from "../../../automation/locks/owner.ts";
import { lockStoreOf } from "../../../automation/locks/lockStore.ts";
import { ACCOUNT, createDriverWorld } from "../../support/driverWorld.ts";
import { awsError } from "../../support/phaseWorld.ts";
import type { Answers } from "../../support/phaseWorld.ts";

/** An account in which there is no endpoint, and nothing that belongs to one. */
const NO_ENDPOINTS: Answers = {
    DescribeEndpointCommand: () => { throw awsError("ValidationException", "Could not find endpoint"); },
    GetParameterCommand: () => ({ Parameter: { Value: "off" } }),
    ListModelsCommand: () => ({ Models: [] }),
    ListEndpointConfigsCommand: () => ({ EndpointConfigs: [] }),
};

/** No command asked for these: the clients of tests answer by name, and it has no answer for others. */
const OFF = "endpoints off --stack dev --no-refresh --json -";

describe("the driver", () => {
    it("takes the lock before it asks, tells first that it runs and last how it ended, and gives the lock back", async () => {
        const world = createDriverWorld({ answers: NO_ENDPOINTS });
        const { exitCode, events, stderr } = await world.run(`${OFF} --yes`);
        expect(exitCode, stderr).to.equal(EXIT.done);
        expect(events[0]).to.include({ kind: "run", command: "endpoints off", stack: "dev" });
        expect(events.at(-1)).to.include({ kind: "end", exitCode: EXIT.done });
        expect(events.filter(({ kind }) => kind === "lock").map((event) => "status" in event && event.status)).to.deep.equal(["acquired", "released"]);
        expect(world.phaseWorld.engine.calls).to.include("up");
    });

    it("ends with 3, having asked and touched nothing, while another run holds the stack", async () => {
        const world = createDriverWorld({ answers: NO_ENDPOINTS, typed: "yes" });
        const store = lockStoreOf({ backendUrl: `file://${world.folder}`, project: "firstlight", stack: "dev", projectFolder: world.folder });
        await store.acquire({ ...currentOwner("up"), host: "elsewhere", user: "kim" }, () => false);
        const { exitCode, stderr, events } = await world.run(OFF);
        expect(exitCode).to.equal(EXIT.locked);
        expect(stderr).to.contain("kim on elsewhere").and.to.contain("unlock --stack dev").and.not.to.contain("?");
        expect(events.at(-1)).to.include({ kind: "end", exitCode: EXIT.locked });
        expect(world.phaseWorld.engine.calls).to.deep.equal([]);
        expect(world.phaseWorld.sent.map(({ name }) => name)).to.deep.equal(["GetCallerIdentityCommand"]);
    });

    it("removes somebody's lock by unlock, saying whose it was", async () => {
        const world = createDriverWorld();
        const store = lockStoreOf({ backendUrl: `file://${world.folder}`, project: "firstlight", stack: "dev", projectFolder: world.folder });
        await store.acquire({ ...currentOwner("up"), host: "elsewhere", user: "kim" }, () => false);
        world.phaseWorld.engine.locksNow = [{ host: "elsewhere", pid: 7, since: new Date(0) }];
        const { exitCode, stdout } = await world.run("unlock --stack dev --yes");
        expect(exitCode).to.equal(EXIT.done);
        expect(stdout).to.contain("kim on elsewhere").and.to.contain("elsewhere (process 7)");
        expect(await store.read()).to.equal(undefined);
        expect(world.phaseWorld.engine.calls).to.deep.equal(["clearLocks"]);
    });

    it("says whose a lock is before it asks, and leaves that of a run that goes on", async () => {
        const world = createDriverWorld({ typed: "no" });
        const store = lockStoreOf({ backendUrl: `file://${world.folder}`, project: "firstlight", stack: "dev", projectFolder: world.folder });
        await store.acquire({ ...currentOwner("up"), host: "elsewhere", user: "kim" }, () => false);
        world.phaseWorld.engine.locksNow = [{ host: "another", pid: 7, since: new Date(0) }];
        const { exitCode, stdout } = await world.run("unlock --stack dev");
        expect(exitCode).to.equal(EXIT.operator);
        expect(stdout).to.contain("kim on elsewhere").and.to.contain("another (process 7)");
        await store.remove();
        await store.acquire(currentOwner("up"), () => false);
        const busy = await world.run("unlock --stack dev --yes");
        expect([busy.exitCode, (await store.read())?.pid]).to.deep.equal([EXIT.operator, process.pid]);
        expect(busy.stderr).to.contain("runs on this machine").and.to.contain(`kill ${process.pid}`);
    });

    it("says by unlock that there is nothing to unlock", async () => {
        const { exitCode, stdout, events } = await createDriverWorld().run("unlock --stack dev --yes");
        expect(exitCode).to.equal(EXIT.done);
        expect(stdout).to.contain("nobody held").and.to.contain("the engine has no lock");
        expect(events.map(({ kind }) => kind)).not.to.include("lock");
    });

    it("leaves both locks while the engine is at work", async () => {
        const world = createDriverWorld();
        const store = lockStoreOf({ backendUrl: `file://${world.folder}`, project: "firstlight", stack: "dev", projectFolder: world.folder });
        await store.acquire({ ...currentOwner("up"), host: "elsewhere", user: "kim" }, () => false);
        world.phaseWorld.engine.locksNow = [{ host: hostname(), pid: process.pid, since: new Date() }];
        const { exitCode, stderr } = await world.run("unlock --stack dev --yes");
        expect(exitCode).to.equal(EXIT.operator);
        expect(stderr).to.contain("Pulumi's").and.to.contain("runs on this machine");
        expect(world.phaseWorld.engine.calls).to.deep.equal([]);
        expect((await store.read())?.user).to.equal("kim");
    });

    it("names account, region and stack when it asks, and does nothing unless the answer is yes", async () => {
        const world = createDriverWorld({ answers: NO_ENDPOINTS, typed: "no" });
        const { exitCode, stderr } = await world.run(OFF);
        expect(exitCode).to.equal(EXIT.operator);
        expect(stderr).to.contain("stack dev").and.to.contain(ACCOUNT).and.to.contain("not confirmed, nothing was touched");
        expect(world.phaseWorld.engine.calls).to.deep.equal([]);
        expect(readdirSync(world.folder)).to.deep.equal([".firstlight"]);
        expect((await createDriverWorld({ answers: NO_ENDPOINTS, typed: "yes" }).run(OFF)).exitCode).to.equal(EXIT.done);
    });

    it("ends with 1 when nobody is there to be asked", async () => {
        const { exitCode, stderr } = await createDriverWorld({ answers: NO_ENDPOINTS }).run(OFF);
        expect(exitCode).to.equal(EXIT.operator);
        expect(stderr).to.contain("add --yes");
    });

    it("wants production named: --yes alone is not enough, --confirm is", async () => {
        const line = OFF.replace("--stack dev", "--stack prod");
        const world = createDriverWorld({ answers: NO_ENDPOINTS });
        expect((await world.run(`${line} --yes`)).stderr).to.contain("add --confirm prod; --yes alone is not enough");
        expect((await world.run(`${line} --confirm dev`)).stderr).to.contain("--confirm names dev, but the stack is prod");
        expect(world.phaseWorld.engine.calls).to.deep.equal([]);
        expect((await world.run(`${line} --confirm prod`)).exitCode).to.equal(EXIT.done);
        expect((await createDriverWorld({ answers: NO_ENDPOINTS, typed: "yes" }).run(line)).exitCode).to.equal(EXIT.operator);
        expect((await createDriverWorld({ answers: NO_ENDPOINTS, typed: "prod" }).run(line)).exitCode).to.equal(EXIT.done);
    });

    it("is asked twice before it deletes data: the option alone, with --yes, is not enough for any stack", async () => {
        for (const line of ["destroy --stack dev --delete-data", "sweep --stack dev --suffix pr7 --apply --delete-data"]) {
            const world = createDriverWorld();
            const named = line.includes("--suffix") ? "dev--pr7" : "dev";
            const { exitCode, stderr } = await world.run(`${line} --yes`);
            expect([exitCode, world.phaseWorld.engine.calls], line).to.deep.equal([EXIT.operator, []]);
            expect(stderr, line).to.contain(`add --confirm ${named}; --yes alone is not enough`);
            expect(world.phaseWorld.sent.map(({ name }) => name), line).to.deep.equal(["GetCallerIdentityCommand"]);
            const typed = createDriverWorld({ typed: "yes" });
            expect((await typed.run(line)).stderr, line).to.contain("not confirmed, nothing was touched");
            expect(typed.phaseWorld.engine.calls, line).to.deep.equal([]);
        }
    });

    it("works on the stack of a pull request's environment, under its own lock", async () => {
        const { events, exitCode } = await createDriverWorld({ answers: NO_ENDPOINTS, environment: { ENVIRONMENT_SUFFIX: "PR_7" } }).run(`${OFF} --yes`);
        expect(exitCode).to.equal(EXIT.done);
        expect(events[0]).to.include({ kind: "run", stack: "dev--PR_7" });
        const lock = events.find(({ kind }) => kind === "lock");
        expect(lock).to.have.property("message").that.includes(path.join("firstlight", "dev--PR_7"));
        for (const line of ["destroy --stack dev", "up --stack dev", "sweep --stack dev --apply"]) {
            expect((await createDriverWorld({ environment: { ENVIRONMENT_SUFFIX: "pr7" } }).run(line)).stderr, line).to.contain("stack dev--pr7 in account");
        }
    });

    it("ends with 2 when the engine fails, says that the state is kept, and gives the lock back", async () => {
        const world = createDriverWorld({ createEngine: async () => { throw new EngineError("bucket raw: a word that nobody has recorded"); } });
        const { exitCode, stderr } = await world.run(`${OFF} --yes`);
        expect(exitCode).to.equal(EXIT.cloud);
        expect(stderr).to.contain("a word that nobody has recorded").and.to.contain("kept in the state");
        expect((await world.run(`${OFF} --yes`)).exitCode).to.equal(EXIT.cloud);
    });

    it("explains what is known of an error, whichever command it stopped", async () => {
        const world = createDriverWorld({ createEngine: async () => { throw new EngineError("creating S3 Bucket (raw): BucketAlreadyOwnedByYou"); } });
        const { exitCode, stderr } = await world.run("preview --stack dev");
        expect(exitCode).to.equal(EXIT.operator);
        expect(stderr).to.contain("fix:");
    });

    it("ends with 130 on an interruption, waits for what runs, and gives the lock back", async () => {
        const world = createDriverWorld({ answers: NO_ENDPOINTS });
        const { engine } = world.phaseWorld;
        engine.up = async (request) => {
            process.emit("SIGINT");
            await new Promise((resolve) => { setTimeout(resolve, 100); });
            engine.calls.push("ended");
            throw request?.signal?.reason ?? new Error("it was not told");
        };
        const { exitCode, stderr, events } = await world.run(`${OFF} --yes`);
        expect(exitCode).to.equal(EXIT.interrupted);
        expect(engine.calls).to.include("ended");
        expect(stderr).to.contain("Interrupted.").and.to.contain("kept in the state");
        expect(events.filter(({ kind }) => kind === "lock").at(-1)).to.include({ status: "released" });
    });

    it("ends with 130 when its time is over, and says so", async () => {
        const world = createDriverWorld({ answers: NO_ENDPOINTS });
        world.phaseWorld.engine.up = async (request) => new Promise((_, reject) => {
            const wait = setInterval(() => undefined, 1000);
            request?.signal?.addEventListener("abort", () => {
                clearInterval(wait);
                reject(new EngineError("the run was stopped"));
            });
        });
        const { exitCode, stderr } = await world.run(`${OFF} --yes --timeout 1s`);
        expect(exitCode).to.equal(EXIT.interrupted);
        expect(stderr).to.contain("The time of --timeout is over (1 s)");
    });

    it("writes a report of a deployment, also of one that failed, with no secret in it", async () => {
        const token = "canary-api-token-1f2e3d";
        const world = createDriverWorld({ answers: NO_ENDPOINTS, environment: { FIRSTLIGHT_API_TOKEN: token } });
        world.phaseWorld.engine.outputs = async () => { throw new EngineError(`refused ${token}`); };
        const file = path.join(world.folder, "report.html");
        const { exitCode, stdout } = await world.run(`deploy --stack dev --from verify --yes --report ${file}`);
        expect(exitCode).to.equal(EXIT.cloud);
        expect(stdout).to.contain("report.html").and.not.to.contain(token);
        const page = readFileSync(file, "utf8");
        expect(page).to.contain("Deployment of dev").and.to.contain("refused [secret]");
        expect(page).not.to.contain(token);
    });

    it("leaves no listener behind", async () => {
        const before = process.listenerCount("SIGINT");
        await createDriverWorld().run("status --stack dev");
        expect(process.listenerCount("SIGINT")).to.equal(before);
    });

    it("refuses a state on a CI machine's own disk, for what changes AWS alone", async () => {
        const world = createDriverWorld({ answers: NO_ENDPOINTS, environment: { CI: "true" } });
        const { exitCode, stderr } = await world.run(`${OFF} --yes`);
        expect(exitCode).to.equal(EXIT.operator);
        expect(stderr).to.contain("CI is set").and.to.contain("bootstrap");
        expect((await world.run("preview --stack dev")).exitCode).to.equal(EXIT.done);
        expect((await createDriverWorld({ answers: NO_ENDPOINTS, environment: { CI: "false" } }).run(`${OFF} --yes`)).exitCode).to.equal(EXIT.done);
    });

    it("looks at the data before it locks or asks", async () => {
        const world = createDriverWorld({ answers: NO_ENDPOINTS });
        const { exitCode, stderr } = await world.run(`train --stack dev --yes --data ${path.join(world.folder, "none.csv")}`);
        expect(exitCode).to.equal(EXIT.operator);
        expect(stderr).to.contain("none.csv");
        expect(readdirSync(world.folder)).to.deep.equal([]);
    });

    it("works on no stack whose state is of another account, whatever the command", async () => {
        for (const line of [OFF, "endpoints on --stack dev", "train --stack dev", "verify --stack dev"]) {
            const world = createDriverWorld({ answers: NO_ENDPOINTS });
            world.phaseWorld.engine.outputsNow = { ...world.phaseWorld.engine.outputsNow, accountId: "777788889999" };
            const { exitCode, stderr } = await world.run(`${line} --yes`);
            expect([exitCode, world.phaseWorld.engine.calls], line).to.deep.equal([EXIT.operator, []]);
            expect(stderr, line).to.contain(`of account 777788889999, but the credentials are of account ${ACCOUNT}`);
            expect(world.phaseWorld.sent.map(({ name }) => name), line).to.deep.equal(["GetCallerIdentityCommand"]);
        }
    });

    it("switches nothing while somebody works on the stack by hand", async () => {
        const world = createDriverWorld({ answers: NO_ENDPOINTS });
        world.phaseWorld.engine.locksNow = [{ host: "elsewhere", pid: 7, user: "kim", since: new Date(0) }];
        const { exitCode, stderr } = await world.run(`${OFF} --yes`);
        expect(exitCode).to.equal(EXIT.locked);
        expect(stderr).to.contain("kim on elsewhere");
        expect([world.phaseWorld.engine.calls, world.phaseWorld.sent.map(({ name }) => name)]).to.deep.equal([[], ["GetCallerIdentityCommand"]]);
    });

    it("wants an account for what changes one", async () => {
        const answers: Answers = { GetCallerIdentityCommand: () => { throw awsError("CredentialsProviderError", "Could not load credentials from any providers"); } };
        const { exitCode, stderr } = await createDriverWorld({ answers }).run(`${OFF} --yes`);
        expect(exitCode).to.equal(EXIT.operator);
        expect(stderr).to.contain("Could not load credentials").and.to.contain("aws sso login");
        expect((await createDriverWorld({ answers }).run("sweep --stack dev --suffix pr1")).stderr).to.contain("aws sso login").and.not.to.contain("    at ");
    });

    it("refuses accounts that only emulators have, unless it is asked for one", async () => {
        const answers: Answers = { ...NO_ENDPOINTS, GetCallerIdentityCommand: () => ({ Account: "000000000000" }) };
        const { exitCode, stderr } = await createDriverWorld({ answers }).run(`${OFF} --yes`);
        expect(exitCode).to.equal(EXIT.operator);
        expect(stderr).to.contain("000000000000").and.to.contain("--allow-emulator");
        const emulated = createDriverWorld({ answers });
        emulated.phaseWorld.engine.outputsNow = { ...emulated.phaseWorld.engine.outputsNow, accountId: "000000000000" };
        expect((await emulated.run(`${OFF} --yes --allow-emulator`)).exitCode).to.equal(EXIT.done);
    });

    it("refuses an environment that points elsewhere before it asks for the account", async () => {
        const world = createDriverWorld({ environment: { AWS_ENDPOINT_URL_S3: "http://localhost:4566" } });
        const { exitCode, stderr } = await world.run("preview --stack dev");
        expect(exitCode).to.equal(EXIT.operator);
        expect(stderr).to.contain("AWS_ENDPOINT_URL_S3");
        expect(world.phaseWorld.sent).to.deep.equal([]);
    });
});
