/** Every option of the driver, as data: parsing, the help and docs/commands.md are made from it. */

export interface OptionSpec {
    readonly name: string;
    /** What stands for its value in the help; absent for a switch. */
    readonly value?: string;
    readonly text: string;
    /** May be given several times; the order among all such options counts. @default false */
    readonly repeats?: boolean;
    /** Environment variable that says the same; the command line wins. */
    readonly variable?: string;
    /** Whether all commands take it, or all that change something; the others are named by the commands. */
    readonly takenBy?: "all" | "changing";
}

export const OPTIONS: readonly OptionSpec[] = [
    { name: "stack", value: "NAME", text: "stack whose file Pulumi.NAME.yaml is read; needed", variable: "FIRSTLIGHT_STACK", takenBy: "all" },
    { name: "suffix", value: "TEXT", text: "environment of its own beside the stack, for a pull request: pr123", variable: "ENVIRONMENT_SUFFIX", takenBy: "all" },
    { name: "from", value: "PHASE", text: "first phase; default preflight" },
    { name: "until", value: "PHASE", text: "last phase; default verify" },
    { name: "data", value: "FILE", text: "CSV file to train on; default data/customer-churn.csv" },
    { name: "offline", text: "ask AWS nothing; what needs the account is listed as not checked" },
    { name: "only", value: "RULES", text: "look at these rules alone: F21,F22" },
    { name: "skip", value: "RULE", text: "leave a rule out; needs --because right after it; both may be repeated", repeats: true },
    { name: "because", value: "TEXT", text: "why the rule before it is left out; stands in every report", repeats: true },
    { name: "strict", text: "a rule that could not be checked stops as a finding does" },
    { name: "sarif", value: "FILE", text: "write what was found for code scanning, as SARIF 2.1.0" },
    { name: "forecast", text: "tell what the deployment would take and cost: times with the critical path, prices idle and with a load" },
    { name: "load", value: "LIST", text: "a month's work for the forecast; default requests=100000,rows=100000,gb=0.1 and runs by the schedule" },
    { name: "forecast-file", value: "FILE", text: "write the forecast as JSON as well" },
    { name: "deploy-role", text: "print the policies that deploying this stack needs, as JSON by name, and end" },
    { name: "preflight-role", text: "print the read-only policies that preflight needs, as JSON by name, and end" },
    { name: "explain", value: "RULE", text: "tell the story of a rule, and end; needs no stack" },
    { name: "no-refresh", text: "do not look first whether somebody changed resources outside of this program" },
    { name: "report", value: "FILE", text: "where the HTML report is written; default below .firstlight/reports, where the newest ten are kept" },
    { name: "delete-data", text: "also take what is protected: tables, buckets with what is in them; needs --confirm" },
    { name: "apply", text: "delete; without it, only say what would be deleted" },
    { name: "state-lost", text: "the states are lost: sweep also where the backend knows no stack of this project in the account" },
    { name: "yes", text: "do not ask before something is changed", variable: "FIRSTLIGHT_YES", takenBy: "changing" },
    { name: "confirm", value: "STACK", text: "the stack's name once more, instead of typing it, where --yes is not enough: preset prod, --delete-data", takenBy: "changing" },
    { name: "json", value: "FILE", text: "write all events, one JSON document per line; - is stdout, and then people's lines go to stderr", variable: "FIRSTLIGHT_JSON", takenBy: "all" },
    { name: "timeout", value: "TIME", text: "end as Ctrl+C does after this time: 90s, 45m, 1h30m; default none", variable: "FIRSTLIGHT_TIMEOUT", takenBy: "all" },
    { name: "diagnose", text: "write a bundle for somebody who helps, without secrets, when the command has ended", takenBy: "all" },
    { name: "allow-emulator", text: "work with what the environment names instead of AWS, and with stand-in providers", takenBy: "all" },
    { name: "help", text: "this text, or that of the command", takenBy: "all" },
];
