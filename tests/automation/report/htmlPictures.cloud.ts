/** The report of a recorded rehearsal as a browser shows it. Skipped where there is none: `apt install chromium` on Debian. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { writeHtmlReport } from "../../../automation/report/html/writeHtmlReport.ts";
import { findBrowser, startBrowser } from "../../support/chromium.ts";
import type { Browser, LoadedPage } from "../../support/chromium.ts";
import { makeHostile } from "../../support/hostileInput.ts";
import { measureTexts } from "../../support/pageMeasures.ts";
import type { MeasuredText } from "../../support/pageMeasures.ts";
import { readRecordedRehearsal } from "../../support/recordedRehearsal.ts";

/** Where whoever wants to look at them finds them; docs/pictures holds those of a release. */
const PICTURES = path.resolve(import.meta.dirname, "../../../.firstlight/pictures");
const PICTURE_HEIGHTS = { 400: 2600, 1200: 2700 } as const;
const MIN_PIXELS = 11;
const MIN_CONTRAST = 4.5;

const installed = findBrowser();
const describeWithBrowser = installed === undefined ? describe.skip : describe;

describeWithBrowser("report.html in a browser", function () {
    this.timeout(120_000);
    let browser: Browser;
    let folder: string;
    before(async () => {
        if (installed === undefined) return;
        folder = mkdtempSync(path.join(tmpdir(), "firstlight-pictures-"));
        await writeHtmlReport(readRecordedRehearsal("dev"), path.join(folder, "report.html"));
        await writeHtmlReport(makeHostile(readRecordedRehearsal("staging")), path.join(folder, "hostile.html"));
        browser = await startBrowser(installed);
    });
    after(async () => {
        await browser.close();
        rmSync(folder, { recursive: true, force: true });
    });

    const open = (file: string, width: number, scheme: "light" | "dark"): Promise<LoadedPage> => (
        browser.open({ url: pathToFileURL(path.join(folder, file)).href, width, scheme }));

    for (const width of [400, 1200] as const) {
        for (const scheme of ["light", "dark"] as const) {
            it(`can be read ${width} pixels wide, ${scheme}: large enough, with contrast, nothing beside the screen`, async () => {
                const page = await open("report.html", width, scheme);
                expect(await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")).to.equal(scheme === "dark");
                mkdirSync(PICTURES, { recursive: true });
                writeFileSync(path.join(PICTURES, `report-${width}-${scheme}.png`), await page.picture(PICTURE_HEIGHTS[width]));
                await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
                expect(await page.evaluate("document.documentElement.scrollWidth")).to.equal(width);
                const texts = await measureTexts(page);
                expect(texts.length).to.be.above(1000);
                expectReadable(texts);
                expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).to.equal(scheme === "dark" ? "rgb(20, 24, 27)" : "rgb(252, 251, 248)");
                expect([page.complaints, page.requests]).to.deep.equal([[], []]);
                await page.close();
            });
        }
    }

    it("shows exactly one drawing of each chart, whatever the width", async () => {
        for (const width of [400, 700, 859, 860, 1200]) {
            const page = await open("report.html", width, "light");
            const shown = await page.evaluate("[...document.querySelectorAll('figure')].map((figure) => [...figure.querySelectorAll('.chart')].filter((each) => each.offsetWidth > 0).map((each) => each.classList.contains('wide')))") as readonly (readonly boolean[])[];
            expect(shown.length).to.be.above(9);
            for (const drawings of shown) expect(drawings, `${width}`).to.deep.equal([width >= 860]);
            expectReadable(await measureTexts(page), ["size"]);
            await page.close();
        }
    });

    it("runs nothing and loads nothing when names and messages attack it, and still fits a phone", async () => {
        const page = await open("hostile.html", 400, "light");
        await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
        expect(await page.evaluate("document.querySelectorAll('script, img, main style').length")).to.equal(0);
        expect(await page.evaluate("document.documentElement.scrollWidth")).to.equal(400);
        expect([page.complaints, page.requests]).to.deep.equal([[], []]);
        await page.close();
    });
});

function expectReadable(texts: readonly MeasuredText[], what: readonly ("size" | "contrast")[] = ["size", "contrast"]): void {
    if (what.includes("size")) expect(texts.filter(({ pixels }) => pixels < MIN_PIXELS).slice(0, 5)).to.deep.equal([]);
    if (what.includes("contrast")) expect(texts.filter(({ contrast }) => contrast < MIN_CONTRAST).slice(0, 5)).to.deep.equal([]);
}
