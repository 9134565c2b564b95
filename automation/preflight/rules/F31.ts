/** F31: names of image repositories are as ECR wants them. */
import { nameRules } from "../../../components/facts/nameRules.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import type { Plan } from "../../engine/engine.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const REPOSITORY = "aws:ecr/repository:Repository";

export const rule = defineRule({
    id: "F31",
    kind: "plan",
    needs: ["plan"],
    title: "Names of image repositories are in small letters, as ECR wants them",
    story: "The repository was named after the stack, TapStack-dev. ECR takes small letters only: InvalidParameterException, "
        + "and with the repository everything failed that waits for it.",
    source: "field reports S0-S4",
    fix: "write the name in small letters and digits, single separators (- . _ /) between them",
    applies: ({ plan }) => repositoriesOf(plan).length > 0,
    check: (evidence) => checkEach(evidence, repositoriesOf(evidence.plan), findNameFaults),
    mustFind: [
        { title: "capital letters", evidence: () => buildEvidence({ name: "TapStack-X" }) },
        { title: "one capital letter", evidence: () => buildEvidence({ name: "A" }) },
        { title: "two different separators in a row", evidence: () => buildEvidence({ name: "a-_b" }) },
        { title: "a separator at the end", evidence: () => buildEvidence({ name: "letters/" }) },
        { title: "a single letter", evidence: () => buildEvidence({ name: "a" }) },
        { title: "a name that Pulumi makes of capital letters", evidence: () => buildEvidence({}, "Letters") },
    ],
    mustPass: [
        { title: "small letters", evidence: () => buildEvidence({ name: "tapstack-x" }) },
        { title: "folders and several hyphens", evidence: () => buildEvidence({ name: "firstlight/dev--pr4095/letters_v2.0" }) },
        { title: "a name that Pulumi makes", evidence: () => buildEvidence({}, "letters") },
    ],
});

/** Only those that are made: one that is read has its name already. */
function repositoriesOf(plan: Plan): readonly PlannedResource[] {
    return plan.resources.filter(({ type, operation }) => type === REPOSITORY && operation !== "read");
}

/** Without a name Pulumi takes that of the resource, and adds a hyphen and seven hexadecimal characters. */
function findNameFaults({ name: resourceName, inputs: { name } }: PlannedResource): readonly Remark[] {
    if (isUnknown(name)) return [{ open: "its name is not known before the deployment" }];
    const rendered = name === undefined ? `${resourceName}-0123456` : String(name);
    const { maxLength, pattern } = nameRules.repository;
    const shown = name === undefined ? `the name that Pulumi makes of ${JSON.stringify(resourceName)}` : JSON.stringify(name);
    if (rendered.length > maxLength) return [{ what: `${shown} has ${rendered.length} characters; ECR takes ${maxLength}` }];
    if (pattern.test(rendered)) return [];
    const what = `${shown} is no name that ECR takes`;
    if (!pattern.test(rendered.toLowerCase())) return [{ what }];
    return [{ what, fix: `write ${JSON.stringify((name === undefined ? resourceName : rendered).toLowerCase())}` }];
}

function buildEvidence(inputs: { readonly name?: string }, resourceName = "letters"): Evidence {
    return buildPlanEvidence({ type: REPOSITORY, name: resourceName, inputs });
}
