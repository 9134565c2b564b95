/** A property that is left out when there is no value. */
export function present<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
    return value === undefined ? {} : { [name]: value } as { [key in Name]?: Value };
}
