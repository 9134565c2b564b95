/** `aws:budgets/budget:Budget`. Without `costTypes`: the rehearsal cloud does not fill in what AWS counts by itself. */
import {
    CreateBudgetCommand, CreateNotificationCommand, DeleteBudgetCommand, DeleteNotificationCommand, DescribeBudgetCommand,
    DescribeNotificationsForBudgetCommand, DescribeSubscribersForNotificationCommand, ListTagsForResourceCommand, TagResourceCommand,
    UntagResourceCommand, UpdateBudgetCommand, type Budget, type BudgetType, type ComparisonOperator, type Notification,
    type NotificationType, type NotificationWithSubscribers, type Subscriber, type ThresholdType, type TimeUnit,
} from "@aws-sdk/client-budgets";
import type { PropertyMap } from "../../engine/provider.ts";
import { whenKnown } from "./arn.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { amount, maps, reported, requiredText, text, texts } from "./inputs.ts";
import type { Place } from "./place.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recordedReplaces, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, readTags, tagChange, tagList, toTagList } from "./tags.ts";
import { unless } from "./wait.ts";

const GONE = ["NotFoundException"];

/** Budgets belong to the account, in no region. */
function budgetArn({ partition, accountId }: Place, name: string): string {
    return `arn:${partition}:budgets::${accountId}:budget/${name}`;
}

/** The provider's id is `<account>:<name>`. */
function nameOf(id: string): string {
    return id.slice(id.indexOf(":") + 1);
}

function toBudget(inputs: PropertyMap): Budget {
    return {
        BudgetName: requiredText(inputs, "name"),
        BudgetType: requiredText(inputs, "budgetType") as BudgetType,
        TimeUnit: requiredText(inputs, "timeUnit") as TimeUnit,
        BudgetLimit: { Amount: requiredText(inputs, "limitAmount"), Unit: requiredText(inputs, "limitUnit") },
        CostFilters: Object.fromEntries((maps(inputs, "costFilters") ?? []).map((filter) => [requiredText(filter, "name"), texts(filter, "values") ?? []])),
    };
}

function toNotifications(inputs: PropertyMap): NotificationWithSubscribers[] {
    return (maps(inputs, "notifications") ?? []).map((entry) => ({
        Notification: {
            NotificationType: requiredText(entry, "notificationType") as NotificationType,
            ComparisonOperator: requiredText(entry, "comparisonOperator") as ComparisonOperator,
            Threshold: amount(entry, "threshold"),
            ThresholdType: requiredText(entry, "thresholdType") as ThresholdType,
        },
        Subscribers: [
            ...(texts(entry, "subscriberSnsTopicArns") ?? []).map((Address): Subscriber => ({ SubscriptionType: "SNS", Address })),
            ...(texts(entry, "subscriberEmailAddresses") ?? []).map((Address): Subscriber => ({ SubscriptionType: "EMAIL", Address })),
        ],
    }));
}

async function readNotifications(name: string, { clients, place }: HandlerContext): Promise<PropertyMap[]> {
    const budget = { AccountId: place.accountId, BudgetName: name };
    const { Notifications = [] } = await clients.budgets.send(new DescribeNotificationsForBudgetCommand(budget));
    return Promise.all(Notifications.map(async (found) => {
        const { NotificationState: _state, ...Notification } = found;
        const { Subscribers = [] } = await clients.budgets.send(new DescribeSubscribersForNotificationCommand({ ...budget, Notification }));
        return fromNotification(found, Subscribers);
    }));
}

function fromNotification(found: Notification, subscribers: readonly Subscriber[]): PropertyMap {
    const of = (kind: string) => subscribers.filter(({ SubscriptionType }) => SubscriptionType === kind).map(({ Address = "" }) => Address);
    const present = (list: readonly string[]) => (list.length === 0 ? undefined : list);
    return reported({
        notificationType: found.NotificationType,
        comparisonOperator: found.ComparisonOperator,
        threshold: found.Threshold,
        thresholdType: found.ThresholdType,
        subscriberSnsTopicArns: present(of("SNS")),
        subscriberEmailAddresses: present(of("EMAIL")),
    });
}

/** Notifications have no names: changed ones are taken away and made anew. */
async function setNotifications(oldInputs: PropertyMap, inputs: PropertyMap, { clients, place }: HandlerContext): Promise<void> {
    if (!hasChanged(oldInputs, inputs, "notifications")) return;
    const budget = { AccountId: place.accountId, BudgetName: requiredText(inputs, "name") };
    for (const { Notification } of toNotifications(oldInputs)) await clients.budgets.send(new DeleteNotificationCommand({ ...budget, Notification }));
    for (const entry of toNotifications(inputs)) await clients.budgets.send(new CreateNotificationCommand({ ...budget, ...entry }));
}

