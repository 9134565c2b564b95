/** F09: a model as a newer XGBoost writes it, in a container with an older one. */
import { spawn } from "node:child_process";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { buildTarGz } from "../../preflight/artifact/samples.ts";
import { buildEnvironment } from "../environment.ts";
import { extractModel } from "./archive.ts";
import { replaceArtifact } from "./artifactBreak.ts";
import type { Break } from "./break.ts";
import type { BreakWorld } from "./breakWorld.ts";

export const broken: Break = {
    id: "F09",
    what: "the trained model is saved as XGBoost 3.2 saves it, and served by the container with XGBoost 3.0",
    stopsAt: "enable-endpoints",
    message: /where the transform job said/,
    onAws: "when somebody compares numbers",
    source: "no message on AWS at all: the model loads and answers wrong numbers. Measured with XGBoost 3.0.5 and 3.2.0; "
        + "XGBoost promises no forward compatibility: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html",
    ...replaceArtifact(async (archive, world) => buildTarGz({ "xgboost-model": await saveAsNewer(await extractModel(archive), world) })),
};

async function saveAsNewer(model: Uint8Array, { python, rehearsal }: BreakWorld): Promise<Uint8Array> {
    const environment = buildEnvironment({ region: rehearsal.cloud.target.region, folder: rehearsal.folder });
    const child = spawn(python, [path.join(import.meta.dirname, "saveAsNewer.py")], { env: environment, stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.end(model);
    const exit = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
    const [output, errors, code] = await Promise.all([buffer(child.stdout), buffer(child.stderr), exit]);
    if (code === 0) return output;
    throw new Error(`the model could not be rewritten: ${errors.toString("utf8").trim().split("\n").at(-1)}`);
}
