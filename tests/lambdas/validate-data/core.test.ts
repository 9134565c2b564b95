import { expect } from "chai";
import type { DataSettings } from "../../../lambdas/shared/environment.ts";
import type { DataProfile } from "../../../lambdas/shared/profile.ts";
import { findNearest, validateData } from "../../../lambdas/validate-data/core.ts";
import { createMemoryRunFiles, type MemoryRunFiles } from "../support/memoryRunFiles.ts";
import { buildTable, dataSettings, messageOf } from "../support/tables.ts";

async function validate(text: string, settings: DataSettings): Promise<{ profile: DataProfile; files: MemoryRunFiles }> {
    const files = createMemoryRunFiles(text, 4096);
    await validateData(settings, files);
    return { profile: await files.readDocument<DataProfile>("profile.json"), files };
}

async function refusal(text: string, settings: DataSettings): Promise<string> {
    return messageOf(validateData(settings, createMemoryRunFiles(text, 4096)));
}

async function profileLabels(labels: (index: number) => string | number, settings: Partial<DataSettings> = {}): Promise<DataProfile> {
    return (await validate(buildTable("x,y", 300, (index) => `${index},${labels(index)}`), dataSettings("y", settings))).profile;
}

describe("validateData", () => {
    it("finds numeric, boolean, categorical and empty columns", async () => {
        const text = buildTable("id,n,b,c,e,y", 200, (i) => `id${i},${i % 7 === 0 ? "NA" : i / 4},${i % 2 ? "Yes" : "no"},c${i % 3},,${i % 2}`);
        const { profile } = await validate(text, dataSettings("y", { ignore: ["id"] }));
        expect(profile.columns).to.deep.equal([
            { name: "n", missing: 29, type: "numeric" },
            { name: "b", missing: 0, type: "boolean", values: ["no", "yes"] },
            { name: "c", missing: 0, type: "categorical" },
            { name: "e", missing: 200, type: "empty" },
        ]);
        expect({ rows: profile.rows, rejected: profile.rejected }).to.deep.equal({ rows: 200, rejected: 0 });
    });

    it("gives the task and the number of rows", async () => {
        const files = createMemoryRunFiles(buildTable("x,y", 150, (index) => `${index},${index % 2}`));
        expect(await validateData(dataSettings("y"), files)).to.deep.equal({ task: "binary", rows: 150 });
    });

    it("writes broken rows with line and reason to the rejects file", async () => {
        const text = buildTable("x,y", 400, (i) => (i === 10 ? "1" : i === 20 ? '"a"b,1' : i === 30 ? "5," : `${i},${i % 2}`));
        const { files, profile } = await validate(text, dataSettings("y"));
        expect(files.contents.get("rejects.csv")).to.equal([
            "line,reason,text",
            '12,"has 1 columns, the header has 2",1',
            '22,has broken quotes,"""a""b,1"',
            '32,"has no label ""y""","5,"',
            "",
        ].join("\n"));
        expect(profile.rejected).to.equal(3);
        expect(profile.rows).to.equal(397);
    });

    it("fails when more rows are broken than allowed, naming counts, reasons and file", async () => {
        const text = buildTable("x,y", 400, (i) => (i % 50 === 0 ? "1,2,3" : `${i},${i % 2}`));
        const files = createMemoryRunFiles(text, 4096);
        const message = await messageOf(validateData(dataSettings("y"), files));
        expect(message).to.contain("8 of 400 rows are broken (2.00 %), but at most 1 % may be");
        expect(message).to.contain("line 2: has 3 columns, the header has 2");
        expect(message).to.contain("s3://processed/runs/r1/rejects.csv");
        expect(files.contents.get("rejects.csv")?.split("\n")).to.have.length(10);
        expect(files.contents.has("profile.json")).to.equal(false);
    });

    it("names the nearest column when the label or an ignored column is not in the file", async () => {
        const text = buildTable("customer_id,Churned", 200, (index) => `${index},${index % 2}`);
        const message = await refusal(text, dataSettings("churnd", { ignore: ["customerid"] }));
        expect(message).to.contain('data.label names column "churnd", which the file does not have; nearest is "Churned"');
        expect(message).to.contain('data.ignore names column "customerid", which the file does not have; nearest is "customer_id"');
        expect(message).to.contain("the file's columns: customer_id, Churned");
    });

    it("refuses a column of free text and says how to ignore it", async () => {
        const message = await refusal(buildTable("name,y", 300, (index) => `person ${index},${index % 2}`), dataSettings("y"));
        expect(message).to.contain('column "name" holds more than 200 different texts, such as "person 0"');
        expect(message).to.contain('fix: add "name" to data.ignore');
    });

    it("takes a few texts in a numeric column for broken rows, and many for categories", async () => {
        const few = await validate(buildTable("x,y", 300, (i) => `${i < 2 ? "oops" : i},${i % 2}`), dataSettings("y"));
        expect(few.profile.columns[0]?.type).to.equal("numeric");
        const many = await validate(buildTable("x,y", 300, (i) => `${i < 100 ? "low" : i % 9},${i % 2}`), dataSettings("y"));
        expect(many.profile.columns[0]?.type).to.equal("categorical");
    });

    it("refuses too few rows and a file without features", async () => {
        expect(await refusal(buildTable("x,y", 50, (index) => `${index},${index % 2}`), dataSettings("y"))).to.contain("has 50 usable rows, but at least 100");
        expect(await refusal(buildTable("x,y", 200, (index) => `,${index % 2}`), dataSettings("y"))).to.contain("no column has values");
    });
});

