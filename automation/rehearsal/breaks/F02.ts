/** F02: an endpoint is created while the one before it is still being deleted. */
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { Break } from "./break.ts";

/** As on AWS: longer than the way to the endpoint's create. Its end is not waited for, since healing shortens it. */
const DELETION_SECONDS = 600;
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
        // A guard that is there keeps its command, so the ones that wait for nothing are made with new endpoints.
        await world.endService(VARIANTS);
        await world.switchEndpoints("on");
        await world.configureSageMaker({ deletionSeconds: DELETION_SECONDS });
        await world.switchEndpoints("off");
    },
    async heal(world) {
        await world.configureSageMaker({});
        await world.endService(VARIANTS);
        for (const variant of VARIANTS) await world.awaitEndpoint(undefined, variant);
    },
};
