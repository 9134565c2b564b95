/** How large each text on a page is shown, and how much it stands out from what is behind it. */
import type { LoadedPage } from "./chromium.ts";

export interface MeasuredText {
    readonly text: string;
    /** Size of its letters as shown. */
    readonly pixels: number;
    /** Of its colour against what lies behind it: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
    readonly contrast: number;
}

/** Of all texts that are shown now. */
export async function measureTexts(page: LoadedPage): Promise<readonly MeasuredText[]> {
    await page.growToContent();
    return await page.evaluate(`(${MEASURE})()`) as readonly MeasuredText[];
}

/** Runs in the page. */
const MEASURE = `() => {
    const parse = (text) => {
        const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\\d.]+/g) ?? []).map(Number);
        return text === "none" || text === "transparent" ? [0, 0, 0, 0] : [r, g, b, a];
    };
    const blend = (above, below) => [0, 1, 2].map((i) => above[i] * above[3] + below[i] * (1 - above[3])).concat(1);
    const luminance = (colour) => {
        const [r, g, b] = colour.slice(0, 3).map((each) => { const part = each / 255; return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, other) => {
        const [bright, dim] = [luminance(one), luminance(other)].sort((left, right) => right - left);
        return (bright + 0.05) / (dim + 0.05);
    };
    const paintOf = (element) => {
        const style = getComputedStyle(element);
        if (!(element instanceof SVGElement) || element instanceof SVGSVGElement) return parse(style.backgroundColor);
        if (!(element instanceof SVGGeometryElement) || style.fill === "none") return [0, 0, 0, 0];
        const [r, g, b, a] = parse(style.fill);
        return [r, g, b, a * Number(style.fillOpacity) * Number(style.opacity)];
    };
    const behind = (element, x, y) => {
        const layers = [];
        for (const each of document.elementsFromPoint(x, y)) {
            if (each === element || each instanceof SVGTextContentElement) continue;
            const paint = paintOf(each);
            layers.push(paint);
            if (paint[3] === 1) break;
        }
        return layers.reverse().reduce((below, above) => blend(above, below), parse(getComputedStyle(document.documentElement).backgroundColor));
    };
    const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
    return [...document.body.querySelectorAll("*")].filter((element) => hasText(element) && element.checkVisibility() && !["TITLE", "STYLE"].includes(element.tagName)).flatMap((element) => {
        const style = getComputedStyle(element);
        const isSvg = element instanceof SVGElement;
        const svg = isSvg ? element.ownerSVGElement : undefined;
        const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
        const box = element.getClientRects()[0];
        if (!box || box.width <= 1) return [];
        const colour = parse(isSvg ? style.fill : style.color);
        const points = [box.left + 2, box.left + box.width / 2, box.right - 2].map((x) => [x, box.top + box.height / 2]);
        const halo = isSvg && style.stroke !== "none" ? [parse(style.stroke)] : points.map(([x, y]) => behind(element, x, y));
        return [{ text: element.textContent.trim().slice(0, 60), pixels: parseFloat(style.fontSize) * scale, contrast: Math.min(...halo.map((below) => contrast(colour, below))) }];
    });
}`;
