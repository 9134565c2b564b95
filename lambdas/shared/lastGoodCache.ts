/** A value that is read again after a while, and kept when reading it fails. */

export interface CacheOptions {
    /** Milliseconds for which a value is given without reading it again. */
    readonly freshMilliseconds: number;
    /** @default Date.now */
    readonly now?: () => number;
    /** Told when a read failed and the last good value was given instead. */
    readonly onStale?: (error: unknown) => void;
}

/**
 * Wraps a read. An absent value (`undefined`) is never kept, so that what appears is seen at once; an error is thrown only
 * while there is no good value yet.
 */
export function createLastGoodCache<Value>(read: () => Promise<Value | undefined>, options: CacheOptions): () => Promise<Value | undefined> {
    const now = options.now ?? Date.now;
    let kept: { readonly value: Value; readonly at: number } | undefined;
    return async () => {
        if (kept !== undefined && now() - kept.at < options.freshMilliseconds) return kept.value;
        try {
            const value = await read();
            kept = value === undefined ? undefined : { value, at: now() };
            return value;
        } catch (error) {
            if (kept === undefined) throw error;
            options.onStale?.(error);
            return kept.value;
        }
    };
}
