/** Physical names, all from one function: `<project>-<environment>[--<suffix>]-<part>`, cut and hashed where the service allows less. */
import { createHash } from "node:crypto";
import { nameRules } from "./facts/nameRules.ts";
import type { NamedType, NameRule } from "./facts/nameRules.ts";

/**
 * Every name begins with the prefix, so that policies and sweeps can match `<prefix>-*`. SageMaker's 63 characters leave it this many
 * beside `-challenger-config` and the eight characters that Pulumi adds.
 */
const MAX_PREFIX_LENGTH = 37;
/** Hexadecimal characters of SHA-256 that stand for what was cut off. */
const HASH_LENGTH = 6;
/** Hexadecimal characters of a bucket's random suffix: three bytes. */
const SUFFIX_LENGTH = 6;

export interface NamingSource {
    readonly project: string;
    readonly environment: string;
    readonly environmentSuffix?: string;
}

/** Folders that the services expect or, with `vendedlogs`, that need no resource policy of their own. */
export type LogGroupKind =
    | "/aws/lambda" | "/aws/sagemaker/Endpoints" | "/aws/vendedlogs/apigateway" | "/aws/vendedlogs/states" | "/aws/vendedlogs/vpc";

export interface NamingPlace {
    /** 12 digits. */
    readonly accountId: string;
    readonly region: string;
}

export interface Naming {
    /** `<project>-<environment>`, at most 37 characters; what every name of the stack begins with. */
    readonly prefix: string;
    /** Stack name and suffix: `dev`, `dev--pr4095`. */
    readonly environment: string;
    /** `/<project>/<environment>/inference`, where the state of the endpoints lies. */
    readonly parameterPath: string;
    /** Name of a resource that is unique within account and region. */
    name(type: Exclude<NamedType, "bucket" | "role" | "alias" | "logGroup" | "secret">, part: string): string;
    /** Roles are unique within the account, so their names carry the region. */
    role(part: string): string;
    /** Bucket names are unique in the world: they carry account, region and a random suffix. */
    bucket(part: string, randomSuffix: string): string;
    /** Matches the names of all buckets of the stack, also where the prefix itself has to be cut. */
    readonly bucketPattern: string;
    /** With its `alias/`. */
    alias(part: string): string;
    logGroup(kind: LogGroupKind, part: string): string;
    /** `<environment>/<project>/<part>`: a suffix of six characters at the end would be taken for that of an ARN. */
    secret(part: string): string;
}

/** Makes the naming of one stack in one place. Names are the same for the same arguments, on every machine. */
export function createNaming(source: NamingSource, place: NamingPlace): Naming {
    const environment = [source.environment, source.environmentSuffix].filter((part) => part !== undefined).join("-");
    const prefix = buildPrefix(source.project, environment);
    return {
        prefix,
        environment,
        parameterPath: `/${source.project}/${environment}/inference`,
        name: (type, part) => fitRule(`${prefix}-${part}`, nameRules[type]),
        role: (part) => fitName(`${prefix}-${part}`, nameRules.role.maxLength - place.region.length - 1) + `-${place.region}`,
        bucket: (part, randomSuffix) => {
            const tail = bucketTail(place, randomSuffix);
            return fitName(`${prefix}-${part}`, nameRules.bucket.maxLength - tail.length) + tail;
        },
        bucketPattern: buildBucketPattern(prefix, place),
        alias: (part) => `alias/${prefix}-${part}`,
        logGroup: (kind, part) => `${kind}/${fitName(`${prefix}-${part}`, nameRules.function.maxLength)}`,
        secret: (part) => `${environment}/${source.project}/${part}`,
    };
}

/** What all names of an environment begin with. @param environment with its suffix */
export function buildPrefix(project: string, environment: string): string {
    return fitName(`${project}-${environment}`, MAX_PREFIX_LENGTH);
}

function bucketTail({ accountId, region }: NamingPlace, randomSuffix: string): string {
    return `-${accountId}-${region}-${randomSuffix}`;
}

/** A cut name keeps its beginning: the whole prefix where that is short enough, otherwise as much of it as there is room for. */
function buildBucketPattern(prefix: string, place: NamingPlace): string {
    const kept = nameRules.bucket.maxLength - bucketTail(place, "0".repeat(SUFFIX_LENGTH)).length - HASH_LENGTH - 1;
    return prefix.length < kept ? `${prefix}-*` : `${prefix.slice(0, kept).replace(/-+$/, "")}*`;
}

/** Of resources that the platform has none of: a project need not be called for them. F31 judges the name of each that is planned. */
const NEVER_MADE: readonly NamedType[] = [
    "cacheGroup", "cacheSubnetGroup", "cluster", "database", "databaseParameterGroup", "databaseSubnetGroup", "loadBalancer", "targetGroup", "taskFamily",
];

/** A name of the stack that AWS would refuse, and its type; undefined when all are right. Account and region make no difference. */
export function findNameFault(source: NamingSource): { readonly type: NamedType; readonly name: string } | undefined {
    const naming = createNaming(source, { accountId: "0".repeat(12), region: "region" });
    const types = (Object.keys(nameRules) as NamedType[]).filter((type) => !NEVER_MADE.includes(type));
    const names = types.map((type) => ({ type, name: nameOf(naming, type) }));
    return names.find(({ type, name }) => !nameRules[type].pattern.test(name));
}

function nameOf(naming: Naming, type: NamedType): string {
    switch (type) {
        case "role": return naming.role("part");
        case "bucket": return naming.bucket("part", "000000");
        case "alias": return naming.alias("part");
        case "logGroup": return naming.logGroup("/aws/lambda", "part");
        case "secret": return naming.secret("part");
        case "parameter": return naming.parameterPath;
        default: return naming.name(type, "part");
    }
}

/** The name itself if it fits, else its beginning and a hash of the whole: different names stay different. */
export function fitName(name: string, maxLength: number): string {
    if (name.length <= maxLength) return name;
    const kept = name.slice(0, maxLength - HASH_LENGTH - 1).replace(/-+$/, "");
    return `${kept}-${shortHash(name)}`;
}

/** Where two hyphens in a row are refused, one takes their place, and the hash keeps the names of different environments apart. */
function fitRule(name: string, { maxLength, isSingleHyphened }: NameRule): string {
    if (isSingleHyphened !== true || !name.includes("--")) return fitName(name, maxLength);
    const kept = name.replaceAll(/-{2,}/g, "-").slice(0, maxLength - HASH_LENGTH - 1).replace(/-+$/, "");
    return `${kept}-${shortHash(name)}`;
}

/** 6 hexadecimal characters of the SHA-256 of a text. */
export function shortHash(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
}
