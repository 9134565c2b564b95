"""CreateTrainingJob and what follows: the job reads S3 with its own role, trains in a child, writes the model."""

import json
import os
import shutil
import subprocess
import threading
import time
from typing import Any

from botocore.exceptions import ClientError

from sagemaker import artifact, containers, jobs
from sagemaker.api_model import check_request, refuse_members
from sagemaker.errors import JobFailure, not_rehearsed, validation
from sagemaker.images import check_image
from sagemaker.logs import write_logs
from sagemaker.metrics import final_metrics
from sagemaker.quotas import check_instances
from sagemaker.role_session import RoleStorage, S3Location, check_assumable, explain, is_denied
from sagemaker.state import LOCK, Record, Scope

KIND = "TrainingJob"
DEFAULT_MAX_RUNTIME_SECONDS = 86400
NOT_REHEARSED = {
    "VpcConfig": "no network is rehearsed for jobs",
    "EnableNetworkIsolation": "no network is rehearsed for jobs",
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
    storage = RoleStorage(request["RoleArn"], scope.region)
    for channel in request["InputDataConfig"]:
        _check_input(storage, scope.region, channel["DataSource"]["S3DataSource"]["S3Uri"])
    with LOCK:
        jobs.check_name_is_new(scope, KIND, name)
        _check_quota(scope, request)
        job: Record = {**request, "TrainingJobStatus": "InProgress", "SecondaryStatusTransitions": []}
        tags = job.pop("Tags", None)
        arn = scope.add(KIND, name, job, tags)
        _enter(job, "Starting", "Starting the training job")
    jobs.run_in_background(_run, scope, job, storage)
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


def _enter(job: Record, status: str, message: str) -> None:
    """The next secondary status, with its place in the history."""
    with LOCK:
        now = time.time()
        history: list[Record] = job["SecondaryStatusTransitions"]
        if history:
            history[-1]["EndTime"] = now
        history.append({"Status": status, "StartTime": now, "StatusMessage": message})
        job["SecondaryStatus"] = status
        job["LastModifiedTime"] = now


def _run(scope: Scope, job: Record, storage: RoleStorage) -> None:
    """The worker thread. Whatever happens, the job ends."""
    root = containers.work_folder("training")
    output: list[str] = []
    try:
        with containers.JOB_SLOTS:
            job["TrainingStartTime"] = time.time()
            _download(job, storage, root)
            _train(job, root, output)
            location = _upload(job, storage, root)
        _enter(job, "Completed", "Training job completed")
        _finish(job, "Completed", output, ModelArtifacts={"S3ModelArtifacts": str(location)})
    except jobs.Stopped as error:
        secondary = str(error) or "Stopped"
        _enter(job, secondary, "Training job stopped")
        members = {}
        if os.path.exists(os.path.join(root, "model", "xgboost-model")):
            members = {"ModelArtifacts": {"S3ModelArtifacts": str(_upload(job, storage, root, False))}}
        _finish(job, "Stopped", output, **members)
    except Exception as error:  # a worker must not die silently: its end is the job's end
        _enter(job, "Failed", "Training job failed")
        jobs.finish(KIND, job, "Failed", jobs.reason_of(error), **_times(job))
    finally:
        stream = f"{job['TrainingJobName']}/algo-1-{int(job['CreationTime'])}"
        write_logs(job["RoleArn"], scope.region, "/aws/sagemaker/TrainingJobs", stream, output)
        shutil.rmtree(root, ignore_errors=True)


def _finish(job: Record, status: str, output: list[str], **members: Any) -> None:
    jobs.finish(KIND, job, status, FinalMetricDataList=final_metrics(output), **_times(job), **members)


def _times(job: Record) -> Record:
    seconds = max(1, round(time.time() - job.get("TrainingStartTime", time.time())))
    return {"TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds}


def _download(job: Record, storage: RoleStorage, root: str) -> None:
    _enter(job, "Downloading", "Downloading input data")
    for folder in ("input/config", "model", "output"):
        os.makedirs(os.path.join(root, folder))
    for channel in job["InputDataConfig"]:
        prefix = S3Location.parse(channel["DataSource"]["S3DataSource"]["S3Uri"])
        _download_channel(storage, prefix, os.path.join(root, "input", "data", channel["ChannelName"]))
    config = os.path.join(root, "input", "config")
    channels = {each["ChannelName"]: {"ContentType": each.get("ContentType")} for each in job["InputDataConfig"]}
    _write_json(os.path.join(config, "hyperparameters.json"), job.get("HyperParameters", {}))
    _write_json(os.path.join(config, "inputdataconfig.json"), channels)


def _download_channel(storage: RoleStorage, prefix: S3Location, folder: str) -> None:
    """Keys below the prefix keep their relative path, as under /opt/ml/input/data."""
    base = prefix.key.rpartition("/")[0]
    location = prefix
    try:
        for key in storage.list_keys(prefix):
            if not key.endswith("/"):
                location = S3Location(prefix.bucket, key)
                storage.download(location, os.path.join(folder, os.path.relpath(key, base or ".")))
    except ClientError as error:
        hint = _hint(storage, error, location)
        raise JobFailure(f"ClientError: Data download failed:{explain(error)}{hint}") from error


def _hint(storage: RoleStorage, error: ClientError, location: S3Location) -> str:
    if not is_denied(error):
        return ""
    needed = f"s3:GetObject on {location}, and kms:Decrypt on its key"
    return f'. Please ensure that the role "{storage.role_arn}" has {needed}'


def _train(job: Record, root: str, output: list[str]) -> None:
    _enter(job, "Training", "Training image download completed. Training in progress.")
    limit = job["StoppingCondition"].get("MaxRuntimeInSeconds", DEFAULT_MAX_RUNTIME_SECONDS)
    with open(os.path.join(root, "stderr"), "w+", encoding="utf-8") as stderr:
        child = containers.start("container.train", root, stderr)
        overtime = threading.Event()
        timer = threading.Timer(limit, lambda: (overtime.set(), child.terminate()))
        timer.daemon = True
        timer.start()
        try:
            jobs.set_child(KIND, job, child)
            output += _read_lines(child)
        finally:
            timer.cancel()
            containers.stop(child)
        stderr.seek(0)
        output += stderr.read().splitlines()
    if overtime.is_set():
        raise jobs.Stopped("MaxRuntimeExceeded")
    jobs.raise_if_stopping(KIND, job)
    if child.returncode != 0:
        raise JobFailure(f"AlgorithmError: framework error: \n{_failure(root, output)}, exit code: {child.returncode}")


def _read_lines(child: "subprocess.Popen[str]") -> list[str]:
    assert child.stdout is not None
    lines = [line.rstrip("\n") for line in child.stdout]
    child.wait()
    return lines


def _failure(root: str, output: list[str]) -> str:
    """What the program wrote down, else its last words."""
    try:
        with open(os.path.join(root, "output", "failure"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return "\n".join(output[-5:])


def _upload(job: Record, storage: RoleStorage, root: str, announce: bool = True) -> S3Location:
    if announce:
        _enter(job, "Uploading", "Uploading generated training model")
    config = job["OutputDataConfig"]
    target = S3Location.parse(config["S3OutputPath"])
    key = "/".join(filter(None, [target.key.rstrip("/"), job["TrainingJobName"], "output", "model.tar.gz"]))
    path, location = os.path.join(root, "model.tar.gz"), S3Location(target.bucket, key)
    artifact.pack(os.path.join(root, "model"), path)
    try:
        storage.upload(path, location, config.get("KmsKeyId"))
    except ClientError as error:
        raise JobFailure(
            f"ClientError: Artifact upload failed:{explain(error)}. Please ensure that the role "
            f'"{storage.role_arn}" has s3:PutObject on {location}'
        ) from error
    return location


def _write_json(path: str, value: Any) -> None:
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file)
