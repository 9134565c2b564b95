import { expect } from "chai";
import { groupByComponent } from "../../../../automation/driver/commands/previewing/groupByComponent.ts";
import type { PlannedChange } from "../../../../automation/engine/engine.ts";
import { EXIT } from "../../../../automation/errorReport.ts";
import { createDriverWorld } from "../../../support/driverWorld.ts";

function change(types: string, name: string, operation: PlannedChange["operation"]): PlannedChange {
    const type = types.split("$").at(-1) ?? "";
    return { urn: `urn:pulumi:dev::firstlight::${types}::${name}`, type, name, operation, properties: operation === "update" ? ["timeout"] : [] };
}

const CHANGES: readonly PlannedChange[] = [
    change("pulumi:pulumi:Stack", "firstlight-dev", "create"),
    change("firstlight:data:DataStores", "data", "create"),
    change("firstlight:data:DataStores$aws:s3/bucket:Bucket", "raw", "create"),
    change("firstlight:data:DataStores$aws:s3/bucket:Bucket", "models", "update"),
    change("firstlight:compute:Api$firstlight:compute:Function$aws:lambda/function:Function", "health", "replace"),
    change("aws:ssm/parameter:Parameter", "switch", "delete"),
];

describe("the preview", () => {
    it("tells counts and changes in one event, and by component for people; it takes no lock and asks nobody", async () => {
        const world = createDriverWorld();
        world.phaseWorld.engine.previewNow = { counts: { create: 1, update: 1, replace: 1, delete: 1, same: 3 }, changes: CHANGES };
        const { exitCode, events, stderr } = await world.run("preview --stack dev --json -");
        expect(exitCode).to.equal(EXIT.done);
        expect(events.find(({ kind }) => kind === "preview")).to.deep.include({ counts: { create: 1, update: 1, replace: 1, delete: 1, same: 3 }, changes: CHANGES });
        expect(events.map(({ kind }) => kind)).to.deep.equal(["run", "preview", "end"]);
        expect(stderr).to.contain("firstlight:data:DataStores: 1 created, 1 updated").and.to.contain("the stack itself: 1 deleted");
        expect(world.phaseWorld.engine.calls).to.deep.equal(["preview"]);
    });

    it("counts a resource to the innermost component, and components themselves nowhere", () => {
        const groups = [...groupByComponent(CHANGES)].map(([component, changes]) => [component, changes.map(({ name }) => name)]);
        expect(groups).to.deep.equal([
            ["firstlight:data:DataStores", ["raw", "models"]], ["firstlight:compute:Function", ["health"]], ["the stack itself", ["switch"]],
        ]);
    });
});
