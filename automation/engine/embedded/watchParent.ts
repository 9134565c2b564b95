/** Loaded into the program's process before the program: ends it when the engine that started it is gone, however that ended. */

const parent = process.ppid;
const INTERVAL_MS = 250;
const ORPHANED = 129;

setInterval(() => {
    if (process.ppid !== parent) process.exit(ORPHANED);
}, INTERVAL_MS).unref();
