/** `node pulumiKilledDriver.ts OPTIONS`: an `up` on the real CLI by a process that is to be killed. The options are the engine's, as JSON. */
import { createPulumiEngine } from "../../automation/engine/pulumi.ts";
import type { PulumiEngineOptions } from "../../automation/engine/pulumi.ts";

const engine = await createPulumiEngine(JSON.parse(process.argv[2] ?? "") as PulumiEngineOptions);
await engine.up();
