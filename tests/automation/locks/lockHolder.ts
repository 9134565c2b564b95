/** Run by tests as a process of its own: takes the lock of a backend, says so, and keeps it until it is killed. */
import { lockStoreOf } from "../../../automation/locks/lockStore.ts";
import { acquireStackLock } from "../../../automation/locks/stackLock.ts";
import { describeError, exitCodeOf } from "../../../automation/errorReport.ts";

const backendUrl = process.argv[2] ?? "";
try {
    const store = lockStoreOf({ backendUrl, project: "shop", stack: "dev", projectFolder: process.cwd() });
    await acquireStackLock({ store, stack: "dev", command: "up", reporter: { report: () => {} } });
    console.log("held");
    setInterval(() => {}, 60_000);
} catch (error) {
    console.log(describeError(error));
    process.exitCode = exitCodeOf(error);
}
