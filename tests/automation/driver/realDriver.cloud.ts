/**
 * `node automation/deploy.ts` whole, as its user runs it: processes of their own, the real Pulumi CLI, clones of the project. One account, in
 * this order. What an engine alone does is tried in engine/pulumi.cloud.ts and rehearsal/pulumiHost.cloud.ts.
 */
import { readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { ListTrainingJobsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { clientSettings } from "../../../automation/aws.ts";
import { EXIT } from "../../../automation/errorReport.ts";
import type { OperationCounts } from "../../../automation/engine/engine.ts";
import type { TimedEvent } from "../../../automation/progress/reporter.ts";
import { describeWithPulumi } from "../../support/pulumiStack.ts";
import { RealWorld } from "../../support/realWorld.ts";
import type { RealRun } from "../../support/realWorld.ts";

/** Kept by the program's own means alone: a saved query lives in no rehearsal cloud, and what ran a command in no cloud at all. */
const STATE_ONLY = ["aws:cloudwatch/queryDefinition:QueryDefinition", "command:local:Command"];
/** What the CLI writes of a stack, as far as it is read here. */
interface StackFile {
    readonly checkpoint: {
        readonly latest: { readonly resources?: readonly { readonly type: string }[]; readonly pending_operations?: readonly unknown[] };
    };
}

/** A process that has told its end has ended. */
const LINGER_LIMIT_MS = 15_000;

describeWithPulumi("node automation/deploy.ts on a real Pulumi CLI", function () {
    this.timeout(600_000);
    this.bail(true);
    let world: RealWorld;
    let empty: readonly string[];
    let deployed = 0;

    before(async () => {
        world = await RealWorld.open("dev");
        empty = await world.cloud.inventory();
        await world.clone();
    });
    after(async () => world?.close());

    async function trainingJobs(): Promise<readonly string[]> {
        const sagemaker = new SageMakerClient(clientSettings(world.cloud.target));
        try {
            const { TrainingJobSummaries = [] } = await sagemaker.send(new ListTrainingJobsCommand({}));
            return TrainingJobSummaries.map(({ TrainingJobName = "" }) => TrainingJobName).sort();
        } finally {
            sagemaker.destroy();
        }
    }

    function countsOf({ events }: RealRun): OperationCounts | undefined {
        return events.findLast((event) => event.kind === "counts")?.counts;
    }

    function expectEnd(run: RealRun, exitCode: number): void {
        const end = run.events.findLast((event) => event.kind === "end");
        expect(run.exitCode, run.said).to.equal(exitCode);
        expect(end?.exitCode).to.equal(exitCode);
        expect(run.lingeredMs, "the process stays after its end").to.be.lessThan(LINGER_LIMIT_MS);
    }

    function ofKind<Kind extends TimedEvent["kind"]>({ events }: RealRun, kind: Kind): readonly Extract<TimedEvent, { kind: Kind }>[] {
        return events.filter((event): event is Extract<TimedEvent, { kind: Kind }> => event.kind === kind);
    }

    /** In the state of the moment: of the account, and of components. Nothing while the CLI writes it anew. */
    function countState(): { resources: number; pending: number } | undefined {
        try {
            const { checkpoint } = JSON.parse(readFileSync(path.join(world.folder, "backend", ".pulumi", "stacks", "firstlight", "dev.json"), "utf8")) as StackFile;
            const { resources = [], pending_operations: pending } = checkpoint.latest;
            return { resources: resources.filter(({ type }) => !type.startsWith("pulumi:providers:")).length, pending: pending?.length ?? 0 };
        } catch {
            return undefined;
        }
    }

    it("goes on where a killed driver was, keeps a second one out, and runs all phases in one process, each leaving what it should", async () => {
        let made = 0;
        const killed = await world.run("deploy --stack dev --yes --from up --until up", {
            onEvent: (event, driver) => {
                if (event.kind === "resource" && event.status === "done" && ++made === 60) driver.kill("SIGKILL");
            },
        });
        expect([killed.exitCode, made >= 60]).to.deep.equal([undefined, true]);
        let second: Promise<RealRun> | undefined;
        const left: Record<string, ReturnType<typeof countState>> = {};
        const run = await world.run("deploy --stack dev --yes", {
            onEvent: (event) => {
                if (event.kind !== "phase") return;
                if (event.status === "done") left[event.phase] = countState();
                if (event.phase === "train" && event.status === "started") second = world.run("up --stack dev --yes");
            },
        });
        expectEnd(run, EXIT.done);
        const other = await second;
        expect(other?.exitCode).to.equal(EXIT.locked);
        expect(other?.events.map(({ kind }) => kind)).to.deep.equal(["run", "end"]);
        const [up = {}, endpoints = {}] = ofKind(run, "counts").map(({ counts }) => counts);
        // The killed driver's CLI may have ended what it began.
        expect(up).to.have.any.keys("create", "same").and.to.not.have.any.keys("update", "replace", "delete");
        expect(ofKind(run, "lock").map(({ status }) => status)).to.include.members(["cleared", "acquired", "released"]);
        deployed = sum(up) + (endpoints.create ?? 0);
        expect(endpoints).to.deep.equal({ same: sum(up), create: 12 });
        expect(left).to.have.all.keys("preflight", "up", "train", "enable-endpoints", "verify");
        const infrastructure = { resources: sum(up), pending: 0 };
        const serving = { resources: deployed, pending: 0 };
        expect([left["up"], left["train"], left["enable-endpoints"], left["verify"]]).to.deep.equal([infrastructure, infrastructure, serving, serving]);
        const checks = ofKind(run, "check");
        expect(checks.filter(({ status }) => status !== "done")).to.deep.equal([]);
        expect(checks.map(({ name }) => name)).to.include.members(["effect on the champion", "effect on the challenger", "golden predictions", "new data"]);
    });

    it("trains nothing a second time, and verifies what is served, by commands of their own", async () => {
        const trainings = await trainingJobs();
        for (const again of [1, 2]) {
            const run = await world.run("train --stack dev --yes");
            expectEnd(run, EXIT.done);
            expect(ofKind(run, "evaluation").map(({ variant }) => variant), `time ${again}`).to.have.members(["champion", "challenger"]);
            expect(ofKind(run, "note").map(({ message }) => message).join()).to.contain("reporting its run");
        }
        // Those of the deployment, and what the run that verify started had begun before it was stopped.
        expect(trainings).to.have.length.within(2, 4);
        expect(await trainingJobs()).to.deep.equal(trainings);
        const verified = await world.run("verify --stack dev --yes");
        expectEnd(verified, EXIT.done);
        expect(ofKind(verified, "check").filter(({ status }) => status !== "done")).to.deep.equal([]);
        expect(ofKind(verified, "check").map(({ name }) => name)).to.include.members(["golden predictions", "traffic split", "fallback", "stream", "new data"]);
    });

    it("changes nothing from another clone", async () => {
        const run = await world.run("deploy --stack dev --yes --from up --until up", { clone: await world.clone() });
        expectEnd(run, EXIT.done);
        expect([ofKind(run, "drift"), countsOf(run)]).to.deep.equal([[], { same: deployed }]);
    });

    it("refuses to make everything a second time when its state is lost, and adopts it: nothing is to be made or replaced then", async () => {
        const stacks = path.join(world.folder, "backend", ".pulumi", "stacks", "firstlight");
        for (const name of await readdir(stacks)) await rm(path.join(stacks, name));
        const stopped = await world.run("deploy --stack dev --yes --until up");
        expectEnd(stopped, EXIT.operator);
        expect(stopped.said).to.match(/^\d+ blockers: F39 F22$/m);
        expect(ofKind(stopped, "phase").map(({ phase }) => phase)).not.to.include("up");
        // Whoever leaves the rules out still meets the refusal of the phase itself.
        const refused = await world.run("deploy --stack dev --yes --until up --skip F22,F39 --because restored");
        expectEnd(refused, EXIT.operator);
        expect(refused.said).to.include("pulumi import 'aws:kms/key:Key' 's3-key'").and.to.include("adopt --stack dev").and.not.to.include("kept in the state");
        expect(ofKind(refused, "resource")).to.deep.equal([]);
        const adopted = await world.run("adopt --stack dev --yes");
        expectEnd(adopted, EXIT.done);
        const changes = ofKind(await world.run("preview --stack dev"), "preview").flatMap((event) => event.changes);
        const others = changes.filter(({ type, operation }) => !(STATE_ONLY.includes(type) && operation === "create"));
        expect(others.filter(({ operation }) => operation !== "update")).to.deep.equal([]);
    });

    it("leaves nothing when it destroys what was adopted", async () => {
        const run = await world.run("destroy --stack dev --yes");
        expectEnd(run, EXIT.done);
        expect(await world.cloud.inventory()).to.deep.equal(empty);
    });
});

function sum(counts: OperationCounts): number {
    return Object.values(counts).reduce((total, count) => total + count, 0);
}
