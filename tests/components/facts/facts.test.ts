import { expect } from "chai";
import { findInstanceTypeFault, hasLocalStorage } from "../../../components/facts/instances.ts";
import { findPartition } from "../../../components/facts/partitions.ts";
import { buildImageRepositoryArn, buildImageUri, registryAccounts } from "../../../components/facts/sagemakerImages.ts";
import { findHyperparameterFault } from "../../../components/facts/xgboost.ts";

describe("facts", () => {
    it("know the image of every region they list, in the partition of the region", () => {
        expect(Object.keys(registryAccounts)).to.have.length(37);
        for (const [region, account] of Object.entries(registryAccounts)) {
            expect(account, region).to.match(/^\d{12}$/);
            expect(buildImageUri({ region, tag: "3.0-5" })).to.equal(`${account}.dkr.ecr.${region}.${findPartition(region).dnsSuffix}/sagemaker-xgboost:3.0-5`);
        }
        expect(buildImageUri({ region: "cn-north-1", tag: "1.7-1" })).to.equal("450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-xgboost:1.7-1");
        expect(buildImageRepositoryArn("us-gov-west-1")).to.equal("arn:aws-us-gov:ecr:us-gov-west-1:414596584902:repository/sagemaker-xgboost");
    });

    it("refuse a region without an image, and a text that is no region, saying what to write", () => {
        expect(() => buildImageUri({ region: "mx-central-1", tag: "3.0-5" })).to.throw(/got mx-central-1; fix: choose one of af-south-1/);
        expect(() => findPartition("Frankfurt")).to.throw(/got "Frankfurt"; fix:/);
    });

    it("know which machines encrypt their own disks", () => {
        for (const own of ["ml.m5d.large", "ml.c5d.xlarge", "ml.g5.xlarge", "ml.g4dn.xlarge", "ml.p4d.24xlarge", "ml.c6gd.large"]) expect(hasLocalStorage(own), own).to.equal(true);
        for (const other of ["ml.m5.large", "ml.c5.xlarge", "ml.c5n.xlarge", "ml.m6i.large", "ml.p3.2xlarge", "ml.r5.large"]) expect(hasLocalStorage(other), other).to.equal(false);
    });

    it("know which machines both kinds of jobs have", () => {
        for (const right of ["ml.m5.large", "ml.c5.xlarge", "ml.g5.24xlarge"]) expect(findInstanceTypeFault(right), right).to.equal(undefined);
        expect(findInstanceTypeFault("ml.t3.medium")).to.contain("batch transform");
        expect(findInstanceTypeFault("m5.large")).to.equal("must be a SageMaker instance type");
    });

    it("judge hyperparameters by the container's own ranges", () => {
        for (const [name, value] of [["eta", 0], ["eta", "0.3"], ["subsample", 1], ["max_depth", 0], ["num_round", 1], ["booster", "dart"]] as const) {
            expect(findHyperparameterFault(name, value), name).to.equal(undefined);
        }
        const wrong = [["eta", 1.1], ["subsample", 0], ["num_round", 0], ["num_round", 1.5], ["num_round", ""], ["booster", "tree"], ["toString", 1]] as const;
        for (const [name, value] of wrong) expect(findHyperparameterFault(name, value), `${name} ${value}`).to.be.a("string");
    });
});
