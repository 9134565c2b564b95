/** What the generator of set-ups leaves out, because it means nothing: the parser must refuse each, at the key that is wrong. */

export interface ExcludedSetUp {
    readonly title: string;
    readonly stack: "dev" | "prod";
    /** Below `firstlight:`. */
    readonly values: Readonly<Record<string, unknown>>;
    /** Where the refusal points, without `firstlight:`. */
    readonly key: string;
}

const ONCALL = { emails: ["ml-oncall@example.com"] };

export const EXCLUDED: readonly ExcludedSetUp[] = [
    { title: "spot capacity in prod", stack: "prod", values: { alerts: ONCALL, training: { spot: true } }, key: "training.spot" },
    { title: "data that goes with the stack in prod", stack: "prod", values: { alerts: ONCALL, destroyData: true }, key: "destroyData" },
    { title: "prod that tells nobody", stack: "prod", values: {}, key: "alerts.emails" },
    { title: "pages of anybody in prod", stack: "prod", values: { alerts: ONCALL, api: { corsOrigins: ["*"] } }, key: "api.corsOrigins" },
    { title: "open routes in prod", stack: "prod", values: { alerts: ONCALL, api: { openRoutes: ["GET /models"] } }, key: "api.openRoutes" },
    { title: "shards of a stream on demand", stack: "dev", values: { stream: { mode: "on-demand", shards: 2 } }, key: "stream.shards" },
    { title: "shards where the preset's stream is on demand", stack: "prod", values: { alerts: ONCALL, stream: { shards: 2 } }, key: "stream.shards" },
    { title: "an archive too soon", stack: "dev", values: { storage: { infrequentAccessDays: 70 } }, key: "storage.archiveDays" },
    { title: "an end before the archive", stack: "dev", values: { storage: { archiveDays: 400 } }, key: "storage.expireDays" },
    { title: "weights that are not all", stack: "dev", values: { abTest: { weights: { champion: 90, challenger: 20 } } }, key: "abTest.weights" },
    { title: "a label that is ignored", stack: "dev", values: { data: { label: "y", ignore: ["y"] } }, key: "data.ignore" },
    { title: "an instance type that batch transform has not", stack: "dev", values: { training: { instanceType: "ml.t3.medium" } }, key: "training.instanceType" },
    { title: "tokens for anybody", stack: "dev", values: { api: { jwt: { issuer: "https://login.example.com/" } } }, key: "api.jwt.audiences" },
    { title: "a range of addresses that is not private", stack: "dev", values: { network: { cidr: "8.8.0.0/16" } }, key: "network.cidr" },
    { title: "a tag that is the program's", stack: "dev", values: { tags: { Project: "other" } }, key: "tags" },
    { title: "a tag that IAM takes for the program's", stack: "dev", values: { tags: { project: "other" } }, key: "tags" },
    { title: "two tags that IAM takes for one", stack: "dev", values: { tags: { team: "a", Team: "b" } }, key: "tags" },
    { title: "more tags than a resource takes", stack: "dev", values: { tags: Object.fromEntries(Array.from({ length: 48 }, (_each, index) => [`tag${index}`, "x"])) }, key: "tags" },
    { title: "a cron expression with two kinds of days", stack: "dev", values: { training: { schedule: "cron(0 3 * * * *)" } }, key: "training.schedule" },
];