export const budget: ResourceDefinition = {
    table: {
        type: "aws:budgets/budget:Budget",
        source: registryPage("budgets/budget"),
        inputs: {
            accountId: recordedReplaces,
            name: appliedReplaces,
            budgetType: applied,
            timeUnit: applied,
            limitAmount: applied,
            limitUnit: applied,
            "costFilters.name": applied,
            "costFilters.values": applied,
            "notifications.notificationType": applied,
            "notifications.comparisonOperator": applied,
            "notifications.threshold": applied,
            "notifications.thresholdType": applied,
            "notifications.subscriberSnsTopicArns": applied,
            "notifications.subscriberEmailAddresses": applied,
            tags: appliedFree,
        },
        outputs: [
            "accountId", "arn", "autoAdjustData", "billingViewArn", "budgetType", "costFilters", "costTypes", "filterExpression", "limitAmount",
            "limitUnit", "metrics", "name", "namePrefix", "notifications", "plannedLimits", "tags", "tagsAll", "timePeriodEnd",
            "timePeriodStart", "timeUnit",
        ],
        autoName: { property: "name", maxLength: 100 },
    },
    predict: ({ inputs }, place) => ({
        id: whenKnown(inputs["name"], (name) => `${place.accountId}:${name}`),
        outputs: { arn: whenKnown(inputs["name"], (name) => budgetArn(place, name)), accountId: place.accountId, tagsAll: inputs["tags"] ?? {} },
    }),
    async create({ inputs }, { clients, place }) {
        await clients.budgets.send(new CreateBudgetCommand({
            AccountId: place.accountId, Budget: toBudget(inputs), NotificationsWithSubscribers: toNotifications(inputs), ResourceTags: tagList(inputs),
        }));
        return `${place.accountId}:${requiredText(inputs, "name")}`;
    },
    async read({ id, inputs }, context) {
        const { clients, place } = context;
        const BudgetName = nameOf(id);
        const found = (await unless(GONE, () => clients.budgets.send(new DescribeBudgetCommand({ AccountId: place.accountId, BudgetName }))))?.Budget;
        if (found === undefined) return undefined;
        const arn = budgetArn(place, BudgetName);
        const { ResourceTags } = await clients.budgets.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
        const notifications = await readNotifications(BudgetName, context);
        const costFilters = Object.entries(found.CostFilters ?? {}).map(([name, values]) => ({ name, values }));
        const values = reported({
            name: BudgetName,
            budgetType: found.BudgetType,
            timeUnit: found.TimeUnit,
            // As it was asked: AWS answers `100` with `100.0`.
            limitAmount: sameAmount(text(inputs, "limitAmount"), found.BudgetLimit?.Amount),
            limitUnit: found.BudgetLimit?.Unit,
            costFilters: costFilters.length === 0 ? undefined : costFilters,
            notifications: notifications.length === 0 ? undefined : notifications,
        });
        return observeTagged({
            id, values, tags: readTags(ResourceTags),
            computed: { arn, accountId: place.accountId, namePrefix: "", timePeriodStart: formatTime(found.TimePeriod?.Start), timePeriodEnd: formatTime(found.TimePeriod?.End) },
        });
    },
    async update({ inputs, oldInputs, oldOutputs }, context) {
        const { clients, place } = context;
        await clients.budgets.send(new UpdateBudgetCommand({ AccountId: place.accountId, NewBudget: toBudget(inputs) }));
        await setNotifications(oldInputs, inputs, context);
        const ResourceARN = requiredText(oldOutputs, "arn");
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (tags) => clients.budgets.send(new TagResourceCommand({ ResourceARN, ResourceTags: toTagList(tags) })),
            (ResourceTagKeys) => clients.budgets.send(new UntagResourceCommand({ ResourceARN, ResourceTagKeys })),
        );
    },
    async delete({ id }, { clients, place }) {
        await unless(GONE, () => clients.budgets.send(new DeleteBudgetCommand({ AccountId: place.accountId, BudgetName: nameOf(id) })));
    },
};

function sameAmount(asked: string | undefined, actual: string | undefined): string | undefined {
    return asked !== undefined && Number(asked) === Number(actual) ? asked : actual;
}

/** `2026-11-01_00:00`, as the provider writes it. */
function formatTime(time: Date | undefined): string | undefined {
    return time?.toISOString().slice(0, 16).replace("T", "_");
}
