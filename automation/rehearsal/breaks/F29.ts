/** F29: jobs run in isolated subnets, and the gateway endpoint for S3 is on none of their route tables. */
import type { Break } from "./break.ts";

const VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

export const broken: Break = {
    id: "F29",
    what: "the gateway endpoint for S3 loses its route tables, so that private jobs have no way to their data",
    needs: "nothing",
    stopsAt: "train",
    message: /download/i,
    onAws: "a quarter of an hour into the training job, when its downloads have given up",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html",
    setup: { configuration: { training: { private: true } } },
    transformInputs({ type }, inputs) {
        const isMeant = type === VPC_ENDPOINT && String(inputs["serviceName"]).endsWith(".s3");
        return isMeant ? { ...inputs, routeTableIds: [] } : inputs;
    },
};
