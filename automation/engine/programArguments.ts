/** Room for what is new, which a run of some seconds never fills: collecting it piece by piece takes a tenth of the time. */
const YOUNG_MIB = 16;

/** For `nodeArguments` of the embedded engine, when the program's types are stripped by Node: its run takes half of the time. */
export const QUICK_PROGRAM: readonly string[] = [`--max-semi-space-size=${YOUNG_MIB}`, `--min-semi-space-size=${YOUNG_MIB}`, "--import", new URL("quickProgram.ts", import.meta.url).href];
