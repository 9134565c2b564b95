/** What the program itself refuses, before there is a plan to look at: failures of the catalogue among it are findings, like what any rule finds. */
import type { ConfigFinding } from "../../../../components/config/sectionReader.ts";
import { pulumiStackOf } from "../../../../components/environmentName.ts";
import { describeStop } from "../../../phases/preflight.ts";
import { PreflightError } from "../../../phases/preflightError.ts";
import { locateFindings } from "../../../preflight/locateFindings.ts";
import { blockersOf } from "../../../preflight/result.ts";
import type { RuleFinding } from "../../../preflight/result.ts";
import { refuseUnknownRules } from "../../../preflight/ruleChoice.ts";
import { loadRules, runPreflight } from "../../../preflight/runPreflight.ts";
import { readStackSettings } from "../../../stackSettings.ts";
import type { RefusedRun } from "../command.ts";

/** A refusal that may be of the catalogue. */
export type Refusal = Pick<ConfigFinding, "what" | "fix" | "failure"> & {
    /** Resource or setting. */
    readonly where: string;
    readonly setting?: string;
};

/** Reports what is found; all that needs a plan counts as not checked. Undefined when nothing of it is of the catalogue, or all that is was left out. */
export async function tellRefusals(refusals: readonly Refusal[], { options, projectFolder, reporter }: RefusedRun): Promise<PreflightError | undefined> {
    const { ruleChoice: choice } = options;
    const rules = await loadRules();
    refuseUnknownRules(choice, rules);
    const stack = pulumiStackOf(options);
    const found = refusals.flatMap(({ where, failure, ...rest }): RuleFinding[] => {
        const rule = rules.find(({ id }) => id === failure);
        const isLeftOut = choice.only?.some((id) => id === failure) === false || choice.skipped.some(({ id }) => id === failure);
        return rule === undefined || isLeftOut ? [] : [{ ...rest, id: rule.id, title: rule.title, severity: "blocker", where: `${stack}/${where}` }];
    });
    if (found.length === 0) return undefined;
    const settings = await readStackSettings(projectFolder, options.stack);
    const others = await runPreflight({ stack, settings }, choice);
    const notChecked = others.notChecked.filter(({ id }) => !found.some((finding) => finding.id === id));
    const seen = { ...others, findings: [...found, ...others.findings], notChecked };
    const result = await locateFindings(seen, undefined, { projectFolder, stack: options.stack, project: settings.project });
    reporter.report({ kind: "preflight", result });
    return new PreflightError(describeStop({ blockers: blockersOf(result), notChecked: choice.isStrict ? notChecked : [] }), blockersOf(result));
}
