/** The machine on which the driver runs. */
import type { ErrorEntry } from "../errorClass.ts";

export const machineEntries: readonly ErrorEntry[] = [
    {
        id: "modules-missing",
        words: /Cannot find module '[^'\n]{0,200}@pulumi\/|the Pulumi SDK has not been installed/,
        what: "the project's packages are not installed",
        fix: "run `npm ci` in the project's folder",
        source: "https://github.com/pulumi/pulumi/issues/1129",
    },
    {
        id: "node-too-old",
        words: /\bERR_UNKNOWN_FILE_EXTENSION\b[^\n]{0,80}"\.ts"|Unknown file extension "\.ts"/,
        what: "the Node on PATH is too old to run TypeScript",
        fix: "install Node 22.18 or newer, or start it by `npm run deploy -- ...`, which brings its own (docs/decisions/0008)",
        source: "https://github.com/pkl-community/pkl-typescript/issues/32",
    },
    {
        id: "out-of-memory",
        words: /JavaScript heap out of memory/,
        what: "Node has run out of memory",
        fix: "export NODE_OPTIONS=--max-old-space-size=4096, and look whether the machine has that much",
        source: "https://github.com/pulumi/pulumi/issues/16596",
    },
    {
        id: "disk-full",
        words: /\bENOSPC\b|no space left on device/,
        what: "a disk is full",
        fix: "make room, here or where the message says; .firstlight/ and the plugins in ~/.pulumi may be deleted, they are made again",
        source: "https://github.com/humanmade/linter-bot/issues/158",
    },
];
