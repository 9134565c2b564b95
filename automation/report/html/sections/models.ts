/** Models side by side, how the traffic is split, and whether the deployed API predicts what training did. */
import { VARIANTS } from "../../../../lambdas/shared/documents.ts";
import type { Weights } from "../../../../lambdas/shared/documents.ts";
import { formatMetric } from "../../../progress/eventLines.ts";
import { areEqual } from "../../../phases/prediction.ts";
import { renderFigure, renderTable } from "../charts/figure.ts";
import { drawMetrics, drawSplit } from "../charts/models.ts";
import type { MetricPoint } from "../charts/models.ts";
import { html } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { ReportContext, Section } from "../reportContext.ts";
import type { VariantSummary } from "../../reportData.ts";

export const modelsSection: Section = {
    id: "models",
    title: "Models",
    async render(context) {
        const judged = context.summary.variants.filter(({ evaluation }) => evaluation !== undefined);
        const parts = [
            await renderMetrics(judged), renderVersions(context), await renderSplit(context),
        ].filter((part) => part !== undefined);
        return parts.length === 0 ? undefined : html`${parts}`;
    },
};

async function renderMetrics(judged: readonly VariantSummary[]): Promise<Markup | undefined> {
    const first = judged[0]?.evaluation;
    if (first === undefined) return undefined;
    const { task, gate, rows } = first;
    const names = [gate.metric, ...Object.keys(first.metrics).filter((name) => name !== gate.metric)];
    const points = judged.flatMap(({ variant, evaluation }) => names.flatMap((metric): MetricPoint[] => {
        const value = evaluation?.metrics[metric] ?? (metric === evaluation?.gate.metric ? evaluation.gate.value : undefined);
        return value === undefined ? [] : [{ metric, variant, value }];
    }));
    const sign = gate.direction === "maximize" ? "at least" : "at most";
    return renderFigure({
        description: `Points for each metric, one per model. The gate asks for ${gate.metric} of ${sign} ${gate.floor}. ${points.map(({ metric, variant, value }) => `${metric} of the ${variant}: ${formatMetric(value)}`).join("; ")}.`,
        caption: html`${task} model, judged on ${rows} test rows: ${gate.metric} has to be ${sign} ${gate.floor} (the mark on its row).
<span class="key champion">champion</span> <span class="key challenger">challenger</span>`,
        draw: (width) => drawMetrics(points, { metric: gate.metric, floor: gate.floor }, width),
        table: {
            head: ["Metric", ...judged.map(({ variant }) => variant)],
            rows: names.map((name) => [name, ...judged.map(({ evaluation }) => formatMetric(evaluation?.metrics[name]))]),
            numeric: judged.map((_each, index) => index + 1),
        },
    });
}

function renderVersions({ summary: { variants }, input: { rehearsal } }: ReportContext): Markup | undefined {
    if (variants.length === 0) return undefined;
    const rows = variants.map(({ variant, modelVersion, samples, evaluation }) => {
        const compared = rehearsal?.variants.find((each) => each.variant === variant)?.predictions;
        const right = compared === undefined ? samples.filter(({ golden, served }) => areEqual(golden, served)).length : compared.filter(({ agrees }) => agrees).length;
        const passes = evaluation === undefined ? "" : isPassed(evaluation.gate) ? "passed" : "FAILED";
        return [variant, modelVersion ?? "", passes, samples.length === 0 ? "none asked" : `${right} of ${samples.length} alike`];
    });
    return renderTable({
        head: ["Variant", "Model version", "Gate", "Predictions: training, API" + (rehearsal === undefined ? "" : ", second process")],
        rows, isWordy: true,
    });
}

function isPassed({ value, floor, direction }: NonNullable<VariantSummary["evaluation"]>["gate"]): boolean {
    return direction === "maximize" ? value >= floor : value <= floor;
}

async function renderSplit({ input }: ReportContext): Promise<Markup | undefined> {
    const weights: Weights | undefined = input.events.findLast((event) => event.kind === "weights")?.weights ?? input.rehearsal?.weights;
    if (weights === undefined) return undefined;
    const seen = input.events.filter((event) => event.kind === "check").find(({ name }) => name === "traffic split");
    return html`<h3>Traffic</h3>${await renderFigure({
        description: `One bar, split: ${VARIANTS.map((variant) => `${variant} ${weights[variant]} %`).join(", ")}.`,
        ...(seen === undefined ? {} : { caption: `Measured: ${seen.measured}` }),
        draw: (width) => drawSplit(weights, width),
    })}`;
}
