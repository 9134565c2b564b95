/** F52: a serverless endpoint asks for nothing that serverless inference has not. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { findTasks, parametersOf, readDefinitions, STATE_MACHINE } from "../planReading/definitions.ts";
import type { StateFields, StateReading } from "../planReading/definitions.ts";
import { sourcesOf } from "../planReading/order.ts";
import { checkEach, findGaps } from "../planReading/remarks.ts";
import type { Fault, Remark } from "../planReading/remarks.ts";
import { sectionsOf } from "../planReading/sections.ts";
import { buildPlanEvidence, buildStatesEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const MODEL = "aws:sagemaker/model:Model";

/** Parts that serverless endpoints refuse. https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html */
const OF_MODEL = ["vpcConfig", "enableNetworkIsolation"] as const;
const OF_CONFIGURATION = ["dataCaptureConfig", "asyncInferenceConfig", "shadowProductionVariants"] as const;

export const rule = defineRule({
    id: "F52",
    kind: "plan",
    needs: ["plan"],
    title: "Serverless endpoints have no network, no data capture and one variant",
    story: "The model had a VPC, network isolation or data capture, as a real-time endpoint may. For a serverless one SageMaker refuses "
        + "each with a ValidationException, after the model had been trained and its configuration written.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html",
    prevention: "The served model takes no network; only the model of the batch transform has one (components/inference/pipelineJobs.ts).",
    fix: "leave vpcConfig, enableNetworkIsolation and dataCaptureConfig out, and give each variant an endpoint of its own",
    applies: ({ plan }) => plan.resources.some(({ type, inputs }) => type === CONFIGURATION
        && (hasServerless(inputs) || inputs["productionVariants"] === UNKNOWN))
        || readDefinitions(plan).some(({ states }) => states === undefined || findServerlessTasks(states).length > 0),
    check(evidence) {
        const { plan } = evidence;
        const definitions = new Map(readDefinitions(plan).map((reading) => [reading.resource.urn, reading.states]));
        const places = plan.resources.filter(({ type }) => type === CONFIGURATION || type === STATE_MACHINE);
        return checkEach(evidence, places, (place): readonly Remark[] => {
            if (place.type === CONFIGURATION) return checkConfiguration(place, plan);
            const states = definitions.get(place.urn);
            return states === undefined ? [{ open: "its definition is not known before the deployment" }] : checkStates(states);
        });
    },
    mustFind: [
        {
            title: "a model in a VPC",
            evidence: () => buildEvidence({}, { vpcConfig: { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] } }),
        },
        { title: "a model in network isolation", evidence: () => buildEvidence({}, { enableNetworkIsolation: true }) },
        {
            title: "data capture",
            evidence: () => buildEvidence({ dataCaptureConfig: { destinationS3Uri: "s3://logs", initialSamplingPercentage: 100 } }),
        },
        { title: "a model of two containers", evidence: () => buildEvidence({}, { containers: [{ image: "one" }, { image: "two" }] }) },
        { title: "many models in one container", evidence: () => buildEvidence({}, { primaryContainer: { mode: "MultiModel" } }) },
        { title: "two variants on one endpoint", evidence: () => buildEvidence({ productionVariants: [VARIANT, VARIANT] }) },
        {
            title: "a machine as well",
            evidence: () => buildEvidence({ productionVariants: [{ ...VARIANT, instanceType: "ml.m5.large" }] }),
        },
        { title: "a pipeline whose served model is in a VPC", evidence: () => buildPipeline({ VpcConfig: { Subnets: ["subnet-1"] } }) },
        { title: "a pipeline that captures data", evidence: () => buildPipeline({}, { DataCaptureConfig: { EnableCapture: true } }) },
    ],
    mustPass: [
        { title: "a model without a network", evidence: () => buildEvidence({}) },
        { title: "network isolation that is switched off", evidence: () => buildEvidence({}, { enableNetworkIsolation: false }) },
        { title: "a pipeline that serves a model without a network", evidence: () => buildPipeline({}) },
    ],
});

function hasServerless(inputs: PropertyMap): boolean {
    return sectionsOf(inputs["productionVariants"]).some(({ serverlessConfig }) => serverlessConfig !== undefined);
}

function checkConfiguration(configuration: PlannedResource, plan: Plan): readonly Remark[] {
    if (configuration.inputs["productionVariants"] === UNKNOWN) return [{ open: "its variants are not known before the deployment" }];
    if (!hasServerless(configuration.inputs)) return [];
    const variants = sectionsOf(configuration.inputs["productionVariants"]);
    const models = sourcesOf(configuration, "productionVariants", { plan, type: MODEL });
    const faults: readonly Fault[] = [
        ...findVariantFaults(variants.length, variants.some(({ instanceType }) => instanceType !== undefined)),
        ...OF_CONFIGURATION.filter((part) => isOn(configuration.inputs[part]))
            .map((part) => ({ what: `has ${part}`, fix: `leave ${part} out` })),
        ...models.flatMap(({ name, inputs }) => [
            ...OF_MODEL.filter((part) => isOn(inputs[part])).map((part) => ({
                what: `has the model ${name} with ${part}`, fix: `leave ${part} out of ${name}`,
            })),
            ...findContainerFaults(inputs).map((what) => ({
                what: `has the model ${name} ${what}`, fix: "give it one container with one model",
            })),
        ]),
    ];
    const gaps = models.flatMap(({ name, inputs }) => findGaps(inputs, OF_MODEL).map(({ open }) => ({ open: `${name}: ${open}` })));
    return [...faults.map((fault) => ({ ...fault, what: `is serverless and ${fault.what}` })), ...gaps];
}

