/** Where drivers are killed: a rehearsal cloud that outlives them, and one stack state after the other. */
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { tmpdir } from "node:os";
import { closeAwsClients, createAwsClients } from "../../../automation/aws.ts";
import type { AwsClients } from "../../../automation/aws.ts";
import { createEmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import type { Engine } from "../../../automation/engine/engine.ts";
import type { Provider } from "../../../automation/engine/provider.ts";
import { servePackages } from "../../../automation/engine/providerPlugin.ts";
import type { ServedPackages } from "../../../automation/engine/providerPlugin.ts";
import { createPulumiEngine } from "../../../automation/engine/pulumi.ts";
import type { Cloud } from "../../../automation/rehearsal/cloud/cloud.ts";
import { startCloud } from "../../../automation/rehearsal/cloud/startCloud.ts";
import { buildEnvironment } from "../../../automation/rehearsal/environment.ts";
import { createRehearsalProvider } from "../../../automation/rehearsal/handlers/provider.ts";
import { copyProject } from "../../../automation/rehearsal/projectCopy.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import type { PhaseName } from "../../../automation/progress/reporter.ts";
import { readStackSettings, regionOf } from "../../../automation/stackSettings.ts";
import type { StackSettings } from "../../../automation/stackSettings.ts";
import { PROJECT_FOLDER } from "../proof.ts";
import { runDriverProcess } from "./driverRun.ts";
import type { DriverRun, KillOrder } from "./driverRun.ts";
import { takePicture } from "./picture.ts";
import type { Picture } from "./picture.ts";

const STACK = "dev";
const PASSPHRASE = "rehearsed";

/** One deployment: a state of its own in the stage's cloud. */
export interface Act {
    run(order: RunOrder): Promise<DriverRun>;
    look(): Promise<Picture>;
}

/** `deploy` from a phase until another, or `destroy`. */
export interface RunOrder {
    readonly from: PhaseName;
    readonly until: PhaseName;
    readonly kill?: KillOrder;
}

export class Stage {
    readonly folder: string;
    readonly cloud: Cloud;
    /** What the cloud holds before anything is deployed. */
    readonly empty: readonly string[];
    readonly #engine: Engine["kind"];
    readonly #settings: StackSettings;
    readonly #aws: AwsClients;
    readonly #provider: Provider;
    #served: ServedPackages | undefined;
    #acts = 0;

    private constructor(made: { folder: string; cloud: Cloud; empty: readonly string[]; engine: Engine["kind"]; settings: StackSettings }) {
        this.folder = made.folder;
        this.cloud = made.cloud;
        this.empty = made.empty;
        this.#engine = made.engine;
        this.#settings = made.settings;
        this.#aws = createAwsClients(made.cloud.target);
        this.#provider = createRehearsalProvider({
            target: made.cloud.target, accountId: made.cloud.accountId, environment: this.#environment(), projectFolder: PROJECT_FOLDER,
        });
    }

    static async open(engine: Engine["kind"]): Promise<Stage> {
        const folder = await mkdtemp(path.join(tmpdir(), "firstlight-kill-"));
        const settings = await readStackSettings(PROJECT_FOLDER, STACK);
        const { python } = await preparePythonEnvironment({ folder: PROJECT_FOLDER });
        const cloud = await startCloud({ region: regionOf(settings), folder: path.join(folder, "cloud"), python });
        return new Stage({ folder, cloud, empty: await cloud.inventory(), engine, settings });
    }

    /** A stack that was never deployed. */
    async begin(): Promise<Act> {
        const folder = path.join(this.folder, `act-${++this.#acts}`);
        await mkdir(path.join(folder, "backend"), { recursive: true });
        const place = this.#engine === "pulumi" ? await this.#placeReal(folder) : this.#placeEmbedded(folder);
        const environment = { ...this.#environment({ PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}` }), ...place.environment };
        return {
            run: ({ kill, ...order }) => runDriverProcess({
                args: [...commandFor(order, folder), "--stack", STACK, "--yes", "--allow-emulator", "--json", "-"],
                environment, cwd: place.projectFolder, ...(kill === undefined ? {} : { kill }),
            }),
            look: async () => takePicture(await (await place.openEngine(environment)).resources(), this.cloud, this.#aws.sfn),
        };
    }

    async close(): Promise<void> {
        this.#served?.close();
        closeAwsClients(this.#aws);
        await this.cloud.stop();
        await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
    }

    #placeEmbedded(folder: string): Place {
        const stateFile = path.join(folder, "state.json");
        return {
            projectFolder: PROJECT_FOLDER,
            environment: { FIRSTLIGHT_KILL_STATE: stateFile, FIRSTLIGHT_KILL_PROJECT: PROJECT_FOLDER },
            openEngine: async (environment) => createEmbeddedEngine({
                projectFolder: PROJECT_FOLDER, program: "index.ts", project: this.#settings.project, stack: STACK, config: this.#settings.config,
                provider: this.#provider, stateFile, passphrase: PASSPHRASE, environment,
            }),
        };
    }

    /** The handlers are served by this process: what a provider has begun goes on when the driver is killed, as at AWS. */
    async #placeReal(folder: string): Promise<Place> {
        const projectFolder = path.join(folder, "project");
        await copyProject({ projectFolder: PROJECT_FOLDER, folder: projectFolder, settings: this.#settings, program: "index.ts" });
        this.#served?.close();
        this.#served = await servePackages(this.#provider, { folder: projectFolder });
        const home = path.join(folder, "pulumi");
        await mkdir(home, { recursive: true });
        await symlink(path.join(PROJECT_FOLDER, ".firstlight", "compile-cache"), path.join(projectFolder, ".firstlight", "compile-cache")).catch(() => {});
        return {
            projectFolder,
            environment: {
                ...this.#served.environment, FIRSTLIGHT_KILL_PROJECT: projectFolder, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true",
                PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            },
            openEngine: (environment) => createPulumiEngine({ projectFolder, stack: STACK, inherited: environment }),
        };
    }

    #environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
        const cache = path.join(PROJECT_FOLDER, ".firstlight", "compile-cache");
        return buildEnvironment({
            region: this.cloud.target.region, folder: this.folder, endpoint: this.cloud.target.endpoint ?? "",
            extra: { NODE_COMPILE_CACHE: cache, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE, ...extra },
        });
    }
}

interface Place {
    readonly projectFolder: string;
    readonly environment: Readonly<Record<string, string>>;
    openEngine(environment: NodeJS.ProcessEnv): Promise<Engine>;
}

function commandFor({ from, until }: RunOrder, folder: string): readonly string[] {
    return until === "destroy" ? ["destroy"] : ["deploy", "--from", from, "--until", until, "--report", path.join(folder, "report.html")];
}
