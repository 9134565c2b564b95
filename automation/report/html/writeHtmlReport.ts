/** The one way to a report's file. What draws charts is loaded here, and not before. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { displayPath } from "../../displayPath.ts";
import type { Reporter } from "../../progress/reporter.ts";
import { reportsFolder, stampOf } from "../../runFiles.ts";
import type { HtmlReportInput } from "../htmlInput.ts";

/** Makes the folder when it is not there. @param file absolute */
export async function writeHtmlReport(input: HtmlReportInput, file: string): Promise<void> {
    const { renderHtml } = await import("./renderHtml.ts");
    const page = await renderHtml(input);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, page);
}

/** The same at the end of a command, which a report that cannot be written does not make fail. */
export async function writeRunReport(input: HtmlReportInput, { file, reporter }: { readonly file: string; readonly reporter: Reporter }): Promise<void> {
    try {
        await writeHtmlReport(input, file);
        reporter.report({ kind: "note", message: `the report lies in ${displayPath(file)}` });
    } catch (error) {
        reporter.report({
            kind: "note",
            message: `the report could not be written to ${displayPath(file)}: ${error instanceof Error ? error.message : String(error)}`,
        });
    }
}

/** Where a report goes that nobody named a file for: `.firstlight/reports/dev-20261121T163800.html`. */
export function defaultReportFile(projectFolder: string, stack: string, now: Date): string {
    return path.join(reportsFolder(projectFolder), `${stack}-${stampOf(now)}.html`);
}