function findVariantFaults(count: number, hasMachine: boolean): readonly Required<Pick<Fault, "what" | "fix">>[] {
    return [
        ...(count > 1 ? [{
            what: `has ${count} variants where SageMaker takes one`, fix: "give each variant an endpoint of its own",
        }] : []),
        ...(hasMachine ? [{ what: "names an instanceType", fix: "leave the instance type out" }] : []),
    ];
}

/** Inference pipelines and models of several are for machines. */
function findContainerFaults({ containers, primaryContainer }: PropertyMap): readonly string[] {
    const all = [...sectionsOf(containers), ...sectionsOf(primaryContainer)];
    return [
        ...(all.length > 1 ? [`of ${all.length} containers`] : []),
        ...(all.some(({ mode }) => mode === "MultiModel") ? ["in mode MultiModel"] : []),
    ];
}

/** Whether a part is asked for: `false` and what is left out are the same. */
function isOn(value: unknown): boolean {
    return value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
}

function findServerlessTasks(states: readonly StateReading[]): readonly StateReading[] {
    return findTasks(states, "createEndpointConfig").filter((task) => variantsOf(task).some((variant) => "ServerlessConfig" in variant));
}

function checkStates(states: readonly StateReading[]): readonly Remark[] {
    return findServerlessTasks(states).flatMap((task) => {
        const parameters = parametersOf(task);
        const variants = variantsOf(task);
        const paths = variants.map((variant) => variant["ModelName.$"]);
        return [
            ...findVariantFaults(variants.length, variants.some((variant) => "InstanceType" in variant)),
            ...OF_CONFIGURATION.map(toApiName).filter((part) => isOn(parameters[part]))
                .map((part) => ({ what: `has ${part}`, fix: `leave ${part} out` })),
            // The model comes from the state that left its answer where the variant takes the name from.
            ...findTasks(states, "createModel").filter(({ fields }) => paths.some((path) => isBelow(path, fields["ResultPath"])))
                .flatMap((model) => OF_MODEL.map(toApiName).filter((part) => isOn(parametersOf(model)[part]))
                    .map((part) => ({ what: `has the model of ${model.name} with ${part}`, fix: `leave ${part} out of ${model.name}` }))),
        ].map(({ what, fix }) => ({ what: `${task.name} makes a serverless configuration that ${what}`, fix }));
    });
}

function variantsOf(task: StateReading): readonly StateFields[] {
    const variants = parametersOf(task)["ProductionVariants"];
    return Array.isArray(variants) ? variants as readonly StateFields[] : [];
}

function isBelow(path: unknown, resultPath: unknown): boolean {
    return typeof path === "string" && typeof resultPath === "string" && path.startsWith(`${resultPath}.`);
}

/** As the API writes it: `VpcConfig`. */
function toApiName(part: string): string {
    return `${part.charAt(0).toUpperCase()}${part.slice(1)}`;
}

const VARIANT = { variantName: "champion", modelName: "model", serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: 2 } };

function buildEvidence(fields: PropertyMap, modelFields: PropertyMap = {}): Evidence {
    const model: SampleResource = { type: MODEL, name: "model", inputs: { ...modelFields } };
    return buildPlanEvidence(model, {
        type: CONFIGURATION, name: "champion-config", inputs: { productionVariants: [VARIANT], ...fields },
        propertyDependencies: { productionVariants: [urnOf(model)] },
    });
}

function buildPipeline(model: object, configuration: object = {}): Evidence {
    const serverless = { MemorySizeInMB: 2048, MaxConcurrency: 2 };
    const variants = [{ "VariantName.$": "$.variant", "ModelName.$": "$.served.name", ServerlessConfig: serverless }];
    return buildStatesEvidence({
        // Batch transform takes its network from the model that it runs.
        CreateCandidateModel: {
            Type: "Task", Resource: "arn:aws:states:::sagemaker:createModel", Parameters: { VpcConfig: { Subnets: ["subnet-1"] } },
            ResultPath: "$.candidate", Next: "CreateServingModel",
        },
        CreateServingModel: {
            Type: "Task", Resource: "arn:aws:states:::sagemaker:createModel", Parameters: { ...model },
            ResultPath: "$.served", Next: "CreateConfiguration",
        },
        CreateConfiguration: {
            Type: "Task", Resource: "arn:aws:states:::aws-sdk:sagemaker:createEndpointConfig",
            Parameters: { ProductionVariants: variants, ...configuration }, End: true,
        },
    });
}
