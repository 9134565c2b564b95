/**
 * Which releases of a provider's plugin there are. npm may carry a package whose plugin nobody can download: the engine then stops at the
 * first resource of the package.
 */
/** Of one plugin. */
export interface PluginReleases {
    /** Newest release that is known; what is newer is not told by this table. */
    readonly newest: string;
    /** Versions that npm has as packages, and upstream has no tag of. @default none is known */
    readonly neverReleased?: readonly string[];
    /** Where releases are tagged. */
    readonly source: string;
}

/** By the plugin's name. Tags of the repositories read on 2026-11-21 (aws, awsx and random: npm's newest beside them). */
export const pluginReleases: Readonly<Record<string, PluginReleases>> = {
    aws: { newest: "7.48.0", source: "https://github.com/pulumi/pulumi-aws/tags" },
    awsx: { newest: "3.9.0", source: "https://github.com/pulumi/pulumi-awsx/tags" },
    // npm's `latest` is 4.5.0 of 2026-04-07; 1.2.1 of 2026-05-17 is the newest that upstream has tagged.
    command: { newest: "1.2.1", neverReleased: ["4.5.0"], source: "https://github.com/pulumi/pulumi-command/tags" },
    random: { newest: "4.21.2", source: "https://github.com/pulumi/pulumi-random/tags" },
};
