/** F02: an endpoint is created while the one before it is still being deleted. */
import { writeParameter } from "../../outputs.ts";
import type { Break } from "./break.ts";
import type { BreakWorld } from "./breakWorld.ts";

/** Longer than the way to the endpoint's create, shorter than anybody's patience. On AWS it is minutes. */
const DELETION_SECONDS = 20;
const GUARD = "command:local:Command";

export const broken: Break = {
    id: "F02",
    what: "endpoints are switched off and on again, and no guard waits until the deleted endpoint is gone",
    needs: "model",
    stopsAt: "enable-endpoints",
    message: /Cannot create already existing endpoint/,
    onAws: "at the create, minutes after the deletion was reported as done",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/40080",
    transformInputs: ({ type }, inputs) => (type === GUARD ? { ...inputs, interpreter: ["node", "--eval", "0"] } : inputs),
    async inject(world) {
        await switchTo(world, "on");
        await world.configureSageMaker({ deletionSeconds: DELETION_SECONDS });
        await switchTo(world, "off");
    },
    async heal(world) {
        await world.configureSageMaker({});
        await world.awaitEndpoint(undefined);
    },
};

async function switchTo(world: BreakWorld, value: "on" | "off"): Promise<void> {
    const { aws, engine, signal } = world.rehearsal.context;
    await writeParameter(aws, `${(await world.outputs()).parameterPath}/switch`, value);
    await engine.up({ signal });
}
