/** What looking into the account takes, for a stack of the driver: the program is planned on the embedded engine, on an empty state. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createAccountLookup } from "./account/accountLookup.ts";
import type { AccountLookup } from "./account/accountLookup.ts";
import { createEmbeddedEngine } from "./engine/embedded/embeddedEngine.ts";
import type { PlannedStack } from "./planStack.ts";
import { createPlanningProvider } from "./rehearsal/handlers/provider.ts";

/** Close its clients by `closeAccountClients`. */
export function lookupStack({ projectFolder, settings, pulumiStack, config, environment, aws }: Omit<PlannedStack, "accountId" | "signal">): Promise<AccountLookup> {
    return createAccountLookup({
        aws, naming: config,
        folder: path.join(projectFolder, ".firstlight"),
        createPlanning: (place, parameters) => createPlanningProvider({ ...place, parameters }),
        createRecorder: (provider) => ({
            async plan(request) {
                const folder = mkdtempSync(path.join(tmpdir(), "firstlight-find-"));
                try {
                    return await createEmbeddedEngine({
                        projectFolder, program: "index.ts", project: settings.project, stack: pulumiStack, config: settings.config, provider,
                        stateFile: path.join(folder, "state.json"), passphrase: "plans hold no secret", environment: { ...environment },
                    }).plan(request);
                } finally {
                    rmSync(folder, { recursive: true, force: true });
                }
            },
        }),
    });
}
