/** The state of a stack: one JSON file, replaced as a whole after every step, readable by its owner only, secrets encrypted. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { EngineError } from "../engine.ts";
import { SecretBox } from "./encryption.ts";
import type { SealedSecret } from "./encryption.ts";
import { decodeValue, encodeValue } from "./stateValues.ts";
import type { ValueMap } from "./values.ts";

const FORMAT = 2;

/** A resource as the engine knows it. */
export interface ResourceRecord {
    readonly urn: string;
    readonly type: string;
    readonly custom: boolean;
    readonly id?: string;
    readonly parent?: string;
    /** `<urn>::<id>` of the provider resource. */
    readonly provider?: string;
    readonly inputs: ValueMap;
    readonly outputs: ValueMap;
    readonly dependencies: readonly string[];
    readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
    readonly protect: boolean;
    readonly retainOnDelete: boolean;
    readonly deletedWith?: string;
    readonly ignoreChanges: readonly string[];
    readonly additionalSecretOutputs: readonly string[];
    /** Whether the engine chose the name: a name that the program gives later replaces it, and the other way round. */
    readonly autoNamed: boolean;
    /** Why the resource exists but is not as asked: the next run updates it even when nothing changed. */
    readonly initErrors: readonly string[];
    /** Its replacement exists; it is deleted at the end of a run. */
    readonly pendingDeletion: boolean;
    /** It is deleted already and its replacement was not created yet. */
    readonly pendingReplacement: boolean;
}

export interface StackState {
    readonly resources: readonly ResourceRecord[];
    /** Steps that had begun and not ended: what they did is not known when a run was killed. */
    readonly pendingOperations: readonly PendingStep[];
}

/** A step that had begun and not ended. */
export interface PendingStep {
    readonly operation: "creating" | "updating" | "deleting";
    /** As the step wants it; of a create without id and outputs. */
    readonly resource: ResourceRecord;
}

interface StateDocument {
    readonly format: number;
    readonly project: string;
    readonly stack: string;
    readonly salt: string;
    /** A sealed constant: tells a wrong passphrase before anything is read. */
    readonly passphraseCheck: SealedSecret;
    readonly resources: readonly EncodedRecord[];
    readonly pendingOperations: readonly { readonly operation: PendingStep["operation"]; readonly resource: EncodedRecord }[];
}

/** A record whose inputs and outputs are JSON. */
type EncodedRecord = Readonly<Record<string, unknown>>;

export interface StateFileOptions {
    readonly file: string;
    readonly project: string;
    readonly stack: string;
    readonly passphrase: string;
}

export class StateFile {
    readonly #options: StateFileOptions;
    readonly #encoded = new WeakMap<ResourceRecord, string>();
    #salt = "";
    #box: SecretBox | undefined;

    constructor(options: StateFileOptions) {
        this.#options = options;
    }

    /** Empty when the file does not exist. @throws EngineError when it belongs to another stack or cannot be decrypted. */
    load(): StackState {
        const { file } = this.#options;
        return existsSync(file) ? this.#read(this.#parse()) : { resources: [], pendingOperations: [] };
    }

    /** Writes beside the file and renames: a killed process leaves the old state or the new one, never a half. */
    save(state: StackState): void {
        this.#write(this.#render(state));
    }

    /** The document of the file as it is, secrets sealed; that of an empty state when there is none. @throws EngineError as `load` does */
    export(): unknown {
        return JSON.parse(this.#render(this.load()));
    }

    /** Puts a document that `export` gave in the place of the file. @throws EngineError as `load` does, and then changes nothing */
    import(document: unknown): void {
        this.save(this.#read(this.#check(document, "the given document")));
    }

    #render(state: StackState): string {
        const { project, stack } = this.#options;
        const box = this.#openBox();
        const header: Omit<StateDocument, "resources" | "pendingOperations"> = {
            format: FORMAT, project, stack, salt: this.#salt, passphraseCheck: box.seal("firstlight"),
        };
        const pending = state.pendingOperations.map(({ operation, resource }) => `{"operation":"${operation}","resource":${this.#encode(resource, box)}}`);
        const resources = state.resources.map((resource) => this.#encode(resource, box));
        return `${JSON.stringify(header).slice(0, -1)},"pendingOperations":[${pending.join(",\n")}],"resources":[\n${resources.join(",\n")}\n]}\n`;
    }

    #write(text: string): void {
        const { file } = this.#options;
        mkdirSync(path.dirname(file), { recursive: true });
        const temporary = `${file}.${process.pid}.new`;
        writeFileSync(temporary, text, { mode: 0o600 });
        renameSync(temporary, file);
    }

    #read(document: StateDocument): StackState {
        this.#salt = document.salt;
        this.#box = new SecretBox(this.#options.passphrase, document.salt);
        try {
            this.#box.open(document.passphraseCheck);
        } catch (error) {
            throw new EngineError(`${this.#options.file} cannot be decrypted: the passphrase is another one than when it was written`, { cause: error });
        }
        const box = this.#box;
        return {
            resources: document.resources.map((resource) => decodeRecord(resource, box)),
            pendingOperations: document.pendingOperations.map(({ operation, resource }) => ({ operation, resource: decodeRecord(resource, box) })),
        };
    }

    #parse(): StateDocument {
        const { file } = this.#options;
        let document: unknown;
        try {
            document = JSON.parse(readFileSync(file, "utf8"));
        } catch (error) {
            throw new EngineError(`${file} is not a state file; restore it or give another one`, { cause: error });
        }
        return this.#check(document, file);
    }

    #check(json: unknown, where: string): StateDocument {
        const document = json as StateDocument;
        const { project, stack } = this.#options;
        if (document?.format !== FORMAT) {
            throw new EngineError(`${where} has format ${String(document?.format)}, this engine reads ${FORMAT}; use the version that wrote it`);
        }
        if (document.project !== project || document.stack !== stack) {
            throw new EngineError(`${where} is the state of ${document.project}/${document.stack}, not of ${project}/${stack}; give another one`);
        }
        return document;
    }

    /** One line of JSON. Records never change, so each is encoded once though the file is written after every step. */
    #encode(record: ResourceRecord, box: SecretBox): string {
        const known = this.#encoded.get(record);
        if (known !== undefined) return known;
        const json = JSON.stringify({ ...record, inputs: encodeValue(record.inputs, box), outputs: encodeValue(record.outputs, box) });
        this.#encoded.set(record, json);
        return json;
    }

    #openBox(): SecretBox {
        if (this.#box === undefined) {
            this.#salt = SecretBox.newSalt();
            this.#box = new SecretBox(this.#options.passphrase, this.#salt);
        }
        return this.#box;
    }
}

function decodeRecord(json: EncodedRecord, box: SecretBox): ResourceRecord {
    return { ...json, inputs: decodeValue(json["inputs"], box), outputs: decodeValue(json["outputs"], box) } as unknown as ResourceRecord;
}
