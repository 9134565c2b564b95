/** `aws:cloudwatch/dashboard:Dashboard`. */
import { DeleteDashboardsCommand, GetDashboardCommand, PutDashboardCommand } from "@aws-sdk/client-cloudwatch";
import type { PropertyMap } from "../../engine/provider.ts";
import { whenKnown } from "./arn.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { asAsked } from "./documents.ts";
import { requiredText, text } from "./inputs.ts";
import { appliedFree, appliedReplaces, region, registryPage } from "./rules.ts";
import { unless } from "./wait.ts";

const GONE = ["ResourceNotFound", "DashboardNotFoundError"];

async function putDashboard(inputs: PropertyMap, { clients }: HandlerContext): Promise<void> {
    const DashboardName = requiredText(inputs, "dashboardName");
    const answer = await clients.cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody: requiredText(inputs, "dashboardBody") }));
    // CloudWatch keeps a dashboard that it does not understand in part, and says so.
    const [first] = answer.DashboardValidationMessages ?? [];
    if (first !== undefined) throw new Error(`dashboard ${DashboardName}: ${first.DataPath}: ${first.Message}`);
}

export const dashboard: ResourceDefinition = {
    table: {
        type: "aws:cloudwatch/dashboard:Dashboard",
        source: registryPage("cloudwatch/dashboard"),
        inputs: { ...region, dashboardName: appliedReplaces, dashboardBody: appliedFree },
        outputs: ["dashboardArn", "dashboardBody", "dashboardName", "region"],
    },
    predict: ({ inputs }, place) => ({
        id: whenKnown(inputs["dashboardName"], (name) => name),
        // Dashboards are seen from every region: their ARN has none.
        outputs: {
            dashboardArn: whenKnown(inputs["dashboardName"], (name) => `arn:${place.partition}:cloudwatch::${place.accountId}:dashboard/${name}`),
            region: place.region,
        },
    }),
    async create({ inputs }, context) {
        await putDashboard(inputs, context);
        return requiredText(inputs, "dashboardName");
    },
    async read({ id, inputs }, { clients, place }) {
        const found = await unless(GONE, () => clients.cloudwatch.send(new GetDashboardCommand({ DashboardName: id })));
        if (found?.DashboardArn === undefined) return undefined;
        const values = { dashboardName: id, dashboardBody: asAsked(text(inputs, "dashboardBody"), found.DashboardBody) ?? "" };
        return { id, inputs: values, outputs: { ...values, dashboardArn: found.DashboardArn, region: place.region } };
    },
    async update({ inputs }, context) {
        await putDashboard(inputs, context);
    },
    async delete({ id }, { clients }) {
        await unless(GONE, () => clients.cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [id] })));
    },
};
