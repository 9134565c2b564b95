/** F20: IOPS and throughput of a database are named only where they can be chosen. */
import { gp3, isStripedEngine, PROVISIONED_MIN_GIB, STORAGE_WITH_IOPS } from "../../../components/facts/databases.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import type { AccountView } from "../account/accountView.ts";
import { askOfferings, DATABASE, findDatabases, ofVersion } from "../planReading/databases.ts";
import { checkEach, findGaps } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildAccount, buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const PROPERTIES = ["engine", "storageType", "allocatedStorage", "iops", "storageThroughput"] as const;

export const rule = defineRule({
    id: "F20",
    kind: "plan",
    needs: ["plan"],
    title: "A database's storage is of a size and speed that RDS has",
    story: "iops: 3000 stood beside 100 GiB of gp3. That is exactly the baseline, but below 400 GiB RDS refuses the number itself: "
        + "\"You can't specify IOPS or storage throughput\". From 400 GiB on it refuses the same number as too small.",
    source: "field reports S0-S4",
    fix: "leave iops and storageThroughput out: the baseline comes of itself",
    applies: ({ plan }) => findDatabases(plan).length > 0,
    check: (evidence) => checkEach(evidence, findDatabases(evidence.plan), async (database) => {
        const gaps = findGaps(database.inputs, PROPERTIES);
        return gaps.length > 0 ? gaps : [...findStorageFaults(database.inputs), ...await findOfferingFaults(database, evidence.account)];
    }),
    mustFind: [
        {
            title: "IOPS below 400 GiB, though it is the baseline",
            evidence: () => buildEvidence({ ...GP3, allocatedStorage: 100, iops: 3000 }),
        },
        { title: "a throughput below 400 GiB", evidence: () => buildEvidence({ ...GP3, allocatedStorage: 100, storageThroughput: 125 }) },
        { title: "fewer IOPS than the baseline", evidence: () => buildEvidence({ ...GP3, allocatedStorage: 400, iops: 3000 }) },
        {
            title: "more throughput than the IOPS carry",
            evidence: () => buildEvidence({ ...GP3, allocatedStorage: 400, iops: 12_000, storageThroughput: 4000 }),
        },
        { title: "the striped baseline below 400 GiB", evidence: () => buildEvidence({ ...GP3, allocatedStorage: 399, iops: 12_000 }) },
        { title: "more IOPS than there are", evidence: () => buildEvidence({ ...GP3, allocatedStorage: 1000, iops: 64_001 }) },
        { title: "io1 of 99 GiB", evidence: () => buildEvidence({ storageType: "io1", allocatedStorage: 99, iops: 3000 }) },
        { title: "IOPS with gp2", evidence: () => buildEvidence({ storageType: "gp2", allocatedStorage: 500, iops: 12_000 }) },
        {
            title: "IOPS without a storage type, which makes it io1 of 20 GiB",
            evidence: () => buildEvidence({ allocatedStorage: 20, iops: 3000 }),
        },
        { title: "ten GiB", evidence: () => buildEvidence({ ...GP3, allocatedStorage: 10 }) },
        {
            title: "a storage type that the class does not have",
            evidence: () => buildEvidence({ ...GP3, allocatedStorage: 100, instanceClass: "db.m4.large" }, ["gp2", "io1"]),
        },
    ],
    mustPass: [
        { title: "the smallest of all", evidence: () => buildEvidence({ ...GP3, allocatedStorage: 20 }) },
        {
            title: "as much throughput as the IOPS carry",
            evidence: () => buildEvidence({ ...GP3, allocatedStorage: 400, iops: 12_000, storageThroughput: 3000 }),
        },
        { title: "100 GiB without a word", evidence: () => buildEvidence({ ...GP3, allocatedStorage: 100 }) },
        {
            title: "400 GiB with the baseline",
            evidence: () => buildEvidence({ ...GP3, allocatedStorage: 400, iops: 12_000, storageThroughput: 500 }),
        },
        {
            title: "the largest of all",
            evidence: () => buildEvidence({ ...GP3, allocatedStorage: 1000, iops: 64_000, storageThroughput: 4000 }),
        },
        { title: "IOPS with io2", evidence: () => buildEvidence({ storageType: "io2", allocatedStorage: 100, iops: 3000 }) },
        { title: "a storage type that the class has", evidence: () => buildEvidence({ ...GP3, allocatedStorage: 100 }, ["gp2", "gp3"]) },
    ],
});

/** Without a storage type, the provider takes io1 when IOPS are named, else gp2. @pulumi/aws 7.48.0, rds.InstanceArgs.storageType */
function typeOf({ storageType, iops }: PropertyMap): unknown {
    return storageType ?? (iops === undefined ? "gp2" : "io1");
}

