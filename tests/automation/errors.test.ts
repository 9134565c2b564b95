import { expect } from "chai";
import { EngineError } from "../../automation/engine/engine.ts";
import { describeError, EXIT, exitCodeOf } from "../../automation/errorReport.ts";
import { CloudRefusal, InterruptedError, LockedError, OperatorError } from "../../automation/errors.ts";
import { PhaseError } from "../../automation/phases/phaseError.ts";
import { parseConfig } from "../../components/config.ts";
import { awsError } from "../support/phaseWorld.ts";

function configError(): unknown {
    try {
        return parseConfig({ project: "firstlight", stack: "dev", values: { data: { lable: "churned" } } });
    } catch (error) {
        return error;
    }
}

describe("errors", () => {
    const cases: readonly (readonly [what: string, error: unknown, code: number, text: RegExp])[] = [
        ["of the operator end with 1, with their fix", new OperatorError("no stack", "say which"), EXIT.operator, /^no stack\n {2}fix: say which$/],
        ["of the configuration end with 1, without a stack trace", configError(), EXIT.operator, /^Pulumi\.dev\.yaml (?![\s\S]*\n +at )[\s\S]*lable/],
        ["of the program end with 1", new EngineError("it threw", { urn: "urn:pulumi:dev::firstlight::pulumi:pulumi:Stack::firstlight-dev" }), EXIT.operator, /^it threw$/],
        ["of the engine end with 2, in its words", new EngineError("bucket raw: AccessDenied"), EXIT.cloud, /^bucket raw: AccessDenied$/],
        ["of AWS end with 2, by name", awsError("AccessDeniedException", "no"), EXIT.cloud, /^AccessDeniedException: no$/],
        ["of a network in which AWS does not answer end with 2", Object.assign(new Error("connect ECONNREFUSED"), { $metadata: { attempts: 3 } }), EXIT.cloud, /^Error: connect/],
        ["of what runs in the cloud end with 2", new CloudRefusal("the job failed"), EXIT.cloud, /^the job failed$/],
        ["of a held stack end with 3", new LockedError("kim holds it", "wait"), EXIT.locked, /^kim holds it\n {2}fix: wait$/],
        ["of an interruption end with 130, with its reason", new InterruptedError("The time is over."), EXIT.interrupted, /^The time is over\.$/],
        ["of an abort that nobody explains end with 130", new DOMException("aborted", "AbortError"), EXIT.interrupted, /^Interrupted\.$/],
        ["of ours end with 1, with their stack trace", new TypeError("x is undefined"), EXIT.operator, /TypeError: x is undefined\n +at /],
    ];
    for (const [what, error, code, text] of cases) {
        it(what, () => {
            for (const each of [error, new PhaseError("up", error)]) {
                expect(exitCodeOf(each)).to.equal(code);
                expect(describeError(each)).to.match(text);
            }
        });
    }
});
