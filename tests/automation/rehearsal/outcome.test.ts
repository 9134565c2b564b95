import { expect } from "chai";
import { UNKNOWN } from "../../../automation/engine/provider.ts";
import { CloudRefusal, OperatorError } from "../../../automation/errors.ts";
import { CHECKS } from "../../../automation/phases/verification/checks.ts";
import { parseStatements } from "../../../automation/preflight/planReading/policies.ts";
import type { Break } from "../../../automation/rehearsal/breaks/break.ts";
import { editDefinition } from "../../../automation/rehearsal/breaks/editDefinition.ts";
import { editStatements } from "../../../automation/rehearsal/breaks/editStatements.ts";
import { judge, renderOutcome, renderPrevention } from "../../../automation/rehearsal/breaks/outcome.ts";
import { BREAKS, selectBreaks } from "../../../automation/rehearsal/breaks/rehearseBreaks.ts";

const FINDING = { severity: "blocker", where: "dev/x", what: "it is a zip archive", id: "F01", title: "t", fix: "pack it" } as const;
const BROKEN: Break = {
    id: "F01", what: "a zip", needs: "model", stopsAt: "enable-endpoints", message: /cannot extract/, onAws: "after an hour",
    source: "https://example.org/1",
};
const FAILURE = { phase: "enable-endpoints", error: new CloudRefusal("cannot extract the archive") } as const;

describe("a failure on demand", () => {
    it("broke as predicted with its finding, in its phase, with its message", () => {
        const outcome = judge(BROKEN, { finding: FINDING, failure: FAILURE });
        expect(outcome.surprises).to.deep.equal([]);
        const text = renderOutcome(outcome).join("\n");
        expect(renderPrevention(FINDING).join("\n")).to.include("F01 dev/x: it is a zip archive").and.to.include("fix: pack it");
        expect(text).to.include("enable-endpoints breaks (on AWS after an hour)").and.to.include("cannot extract the archive");
        expect(text).to.include("https://example.org/1");
        expect(text).to.include("F01 broke as predicted");
    });

    it("was stopped by a blocker, and only warned of by a warning", () => {
        expect(renderPrevention(FINDING)[0]).to.include("would have stopped it");
        expect(renderPrevention({ ...FINDING, severity: "warning" })[0]).to.include("would have warned of it");
        expect(renderPrevention(undefined)).to.deep.equal(["no rule finds it"]);
    });

    it("surprises when the rule is silent, the phase is another, the message is another, or nothing breaks", () => {
        expect(judge(BROKEN, { finding: undefined, failure: FAILURE }).surprises).to.deep.equal(["the rule F01 found nothing"]);
        expect(judge(BROKEN, { finding: FINDING, failure: { ...FAILURE, phase: "up" } }).surprises.join()).to.include("it broke at up");
        const other = judge(BROKEN, { finding: FINDING, failure: { ...FAILURE, error: new CloudRefusal("no space") } });
        expect(other.surprises.join()).to.include("cannot extract");
        const silent = judge(BROKEN, { finding: FINDING, failure: undefined });
        expect(silent.surprises).to.deep.equal(["nothing broke; expected at enable-endpoints"]);
        expect(renderOutcome(silent).join("\n")).to.include("NOT AS PREDICTED");
    });

    it("is chosen by its id, in the order in which they can be rehearsed, or with all others", () => {
        expect(selectBreaks(["F01", "F05"]).map(({ id }) => id)).to.deep.equal(["F05", "F01"]);
        expect(selectBreaks(["ALL"])).to.deep.equal(BREAKS);
        expect(selectBreaks([])).to.deep.equal([]);
        expect(() => selectBreaks(["F04"])).to.throw(OperatorError, "F04 cannot be rehearsed");
    });

    it("changes states of the pipeline wherever they stand, and only where the definition is known", () => {
        const edit = editDefinition((name, state) => (name === "Train" ? { ...state, Changed: true } : state));
        const inner = { StartAt: "Train", States: { Train: { Type: "Pass" } } };
        const states = (train: object, machine: object) => ({
            Train: train, Each: { Type: "Map", ItemProcessor: machine }, Both: { Type: "Parallel", Branches: [machine] },
        });
        const definition = { StartAt: "Each", States: states({ Type: "Pass" }, inner) };
        const machine = { urn: "u", type: "aws:sfn/stateMachine:StateMachine", name: "m" };
        const changed = { StartAt: "Train", States: { Train: { Type: "Pass", Changed: true } } };
        const edited = edit(machine, { definition: JSON.stringify(definition) });
        expect(JSON.parse(String(edited["definition"]))).to.deep.equal({ StartAt: "Each", States: states({ Type: "Pass", Changed: true }, changed) });
        expect(edit(machine, { definition: UNKNOWN })).to.deep.equal({ definition: UNKNOWN });
        expect(edit({ ...machine, type: "aws:sns/topic:Topic" }, { definition: "{" })).to.deep.equal({ definition: "{" });
    });

    it("names checks of verify that there are, so that none is left out unseen", () => {
        const named = BREAKS.flatMap(({ id, checks = [] }) => checks.map((check) => [id, check] as const));
        expect(named.length).to.be.greaterThan(0);
        for (const [id, check] of named) expect(CHECKS.map(({ name }) => name), id).to.include(check);
    });

    it("changes statements of role policies only, and only where they are known", () => {
        const edit = editStatements((statement) => ({ ...statement, Resource: "*" }));
        const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "a" };
        const inputs = { policy: JSON.stringify({ Version: "2012-10-17", Statement: statement }) };
        const policy = { urn: "u", type: "aws:iam/rolePolicy:RolePolicy", name: "p" };
        expect(parseStatements(edit(policy, inputs)["policy"])?.map(({ resources }) => resources)).to.deep.equal([["*"]]);
        expect(edit({ ...policy, type: "aws:s3/bucketPolicy:BucketPolicy" }, inputs)).to.equal(inputs);
        expect(edit(policy, {})).to.deep.equal({});
    });
});
