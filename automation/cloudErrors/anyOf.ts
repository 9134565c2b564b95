/** One expression that finds what any of these finds. Their flags are not kept. */
export function anyOf(...expressions: readonly RegExp[]): RegExp {
    return new RegExp(expressions.map(({ source }) => source).join("|"));
}
