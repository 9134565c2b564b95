/** Pulumi: its backend, its state, its settings, its refusals. */
import type { ErrorEntry } from "../errorClass.ts";

export const engineEntries: readonly ErrorEntry[] = [
    {
        id: "state-bucket-missing", failure: "F33",
        words: /"\.pulumi\/[^\n]{0,200}\bNoSuchBucket\b|\bunable to open bucket\b|bucket s3:\/\/\S{1,200} is not accessible/,
        what: "the place where the state should lie does not exist",
        fix: "make it with `node automation/deploy.ts bootstrap --stack STACK`, or correct PULUMI_BACKEND_URL",
        source: "https://github.com/pulumi/pulumi/issues/8144",
    },
    {
        id: "not-logged-in",
        words: /PULUMI_ACCESS_TOKEN must be set for login/,
        what: "nobody says where the state lies, so Pulumi wants to log in to Pulumi Cloud",
        fix: "export PULUMI_BACKEND_URL as `node automation/deploy.ts bootstrap --stack STACK` prints it, or PULUMI_ACCESS_TOKEN for Pulumi Cloud",
        source: "https://github.com/pulumi/pulumi/issues/13293",
    },
    {
        id: "stack-locked",
        words: /the stack is currently locked by \d{1,6} lock/,
        what: "another run of Pulumi works on the stack, or one was killed and left its lock",
        fix: "wait until it has ended; when it is dead: node automation/deploy.ts unlock --stack STACK",
        source: "https://github.com/pulumi/pulumi/issues/9148",
    },
    {
        id: "state-of-newer-version",
        words: /is newer than what this version of the Pulumi CLI understands/,
        what: "the state was written by a newer Pulumi CLI than this one",
        fix: "install that version, or take the CLI off PATH: the driver then installs the one that it was tested with",
        source: "https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/stack/deployment.go",
    },
    {
        id: "plugin-download-failed", failure: "F70",
        words: /failed to download plugin|HTTP error fetching plugin|Could not automatically download and install \w{1,20} plugin/,
        what: "a provider plugin could not be downloaded: there is no way to get.pulumi.com, or the version was never released",
        fix: "look whether package.json pins a released version; without internet: `pulumi plugin install resource NAME VERSION --file FILE`",
        source: "https://github.com/pulumi/pulumi/issues/17512",
    },
    {
        id: "plugin-missing",
        words: /no \w{1,20} plugin '[^'\n]{1,100}' found in the workspace/,
        what: "a provider plugin is not installed, and Pulumi was told not to download any",
        fix: "run `pulumi install` in the project's folder, and unset PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
        source: "https://github.com/pulumi/pulumi-docker-containers/issues/83",
    },
    {
        id: "setting-missing",
        words: /Missing required configuration variable/,
        what: "a setting is missing in the stack's file",
        fix: "write it into Pulumi.STACK.yaml; every key with its meaning stands in components/config/",
        source: "https://github.com/pulumi/pulumi/issues/9954",
    },
    {
        id: "resource-protected",
        words: /currently marked for protection|cannot be deleted because it is protected/,
        what: "the change would delete a resource that is protected because data lies in it",
        fix: "take the change back; to really delete data, `node automation/deploy.ts destroy --stack STACK --delete-data` asks once more",
        source: "https://github.com/pulumi/pulumi/issues/8158",
    },
    {
        id: "urn-duplicate",
        words: /Duplicate resource URN/,
        what: "the program declares two resources of one type under one name",
        fix: "give one of them another name",
        source: "https://github.com/pulumi/pulumi-azure/issues/773",
    },
    {
        id: "operations-pending",
        words: /resource\(s\) with pending operations/,
        what: "an earlier run was killed while it made or deleted resources, and the state does not know how that ended",
        fix: "run `node automation/deploy.ts up --stack STACK`: it looks for each of them, takes in what exists and forgets the rest",
        source: "https://github.com/pulumi/pulumi/issues/9267",
    },
];
