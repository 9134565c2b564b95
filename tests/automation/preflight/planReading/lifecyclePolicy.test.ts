import { expect } from "chai";
import { findLifecycleFaults } from "../../../../automation/preflight/planReading/lifecyclePolicy.ts";

const EXPIRE = { type: "expire" };
const TEN = { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: 10 };
const ANY = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 50 };

function findFaults(...rules: readonly object[]): readonly string[] {
    return findLifecycleFaults(JSON.stringify({ rules }));
}

const PULLED = { ...TEN, countType: "sinceImagePulled", countUnit: "days" };
const UNTAGGED = { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 };
const ARCHIVED = { tagStatus: "any", storageClass: "archive", countType: "sinceImageTransitioned", countUnit: "days", countNumber: 90 };

describe("lifecycle policies of image repositories", () => {
    it("pass with prefixes, with ages, and with one last rule for each storage class", () => {
        expect(findFaults(
            { rulePriority: 1, selection: { ...TEN, tagPatternList: undefined, tagPrefixList: ["v"] }, action: EXPIRE },
            { rulePriority: 2, selection: UNTAGGED, action: EXPIRE },
            { rulePriority: 3, selection: PULLED, action: { type: "transition", targetStorageClass: "archive" } },
            { rulePriority: 4, selection: ANY, action: EXPIRE },
            { rulePriority: 9, selection: ARCHIVED, action: EXPIRE },
        )).to.deep.equal([]);
    });

    const wrong: readonly (readonly [string, object, RegExp])[] = [
        ["a priority of 0", { rulePriority: 0 }, /rulePriority 0;/],
        ["a missing priority", { rulePriority: undefined }, /rulePriority null;/],
        ["any image before others", { selection: ANY }, /rule 1 is about any image/],
        ["a count of 0", { selection: { ...TEN, countNumber: 0 } }, /countNumber 0/],
        ["a unit beside a count", { selection: { ...TEN, countUnit: "days" } }, /counts images, and has a countUnit/],
        ["an age without a unit", { selection: { ...PULLED, countUnit: undefined } }, /countUnit is not "days"/],
        ["an archived age outside of the archive", { selection: { ...ARCHIVED, storageClass: "standard" } }, /storageClass is not "archive"/],
        ["a pattern of five wildcards", { selection: { ...TEN, tagPatternList: ["*a*b*c*d*"] } }, /more than 4 wildcards/],
        ["an empty list of tags", { selection: { ...TEN, tagPatternList: [] } }, /neither tagPatternList/],
        ["tags of untagged images", { selection: { ...UNTAGGED, tagPrefixList: ["v"] } }, /has a list of tags/],
        ["a move to nowhere", { action: { type: "transition" } }, /targetStorageClass/],
        ["a rule without a selection", { selection: undefined }, /countType null/],
    ];
    for (const [title, change, expected] of wrong) {
        it(`refuse ${title}`, () => {
            const first = { rulePriority: 1, selection: TEN, action: EXPIRE, ...change };
            expect(findFaults(first, { rulePriority: 2, selection: UNTAGGED, action: EXPIRE }).join("; ")).to.match(expected);
        });
    }

    it("refuse what is no JSON, and what is too long", () => {
        expect(findLifecycleFaults("{")).to.deep.equal(["is no JSON"]);
        expect(findLifecycleFaults("null")).to.deep.equal(["is no JSON"]);
        const long = { rulePriority: 1, description: "x".repeat(31_000), selection: TEN, action: EXPIRE };
        expect(findFaults(long).join()).to.match(/characters; ECR takes 30720/);
    });
});
