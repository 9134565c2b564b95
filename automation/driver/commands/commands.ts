/** The table of all commands, in the order of the help. */
import { adoptCommand } from "./adopt.ts";
import { bootstrapCommand } from "./bootstrap.ts";
import type { Command } from "./command.ts";
import { deployCommand } from "./deploy.ts";
import { destroyCommand } from "./destroy.ts";
import { endpointsCommand } from "./endpoints.ts";
import { preflightCommand } from "./preflight.ts";
import { previewCommand } from "./preview.ts";
import { statusCommand } from "./status.ts";
import { sweepCommand } from "./sweep.ts";
import { trainCommand } from "./train.ts";
import { unlockCommand } from "./unlock.ts";
import { upCommand } from "./up.ts";
import { verifyCommand } from "./verify.ts";

export const COMMANDS: readonly Command[] = [
    deployCommand, preflightCommand, previewCommand, upCommand, trainCommand, endpointsCommand, verifyCommand, statusCommand,
    destroyCommand, sweepCommand, adoptCommand, unlockCommand, bootstrapCommand,
];
