/** A stable, well-mixed 32-bit hash of a text: the same on every machine and in every run. Not for secrets. */

/** FNV-1a over UTF-16 code units, then MurmurHash3's finalizer, so that `% n` is even for short texts too. */
export function hashText(text: string, seed: number): number {
    let hash = 0x811c9dc5 ^ seed;
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
}
