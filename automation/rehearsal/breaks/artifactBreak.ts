/** The common part of failures that lie in the model's archive: other bytes in its place, and the model back afterwards. */
import type { Break } from "./break.ts";
import type { BreakWorld } from "./breakWorld.ts";

type BuildArchive = (archive: Uint8Array, world: BreakWorld) => Uint8Array | Promise<Uint8Array>;

/** @param build makes the broken archive from the good one */
export function replaceArtifact(build: BuildArchive): Pick<Break, "needs" | "inject" | "heal"> {
    const undo = new WeakMap<BreakWorld, () => Promise<void>>();
    return {
        needs: "model",
        async inject(world) {
            await world.endService(["champion"]);
            undo.set(world, await world.replaceArtifact(await build(await world.readArtifact(), world)));
        },
        async heal(world) {
            await undo.get(world)?.();
        },
    };
}
