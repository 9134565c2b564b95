/** Names as people give them to pull requests, stacks and projects, through the whole command. */
import type { AlarmCase } from "./alarmCase.ts";

/** Long, and with longer names than those of the other four. */
const REGION = "ap-northeast-1";
const VALUES = { "aws:region": REGION, "firstlight:data": { label: "churned" } };

const SUFFIXES_TAKEN = ["a", "7", "PR_4095", "-x-", "a--b", "A1B2C3", "Feature_Branch_12345"];
const SUFFIXES_REFUSED = ["feature.x", "pr 7", "größe", "修正", "---", "123456789012345678901", "a/b", "pr:7"];
const STACKS_TAKEN = ["Prod_EU", "dev.2", "2nd-team", "x", "an-environment-with-a-name-of-fifty-one-characters1"];
const PROJECTS_TAKEN = ["My_Platform", "ml.platform", "7days"];
const PROJECTS_REFUSED = ["aws-platform", "sg", "___"];

const REFUSED_SUFFIX = /F27 .+\/ENVIRONMENT_SUFFIX: must be 1 to 20 letters, digits, - and _, got .*; fix: .*/;
const REFUSED_PROJECT = /Pulumi\.yaml name: begins with aws.*; fix: .*|F31 \S+: makes names that AWS refuses, .*; fix: .*/;

export function createNameCases(): readonly AlarmCase[] {
    return [
        ...SUFFIXES_TAKEN.map((suffix) => buildCase(`suffix ${suffix}`, { suffix })),
        ...SUFFIXES_REFUSED.map((suffix) => buildCase(`suffix ${suffix}`, { suffix, refusal: REFUSED_SUFFIX })),
        ...STACKS_TAKEN.map((stack) => buildCase(`stack's name ${stack}`, { stack })),
        ...PROJECTS_TAKEN.map((project) => buildCase(`project's name ${project}`, { project })),
        ...PROJECTS_REFUSED.map((project) => buildCase(`project's name ${project}`, { project, refusal: REFUSED_PROJECT })),
    ];
}

interface Named {
    readonly suffix?: string;
    readonly stack?: string;
    readonly project?: string;
    readonly refusal?: RegExp;
}

function buildCase(id: string, { suffix, stack = "dev", project, refusal }: Named): AlarmCase {
    return {
        id, group: "name", region: REGION, keys: [],
        settings: { stack, values: VALUES, ...(project === undefined ? {} : { project }) },
        ...(suffix === undefined ? {} : { suffix }), ...(refusal === undefined ? {} : { refusal }),
    };
}
