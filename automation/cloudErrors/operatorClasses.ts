/** What somebody has to change on this side: credentials, configuration, the machine, the state. */
import { ofKind } from "./errorClass.ts";
import { credentialEntries } from "./operator/credentials.ts";
import { definitionEntries } from "./operator/definitions.ts";
import { engineEntries } from "./operator/engine.ts";
import { existingEntries } from "./operator/existing.ts";
import { machineEntries } from "./operator/machine.ts";
import { modelEntries } from "./operator/models.ts";

export const operatorClasses = ofKind("operator", [
    ...credentialEntries, ...engineEntries, ...machineEntries, ...existingEntries, ...definitionEntries, ...modelEntries,
]);
