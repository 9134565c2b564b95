import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { ConfigError, parseConfig } from "../../components/config.ts";
import { alarmProof, createAlarmCases, judgeFindings, SET_UPS } from "./alarms.ts";
import type { AlarmCase } from "./alarms/alarmCase.ts";
import { renderAlarmsPage } from "./alarmsPage.ts";
import { EXCLUDED } from "./alarms/excluded.ts";
import { judgePlaces } from "./alarms/graphPlaces.ts";
import { createSetUpCases } from "./alarms/setUps.ts";
import { describeLastRun, drawSample, PROJECT_FOLDER, readResult } from "./proof.ts";

const SEED = 20261121;
/** As data only: whether the parser takes them. */
const MANY = 1000;

function valuesOf({ settings }: AlarmCase): Readonly<Record<string, unknown>> {
    return Object.fromEntries(Object.entries(settings.values).flatMap(([key, value]) => (key.startsWith("firstlight:") ? [[key.slice("firstlight:".length), value]] : [])));
}

describe("no false alarm", () => {
    after(() => console.log(`      ${describeLastRun(alarmProof)}`));

    it(`is raised in a sample through the real program: 2 stacks and 2 set-ups (seed ${SEED})`, async () => {
        const cases = createAlarmCases(SEED);
        const sample = ["stack", "set-up"].flatMap((group) => drawSample(cases.filter((each) => each.group === group), 2, SEED));
        const refused = drawSample(cases.filter(({ refusal }) => refusal !== undefined), 2, SEED);
        const outcomes = [];
        for (const each of [...sample, ...refused]) outcomes.push(await alarmProof.run(each));
        expect(outcomes.filter(({ passed }) => !passed)).to.deep.equal([]);
        expect(outcomes).to.have.length(6);
    });

    it("was raised in no case of the last full run", () => {
        const result = readResult("alarms");
        if (result === undefined) throw new Error("there is no result: npm run proof:alarms");
        expect(result.failures).to.deep.equal([]);
        expect([result.byKind["stack"], result.byKind["fixed"], result.byKind["set-up"]]).to.deep.equal([15, 6, SET_UPS]);
        expect(Object.keys(result.details ?? {})).to.have.members(createAlarmCases(result.seed).map(({ id }) => id));
    });

    it("stands in docs/false-alarms.md as the last full run saw it", () => {
        expect(readFileSync(path.join(PROJECT_FOLDER, "docs", "false-alarms.md"), "utf8")).to.equal(renderAlarmsPage(readResult("alarms")!));
    });

    it(`is not in what the parser says of ${MANY} set-ups, which set every key that it knows`, () => {
        const cases = createSetUpCases(SEED, MANY);
        for (const each of cases) {
            const read = (): unknown => parseConfig({ project: "firstlight", stack: each.settings.stack, values: valuesOf(each) });
            expect(read, `${each.id} ${JSON.stringify(valuesOf(each))}`).not.to.throw();
        }
        expect([...new Set(cases.flatMap(({ keys }) => keys))].sort()).to.deep.equal(listParserKeys());
        expect(new Set(createSetUpCases(1, SET_UPS).flatMap(({ keys }) => keys)), "in the full run").to.have.keys(listParserKeys());
    });

    describe("is made by leaving out what the parser refuses:", () => {
        for (const { title, stack, values, key } of EXCLUDED) it(title, () => {
            const read = (): unknown => parseConfig({ project: "firstlight", stack, values: { data: { label: "churned" }, ...values } });
            expect(read).to.throw(ConfigError, new RegExp(`Pulumi\\.${stack}\\.yaml firstlight:${key.replaceAll(".", "\\.")}: .+; fix: .+`));
        });
    });

    it("is told from a true finding, and a true one that is missing is told too", () => {
        const blocker = { id: "F64", severity: "blocker", what: "cn-north-1 does not have serverless inference of SageMaker" } as const;
        const china = { group: "stack", region: "cn-north-1" } as const;
        expect(judgeFindings(china, [blocker])).to.deep.equal([]);
        expect(judgeFindings(china, [])).to.have.length(1);
        expect(judgeFindings(china, [blocker, { id: "F21", severity: "warning", what: "too much" }])).to.have.length(1);
        expect(judgeFindings({ group: "fixed", region: "cn-north-1" }, [blocker])).to.have.length(1);
        expect(judgeFindings({ group: "stack", region: "us-east-1" }, [blocker])).to.have.length(1);
    });

    it("finds whatever does not follow the region", () => {
        const judge = (text: string, region = "cn-north-1") => judgePlaces({ counts: {}, resources: [{ name: "one", inputs: { text } } as never] }, region).faults;
        for (const wrong of ["arn:aws:s3:::raw", "arn:aws-cn:sqs:us-east-1:000000000000:letters", "arn:aws-cn:sqs:cn-north-1:123456789012:letters", "eu-west-1",
            "s3.cn-north-1.amazonaws.com", "logs.us-east-1.amazonaws.com.cn", "lambda.amazonaws.com.cn"]) expect(judge(wrong), wrong).to.have.length.of.at.least(1);
        for (const right of ["arn:aws-cn:s3:::raw", "arn:aws-cn:sqs:cn-north-1:000000000000:letters", "cn-north-1", "s3.cn-north-1.amazonaws.com.cn", "lambda.amazonaws.com"]) {
            expect(judge(right), right).to.deep.equal([]);
        }
        for (const region of ["us-gov-west-1", "eu-central-1"]) expect(judge(`com.amazonaws.${region}.logs`, region), region).to.deep.equal([]);
    });
});

/** Every key that the parser knows, as its refusals of a key that is none say. */
function listParserKeys(section: readonly string[] = []): readonly string[] {
    const wrong = section.reduceRight<object>((inner, name) => ({ [name]: inner }), { "no key": 1 });
    let text = "";
    try {
        parseConfig({ project: "firstlight", stack: "dev", values: wrong as Record<string, unknown> });
    } catch (error) {
        text = (error as Error).message;
    }
    const names = /no key: is not a key.*use one of (.*)/.exec(text)?.[1]?.split(", ") ?? [];
    const isSection = (name: string): boolean => !["tags", "hyperparameters", "challengerHyperparameters"].includes(name) && isOfKeys([...section, name]);
    return names.flatMap((name) => (isSection(name) ? listParserKeys([...section, name]) : [[...section, name].join(".")])).sort();
}

/** Whether a map below this name is read key by key. */
function isOfKeys(section: readonly string[]): boolean {
    const wrong = section.reduceRight<object>((inner, name) => ({ [name]: inner }), { "no key": 1 });
    try {
        parseConfig({ project: "firstlight", stack: "dev", values: wrong as Record<string, unknown> });
        return false;
    } catch (error) {
        return (error as Error).message.includes(`${section.join(".")}.no key: is not a key`);
    }
}
