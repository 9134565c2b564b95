import { expect } from "chai";
import { findClassMemoryBytes, isInsightsRetention, isStripedEngine, offersInsights } from "../../../components/facts/databases.ts";
import { ageOfPostgresVersions, judgePostgresVersion, suggestPostgresVersion } from "../../../components/facts/postgresVersions.ts";

describe("facts about databases", () => {
    it("know the memory of classes, and which classes they do not know", () => {
        const gib = {
            "db.t3.micro": 1, "db.t4g.small": 2, "db.t3.medium": 4, "db.m6g.large": 8, "db.m5.24xlarge": 384, "db.r6g.xlarge": 32,
            "db.r5.16xlarge": 512, "db.x2g.large": 32,
        };
        for (const [instanceClass, expected] of Object.entries(gib)) {
            expect(findClassMemoryBytes(instanceClass), instanceClass).to.equal(expected * 2 ** 30);
        }
        for (const unknown of ["db.serverless", "db.z9.large", "db.m6g.huge", "m6g.large", "db.m6g.xlargexlarge", "db.t3.nano"]) {
            expect(findClassMemoryBytes(unknown), unknown).to.equal(undefined);
        }
    });

    it("tell versions of PostgreSQL that are offered from those that are gone, and from those only the account knows", () => {
        const verdicts = {
            "15": "offered", "15.14": "offered", "15.4": "withdrawn", "18.5": "withdrawn", "10.1": "withdrawn", "9.6.24": "withdrawn",
            "15.20": "unlisted", "19": "unlisted", "19.1": "unlisted", "13.23": "unlisted", "16.9-R1": "unlisted",
            "99.1": "no version", "latest": "no version", "": "no version",
        };
        for (const [version, verdict] of Object.entries(verdicts)) expect(judgePostgresVersion(version), version).to.equal(verdict);
    });

    it("suggest the newest version of the same major, or of all", () => {
        expect(suggestPostgresVersion("15.4")).to.equal("15.19");
        expect(suggestPostgresVersion("9.6.24")).to.equal("18.6");
    });

    it("know how old the list of versions is", () => {
        expect(ageOfPostgresVersions(new Date("2026-11-21T23:00:00Z"))).to.equal(0);
        expect(ageOfPostgresVersions(new Date("2027-02-20T00:00:00Z"))).to.equal(91);
    });

    it("know how long Performance Insights can be kept", () => {
        for (const days of [7, 31, 93, 713, 731]) expect(isInsightsRetention(days), String(days)).to.equal(true);
        for (const days of [0, 1, 30, 32, 730, 744]) expect(isInsightsRetention(days), String(days)).to.equal(false);
    });

    it("know which small classes have no Performance Insights", () => {
        expect(offersInsights("mysql", "db.t3.micro")).to.equal("no");
        expect(offersInsights("postgres", "db.t4g.small")).to.equal("perhaps");
        expect(offersInsights("mysql", "db.t3.medium")).to.equal("yes");
        expect(offersInsights("mysql", "db.m6g.large")).to.equal("yes");
    });

    it("know which engines stripe their storage", () => {
        const engines = ["postgres", "mysql", "mariadb", "oracle-ee", undefined];
        expect(engines.filter(isStripedEngine)).to.deep.equal(["postgres", "mysql", "mariadb"]);
    });
});
