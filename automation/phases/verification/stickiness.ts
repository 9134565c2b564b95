import { CloudRefusal } from "../../errors.ts";
import type { Check, VerificationWorld } from "./check.ts";
import { askForKeys } from "./requests.ts";

const REQUESTS_PER_KEY = 10;
const KEYS = 2;

/** Whoever calls again under the same key gets the same variant. */
export const stickiness: Check = {
    name: "stickiness",
    level: "full",
    needs: "two served models",
    authorized: true,
    async run(world: VerificationWorld) {
        await world.traffic.set({ champion: 50, challenger: 50 });
        await world.traffic.settle();
        for (let key = 0; key < KEYS; key++) {
            const answers = await askForKeys(world, Array.from({ length: REQUESTS_PER_KEY }, () => `${world.mark}-sticky-${key}`));
            const variants = [...new Set(answers.map(({ assignedVariant }) => assignedVariant))];
            if (variants.length !== 1) throw new CloudRefusal(`${REQUESTS_PER_KEY} requests under one key must be assigned to one variant, got ${variants.join(" and ")}`);
        }
        return `${REQUESTS_PER_KEY} requests under one key went to one variant, ${KEYS} times`;
    },
};
