import { readFileSync } from "node:fs";
import { expect } from "chai";
import { COMMANDS } from "../../automation/driver/commands/commands.ts";
import { renderCommandsPage } from "../../automation/driver/commands/commandsPage.ts";
import { EXIT_CODES, findHelp, renderHelp } from "../../automation/driver/commands/help.ts";
import { OPTIONS } from "../../automation/driver/commands/optionTable.ts";
import { EXIT } from "../../automation/errorReport.ts";
import { parseDriverOptions } from "../../automation/driver/options.ts";

const PLACE = { projectFolder: "/project", environment: {} };

describe("the help and docs/commands.md", () => {
    it("say the same", () => {
        expect(readFileSync(new URL("../../docs/commands.md", import.meta.url), "utf8")).to.equal(renderCommandsPage());
    });

    it("have all thirteen commands, each with an example that the driver takes", () => {
        expect(COMMANDS.map(({ name }) => name)).to.have.members(
            ["deploy", "preflight", "preview", "up", "train", "endpoints", "verify", "status", "destroy", "sweep", "adopt", "unlock", "bootstrap"]);
        for (const { name, example } of COMMANDS) {
            const [node, file, ...words] = example.split(" ");
            expect([node, file]).to.deep.equal(["node", "automation/deploy.ts"]);
            expect(parseDriverOptions(words, PLACE)).to.have.property("command", name);
            expect(findHelp([name, "--help"])).to.contain(example);
            expect(renderHelp()).to.contain(example);
        }
    });

    it("show an option where it is taken, and each somewhere", () => {
        expect(findHelp(["sweep", "--help"])).to.contain("--apply").and.to.contain("--yes");
        expect(findHelp(["status", "-h"])).not.to.contain("--apply");
        const all = COMMANDS.map(({ name }) => findHelp([name, "--help"]) ?? "").join("\n");
        for (const { name } of OPTIONS) expect(all).to.contain(`--${name}`);
    });

    it("name the exit codes that there are", () => {
        expect(EXIT_CODES.map(([code]) => code)).to.deep.equal(Object.values(EXIT));
    });

    it("are given whatever else is wrong with the line, and only when asked for", () => {
        expect(findHelp(["--form", "--help"])).to.equal(renderHelp());
        expect(findHelp(["help"])).to.equal(renderHelp());
        expect(findHelp(["--stack", "dev"])).to.equal(undefined);
    });

    it("need a question for every command that asks", () => {
        for (const { name, effect, question } of COMMANDS) expect(question !== undefined, name).to.equal(effect !== "reads");
    });
});
