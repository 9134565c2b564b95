import { expect } from "chai";
import { SecretBox } from "../../../../automation/engine/embedded/encryption.ts";

describe("SecretBox", () => {
    const salt = SecretBox.newSalt();
    const box = new SecretBox("passphrase", salt);

    it("opens what it sealed, also in another process with the same passphrase and salt", () => {
        const sealed = box.seal("s3cret ü");
        expect(sealed.ciphertext).not.to.include("s3cret");
        expect(new SecretBox("passphrase", salt).open(sealed)).to.equal("s3cret ü");
    });

    it("seals the same text the same way, after opening it too, and another text another way", () => {
        const sealed = box.seal("one");
        const other = new SecretBox("passphrase", salt);
        expect(other.seal("one").ciphertext).not.to.equal(sealed.ciphertext);
        expect(other.seal("one").hmac).to.equal(sealed.hmac);
        const third = new SecretBox("passphrase", salt);
        third.open(sealed);
        expect(third.seal("one")).to.deep.equal(sealed);
        expect(third.seal("two").hmac).not.to.equal(sealed.hmac);
    });

    it("refuses another passphrase and a changed text", () => {
        const sealed = box.seal("one");
        expect(() => new SecretBox("other", salt).open(sealed)).to.throw();
        const bytes = Buffer.from(sealed.ciphertext, "base64");
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
        expect(() => box.open({ ...sealed, ciphertext: bytes.toString("base64") })).to.throw();
    });
});
