import { expect } from "chai";
import { selectData, type ListedVersion } from "../../../lambdas/select-data/core.ts";

function versionOf(key: string, second: number, others: Partial<ListedVersion> = {}): ListedVersion {
    return { key, versionId: `v${second}`, isLatest: true, bytes: 10, modifiedAt: new Date(second * 1000), ...others };
}

async function select(...versions: readonly ListedVersion[]) {
    async function* list(): AsyncGenerator<ListedVersion> { yield* versions; }
    return (await selectData("raw", list())).upload;
}

describe("selectData", () => {
    it("finds the data that came last, with their version", async () => {
        const found = await select(versionOf("data/a.csv", 5), versionOf("data/b.csv", 9), versionOf("data/c.csv", 7));
        expect(found).to.deep.equal({ bucket: "raw", key: "data/b.csv", versionId: "v9" });
    });

    it("passes over empty objects and over versions that were overwritten", async () => {
        const found = await select(versionOf("data/", 99, { bytes: 0 }), versionOf("data/a.csv", 50, { isLatest: false }), versionOf("data/a.csv", 3));
        expect(found).to.include({ key: "data/a.csv", versionId: "v3" });
    });

    it("finds the same at every try when two came in the same second", async () => {
        const [one, other] = [versionOf("data/a.csv", 5), versionOf("data/b.csv", 5)];
        expect(await select(one, other)).to.deep.equal(await select(other, one)).and.include({ key: "data/b.csv" });
    });

    it("finds nothing where there are no data", async () => {
        expect(await select()).to.equal(null);
        expect(await select(versionOf("data/", 1, { bytes: 0 }))).to.equal(null);
    });
});
