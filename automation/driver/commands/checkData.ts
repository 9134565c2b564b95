import type { Session } from "../session.ts";

/** Whether the data that is to be trained on fits the configuration. @throws OperatorError */
export async function checkData({ options, config }: Session): Promise<void> {
    const { checkDataHeader } = await import("../../dataHeader.ts");
    await checkDataHeader(options.dataFile, config.data);
}
