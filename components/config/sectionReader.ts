/** Reads untyped configuration values and gathers what is wrong with them, so that one look shows all. */

import { present } from "./present.ts";

/** Where a value stands: `firstlight:data.label`. */
type Key = string;

/** A failure of the catalogue, docs/failures.md: `F27`. */
export type FailureId = `F${number}`;

export interface ConfigFinding {
    readonly key: Key;
    /** Which failure it would have become. Absent for a mistake that nobody deployed. */
    readonly failure?: FailureId;
    /** What is wrong, and what was found. */
    readonly what: string;
    readonly fix: string;
}

export interface NumberBounds {
    readonly min: number;
    readonly max: number;
    readonly integer?: boolean;
}

/** One section of the configuration. Every key that is read is known; `finish` reports the others. */
export class SectionReader {
    private readonly path: string;
    private readonly values: Readonly<Record<string, unknown>>;
    private readonly findings: ConfigFinding[];
    private known = new Set<string>();
    private failure: FailureId | undefined;

    constructor(path: string, values: Readonly<Record<string, unknown>>, findings: ConfigFinding[]) {
        this.path = path;
        this.values = values;
        this.findings = findings;
    }

    /** The same section; what is refused through it would have become this failure. */
    as(failure: FailureId): SectionReader {
        const reader = new SectionReader(this.path, this.values, this.findings);
        reader.known = this.known;
        reader.failure = failure;
        return reader;
    }

    /** Undefined when absent or wrong; what is wrong is a finding. */
    text(name: string): string | undefined {
        const value = this.take(name);
        if (value === undefined || (typeof value === "string" && value.trim() !== "")) return value as string | undefined;
        return this.refuse(name, `must be a text, got ${show(value)}`, "give a text that is not empty");
    }

    choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
        const value = this.take(name);
        if (value === undefined) return undefined;
        const found = choices.find((choice) => choice === asSwitch(value, choices));
        return found ?? this.refuse(name, `must be one of ${choices.join(", ")}, got ${show(value)}`, "choose one of them");
    }

    /** Texts of digits count as numbers: Pulumi keeps top-level values as text. */
    number(name: string, bounds: NumberBounds): number | undefined {
        const value = this.take(name);
        if (value === undefined) return undefined;
        const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
        const isRight = typeof number === "number" && Number.isFinite(number) && number >= bounds.min && number <= bounds.max
            && (bounds.integer !== true || Number.isInteger(number));
        if (isRight) return number;
        const kind = bounds.integer === true ? "a whole number" : "a number";
        return this.refuse(name, `must be ${kind} from ${bounds.min} to ${bounds.max}, got ${show(value)}`, "give a number in that range");
    }

    /** One of a few numbers, e.g. the memory sizes a service has. */
    numberOf(name: string, choices: readonly number[]): number | undefined {
        const value = this.take(name);
        if (value === undefined) return undefined;
        const found = choices.find((choice) => choice === value || String(choice) === value);
        return found ?? this.refuse(name, `must be one of ${choices.join(", ")}, got ${show(value)}`, "choose one of them");
    }

    flag(name: string): boolean | undefined {
        const value = this.take(name);
        if (value === undefined || typeof value === "boolean") return value;
        if (value === "true" || value === "false") return value === "true";
        return this.refuse(name, `must be true or false, got ${show(value)}`, "write true or false, without quotes");
    }

    texts(name: string): readonly string[] | undefined {
        const value = parseJson(this.take(name));
        if (value === undefined) return undefined;
        if (Array.isArray(value) && value.every((item) => typeof item === "string" && item !== "")) return value as string[];
        return this.refuse(name, `must be a list of texts, got ${show(value)}`, "write [first, second]");
    }

    /** A map from free keys to texts or numbers. */
    map(name: string): Readonly<Record<string, string | number>> | undefined {
        const value = parseJson(this.take(name));
        if (value === undefined) return undefined;
        const isMap = isRecord(value) && Object.values(value).every((item) => typeof item === "string" || typeof item === "number");
        if (isMap) return value as Record<string, string | number>;
        return this.refuse(name, `must be a map of texts or numbers, got ${show(value)}`, "write name: value lines below it");
    }

    /** The section below this one; empty when absent. */
    section(name: string): SectionReader {
        const value = parseJson(this.take(name)) ?? {};
        const path = this.keyOf(name);
        if (isRecord(value)) return new SectionReader(`${path}.`, value, this.findings);
        this.refuse(name, `must be a section, got ${show(value)}`, "write its keys as indented lines below it");
        return new SectionReader(`${path}.`, {}, this.findings);
    }

    /** Adds a finding about a value that was read. */
    refuse(name: string, what: string, fix: string): undefined {
        this.findings.push({ key: this.keyOf(name), what, fix, ...present("failure", this.failure) });
        return undefined;
    }

    /** Reports the keys that nobody asked for: a misspelt key would otherwise silently be its default. */
    finish(): void {
        for (const name of Object.keys(this.values)) {
            if (this.known.has(name)) continue;
            this.refuse(
                name,
                `is not a key, got ${show(this.values[name])}`,
                `remove it, or use one of ${[...this.known].sort().join(", ")}`,
            );
        }
    }

    private take(name: string): unknown {
        this.known.add(name);
        return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
    }

    private keyOf(name: string): Key {
        return `${this.path}${name}`;
    }
}

/** YAML reads a bare `on` or `off` as true or false in some readers, and as text in others. */
function asSwitch(value: unknown, choices: readonly string[]): unknown {
    if (!choices.includes("on") || (typeof value !== "boolean" && value !== "true" && value !== "false")) return value;
    return String(value) === "true" ? "on" : "off";
}

/** Pulumi hands sections and lists over as JSON text. */
function parseJson(value: unknown): unknown {
    if (typeof value !== "string") return value;
    try {
        return JSON.parse(value);
    } catch {
        return value;
    }
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
