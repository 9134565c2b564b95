/** What may be spent in a month, and when somebody is told. */

/** Percent of the budget. */
const NOTIFICATIONS = [
    { notificationType: "FORECASTED", threshold: 80 },
    { notificationType: "ACTUAL", threshold: 100 },
] as const;

export function buildBudgetNotifications(topicArn: string) {
    return NOTIFICATIONS.map((notification) => ({
        ...notification, thresholdType: "PERCENTAGE", comparisonOperator: "GREATER_THAN", subscriberSnsTopicArns: [topicArn],
    }));
}

/**
 * Only what carries both tags counts. Their keys must be activated as cost allocation tags once in the account, else nothing is counted:
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 * The form, `user:<key>$<value>`: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html
 */
export function buildCostFilters(tags: Readonly<Record<string, string>>) {
    return [{ name: "TagKeyValue", values: ["Project", "Environment"].map((key) => `user:${key}$${tags[key] ?? ""}`) }];
}
