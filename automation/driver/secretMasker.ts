/** Keeps secrets out of all that the driver says: known ones by their text, others by their form. */
import { Masker } from "../engine/embedded/mask.ts";
import type { Output } from "../progress/output.ts";
import type { Reporter } from "../progress/reporter.ts";
import { isSecretVariable } from "../secretVariables.ts";

/** Characters. https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html */
const SHORTEST_KEY = 16;

/** Forms of secrets, each with what of it is kept. */
const FORMS: readonly (readonly [form: RegExp, shown: string])[] = [
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, "[secret]"],
    [/((?:aws_?)?(?:secret_?access_?key|session_?token)["']?\s*[=:]\s*["']?)[A-Za-z0-9/+=]{16,}/gi, "$1[secret]"],
    // A signed address opens what it names: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    [/(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"']+/gi, "$1[secret]"],
    // https://www.rfc-editor.org/rfc/rfc7519#section-3
    [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, "[secret]"],
    [/\bpul-[0-9a-f]{32,}\b/g, "[secret]"],
    [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})\b/g, "[secret]"],
    [/((?:bearer|basic)\s+)[A-Za-z0-9._~+/-]{12,}=*/gi, "$1[secret]"],
    [/(:\/\/[^\s:/@]+:)[^\s:/@]+(?=@)/g, "$1[secret]"],
    [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, "[secret]"],
];

export class SecretMasker {
    readonly #known = new Masker();

    constructor(environment: Readonly<NodeJS.ProcessEnv>) {
        const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...others } = environment;
        this.addKeys(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY);
        this.add(...Object.entries(others).flatMap(([name, value]) => (isSecretVariable(name) ? [value] : [])));
    }

    /** Keys of AWS. What is too short for one is an emulator's, where an account's number or a word does for a key. */
    addKeys(...keys: readonly (string | undefined)[]): void {
        this.add(...keys.filter((key) => key !== undefined && key.length >= SHORTEST_KEY));
    }

    /** Texts that are found out later. */
    add(...texts: readonly (string | undefined)[]): void {
        // As an address carries it, too; as JSON writes it, the known texts are looked for anyway.
        this.#known.add(texts.flatMap((text) => (text === undefined ? [] : [text, encodeURIComponent(text)])));
    }

    mask(text: string): string {
        return FORMS.reduce((masked, [form, shown]) => masked.replaceAll(form, shown), this.#known.mask(text));
    }

    /** The value with every text in it masked; keys too. */
    maskAll<T>(value: T): T {
        if (typeof value === "string") return this.mask(value) as T;
        if (Array.isArray(value)) return value.map((each: unknown) => this.maskAll(each)) as T;
        if (typeof value !== "object" || value === null || value instanceof Date) return value;
        return Object.fromEntries(Object.entries(value).map(([key, each]) => [this.mask(key), this.maskAll(each as unknown)])) as T;
    }
}

export function maskOutput(output: Output, masker: SecretMasker): Output {
    return {
        write: (text) => output.write(masker.mask(text)),
        get isTTY() { return output.isTTY ?? false; },
        get columns() { return output.columns ?? 80; },
        get rows() { return output.rows ?? 24; },
    };
}

/** Nothing that is behind this reporter ever sees a secret: screen, files, reports. */
export function maskReporter(reporter: Reporter, masker: SecretMasker): Reporter {
    return { report: (event) => reporter.report(masker.maskAll(event)) };
}
