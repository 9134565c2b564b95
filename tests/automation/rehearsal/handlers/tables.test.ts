import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import type { ResourceTable } from "../../../../automation/engine/provider.ts";
import { createPlanningProvider } from "../../../../automation/rehearsal/handlers/provider.ts";

const PACKAGES = path.resolve(import.meta.dirname, "../../../../node_modules/@pulumi");

interface SdkClass { readonly outputs: readonly string[]; readonly inputs: readonly string[]; readonly token: string | undefined }

/** Reads what the SDK declares for a type token such as `aws:s3/bucket:Bucket`. */
function readSdkClass(type: string): SdkClass {
    const [packageName = "", module = "", name = ""] = type.split(":");
    const file = packageName === "aws" ? module : packageName === "random" ? module.replace("index/", "") : `${module}/${name.toLowerCase()}`;
    const declarations = readFileSync(path.join(PACKAGES, packageName, `${file}.d.ts`), "utf8");
    const code = readFileSync(path.join(PACKAGES, packageName, `${file}.js`), "utf8");
    const argsStart = declarations.indexOf(`export interface ${name}Args {`);
    const stateStart = declarations.indexOf(`export interface ${name}State {`);
    const classText = declarations.slice(0, stateStart < 0 ? argsStart : Math.min(argsStart, stateStart));
    return {
        outputs: [...classText.matchAll(/^ {4}readonly (\w+): pulumi\.Output</gm)].map((match) => match[1]!),
        inputs: [...declarations.slice(argsStart).matchAll(/^ {4}(\w+)\??: /gm)].map((match) => match[1]!),
        token: /__pulumiType = ['"]([^'"]+)['"]/.exec(code)?.[1],
    };
}

const REQUIRED_TYPES = [
    "random:index/randomId:RandomId", "aws:kms/key:Key", "aws:kms/alias:Alias", "aws:s3/bucket:Bucket", "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketNotification:BucketNotification", "aws:dynamodb/table:Table", "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy",
    "aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget",
    "aws:lambda/function:Function", "aws:lambda/permission:Permission", "aws:apigatewayv2/api:Api", "aws:apigatewayv2/integration:Integration",
    "aws:apigatewayv2/route:Route", "aws:apigatewayv2/stage:Stage", "aws:sfn/stateMachine:StateMachine", "aws:sns/topic:Topic",
    "aws:sns/topicSubscription:TopicSubscription", "aws:ssm/parameter:Parameter", "aws:sagemaker/model:Model",
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration", "aws:sagemaker/endpoint:Endpoint", "command:local:Command",
];

describe("property tables", () => {
    const provider = createPlanningProvider({ region: "eu-central-1", accountId: "111122223333" });
    const tables: readonly ResourceTable[] = [...provider.resources.values()].map(({ table }) => table);

    it("cover every resource type of the program", () => {
        expect([...provider.resources.keys()].sort()).to.deep.equal([...REQUIRED_TYPES].sort());
    });

    for (const table of tables) {
        describe(table.type, () => {
            const sdk = readSdkClass(table.type);

            it("bears the SDK's own token", () => {
                expect(sdk.token).to.equal(table.type);
            });

            it("lists the outputs of the SDK's class, none missing and none invented", () => {
                expect(sdk.outputs).not.to.be.empty;
                expect([...table.outputs].sort()).to.deep.equal([...sdk.outputs].sort());
            });

            it("has rules for inputs that exist", () => {
                const names = new Set(Object.keys(table.inputs).map((leaf) => leaf.split(".")[0]!));
                expect([...names].filter((name) => !sdk.inputs.includes(name))).to.deep.equal([]);
            });

            it("names its source", () => {
                expect(table.source).to.match(/^https:\/\/www\.pulumi\.com\/registry\//);
            });

            it("knows what its automatic name, if any, fills", () => {
                if (table.autoName !== undefined) expect(table.inputs[table.autoName.property]).to.include({ effect: "applied" });
            });
        });
    }
});
