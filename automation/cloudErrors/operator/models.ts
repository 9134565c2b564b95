/** Model artifacts that SageMaker or its container cannot use, and jobs. */
import type { ErrorEntry } from "../errorClass.ts";

const TRAIN = "`node automation/deploy.ts train --stack STACK` makes a new artifact by the container that serves it; put none in place by hand";

export const modelEntries: readonly ErrorEntry[] = [
    {
        id: "model-archive-invalid", failure: "F01",
        words: /Failed to extract model data archive/,
        what: "the model's artifact is no gzipped tar archive",
        fix: TRAIN,
        source: "https://github.com/aws/deep-learning-containers/pull/569",
    },
    {
        id: "model-archive-missing", failure: "F10",
        words: /Could not find model data at s3:|Failed to download model data for container/,
        what: "the model's artifact does not exist, or the serving role may not read it",
        fix: TRAIN,
        source: "https://github.com/aws/sagemaker-python-sdk/issues/608",
    },
    {
        id: "model-file-misplaced", failure: "F08",
        words: /No such file or directory: '\/opt\/ml\/model\/xgboost-model'/,
        what: "the archive has no file xgboost-model at its top",
        fix: TRAIN,
        source: "https://github.com/aws-samples/amazon-sagemaker-local-mode/issues/15",
    },
    {
        id: "model-of-other-version", failure: "F09",
        words: /\bUnpicklingError\b/,
        what: "the model was written by another version of XGBoost than the one that reads it",
        fix: TRAIN,
        source: "https://github.com/aws/amazon-sagemaker-examples/issues/2952",
    },
    {
        id: "setuptools-missing", failure: "F04",
        words: /\bpkg_resources'? is not defined\b|No module named '?pkg_resources\b/,
        what: "an old XGBoost runs in a Python without setuptools",
        fix: "use the pinned environment that the rehearsal makes, or install setuptools below version 81 beside that XGBoost",
        source: "https://github.com/dmlc/xgboost/issues/10265",
    },
    {
        id: "job-name-taken", failure: "F63",
        words: /job names must be unique within an AWS account and region/,
        what: "a job of that name was there before, and SageMaker gives no name twice",
        fix: "start a new run, which reckons new names: `node automation/deploy.ts train --stack STACK`; do not redrive the old one",
        source: "https://github.com/SuperCowPowers/workbench/issues/384",
    },
];
