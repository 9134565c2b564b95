import { expect } from "chai";
import { describeBytes } from "../../../../automation/rehearsal/handlers/randomId.ts";

describe("describeBytes", () => {
    it("spells bytes as the provider does, the prefix before each text", () => {
        // Example of the registry's import section: `p-9hUg` are the three bytes f6 15 20.
        expect(describeBytes(Uint8Array.of(0xf6, 0x15, 0x20), "a-")).to.deep.equal({
            hex: "a-f61520", dec: "a-16127264", b64Std: "a-9hUg", b64Url: "a-9hUg",
        });
    });

    it("keeps leading zeros in hex only, and pads standard base64 only", () => {
        expect(describeBytes(Uint8Array.of(0, 0, 0xfb, 0xff), "")).to.deep.equal({ hex: "0000fbff", dec: "64511", b64Std: "AAD7/w==", b64Url: "AAD7_w" });
    });
});
