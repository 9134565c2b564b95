/** What is wrong in the API and the inference endpoints. */
import { add, drop, find, loosen, set } from "../draft.ts";
import type { Draft } from "../draft.ts";
import type { PreflightMutation } from "../mutation.ts";

const PREFIX = "firstlight-dev-champion";

/** Leads nowhere. */
function cutOff(draft: Draft): void {
    for (const route of find(draft, "api-models-route")) {
        delete route.inputs["target"];
        delete route.propertyDependencies["target"];
    }
}

/** Zones of us-east-1 that VPC links do not have are known by their ids alone. */
function linkWrongZone(draft: Draft): void {
    const [subnet] = find(draft, "network-private-1", "ec2/subnet");
    for (const { inputs } of find(draft, "network-private-1", "ec2/subnet")) inputs["availabilityZoneId"] = "use1-az3";
    const urns = subnet === undefined ? [] : [subnet.urn];
    void add({
        type: "aws:apigatewayv2/vpcLink:VpcLink", name: "services-link", inputs: { name: "firstlight-staging-services", subnetIds: ["<id of network-private-1>"] },
        dependencies: urns, propertyDependencies: { subnetIds: urns },
    })(draft);
}

export const servingMutations: readonly PreflightMutation[] = [
    { rule: "F02", words: "an endpoint configuration with a fixed name", where: `${PREFIX}-config`, edits: [set(`${PREFIX}-config`, "name", PREFIX)] },
    {
        rule: "F02", words: "an endpoint that nothing waits for", where: "champion-endpoint", edits: [loosen("champion-endpoint", "::champion-endpoint-guard")],
        also: {
            F57: "the guard is also what waits for the endpoint's end, before its role goes",
            F58: "the guard is also what stands between the configuration and the endpoint",
        },
    },
    { rule: "F26", words: "a route that leads nowhere", where: "api-models-route", edits: [cutOff] },
    { rule: "F26", words: "a function that the API may not call", where: "api-models-route", edits: [drop("api-models-permission")] },
    { rule: "F52", words: "a serverless endpoint whose model is in a network", command: "refused", where: `${PREFIX}-config`, edits: [set(`${PREFIX}-model`, "vpcConfig", { subnets: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-0123456789abcdef0"] })] },
    { rule: "F57", words: "a role's policy that may go before its endpoint", where: "champion-endpoint", edits: [loosen("champion-endpoint-guard", "::serving-policy"), loosen(`${PREFIX}-model`, "::serving-policy")] },
    { rule: "F64", words: "a VPC link into a zone that has none", stack: "staging", where: "network-private-1", edits: [linkWrongZone] },
    { rule: "F67", words: "a route that is open to everybody", where: "api-models-route", edits: [set("api-models-route", "authorizationType", "NONE")] },
];
