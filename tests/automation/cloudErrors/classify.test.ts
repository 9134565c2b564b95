import { performance } from "node:perf_hooks";
import { expect } from "chai";
import { classify, errorClasses } from "../../../automation/cloudErrors/classify.ts";
import { foreignErrors, recordedErrors } from "./recorded.ts";

/** An issue, a file at a version, or a question to AWS. */
const PUBLIC_PAGE = /^https:\/\/(github\.com\/[\w.-]+\/[\w.-]+\/(issues\/\d+|pull\/\d+|blob\/(v[\d.]+|[\da-f]{40})\/\S+)|www\.repost\.aws\/\S+)$/;
const LONG = 300_000;
/** Far more than a linear look at so many characters takes, far less than a quadratic one. */
const LIMIT_MS = 4000;

describe("the table of errors", () => {
    it("holds at least 45 classes over three kinds, each under an id of its own", () => {
        expect(errorClasses.length).to.be.at.least(45);
        expect(new Set(errorClasses.map(({ id }) => id)).size).to.equal(errorClasses.length);
        expect(new Set(errorClasses.map(({ kind }) => kind))).to.have.all.keys("retry", "operator", "cloud");
    });

    it("says of each what happened, what to do, and where its words stand", () => {
        for (const { id, what, fix, source, failure } of errorClasses) {
            expect(what, id).to.have.length.greaterThan(10).and.not.match(/\.$/);
            expect(fix, id).to.have.length.greaterThan(10).and.not.match(/\.$/);
            expect(source, id).to.match(PUBLIC_PAGE);
            expect(failure ?? "F01", id).to.match(/^F(0[1-9]|[1-6]\d|70)$/);
        }
    });

    it("gives what exists already its number and a way out", () => {
        const existing = errorClasses.filter(({ failure, id }) => failure === "F22" && id !== "bucket-name-taken");
        expect(existing.length).to.be.at.least(9);
        for (const { fix, id } of existing) expect(fix, id).to.contain("node automation/deploy.ts adopt --stack STACK");
    });

    it("uses no expression that remembers where it stood", () => {
        for (const { words, id } of errorClasses) expect(words.flags, id).to.equal("");
    });

    it("knows no class by what another one explains", () => {
        for (const { id, what, fix } of errorClasses) {
            expect(classify(`${what}\n  fix: ${fix}`)?.id ?? id, id).to.equal(id);
        }
    });
});

describe("the recorded errors", () => {
    it("are at least 60, at least one of each class, each with its public page", () => {
        expect(recordedErrors.length).to.be.at.least(60);
        expect(new Set(recordedErrors.map((each) => each.class))).to.deep.equal(new Set(errorClasses.map(({ id }) => id)));
        for (const { source, message } of [...recordedErrors, ...foreignErrors]) expect(source, message).to.match(PUBLIC_PAGE);
    });

    it("stand on the page that their class names", () => {
        for (const { id, source } of errorClasses) {
            expect(recordedErrors.filter((each) => each.class === id).map((each) => each.source), id).to.include(source);
        }
    });

    it("carry no number of an account", () => {
        for (const { message } of [...recordedErrors, ...foreignErrors]) {
            expect(message.match(/(?<![\dA-Fa-f-])\d{12}(?!\d)/g)?.filter((number) => number !== "111122223333") ?? []).to.deep.equal([]);
        }
    });

    for (const { message, kind, failure, class: id } of recordedErrors) {
        it(`${id}: ${message.replaceAll(/\s+/g, " ").slice(0, 90)}`, () => {
            const found = classify(message);
            expect(found?.id).to.equal(id);
            expect(found?.kind).to.equal(kind);
            expect(found?.failure).to.equal(failure);
        });
    }

    it("match no class that stands before theirs, whatever its kind", () => {
        for (const { message, class: id } of recordedErrors) {
            const before = errorClasses.slice(0, errorClasses.findIndex((each) => each.id === id));
            expect(before.filter(({ words }) => words.test(message)).map((each) => each.id), message).to.deep.equal([]);
        }
    });

    it("need somebody even when something in the same message would pass by itself", () => {
        const both = "first: Throttling: Rate exceeded\nsecond: EntityAlreadyExists: Role with name pipeline already exists.";
        expect(classify(both)?.id).to.equal("role-exists");
    });
});

describe("foreign errors", () => {
    it("are at least ten", () => {
        expect(foreignErrors.length).to.be.at.least(10);
    });

    for (const { message } of foreignErrors) {
        it(`stays unknown: ${message.slice(0, 80)}`, () => {
            expect(classify(message)).to.equal(undefined);
        });
    }
});

describe("classify on long messages", () => {
    const beginnings = recordedErrors.map(({ message }) => message.slice(0, Math.ceil(message.length * 0.6)));
    const inputs: Readonly<Record<string, string>> = {
        "one letter": "a".repeat(LONG),
        "blanks": " ".repeat(LONG),
        "lines": "error:\n".repeat(LONG / 7),
        "quotes and paths": "\".pulumi/'arn:aws:iam::".repeat(LONG / 23),
        "the beginning of a refusal, again and again": "is not authorized to perform: iam:GetRole ".repeat(LONG / 42),
        "the beginnings of all recorded messages": beginnings.join(" ").repeat(Math.ceil(LONG / beginnings.join(" ").length)),
    };
    for (const [name, input] of Object.entries(inputs)) {
        it(`takes no more than their length: ${name}`, () => {
            const startedAt = performance.now();
            for (const { words } of errorClasses) words.test(input);
            expect(performance.now() - startedAt).to.be.below(LIMIT_MS);
        });
    }
});
