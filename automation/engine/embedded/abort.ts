/** Calls back when the signal fires, or at once when it has; gives the function that stops listening. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
    if (signal?.aborted === true) listener();
    signal?.addEventListener("abort", listener, { once: true });
    return () => signal?.removeEventListener("abort", listener);
}
