/** Whose a physical name is: read by the program as it declares, and by preflight in the plan. */

/** Where a type has its physical name, when not in `name`. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
    "aws:s3/bucket:Bucket": "bucket",
    "aws:cloudwatch/dashboard:Dashboard": "dashboardName",
};

/** Names inside of something else that carries the environment, or that AWS fixes. */
const LOCAL_NAMES = new Set([
    "aws:iam/rolePolicy:RolePolicy", "aws:apigatewayv2/stage:Stage", "aws:apigatewayv2/authorizer:Authorizer",
    "aws:cloudwatch/eventTarget:EventTarget",
]);

/** Property that holds the physical name of a resource of this type; undefined when its name cannot meet that of another environment. */
export function namePropertyOf(type: string): string | undefined {
    return type.startsWith("aws:") && !LOCAL_NAMES.has(type) ? NAME_PROPERTY[type] ?? "name" : undefined;
}

/** Why another environment may have the same name; undefined for a name that carries this one, whose names begin with the prefix. */
export function findSharedName(name: string, prefix: string): string | undefined {
    const pieces = [name, name.replace(/^alias\//, ""), name.slice(name.lastIndexOf("/") + 1)];
    const isOurs = pieces.some((piece) => piece === prefix || piece.startsWith(`${prefix}-`) && !piece.startsWith(`${prefix}--`))
        || carriesPath(name, prefix);
    return isOurs ? undefined : `its name ${JSON.stringify(name)} does not begin with ${prefix}-, so another environment may have the same`;
}

/** `/<project>/<environment>/...` says both, too. */
function carriesPath(name: string, prefix: string): boolean {
    return name.startsWith("/") && name.split("/").slice(1, 3).join("-") === prefix;
}