function findStorageFaults(inputs: PropertyMap): readonly Remark[] {
    const { engine, allocatedStorage, iops, storageThroughput } = inputs;
    const type = typeOf(inputs);
    const faults: Remark[] = [];
    if (storageThroughput !== undefined && type !== "gp3") {
        faults.push({ what: `storageThroughput ${String(storageThroughput)} is only for gp3, and the storage is ${String(type)}` });
    }
    if (iops !== undefined && !STORAGE_WITH_IOPS.some((each) => each === type)) {
        faults.push({ what: `iops ${String(iops)} is for ${STORAGE_WITH_IOPS.join(", ")} only, and the storage is ${String(type)}` });
    }
    if (typeof allocatedStorage !== "number") return faults; // a replica, or made from a snapshot
    if ((type === "io1" || type === "io2") && allocatedStorage < PROVISIONED_MIN_GIB) {
        faults.push({
            what: `${type} begins at ${PROVISIONED_MIN_GIB} GiB, got ${allocatedStorage}`,
            fix: "write storageType: \"gp3\" and no iops, or allocate more",
        });
    }
    if (type !== "gp3") return faults;
    if (allocatedStorage < gp3.minGiB || allocatedStorage > gp3.maxGiB) {
        faults.push({ what: `gp3 has ${gp3.minGiB} to ${gp3.maxGiB} GiB, got ${allocatedStorage}`, fix: "choose a size in between" });
    }
    if (!isStripedEngine(engine)) return [...faults, { open: `the bounds of gp3 for ${String(engine)} are not in the table` }];
    return [...faults, ...findSpeedFaults(allocatedStorage, iops, storageThroughput)];
}

function findSpeedFaults(sizeGiB: number, iops: unknown, throughput: unknown): readonly Remark[] {
    if (iops === undefined && throughput === undefined) return [];
    if (sizeGiB < gp3.stripedFromGiB) {
        const named = Object.entries({ iops, storageThroughput: throughput }).filter(([, value]) => value !== undefined)
            .map(([name, value]) => `${name} ${String(value)}`).join(" and ");
        return [{ what: `${named} cannot be named for ${sizeGiB} GiB of gp3: only from ${gp3.stripedFromGiB} GiB on` }];
    }
    const faults: Remark[] = [];
    const chosen = typeof iops === "number" ? iops : gp3.iops.min;
    if (chosen < gp3.iops.min || chosen > gp3.iops.max) {
        faults.push({ what: `iops must be ${gp3.iops.min} to ${gp3.iops.max} from ${gp3.stripedFromGiB} GiB on, got ${chosen}` });
    }
    if (typeof throughput !== "number") return faults;
    const { min, max } = gp3.throughputMiBps;
    if (throughput < min || throughput > max) faults.push({ what: `storageThroughput must be ${min} to ${max} MiB/s, got ${throughput}` });
    const most = chosen * gp3.maxThroughputPerIops;
    if (throughput > most) {
        faults.push({
            what: `storageThroughput ${throughput} needs ${throughput / gp3.maxThroughputPerIops} iops; ${chosen} carry ${most} MiB/s`,
        });
    }
    return faults;
}

/** Old classes do not have every storage type. Without an account the bounds decide. */
async function findOfferingFaults(database: PlannedResource, account: AccountView | undefined): Promise<readonly Remark[]> {
    const { engine, engineVersion, instanceClass } = database.inputs;
    if (account === undefined || engine === undefined) return [];
    const answer = await askOfferings(database, account);
    if ("open" in answer) return [answer];
    const offered = ofVersion(answer.offerings, engineVersion);
    const type = typeOf(database.inputs);
    if (offered.length === 0 || offered.some(({ storageTypes }) => storageTypes.some((each) => each === type))) return [];
    const others = [...new Set(offered.flatMap(({ storageTypes }) => storageTypes))].join(", ");
    return [{
        what: `${String(instanceClass)} has no ${String(type)} storage in this region, only ${others}`,
        fix: "choose one of these, or a class of a newer family",
    }];
}

const GP3 = { storageType: "gp3" };

function buildEvidence(inputs: PropertyMap, storageTypes?: readonly string[]): Evidence {
    const database = { engine: "postgres", engineVersion: "17.11", instanceClass: "db.t4g.small", ...inputs };
    const evidence = buildPlanEvidence({ type: DATABASE, name: "database", inputs: database });
    if (storageTypes === undefined) return evidence;
    const offerings = [{ engineVersion: "17.11", supportsPerformanceInsights: true, storageTypes }];
    return { ...evidence, account: buildAccount({ databaseOfferings: async () => offerings }) };
}
