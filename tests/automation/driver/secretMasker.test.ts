import { expect } from "chai";
import { maskOutput, maskReporter, SecretMasker } from "../../../automation/driver/secretMasker.ts";
import { withoutSecretVariables } from "../../../automation/secretVariables.ts";
import { createRecordingReporter } from "../../../automation/progress/reporters.ts";
import { SECRET_FORMS, SECRET_SENTENCES, SECRET_VARIABLES } from "../../support/canaries.ts";

describe("the masker of secrets", () => {
    const masker = new SecretMasker(SECRET_VARIABLES);

    it("takes out what a variable of a secret's name holds: plain, in JSON, in an address", () => {
        for (const [name, secret] of Object.entries(SECRET_VARIABLES)) {
            for (const text of [`got ${secret}.`, JSON.stringify({ [name]: `x${secret}y` }), `https://x/?t=${encodeURIComponent(secret)}`]) {
                const masked = masker.mask(text);
                for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) expect(masked, name).not.to.contain(form);
                expect(masked, name).to.contain("[secret]");
            }
        }
    });

    it("takes out what looks like a secret, wherever it came from", () => {
        const blind = new SecretMasker({});
        for (const secret of SECRET_FORMS) expect(blind.mask(`the key ${secret} is wrong`)).to.equal("the key [secret] is wrong");
        for (const [sentence, secret] of SECRET_SENTENCES) {
            expect(blind.mask(sentence), sentence).not.to.contain(secret);
            expect(blind.mask(sentence), sentence).to.contain("[secret]");
        }
    });

    it("takes out keys that a profile or a role gave, once they are known", () => {
        const late = new SecretMasker({});
        expect(late.mask("with ProfileSecret42")).to.equal("with ProfileSecret42");
        late.add("ProfileSecret42", undefined);
        expect(late.mask("with ProfileSecret42")).to.equal("with [secret]");
    });

    it("leaves an emulator's keys alone: an account's number and a word", () => {
        const emulated = new SecretMasker({ AWS_ACCESS_KEY_ID: "111122223333", AWS_SECRET_ACCESS_KEY: "rehearsal" });
        expect(emulated.mask("the rehearsal in 111122223333")).to.equal("the rehearsal in 111122223333");
    });

    it("leaves alone what is no secret", () => {
        const names = new SecretMasker({ PULUMI_CONFIG_PASSPHRASE_FILE: "/run/passphrase", AWS_PROFILE: "production", PATH: "/usr/bin", PULUMI_CONFIG_PASSPHRASE: "" });
        const sentence = "arn:aws:iam::111122223333:role/firstlight-dev /run/passphrase production /usr/bin s3://models/token 2026-11-21T16:38:00.000Z";
        expect(names.mask(sentence)).to.equal(sentence);
    });

    it("knows which variables a child that asks nobody does without", () => {
        const environment = { PATH: "/usr/bin", AWS_PROFILE: "dev", PULUMI_CONFIG_PASSPHRASE_FILE: "/run/p", PULUMI_BACKEND_URL: "s3://b", ...SECRET_VARIABLES };
        expect(Object.keys(withoutSecretVariables(environment)).sort()).to.deep.equal(["AWS_PROFILE", "PATH", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE"]);
    });

    it("stands before streams and before everything that hears of events", () => {
        const written: string[] = [];
        maskOutput({ write: (text) => written.push(text) }, masker).write(`a ${SECRET_VARIABLES["AWS_SECRET_ACCESS_KEY"]}`);
        expect(written).to.deep.equal(["a [secret]"]);
        const record = createRecordingReporter();
        const token = SECRET_VARIABLES["FIRSTLIGHT_API_TOKEN"] ?? "";
        maskReporter(record, masker).report({ kind: "diagnostic", severity: "error", message: `refused: ${token}`, urn: "urn:x" });
        maskReporter(record, masker).report({ kind: "predictions", variant: "champion", modelVersion: "v1", samples: [{ features: { note: token }, golden: [0.5], served: [0.5], answer: "yes" }] });
        expect(record.events[0]).to.include({ message: "refused: [secret]", urn: "urn:x" });
        expect(JSON.stringify(record.events)).not.to.contain(token);
        expect(record.events[1]).to.deep.include({ modelVersion: "v1", samples: [{ features: { note: "[secret]" }, golden: [0.5], served: [0.5], answer: "yes" }] });
    });
});
