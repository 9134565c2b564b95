/** Whether a resource of a policy could name a resource of a type, both written with wildcards. */

/** A text that stands for the ARN of a planned resource, which is not known yet (see `gathering/knownIds.ts`). */
const STAND_IN = /^<[^>]+ of [^>]+>/;

/** One piece of a pattern: a character, any one of a set, or any number of a set. */
interface Piece {
    readonly accepts: (character: string) => boolean;
    /** Undefined when more than one character fits. */
    readonly literal: string | undefined;
    readonly repeats: boolean;
}

const ANY = (): boolean => true;

/**
 * Whether some ARN fits both the resource of a statement and the ARN format of a resource type.
 *
 * @param resource as in a policy: `arn:aws:s3:::raw/data/*`, where `*` and `?` stand for anything, `/` and `:` too
 * @param format as in the Service Authorization Reference: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`
 */
export function couldName(resource: string, format: string): boolean {
    if (resource === "*" || STAND_IN.test(resource)) return true;
    return overlap(parseResource(resource), parseFormat(format));
}

function parseResource(resource: string): readonly Piece[] {
    return [...resource.replaceAll(/\$\{[^}]+\}/g, "*")].map((character) => (
        character === "*" || character === "?" ? { accepts: ANY, literal: undefined, repeats: character === "*" } : literalPiece(character)));
}

/** A variable holds no `:` unless it ends the ARN (`log-group:NAME:*` is the group), and a bucket's name holds no `/`. */
function parseFormat(format: string): readonly Piece[] {
    const parts = format.split(/(\$\{[^}]+\})/).filter((part) => part !== "");
    return parts.flatMap((part, index) => {
        if (!part.startsWith("${")) return [...part].map(literalPiece);
        const excluded = `${index === parts.length - 1 ? "" : ":"}${part === "${BucketName}" ? "/" : ""}`;
        return [{ accepts: (character: string) => !excluded.includes(character), literal: undefined, repeats: true }];
    });
}

function literalPiece(character: string): Piece {
    return { accepts: (other) => other === character, literal: character, repeats: false };
}

/** Whether a text exists that fits both. The table holds, for each pair of beginnings, whether what follows can fit. */
function overlap(left: readonly Piece[], right: readonly Piece[]): boolean {
    let following: boolean[] = [];
    for (let row = left.length; row >= 0; row--) {
        const current: boolean[] = [];
        for (let column = right.length; column >= 0; column--) current[column] = fits(left, right, { row, column, current, following });
        following = current;
    }
    return following[0] === true;
}

interface Cell { readonly row: number; readonly column: number; readonly current: readonly boolean[]; readonly following: readonly boolean[] }

function fits(left: readonly Piece[], right: readonly Piece[], { row, column, current, following }: Cell): boolean {
    const [a, b] = [left[row], right[column]];
    if (a === undefined && b === undefined) return true;
    // What repeats may also stand for nothing.
    if (a?.repeats === true && following[column] === true) return true;
    if (b?.repeats === true && current[column + 1] === true) return true;
    if (a === undefined || b === undefined || !shareCharacter(a, b)) return false;
    const afterBoth = following[column + 1] === true;
    if (a.repeats && b.repeats) return afterBoth;
    if (a.repeats) return current[column + 1] === true;
    return b.repeats ? following[column] === true : afterBoth;
}

function shareCharacter(a: Piece, b: Piece): boolean {
    if (a.literal !== undefined) return b.accepts(a.literal);
    return b.literal === undefined || a.accepts(b.literal);
}