describe("the task", () => {
    it("is binary for two values, with yes, true and 1 as the positive class", async () => {
        expect(await profileLabels((i) => (i % 3 ? "Yes" : "No"))).to.include({ task: "binary" }).and.deep.include({ classes: ["No", "Yes"] });
        expect((await profileLabels((i) => (i % 3 ? "true" : "false"))).classes).to.deep.equal(["false", "true"]);
        expect((await profileLabels((i) => (i % 3 ? 1 : 0))).classes).to.deep.equal(["0", "1"]);
    });

    it("takes the rarer of two other values for the positive class", async () => {
        expect((await profileLabels((i) => (i % 3 ? "stay" : "go"))).classes).to.deep.equal(["stay", "go"]);
        expect((await profileLabels((i) => (i % 3 ? "go" : "stay"))).classes).to.deep.equal(["go", "stay"]);
    });

    it("is multiclass for a few texts or whole numbers, in the order of texts or numbers", async () => {
        expect(await profileLabels((i) => ["b", "c", "a"][i % 3]!)).to.include({ task: "multiclass" }).and.deep.include({ classes: ["a", "b", "c"] });
        expect((await profileLabels((i) => [10, 9, 2][i % 3]!)).classes).to.deep.equal(["2", "9", "10"]);
    });

    it("is regression for other numbers", async () => {
        const profile = await profileLabels((i) => i / 7);
        expect(profile.task).to.equal("regression");
        expect(profile).to.not.have.property("classes");
        expect((await profileLabels((i) => i)).task).to.equal("regression");
    });

    it("is the configured one when there is one", async () => {
        expect((await profileLabels((i) => i % 5, { task: "regression" })).task).to.equal("regression");
        expect((await profileLabels((i) => (i === 7 ? "maybe" : i % 2 ? "yes" : "no"), { task: "binary" })).classes).to.deep.equal(["no", "yes"]);
    });

    it("is refused when the label does not fit it", async () => {
        const table = (label: (i: number) => string): string => buildTable("x,y", 300, (i) => `${i},${label(i)}`);
        expect(await refusal(table(() => "same"), dataSettings("y"))).to.contain('label "y" has 1 different values, which fits no task');
        expect(await refusal(table((i) => `text ${i}`), dataSettings("y"))).to.contain("has 300 different values, which fits no task");
        expect(await refusal(table((i) => `c${i % 3}`), dataSettings("y", { task: "regression" }))).to.contain("but a regression needs numbers");
        expect(await refusal(table(() => "same"), dataSettings("y", { task: "binary" }))).to.contain("but a binary task needs two");
        expect(await refusal(table((i) => `c${i % 2}`), dataSettings("y", { task: "multiclass" }))).to.contain("needs 3 to 100");
    });
});

describe("findNearest", () => {
    it("counts edits without regard to case", () => {
        expect(findNearest("MONTHLY_CHARGES", ["total_charge", "monthly_charge", "month"])).to.equal("monthly_charge");
    });
});
