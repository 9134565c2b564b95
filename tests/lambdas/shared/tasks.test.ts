import { expect } from "chai";
import { buildHyperparameters, buildTransformOutputFilter, tasks } from "../../../lambdas/shared/tasks.ts";

describe("the tasks", () => {
    it("use auc only with a binary objective, as the container demands", () => {
        for (const { evalMetric, objective } of Object.values(tasks)) {
            if (evalMetric === "auc") expect(objective).to.match(/^(binary|rank):/);
        }
        expect(tasks.binary.evalMetric).to.equal("auc");
    });

    it("name classes for the softprob objective only", () => {
        expect(buildHyperparameters("multiclass", 4, {})).to.include({ objective: "multi:softprob", num_class: "4" });
        expect(buildHyperparameters("binary", 2, {})).to.not.have.property("num_class");
        expect(buildHyperparameters("regression", 1, {})).to.include({ objective: "reg:squarederror", eval_metric: "rmse" });
    });

    it("stop early, repeatably, and leave rare classes unweighted unless configured", () => {
        expect(buildHyperparameters("binary", 2, {})).to.include({ early_stopping_rounds: "20", seed: "1" }).and.not.have.property("scale_pos_weight");
        expect(buildHyperparameters("binary", 2, { scale_pos_weight: 9, num_round: 5 })).to.include({ scale_pos_weight: "9", num_round: "5" });
    });

    it("take the label and as many scores as the task has from the transform's output", () => {
        expect(buildTransformOutputFilter("binary", 2)).to.equal("$[0,-1]");
        expect(buildTransformOutputFilter("regression", 1)).to.equal("$[0,-1]");
        expect(buildTransformOutputFilter("multiclass", 3)).to.equal("$[0,-3,-2,-1]");
    });
});
