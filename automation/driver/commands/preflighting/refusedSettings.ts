/** A preflight of settings that are refused: what of them is in the catalogue is a finding, like what any rule finds. */
import { ConfigError } from "../../../../components/config.ts";
import type { ConfigFinding } from "../../../../components/config/sectionReader.ts";
import { describeStop } from "../../../phases/preflight.ts";
import { PreflightError } from "../../../phases/preflightError.ts";
import { locateFindings } from "../../../preflight/locateFindings.ts";
import type { RuleFinding } from "../../../preflight/result.ts";
import { blockersOf } from "../../../preflight/result.ts";
import { refuseUnknownRules } from "../../../preflight/ruleChoice.ts";
import { loadRules, runPreflight } from "../../../preflight/runPreflight.ts";
import type { Rule } from "../../../preflight/rule.ts";
import { readStackSettings } from "../../../stackSettings.ts";
import { pulumiStackOf } from "../../../../components/environmentName.ts";
import type { RefusedRun } from "../command.ts";

const PREFIX = "firstlight:";

/** What the run ends with: the error itself, unless failures of the catalogue are in it. All others stand in its text. */
export async function lookAtRefusedSettings(error: unknown, { options, projectFolder, reporter }: RefusedRun): Promise<unknown> {
    if (!(error instanceof ConfigError)) return error;
    const { ruleChoice: choice } = options;
    const rules = await loadRules();
    refuseUnknownRules(choice, rules);
    const stack = pulumiStackOf(options);
    const found = error.findings.map((finding) => toFinding(finding, stack, rules)).filter((finding) => finding !== undefined)
        .filter(({ id }) => (choice.only?.includes(id) ?? true) && !choice.skipped.some((skip) => skip.id === id));
    if (found.length === 0) return error;
    const settings = await readStackSettings(projectFolder, options.stack);
    const others = await runPreflight({ stack, settings }, choice);
    const isFound = ({ id }: { readonly id: string }): boolean => found.some((finding) => finding.id === id);
    const seen = { ...others, findings: [...found, ...others.findings], notChecked: others.notChecked.filter((each) => !isFound(each)) };
    const result = await locateFindings(seen, undefined, { projectFolder, stack: options.stack, project: settings.project });
    reporter.report({ kind: "preflight", result });
    const rest = error.findings.filter(({ failure }) => failure === undefined || !isFound({ id: failure }));
    const stop = describeStop({ blockers: blockersOf(result), notChecked: choice.isStrict ? result.notChecked : [] });
    return new PreflightError([stop, ...(rest.length === 0 ? [] : [new ConfigError(options.stack, rest).message])].join("\n"), blockersOf(result));
}

function toFinding({ key, what, fix, failure }: ConfigFinding, stack: string, rules: readonly Rule[]): RuleFinding | undefined {
    const rule = rules.find(({ id }) => id === failure);
    if (rule === undefined) return undefined;
    const setting = key.startsWith(PREFIX) ? { setting: key.slice(PREFIX.length) } : {};
    return { id: rule.id, title: rule.title, severity: "blocker", where: `${stack}/${setting.setting ?? key}`, what, fix, ...setting };
}
