/** Encrypts the secrets of a state file with a passphrase: AES-256-GCM under a key that scrypt derives from passphrase and salt. */
import { createCipheriv, createDecipheriv, createHmac, randomBytes, scryptSync } from "node:crypto";

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A secret as it stands in the state file. */
export interface SealedSecret {
    /** Base64 of nonce, authentication tag and ciphertext. */
    readonly ciphertext: string;
    /** HMAC-SHA-256 of the plaintext in hex: tells whether a secret changed without decrypting it. */
    readonly hmac: string;
}

export class SecretBox {
    readonly #cipherKey: Buffer;
    readonly #hmacKey: Buffer;
    /** Sealed forms by HMAC: an unchanged secret keeps its ciphertext, so an unchanged state file stays the same. */
    readonly #sealed = new Map<string, SealedSecret>();

    /** @param salt base64, from the state file. */
    constructor(passphrase: string, salt: string) {
        const key = scryptSync(passphrase, Buffer.from(salt, "base64"), 64);
        this.#cipherKey = key.subarray(0, 32);
        this.#hmacKey = key.subarray(32);
    }

    /** A salt for a new state, base64. */
    static newSalt(): string {
        return randomBytes(16).toString("base64");
    }

    seal(plaintext: string): SealedSecret {
        const hmac = createHmac("sha256", this.#hmacKey).update(plaintext).digest("hex");
        const known = this.#sealed.get(hmac);
        if (known !== undefined) return known;
        const iv = randomBytes(IV_BYTES);
        const cipher = createCipheriv(CIPHER, this.#cipherKey, iv);
        const encrypted = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
        const sealed = { ciphertext: Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString("base64"), hmac };
        this.#sealed.set(hmac, sealed);
        return sealed;
    }

    /** @throws when the passphrase is wrong or the text was changed. */
    open(sealed: SealedSecret): string {
        const bytes = Buffer.from(sealed.ciphertext, "base64");
        const decipher = createDecipheriv(CIPHER, this.#cipherKey, bytes.subarray(0, IV_BYTES));
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        const plaintext = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
        this.#sealed.set(sealed.hmac, sealed);
        return plaintext;
    }
}
