import { expect } from "chai";
import { createLiveArea } from "../../../../automation/progress/liveView/liveArea.ts";
import { Terminal } from "../../../support/terminal.ts";

describe("the live area of a terminal", () => {
    it("is drawn in the same place, below what stays", () => {
        const terminal = new Terminal(40);
        const area = createLiveArea(terminal);
        area.draw(["kept 1"], ["live 1", "live 2", "live 3"]);
        area.draw(["kept 2"], ["live 4"]);
        expect(terminal.text).to.equal("kept 1\nkept 2\nlive 4");
        area.draw([], []);
        expect(terminal.text).to.equal("kept 1\nkept 2");
    });

    it("keeps lines that stay whole, where they wrap as well", () => {
        const terminal = new Terminal(10);
        const area = createLiveArea(terminal);
        area.draw(["a kept line of many columns"], ["live"]);
        area.draw([], ["live 2"]);
        expect(terminal.text).to.equal("a kept line of many columns\nlive 2");
    });

    it("leaves nothing behind when the terminal became narrower or wider", () => {
        const terminal = new Terminal(40);
        const area = createLiveArea(terminal);
        area.draw(["kept"], ["x".repeat(39), "y".repeat(39)]);
        terminal.resize(15);
        area.draw([], ["x".repeat(14)]);
        expect(terminal.text).to.equal(`kept\n${"x".repeat(14)}`);
        terminal.resize(60);
        area.draw([], ["z"]);
        expect(terminal.text).to.equal("kept\nz");
    });

    it("writes nothing when there is nothing to draw or to erase, so that a question stays alone", () => {
        let written = "";
        const area = createLiveArea({ write: (text: string) => { written += text; } });
        area.draw([], []);
        expect(written).to.equal("");
    });
});
