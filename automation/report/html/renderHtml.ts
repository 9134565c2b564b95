/** The whole page, from a run's events and the stack's resources. Nothing in it is fetched, and nothing in it runs. */
import type { HtmlReportInput } from "../htmlInput.ts";
import { html, trusted } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { buildContext } from "./reportContext.ts";
import type { Section } from "./reportContext.ts";
import { checksSection, preflightSection } from "./sections/checks.ts";
import { coverageSection } from "./sections/coverage.ts";
import { criticalPathSection } from "./sections/criticalPath.ts";
import { expectedSection } from "./sections/expected.ts";
import { modelsSection } from "./sections/models.ts";
import { resourcesSection } from "./sections/resources.ts";
import { renderSummary } from "./sections/summary.ts";
import { timelineSection } from "./sections/timeline.ts";
import { incidentsSection, troublesSection } from "./sections/troubles.ts";
import { STYLE } from "./style.ts";

/** In the order of the page: first what somebody has to do something about. */
const SECTIONS: readonly Section[] = [
    troublesSection, incidentsSection, modelsSection, checksSection, timelineSection, criticalPathSection, resourcesSection,
    coverageSection, preflightSection, expectedSection,
];

/** Nothing is loaded from anywhere, whatever a name or a message contains. https://www.w3.org/TR/CSP3/ */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export async function renderHtml(input: HtmlReportInput): Promise<string> {
    const context = buildContext(input);
    const sections: { readonly section: Section; readonly body: Markup }[] = [];
    for (const section of SECTIONS) {
        const body = await section.render(context);
        if (body !== undefined) sections.push({ section, body });
    }
    return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<link rel="icon" href="data:,">
<title>${input.title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<header>
<h1>${input.title}</h1>
${renderSummary(context)}
<nav aria-label="Contents">${sections.map(({ section }) => html`<a href="#${section.id}">${section.title}</a>`)}</nav>
</header>
<main>
${sections.map(({ section, body }) => html`<section id="${section.id}">\n<h2>${section.title}</h2>\n${body}\n</section>\n`)}
</main>
<footer>Made of ${input.events.length} events and ${input.resources.length} resources of the state. docs/events.md says what each event means.</footer>
</body>
</html>
`.text;
}
