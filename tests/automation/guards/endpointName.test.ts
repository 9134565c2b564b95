import { expect } from "chai";
import { parseGuardArguments } from "../../../automation/guards/endpointGuard.ts";
import {
    EndpointNameError, TIMEOUT_MS, waitUntilEndpointIsGone, waitUntilNameIsFree, type EndpointSighting, type EndpointWatch,
} from "../../../automation/guards/endpointName.ts";

const ownTags = { Project: "firstlight", Environment: "dev" };

interface FakeWatch extends EndpointWatch { readonly calls: string[]; readonly lines: string[] }

/** Shows the sightings one after the other, the last for ever; the clock moves by what is slept. */
function watchOf(sightings: readonly (EndpointSighting | undefined)[]): FakeWatch {
    let index = 0;
    let clock = 0;
    const calls: string[] = [];
    const lines: string[] = [];
    return {
        endpointName: "firstlight-dev-champion", ownTags, calls, lines,
        describe: async () => sightings[Math.min(index++, sightings.length - 1)],
        remove: async () => { calls.push("remove"); },
        sleep: async (milliseconds) => { clock += milliseconds; },
        now: () => clock,
        print: (line) => { lines.push(line); },
    };
}

function seen(status: string, tags: Record<string, string> = ownTags): EndpointSighting {
    return { status, tags };
}

async function failure(promise: Promise<unknown>): Promise<string> {
    try {
        await promise;
    } catch (error) {
        expect(error).to.be.instanceOf(EndpointNameError);
        return (error as Error).message;
    }
    throw new Error("did not fail");
}

describe("waitUntilNameIsFree", () => {
    it("returns at once when nobody has the name", async () => {
        const watch = watchOf([undefined]);
        await waitUntilNameIsFree(watch);
        expect(watch.now()).to.equal(0);
    });

    it("waits while an old endpoint is being deleted, whoever's it was", async () => {
        const watch = watchOf([seen("Deleting", {}), seen("Deleting", {}), undefined]);
        await waitUntilNameIsFree(watch);
        expect(watch.now()).to.be.greaterThan(0);
        expect(watch.calls).to.deep.equal([]);
    });

    it("deletes a failed endpoint of ours once, and waits until it is gone", async () => {
        const watch = watchOf([seen("Failed"), seen("Failed"), seen("Deleting"), undefined]);
        await waitUntilNameIsFree(watch);
        expect(watch.calls).to.deep.equal(["remove"]);
    });

    it("refuses a failed endpoint of somebody else and leaves it alone", async () => {
        const watch = watchOf([seen("Failed", { Project: "other", Environment: "dev" })]);
        expect(await failure(waitUntilNameIsFree(watch))).to.match(/^F02 .*not ours/);
        expect(watch.calls).to.deep.equal([]);
    });

    for (const status of ["InService", "Creating", "Updating"]) {
        it(`takes an endpoint of ours that is ${status} for one that is in the state`, async () => {
            await waitUntilNameIsFree(watchOf([seen(status)]));
        });

        it(`refuses a foreign endpoint that is ${status}`, async () => {
            expect(await failure(waitUntilNameIsFree(watchOf([seen(status, { Project: "firstlight" })])))).to.match(/status .* not ours/);
        });
    }

    it("takes nothing for ours when no tags were given", async () => {
        expect(await failure(waitUntilNameIsFree({ ...watchOf([seen("Failed")]), ownTags: {} }))).to.match(/none given/);
    });

    it("gives up after half an hour, and has told about it all the while", async () => {
        const watch = watchOf([seen("Deleting")]);
        expect(await failure(waitUntilNameIsFree(watch))).to.match(/still Deleting after 30 minutes/);
        expect(watch.now()).to.be.within(TIMEOUT_MS, TIMEOUT_MS + 10_000);
        expect(watch.lines.length).to.be.within(30, 61);
    });
});

describe("waitUntilEndpointIsGone", () => {
    it("returns when the endpoint is gone", async () => {
        const watch = watchOf([seen("InService"), seen("Deleting"), undefined]);
        await waitUntilEndpointIsGone(watch);
        expect(watch.calls).to.deep.equal([]);
    });

    it("does not wait for half an hour for what nobody deletes", async () => {
        const watch = watchOf([seen("InService")]);
        expect(await failure(waitUntilEndpointIsGone(watch))).to.match(/is InService, and nobody is deleting it/);
        expect(watch.now()).to.be.below(120_000);
    });

    it("gives up after half an hour", async () => {
        expect(await failure(waitUntilEndpointIsGone(watchOf([seen("Deleting")])))).to.match(/after 30 minutes/);
    });
});

describe("parseGuardArguments", () => {
    it("takes the verb last, as the resource gives it", () => {
        const args = ["--endpoint", "a-b", "--region", "eu-central-1", "--tag", "Project=x=y", "--tag", "Environment=dev", "delete"];
        expect(parseGuardArguments(args)).to.deep.equal({
            verb: "delete", endpointName: "a-b", region: "eu-central-1", ownTags: { Project: "x=y", Environment: "dev" },
        });
    });

    for (const args of [["create"], ["--endpoint", "a", "--region", "r"], ["--endpoint", "a", "--region", "r", "destroy"]]) {
        it(`refuses "${args.join(" ")}"`, () => {
            expect(() => parseGuardArguments(args)).to.throw(EndpointNameError, "usage");
        });
    }
});
