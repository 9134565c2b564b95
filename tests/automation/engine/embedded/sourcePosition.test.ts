import { expect } from "chai";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { fileInProject } from "../../../../automation/engine/embedded/sourcePosition.ts";

const PROJECT = path.resolve("somewhere", "my project");

/** As `Resource.stackTrace` of the SDK makes it of a frame: the text in the frame is taken for a path. */
function uriOf(frame: string): string {
    return pathToFileURL(frame).toString();
}

describe("the place of a resource in the program", () => {
    it("is found in the frame of an ES module, whose URL the SDK has made a URL of once more", () => {
        const frame = pathToFileURL(path.join(PROJECT, "components", "data", "dataBucket.ts")).toString();
        expect(uriOf(frame)).to.include("file:/").and.include("%2520");
        expect(fileInProject(uriOf(frame), PROJECT)).to.equal("components/data/dataBucket.ts");
    });

    it("is found in the frame of a module that Node knows by its path", () => {
        expect(fileInProject(uriOf(path.join(PROJECT, "index.js")), PROJECT)).to.equal("index.js");
    });

    it("is none outside of the project, in a package, or in what is no file", () => {
        const others = [path.resolve("somewhere", "else", "index.ts"), path.join(PROJECT, "node_modules", "@pulumi", "aws", "bucket.js"), PROJECT];
        for (const other of others) expect(fileInProject(uriOf(pathToFileURL(other).toString()), PROJECT)).to.equal(undefined);
        expect(fileInProject("data:text/javascript,1", PROJECT)).to.equal(undefined);
    });
});
