/** DynamoDB attribute values of plain data: all that the model record needs. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type PlainValue = string | number | { readonly [name: string]: PlainValue };

/** Texts, numbers and maps of them. */
export function toAttribute(value: PlainValue): AttributeValue {
    if (typeof value === "string") return { S: value };
    if (typeof value === "number") return { N: String(value) };
    return { M: toItem(value) };
}

/** The attributes of an object, by name. */
export function toItem(values: object): Record<string, AttributeValue> {
    return Object.fromEntries(Object.entries(values as Record<string, PlainValue>).map(([name, value]) => [name, toAttribute(value)]));
}
