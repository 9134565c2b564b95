/** `aws:cloudwatch/queryDefinition:QueryDefinition`. The rehearsal cloud has no saved queries: it is kept in state, and nowhere else. */
import { randomUUID } from "node:crypto";
import { UNKNOWN } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import type { LocalDefinition } from "./definition.ts";
import { requiredText } from "./inputs.ts";
import { recorded, region, registryPage } from "./rules.ts";

export const queryDefinition: LocalDefinition = {
    table: {
        type: "aws:cloudwatch/queryDefinition:QueryDefinition",
        source: registryPage("cloudwatch/querydefinition"),
        inputs: { ...region, name: recorded, logGroupNames: recorded, queryString: recorded },
        outputs: ["arn", "logGroupNames", "name", "queryDefinitionId", "queryString", "region"],
    },
    predict: (_request, place) => ({ id: UNKNOWN, outputs: { region: place.region } }),
    async create({ inputs }, { place }) {
        requiredText(inputs, "name");
        requiredText(inputs, "queryString");
        const queryDefinitionId = randomUUID();
        return { id: queryDefinitionId, outputs: { ...inputs, queryDefinitionId, arn: regionalArn(place, "logs", `query-definition:${queryDefinitionId}`), region: place.region } };
    },
    async update({ id, inputs, oldOutputs }) {
        return { id, outputs: { ...oldOutputs, ...inputs } };
    },
    async delete() {
        // It was in no cloud.
    },
};
