/** F70: the provider that a package asks for was released. */
import { pluginReleases } from "../../../components/facts/pluginReleases.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding, SdkPackage } from "../rule.ts";

export const rule = defineRule({
    id: "F70",
    kind: "config",
    needs: ["packages"],
    title: "Every package names a provider version that exists",
    story: "npm's latest @pulumi/command is 4.5.0, and asks the engine for a plugin 4.5.0 that upstream has never tagged; the real line "
        + "ends with 1.2.1. What type-checks and passes every test with mocks then stops at the first resource, because its plugin "
        + "cannot be downloaded.",
    source: "https://github.com/pulumi/pulumi-command/tags",
    prevention: "Versions are pinned exactly, and the lock file keeps them.",
    fix: "pin the newest version that upstream has tagged, exactly: npm install --save-exact @pulumi/command@1.2.1",
    applies: ({ packages }) => packages.length > 0,
    check({ stack, packages }): CheckResult {
        const missing = packages.filter(({ pluginVersion }) => pluginVersion === undefined).map(({ name }) => name);
        const findings = packages.flatMap((each) => checkPackage(each, stack));
        return { findings, ...(missing.length === 0 ? {} : { open: `${missing.join(", ")} is not installed (npm ci)` }) };
    },
    mustFind: [
        { title: "npm's latest @pulumi/command", evidence: () => buildEvidence({ pluginVersion: "4.5.0" }) },
        { title: "a line of releases that nobody knows", evidence: () => buildEvidence({ pluginVersion: "2.0.0" }) },
        { title: "a range, which the next install fills with npm's latest", evidence: () => buildEvidence({ wanted: ">=1.2.1" }) },
        { title: "the tag latest", evidence: () => buildEvidence({ wanted: "latest" }) },
    ],
    mustPass: [
        { title: "the newest release", evidence: () => buildEvidence({}) },
        { title: "an older release of the line", evidence: () => buildEvidence({ wanted: "1.1.3", pluginVersion: "1.1.3" }) },
        { title: "a newer release of the line", evidence: () => buildEvidence({ wanted: "1.3.0", pluginVersion: "1.3.0" }) },
        { title: "a caret, which stays within the line", evidence: () => buildEvidence({ wanted: "^1.2.1" }) },
        {
            title: "a provider that the table does not have",
            evidence: () => buildEvidence({ name: "@pulumi/tls", plugin: "tls", wanted: "9.0.0", pluginVersion: "9.0.0" }),
        },
    ],
});

function checkPackage({ name, wanted, plugin, pluginVersion }: SdkPackage, stack: string): Finding[] {
    const known = pluginReleases[plugin];
    if (known === undefined || pluginVersion === undefined) return [];
    const where = `${stack}/package.json ${name}`;
    const fix = `npm install --save-exact ${name}@${known.newest}`;
    if (known.neverReleased?.includes(pluginVersion) === true) {
        const what = `version ${pluginVersion} wants a plugin ${plugin} of that version, which was never released (${known.source})`;
        return [{ severity: "blocker", where, packageName: name, fix, what }];
    }
    if (majorOf(pluginVersion) > majorOf(known.newest)) {
        const what = `no plugin ${plugin} of the line of ${pluginVersion} is known; the newest was ${known.newest} (${known.source})`;
        return [{ severity: "warning", where, packageName: name, fix, what }];
    }
    const lures = (known.neverReleased ?? []).filter((version) => reaches(wanted, version));
    if (lures.length === 0) return [];
    const what = `${JSON.stringify(wanted)} also takes ${lures.join(", ")}, whose plugin was never released`;
    return [{ severity: "warning", where, packageName: name, fix, what }];
}

/** Whether an install may come to that version; a caret, a tilde and an exact version stay within their major. */
function reaches(wanted: string, version: string): boolean {
    const exact = /^[~^=v]?(\d+)(\.\d+)*/.exec(wanted);
    return exact === null || Number(exact[1]) === majorOf(version);
}

function majorOf(version: string): number {
    return Number.parseInt(version, 10);
}

function buildEvidence(sample: Partial<SdkPackage>): Evidence {
    return { stack: "dev", packages: [{ name: "@pulumi/command", wanted: "1.2.1", plugin: "command", pluginVersion: "1.2.1", ...sample }] };
}
