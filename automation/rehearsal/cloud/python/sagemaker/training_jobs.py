"""CreateTrainingJob: everything that the service refuses before a job exists."""

from botocore.exceptions import ClientError

from sagemaker import jobs, network
from sagemaker.api_model import check_request, refuse_members
from sagemaker.errors import not_rehearsed, validation
from sagemaker.images import check_image
from sagemaker.quotas import check_instances
from sagemaker.role_session import RoleStorage, S3Location, check_assumable
from sagemaker.state import LOCK, Record, Scope
from sagemaker.training_run import DEFAULT_MAX_RUNTIME_SECONDS, KIND, enter, run

NOT_REHEARSED = {
    "EnableInterContainerTrafficEncryption": "one host only",
    "DebugHookConfig": "no debugger",
    "DebugRuleConfigurations": "no debugger",
    "TensorBoardOutputConfig": "no TensorBoard",
    "ProfilerConfig": "no profiler",
    "ProfilerRuleConfigurations": "no profiler",
    "RetryStrategy": "no retries inside a job",
    "InfraCheckConfig": "no hardware",
    "RemoteDebugConfig": "no hardware",
    "ServerlessJobConfig": "not a built-in XGBoost setting",
    "ModelPackageConfig": "no model packages",
    "MlflowConfig": "no MLflow",
}


def create(scope: Scope, request: Record) -> Record:
    check_request("CreateTrainingJob", request)
    name = request["TrainingJobName"]
    with LOCK:
        jobs.check_name_is_new(scope, KIND, name)
    _check_settings(scope, request)
    check_assumable(request["RoleArn"])
    network.check(scope, request["RoleArn"], request.get("VpcConfig"))
    storage = RoleStorage(request["RoleArn"], scope.region)
    for channel in request["InputDataConfig"]:
        _check_input(storage, scope.region, channel["DataSource"]["S3DataSource"]["S3Uri"])
    with LOCK:
        jobs.check_name_is_new(scope, KIND, name)
        _check_quota(scope, request)
        job: Record = {**request, "TrainingJobStatus": "InProgress", "SecondaryStatusTransitions": [], "_scope": scope}
        tags = job.pop("Tags", None)
        arn = scope.add(KIND, name, job, tags)
        enter(job, "Starting", "Starting the training job")
    jobs.run_in_background(run, scope, job, storage)
    return {"TrainingJobArn": arn}


def _check_settings(scope: Scope, request: Record) -> None:
    refuse_members(request, NOT_REHEARSED)
    algorithm = request.get("AlgorithmSpecification")
    if algorithm is None or not algorithm.get("TrainingImage"):
        raise validation("AlgorithmSpecification.TrainingImage is required for the built-in XGBoost")
    check_image(algorithm["TrainingImage"], scope.region)
    if algorithm["TrainingInputMode"] != "File":
        raise not_rehearsed(f"TrainingInputMode {algorithm['TrainingInputMode']}")
    resources = request.get("ResourceConfig") or {}
    if not resources.get("InstanceType") or not resources.get("InstanceCount") or "VolumeSizeInGB" not in resources:
        raise validation("ResourceConfig needs InstanceType, InstanceCount and VolumeSizeInGB")
    if resources["InstanceCount"] > 1:
        raise not_rehearsed("training on more than one instance")
    stopping = request.get("StoppingCondition")
    if stopping is None:
        raise validation(
            "1 validation error detected: Value null at 'stoppingCondition' failed to satisfy constraint: "
            "Member must not be null"
        )
    if request.get("EnableManagedSpotTraining"):
        runtime = stopping.get("MaxRuntimeInSeconds", DEFAULT_MAX_RUNTIME_SECONDS)
        if stopping.get("MaxWaitTimeInSeconds", 0) < runtime:
            raise validation(
                "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds"
            )
    elif "MaxWaitTimeInSeconds" in stopping:
        raise validation("MaxWaitTimeInSeconds is only accepted together with EnableManagedSpotTraining")
    _check_channels(request.get("InputDataConfig") or [])


def _check_channels(channels: list[Record]) -> None:
    if not channels:
        raise validation("InputDataConfig needs the channel train")
    names = [channel["ChannelName"] for channel in channels]
    if len(set(names)) != len(names):
        raise validation(f"Channel names must be unique: {', '.join(names)}")
    for channel in channels:
        source = channel["DataSource"].get("S3DataSource")
        if source is None or source["S3DataType"] != "S3Prefix":
            raise not_rehearsed(f"channel {channel['ChannelName']} without an S3DataSource of type S3Prefix")
        if channel.get("CompressionType", "None") != "None" or channel.get("RecordWrapperType", "None") != "None":
            raise not_rehearsed(f"compression or record wrapping of channel {channel['ChannelName']}")


def _check_input(storage: RoleStorage, region: str, uri: str) -> None:
    """SageMaker looks for the objects, with the job's role, before it accepts the job."""
    location = S3Location.parse(uri)
    cause = ""
    try:
        if storage.list_keys(location):
            return
    except ClientError as error:
        cause = f" Error message from S3: {error.response['Error'].get('Message', '')}"
    raise validation(
        f'No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure that the bucket exists in '
        f"the selected region ({region}), that objects exist under that S3 prefix, and that the role "
        f'"{storage.role_arn}" has "s3:ListBucket" permissions on bucket "{location.bucket}".{cause}'
    )


def _check_quota(scope: Scope, request: Record) -> None:
    spot = bool(request.get("EnableManagedSpotTraining"))
    resources = request["ResourceConfig"]
    in_use = sum(
        job["ResourceConfig"]["InstanceCount"]
        for job in jobs.running(scope, KIND)
        if job["ResourceConfig"]["InstanceType"] == resources["InstanceType"]
        and bool(job.get("EnableManagedSpotTraining")) == spot
    )
    table, usage = ("spotTrainingInstances", "spot training job usage")
    if not spot:
        table, usage = ("trainingInstances", "training job usage")
    check_instances(table, usage, resources["InstanceType"], in_use, resources["InstanceCount"])
