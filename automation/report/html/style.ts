/** The page's style sheet. Colours are named by what they say; both schemes keep a contrast of 4.5 between any text and what is behind it. */
import { WIDE_FROM_PIXELS, WIDE_WIDTH } from "./charts/figure.ts";

const LIGHT = `
--paper:#fcfbf8;--panel:#f3f1ea;--ink:#1b2024;--ink-soft:#565f66;--line:#ddd9ce;--bar:#8a9ba6;--accent:#0c6a64;--good:#1c6b3a;--warn:#8a5200;--bad:#b0261c;
--champion:#0c6a64;--challenger:#b0651d;--ran:#c4e2db;--recorded:#e4dfd1;--checked:#d6d9f0;--range:#d3d8da;`;

const DARK = `
--paper:#14181b;--panel:#1d2327;--ink:#e9e7e1;--ink-soft:#a6aeb4;--line:#353d43;--bar:#5e717d;--accent:#56c2b7;--good:#7fd19b;--warn:#e3ac62;--bad:#ff8b80;
--champion:#56c2b7;--challenger:#e59f5f;--ran:#1d4d48;--recorded:#3d3a31;--checked:#373c63;--range:#3a444b;`;

export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main,header,footer{max-width:${WIDE_WIDTH + 48}px;margin:0 auto;padding:0 24px}
header{padding-top:40px}
h1{font-size:30px;line-height:1.2;font-weight:650;letter-spacing:-.01em;margin:0 0 12px;overflow-wrap:anywhere}
h2{font-size:21px;line-height:1.3;font-weight:650;margin:56px 0 12px;padding-top:12px;border-top:1px solid var(--line)}
h3{font-size:16px;font-weight:650;margin:32px 0 8px}
p,ul,ol,dl{margin:0 0 12px;max-width:72ch;overflow-wrap:anywhere}
ul,ol{padding-left:22px}
li{margin:2px 0}
a{color:var(--accent)}
nav{margin:20px 0 0}
nav a{display:inline-block;margin:0 14px 4px 0;font-size:14px}
.soft,figcaption,dt,summary{color:var(--ink-soft)}
.good{color:var(--good);font-weight:650}
.bad{color:var(--bad);font-weight:650}
.outcome{font-size:18px}
.outcome strong{padding:1px 10px;border-radius:4px;border:1px solid}
.outcome.done strong{color:var(--good)}
.outcome.failed strong{color:var(--bad)}
.outcome.unfinished strong{color:var(--warn)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:14px 24px;max-width:none;margin-top:20px}
.facts dd,.meanings dd{margin:0}
dt{font-size:13px}
.meanings>div{margin-bottom:8px}
.meanings dt{font-size:16px;color:var(--ink)}
.meanings dd{color:var(--ink-soft);font-size:14px}
figure{margin:12px 0 20px}
figcaption{font-size:14px;margin-top:6px;max-width:80ch;overflow-wrap:anywhere}
.chart svg{display:block;width:100%;height:auto}
.chart.narrow{max-width:520px}
.chart.wide{display:none}
@media (min-width:${WIDE_FROM_PIXELS}px){.chart.narrow{display:none}.chart.wide{display:block}}
.key{white-space:nowrap;margin-right:6px}
.key::before{content:"";display:inline-block;width:12px;height:12px;border-radius:2px;margin-right:5px;vertical-align:-1px;background:var(--key)}
.key.champion{--key:var(--champion)}.key.challenger{--key:var(--challenger)}.key.bar{--key:var(--bar)}.key.accent{--key:var(--accent)}.key.bad{--key:var(--bad);color:inherit;font-weight:inherit}
.key.ran{--key:var(--ran)}.key.recorded{--key:var(--recorded)}.key.checked{--key:var(--checked)}.key.range{--key:var(--range)}
details{margin:6px 0}
summary{cursor:pointer;font-size:14px}
.component summary{font-size:16px;color:var(--ink)}
.chart:not(.filled) text{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
table{border-collapse:collapse;width:100%;font-size:14px;margin:8px 0 16px;overflow-wrap:anywhere}
.wordy td:first-child{min-width:150px}
th{text-align:left;font-weight:600;color:var(--ink-soft);border-bottom:1px solid var(--ink-soft);padding:4px 12px 4px 0;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:5px 12px 5px 0;vertical-align:top}
th:last-child,td:last-child{padding-right:0}
td.number{white-space:nowrap}
.number{text-align:right}
.troubles,.incidents{list-style:none;padding:0;max-width:none}
.troubles li{border-left:3px solid var(--bad);padding:2px 0 2px 14px;margin:0 0 16px}
.troubles li.warning{border-color:var(--warn)}
.troubles p{margin:0 0 4px}
.where{font-weight:650}
.words{white-space:pre-wrap;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:14px}
.time{display:inline-block;min-width:76px;color:var(--ink-soft)}
footer{padding-top:40px;padding-bottom:48px;color:var(--ink-soft);font-size:14px}
@media (max-width:480px){main,header,footer{padding-left:16px;padding-right:16px}header{padding-top:24px}h1{font-size:25px}td,th{padding-right:8px}.facts{grid-template-columns:1fr;gap:10px}
.wordy thead{display:none}.wordy tr,.wordy td{display:block}.wordy tr{border-bottom:1px solid var(--line);padding:8px 0}
.wordy td{border:0;padding:1px 0;text-align:left;white-space:normal}.wordy td:first-child{font-weight:600}.wordy td[data-name]:not(:empty)::before{content:attr(data-name) ": ";color:var(--ink-soft)}}
@media print{:root{${LIGHT}}nav{display:none}figure,li{break-inside:avoid}}
`;
