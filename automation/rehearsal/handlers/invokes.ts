/** The data sources that the program asks before it declares anything. */
import { DescribeAvailabilityZonesCommand } from "@aws-sdk/client-ec2";
import { GetParametersByPathCommand } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { InvokeHandler, PropertyMap } from "../../engine/provider.ts";
import { globalArn, regionalArn } from "./arn.ts";
import type { HandlerClients } from "./clients.ts";
import { flag, requiredText, text } from "./inputs.ts";
import type { Place } from "./place.ts";

interface FoundParameter { readonly name: string; readonly type: string; readonly value: string; readonly arn: string }

/** What both providers answer alike, since it follows from the place. */
function describeInvokes(place: Place): InvokeHandler[] {
    return [
        {
            token: "aws:index/getRegion:getRegion",
            async invoke(args) {
                const region = text(args, "region") ?? text(args, "name") ?? place.region;
                return { id: region, name: region, region, endpoint: `ec2.${region}.${place.dnsSuffix}`, description: region };
            },
        },
        {
            token: "aws:index/getPartition:getPartition",
            invoke: async () => ({
                id: place.partition, partition: place.partition, dnsSuffix: place.dnsSuffix, reverseDnsPrefix: place.reverseDnsPrefix,
            }),
        },
    ];
}

function parametersAnswer(args: PropertyMap, place: Place, found: readonly FoundParameter[]): PropertyMap {
    return {
        id: requiredText(args, "path"),
        path: requiredText(args, "path"),
        recursive: flag(args, "recursive") ?? false,
        withDecryption: flag(args, "withDecryption") ?? true,
        region: place.region,
        arns: found.map(({ arn }) => arn),
        names: found.map(({ name }) => name),
        types: found.map(({ type }) => type),
        values: found.map(({ value }) => value),
    };
}

async function findParameters(args: PropertyMap, { ssm }: HandlerClients): Promise<FoundParameter[]> {
    const found: FoundParameter[] = [];
    let NextToken: string | undefined;
    do {
        const page = await ssm.send(new GetParametersByPathCommand({
            Path: requiredText(args, "path"),
            Recursive: flag(args, "recursive") ?? false,
            WithDecryption: flag(args, "withDecryption") ?? true,
            NextToken,
        }));
        for (const { Name = "", Type = "", Value = "", ARN = "" } of page.Parameters ?? []) found.push({ name: Name, type: Type, value: Value, arn: ARN });
        NextToken = page.NextToken;
    } while (NextToken !== undefined && NextToken !== "");
    return found;
}

interface FoundZone { readonly name: string; readonly id: string; readonly group: string }

const ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones";

/** Zones by name; a filter is refused, since none is applied. */
function zonesAnswer(args: PropertyMap, place: Place, zones: readonly FoundZone[]): PropertyMap {
    const given = Object.keys(args).filter((name) => name !== "region");
    if (given.length > 0) throw new Error(`the arguments ${given.join(", ")} cannot be rehearsed`);
    const sorted = [...zones].sort((left, right) => (left.name < right.name ? -1 : 1));
    return {
        id: place.region, region: place.region, names: sorted.map(({ name }) => name), zoneIds: sorted.map(({ id }) => id),
        groupNames: [...new Set(sorted.map(({ group }) => group))],
    };
}

/** Asks the cloud. */
export function createInvokes(place: Place, clients: HandlerClients): ReadonlyMap<string, InvokeHandler> {
    return byToken([
        ...describeInvokes(place),
        {
            token: "aws:index/getCallerIdentity:getCallerIdentity",
            async invoke() {
                const { Account = "", Arn = "", UserId = "" } = await clients.sts.send(new GetCallerIdentityCommand({}));
                return { id: Account, accountId: Account, arn: Arn, userId: UserId };
            },
        },
        {
            token: "aws:ssm/getParametersByPath:getParametersByPath",
            invoke: async (args) => parametersAnswer(args, place, await findParameters(args, clients)),
        },
        {
            token: ZONES,
            async invoke(args) {
                const { AvailabilityZones = [] } = await clients.ec2.send(new DescribeAvailabilityZonesCommand({}));
                const zones = AvailabilityZones.map(({ ZoneName = "", ZoneId = "", GroupName = "" }) => ({ name: ZoneName, id: ZoneId, group: GroupName }));
                return zonesAnswer(args, place, zones);
            },
        },
    ]);
}

/** A plan supposes three zones, as all but the smallest regions have them. */
function supposeZones({ region }: Place): readonly FoundZone[] {
    return ["a", "b", "c"].map((letter, index) => ({ name: `${region}${letter}`, id: `${region}-az${index + 1}`, group: `${region}-zg-1` }));
}

/** Answers from what the caller supposes: the account and the parameters by name. */
export function createPlanningInvokes(place: Place, parameters: Readonly<Record<string, string>>): ReadonlyMap<string, InvokeHandler> {
    return byToken([
        ...describeInvokes(place),
        { token: ZONES, invoke: async (args) => zonesAnswer(args, place, supposeZones(place)) },
        {
            token: "aws:index/getCallerIdentity:getCallerIdentity",
            invoke: async () => ({
                id: place.accountId, accountId: place.accountId, arn: globalArn(place, "iam", "root"), userId: place.accountId,
            }),
        },
        {
            token: "aws:ssm/getParametersByPath:getParametersByPath",
            async invoke(args) {
                const path = `${requiredText(args, "path").replace(/\/+$/, "")}/`;
                const isDirect = (name: string): boolean => flag(args, "recursive") === true || !name.slice(path.length).includes("/");
                const names = Object.keys(parameters).filter((name) => name.startsWith(path) && isDirect(name)).sort();
                return parametersAnswer(args, place, names.map((name) => ({
                    name, type: "String", value: parameters[name] ?? "", arn: regionalArn(place, "ssm", `parameter${name}`),
                })));
            },
        },
    ]);
}

function byToken(handlers: readonly InvokeHandler[]): ReadonlyMap<string, InvokeHandler> {
    return new Map(handlers.map((handler) => [handler.token, handler]));
}
