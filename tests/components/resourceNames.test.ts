import { expect } from "chai";
import fc from "fast-check";
import { cleanSuffix } from "../../components/environmentName.ts";
import { createNaming } from "../../components/naming.ts";
import type { Naming } from "../../components/naming.ts";
import { carriesEnvironment, findRefusedName, findSharedName } from "../../components/resourceNames.ts";

const PLACE = { accountId: "123456789012", region: "ap-southeast-4" };
const words = fc.stringMatching(/^[a-z][a-z0-9]{0,30}$/);
const suffixes = fc.stringMatching(/^[a-z][a-z0-9]{0,19}$/);

/** A name of each type, as the platform makes it. */
function namesOf({ name, bucket, role, alias, logGroup, secret, parameterPath }: Naming): readonly (readonly [type: string, name: string])[] {
    return [
        ["aws:dynamodb/table:Table", name("table", "orders")],
        ["aws:elasticache/replicationGroup:ReplicationGroup", name("cacheGroup", "sessions")],
        ["aws:lambda/function:Function", name("function", "preprocess-data")],
        ["aws:lb/loadBalancer:LoadBalancer", name("loadBalancer", "web")],
        ["aws:lb/targetGroup:TargetGroup", name("targetGroup", "web")],
        ["aws:rds/instance:Instance", name("database", "orders")],
        ["aws:rds/parameterGroup:ParameterGroup", name("databaseParameterGroup", "orders")],
        ["aws:s3/bucket:Bucket", bucket("processed", "a1b2c3")],
        ["aws:iam/role:Role", role("preprocess-data")],
        ["aws:kms/alias:Alias", alias("sagemaker")],
        ["aws:cloudwatch/logGroup:LogGroup", logGroup("/aws/lambda", "preprocess-data")],
        ["aws:secretsmanager/secret:Secret", secret("password")],
        ["aws:ssm/parameter:Parameter", `${parameterPath}/switch`],
    ];
}

describe("names of resources", () => {
    it("are seen to be the environment's and taken by their service, however little room there is", () => {
        fc.assert(fc.property(words, words, fc.option(suffixes, { nil: undefined }), (project, environment, suffix) => {
            const naming = createNaming({ project, environment, ...(suffix === undefined ? {} : { environmentSuffix: cleanSuffix(suffix) }) }, PLACE);
            for (const [type, name] of namesOf(naming)) {
                expect(findSharedName(type, name, naming.prefix), type).to.equal(undefined);
                expect(findRefusedName(type, name), type).to.equal(undefined);
            }
        }), { numRuns: 300, seed: 31 });
    });

    it("of another pull request are not taken for this one's while there is room for the whole prefix", () => {
        fc.assert(fc.property(suffixes, suffixes, (one, other) => {
            fc.pre(one !== other && one.length < 7 && other.length < 7);
            const [mine, theirs] = [one, other].map((suffix) => createNaming({ project: "fl", environment: "dev", environmentSuffix: cleanSuffix(suffix) }, PLACE));
            for (const [type, name] of namesOf(theirs!)) expect(findSharedName(type, name, mine!.prefix), `${type} ${name}`).to.be.a("string");
        }), { numRuns: 300, seed: 27 });
    });

    it("are not asked for their environment inside of something that carries it", () => {
        expect(carriesEnvironment("aws:iam/rolePolicy:RolePolicy")).to.equal(false);
        expect(carriesEnvironment("aws:rds/instance:Instance")).to.equal(true);
    });
});
