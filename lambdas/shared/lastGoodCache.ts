/** A value that is read again after a while, and kept when reading it fails. */

export interface CacheOptions<Value> {
    /** Milliseconds for which a value is given without reading it again. */
    readonly freshMilliseconds: number;
    /** Given when the very first read fails. @default none: the error is thrown */
    readonly fallback?: Value;
    /** @default Date.now */
    readonly now?: () => number;
    /** Told when a read failed and the last good value was given instead. */
    readonly onStale?: (error: unknown) => void;
}

/** Reads the value, or gives the kept one. */
export interface LastGoodCache<Value> {
    (): Promise<Value | undefined>;
    /** Has the value read anew next time; what was kept still serves if that fails. */
    expire(): void;
}

/** Milliseconds for which an absence is kept, so that what appears is seen soon, and for which nothing is read after a read that failed. */
const PAUSE_MILLISECONDS = 1_000;

/** Wraps a read, whose value is undefined when there is none. An error is thrown only while nothing is known yet. */
export function createLastGoodCache<Value>(read: () => Promise<Value | undefined>, options: CacheOptions<Value>): LastGoodCache<Value> {
    const { freshMilliseconds, fallback, now = Date.now, onStale } = options;
    const pause = Math.min(PAUSE_MILLISECONDS, freshMilliseconds);
    let known = fallback !== undefined;
    let value = fallback;
    let freshUntil = -Infinity;
    const give = async (): Promise<Value | undefined> => {
        const askedAt = now();
        if (askedAt < freshUntil) return value;
        try {
            value = await read();
            known = true;
            // From before the read: what was read may have changed while it was under way.
            freshUntil = askedAt + (value === undefined ? pause : freshMilliseconds);
        } catch (error) {
            if (!known) throw error;
            onStale?.(error);
            freshUntil = now() + pause;
        }
        return value;
    };
    return Object.assign(give, { expire: () => { freshUntil = -Infinity; } });
}
