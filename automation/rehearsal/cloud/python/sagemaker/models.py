"""Models and endpoint configurations: immutable descriptions, checked when they are made."""

from botocore.exceptions import ClientError

from sagemaker import network
from sagemaker.api_model import check_request, refuse_members
from sagemaker.errors import not_rehearsed, validation
from sagemaker.images import check_image
from sagemaker.quotas import setting
from sagemaker.role_session import RoleStorage, S3Location, check_assumable, is_denied
from sagemaker.state import LOCK, Record, Scope, public

MEMORY_SIZES = (1024, 2048, 3072, 4096, 5120, 6144)
WORDS = {"Model": "model", "EndpointConfig": "endpoint configuration"}
CONTAINER_NOT_REHEARSED = {
    "MultiModelConfig": "one model per container",
    "ModelDataSource": "ModelDataUrl only",
    "AdditionalModelDataSources": "ModelDataUrl only",
    "ModelPackageName": "no model packages",
    "ImageConfig": "ECR images only",
    "InferenceSpecificationName": "no model packages",
}
VARIANT_NOT_REHEARSED = {
    "CoreDumpConfig": "serverless only",
    "VolumeSizeInGB": "serverless only",
    "ManagedInstanceScaling": "serverless only",
    "RoutingConfig": "serverless only",
    "AcceleratorType": "serverless only",
    "InferenceAmiVersion": "serverless only",
}


def create_model(scope: Scope, request: Record) -> Record:
    check_request("CreateModel", request)
    refuse_members(request, {"Containers": "inference pipelines", "InferenceExecutionConfig": "inference pipelines"})
    container = request.get("PrimaryContainer")
    if container is None:
        raise validation("You must provide either a PrimaryContainer or Containers")
    refuse_members(container, CONTAINER_NOT_REHEARSED)
    if container.get("Mode", "SingleModel") != "SingleModel":
        raise not_rehearsed(f"container mode {container['Mode']}")
    if not container.get("Image"):
        raise validation("PrimaryContainer.Image is required")
    check_image(container["Image"], scope.region)
    if not request.get("ExecutionRoleArn"):
        raise validation("ExecutionRoleArn is required to read the model data")
    check_assumable(request["ExecutionRoleArn"])
    network.check(scope, request["ExecutionRoleArn"], request.get("VpcConfig"))
    if container.get("ModelDataUrl"):
        _check_model_data(scope, request["ExecutionRoleArn"], container["ModelDataUrl"])
    return _add(scope, "Model", request["ModelName"], request)


def _check_model_data(scope: Scope, role_arn: str, url: str) -> None:
    """SageMaker looks at the artifact with the model's role; what is inside shows only at the endpoint."""
    storage, location = RoleStorage(role_arn, scope.region), S3Location.parse(url)
    try:
        storage.exists(location)
    except ClientError as error:
        if not is_denied(error):
            raise validation(f"Could not find model data at {url}.") from error
        raise validation(
            f'Could not access model data at {url}. Please ensure that the role "{role_arn}" exists and that its trust '
            'relationship policy allows the action "sts:AssumeRole" for the service principal '
            f'"sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions and that the object '
            f"is located in {scope.region}."
        ) from error


def create_endpoint_config(scope: Scope, request: Record) -> Record:
    check_request("CreateEndpointConfig", request)
    refuse_members(request, {"ShadowProductionVariants": "serverless only", "ExplainerConfig": "serverless only"})
    for member in ("DataCaptureConfig", "VpcConfig", "EnableNetworkIsolation", "AsyncInferenceConfig"):
        if request.get(member):
            raise validation(f"{member} is not supported for serverless endpoints")
    variants = request["ProductionVariants"]
    if len(variants) > 1:
        raise validation("Serverless endpoints accept one production variant: multiple variants are not supported")
    for variant in variants:
        _check_variant(scope, variant)
    return _add(scope, "EndpointConfig", request["EndpointConfigName"], request)


def _check_variant(scope: Scope, variant: Record) -> None:
    refuse_members(variant, VARIANT_NOT_REHEARSED)
    serverless = variant.get("ServerlessConfig")
    if serverless is None:
        raise not_rehearsed(f"variant {variant['VariantName']} on instances (only ServerlessConfig)")
    if variant.get("InstanceType") or variant.get("InitialInstanceCount"):
        raise validation("InstanceType and InitialInstanceCount must not be given together with ServerlessConfig")
    if serverless["MemorySizeInMB"] not in MEMORY_SIZES:
        sizes = ", ".join(str(size) for size in MEMORY_SIZES)
        raise validation(f"MemorySizeInMB {serverless['MemorySizeInMB']} is not one of {sizes}")
    if serverless["MemorySizeInMB"] > setting("serverlessMemoryMiB"):
        raise validation(
            f"The account's limit of memory per serverless endpoint is {setting('serverlessMemoryMiB')} MB"
        )
    if serverless.get("ProvisionedConcurrency", 0) > serverless["MaxConcurrency"]:
        raise validation("ProvisionedConcurrency must be less than or equal to MaxConcurrency")
    model = find(scope, "Model", variant.get("ModelName") or "")
    for member in ("VpcConfig", "EnableNetworkIsolation"):
        if model.get(member):
            raise validation(f"Model {model['ModelName']} has {member}, which serverless endpoints do not support")


def find(scope: Scope, kind: str, name: str) -> Record:
    """Raises ValidationException when there is none."""
    with LOCK:
        record = scope.find(kind, name)
    if record is None:
        raise validation(f'Could not find {WORDS[kind]} "{scope.arn(kind, name)}".')
    return record


def describe(scope: Scope, kind: str, request: Record) -> Record:
    check_request(f"Describe{kind}", request)
    return public(find(scope, kind, request[f"{kind}Name"]))


def delete(scope: Scope, kind: str, request: Record) -> Record:
    """AWS lets both go while an endpoint uses them: what runs goes on, an update of it then fails."""
    check_request(f"Delete{kind}", request)
    with LOCK:
        find(scope, kind, request[f"{kind}Name"])
        scope.remove(kind, request[f"{kind}Name"])
    return {}


def _add(scope: Scope, kind: str, name: str, request: Record) -> Record:
    with LOCK:
        if scope.find(kind, name) is not None:
            raise validation(f'Cannot create already existing {WORDS[kind]} "{scope.arn(kind, name)}".')
        record = dict(request)
        tags = record.pop("Tags", None)
        return {f"{kind}Arn": scope.add(kind, name, record, tags)}
