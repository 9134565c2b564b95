import { expect } from "chai";
import { buildModelJson, buildTarGz } from "../../../automation/preflight/artifact/samples.ts";
import { openMemoryArtifact } from "../../../automation/preflight/artifact/source.ts";
import { loadCheckedRules, runPreflight } from "../../../automation/preflight/runPreflight.ts";
import { rule as lostState } from "../../../automation/preflight/rules/F39.ts";
import { buildPlan } from "../../../automation/preflight/samples.ts";
import type { ApprovedModel } from "../../../lambdas/shared/documents.ts";
import type { Evidence } from "../../../automation/preflight/rule.ts";

function modelAt(modelDataUrl: string): ApprovedModel {
    return { modelId: "binary:churned", version: "1", modelDataUrl, schemaUrl: "", goldenUrl: "", trainingJobName: "job", trainingImage: "image:3.0-5" };
}

const ARTIFACT_RULES = ["F01", "F03", "F08", "F09", "F10", "F34", "F46"];

describe("preflight", () => {
    it("shows as passed nothing that it could not look at", async () => {
        const result = await runPreflight({ stack: "dev" });
        expect(result.passed).to.deep.equal([]);
        expect(result.findings).to.deep.equal([]);
        expect(result.notChecked.map(({ id }) => id)).to.deep.equal((await loadCheckedRules()).map(({ id }) => id));
        for (const { because } of result.notChecked) expect(because).not.to.equal("");
    });

    it("takes a check that fails by itself for not checked, with its reason", async () => {
        const artifact = { url: "s3://models/model.tar.gz", sizeBytes: 100, read: async () => { throw new Error("the network is gone"); } };
        const { passed, notChecked } = await runPreflight({ stack: "dev", artifact, servingImageTag: "3.0-5" }, { kinds: ["artifact"] });
        expect(passed).to.deep.equal([]);
        expect(notChecked.find(({ id }) => id === "F01")?.because).to.include("the network is gone");
    });

    it("runs the rules of the kinds that are asked for", async () => {
        const plan = buildPlan();
        const { passed, notChecked, notApplicable, findings } = await runPreflight({ stack: "dev", plans: { asIs: plan, endpointsOn: plan } }, { kinds: ["artifact"] });
        expect([...passed, ...notApplicable, ...notChecked.map(({ id }) => id), ...findings.map(({ id }) => id)].sort()).to.deep.equal(ARTIFACT_RULES);
    });

    it("tells what explains other findings before them", async () => {
        const { evidence } = lostState.mustFind.find(({ title }) => title.includes("about to make"))!;
        const plan = buildPlan();
        const { findings } = await runPreflight({ plans: { asIs: plan, endpointsOn: plan }, ...await evidence() }, { only: ["F22", "F39", "F14"] });
        expect([...new Set(findings.map(({ id }) => id))]).to.deep.equal(["F39", "F22"]);
    });

    it("looks at the artifact of every variant", async () => {
        const good = { approved: modelAt("s3://models/a/model.tar.gz"), artifact: openMemoryArtifact("s3://models/a/model.tar.gz", buildTarGz({ "xgboost-model": buildModelJson() })) };
        const bad = { approved: modelAt("s3://models/b/model.tar.gz"), artifact: openMemoryArtifact("s3://models/b/model.tar.gz", new Uint8Array(10)) };
        const onlyGood = await runPreflight({ stack: "dev", ...good, models: [good] });
        expect(onlyGood.passed).to.include("F01");
        const both = await runPreflight({ stack: "dev", ...good, models: [good, bad] });
        expect(both.passed).not.to.include("F01");
        expect(both.findings.filter(({ id }) => id === "F01").map(({ where }) => where)).to.deep.equal(["dev/s3://models/b/model.tar.gz"]);
    });

    it("shows a model whose artifact is gone no other artifact in its place", async () => {
        const artifact = openMemoryArtifact("s3://models/a/model.tar.gz", buildTarGz({ "xgboost-model": buildModelJson() }));
        const good = { approved: { ...modelAt("s3://models/a/output/model.tar.gz"), schemaUrl: "s3://models/a/schema.json" }, artifact };
        const gone = { approved: { ...modelAt("s3://models/b/output/model.tar.gz"), schemaUrl: "s3://models/b/schema.json" } };
        const { findings } = await runPreflight({ stack: "dev", ...good, models: [good, gone] });
        expect(findings.map(({ id, what }) => `${id} ${what}`)).to.deep.equal(["F10 the approved model s3://models/b/output/model.tar.gz does not exist"]);
    });

    it("counts a rule in one place only", async () => {
        const evidence: Evidence = { stack: "dev", artifact: openMemoryArtifact("s3://models/model.tar.gz", new Uint8Array()), servingImageTag: "3.0-5" };
        const { passed, notChecked, findings } = await runPreflight(evidence);
        const ids = [...passed, ...notChecked.map(({ id }) => id), ...new Set(findings.map(({ id }) => id))];
        expect(ids).to.have.length(new Set(ids).size);
        expect(findings.map(({ id }) => id)).to.deep.equal(["F01"]);
    });
});
