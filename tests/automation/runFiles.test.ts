import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { defaultReportFile } from "../../automation/report/html/writeHtmlReport.ts";
import { KEPT_RUNS, rehearsalsFolder, removeOldRuns, reportsFolder, stampOf } from "../../automation/runFiles.ts";

const HOUR_MS = 3_600_000;
/** Above the largest id of a process: pid_max of proc_sys_kernel(5). */
const NOBODY = 4_194_305;

describe("what runs leave behind", () => {
    let folder: string;
    beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), "firstlight-runs-")); });
    afterEach(() => rmSync(folder, { recursive: true }));

    function rehearsal(hoursAgo: number, pid = NOBODY): string {
        const name = `${stampOf(new Date(Date.now() - hoursAgo * HOUR_MS))}-${pid}-00ff`;
        mkdirSync(path.join(rehearsalsFolder(folder), name, "cloud"), { recursive: true });
        return name;
    }

    function report(stack: string, hoursAgo: number): string {
        const file = defaultReportFile(folder, stack, new Date(Date.now() - hoursAgo * HOUR_MS));
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, "<html>");
        return path.basename(file);
    }

    const many = Array.from({ length: KEPT_RUNS + 3 }, (_, index) => index + 1);

    it("is kept for the newest runs, and removed for those before", async () => {
        const rehearsals = many.map((hoursAgo) => rehearsal(hoursAgo));
        const reports = many.map((hoursAgo) => report(hoursAgo % 2 === 0 ? "dev--pr7" : "prod", hoursAgo));
        await removeOldRuns(folder);
        expect(readdirSync(rehearsalsFolder(folder))).to.have.members(rehearsals.slice(0, KEPT_RUNS));
        expect(readdirSync(reportsFolder(folder))).to.have.members(reports.slice(0, KEPT_RUNS));
    });

    it("is kept while its process lives, and not for a later process with the same number", async () => {
        for (const hoursAgo of many) rehearsal(hoursAgo);
        const mine = rehearsal(20, process.pid);
        const since = Date.now() - process.uptime() * 1000;
        const living = `${stampOf(new Date(since + 1000))}-${process.pid}-0001`;
        mkdirSync(path.join(rehearsalsFolder(folder), living));
        for (const minutes of many) rehearsal(-minutes / 60);
        await removeOldRuns(folder);
        expect(readdirSync(rehearsalsFolder(folder))).to.include(living).and.to.not.include(mine);
    });

    it("is left alone when its name is somebody's own", async () => {
        for (const hoursAgo of many) rehearsal(hoursAgo);
        for (const name of ["kept-by-hand", "20200101T000000"]) mkdirSync(path.join(rehearsalsFolder(folder), name));
        mkdirSync(reportsFolder(folder), { recursive: true });
        writeFileSync(path.join(reportsFolder(folder), "summary.html"), "");
        await removeOldRuns(folder);
        expect(readdirSync(rehearsalsFolder(folder))).to.include.members(["kept-by-hand", "20200101T000000"]).and.to.have.length(KEPT_RUNS + 2);
        expect(readdirSync(reportsFolder(folder))).to.deep.equal(["summary.html"]);
    });

    it("need not be there", async () => {
        await removeOldRuns(folder);
        expect(readdirSync(folder)).to.deep.equal([]);
    });
});
