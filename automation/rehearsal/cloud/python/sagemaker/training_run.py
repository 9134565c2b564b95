"""One training job from Downloading to its end, in a worker thread; the algorithm itself is a child process."""

import json
import os
import shutil
import subprocess
import threading
import time
from typing import Any

from botocore.exceptions import ClientError

from sagemaker import artifact, containers, events, jobs, network, role_needs
from sagemaker.errors import JobFailure
from sagemaker.logs import write_logs
from sagemaker.metrics import final_metrics
from sagemaker.role_session import RoleStorage, S3Location, explain, is_denied
from sagemaker.state import LOCK, Record, Scope

KIND = "TrainingJob"
DEFAULT_MAX_RUNTIME_SECONDS = 86400


def enter(job: Record, status: str, message: str) -> None:
    """The next secondary status, with its place in the history."""
    with LOCK:
        now = time.time()
        history: list[Record] = job["SecondaryStatusTransitions"]
        if history:
            history[-1]["EndTime"] = now
        history.append({"Status": status, "StartTime": now, "StatusMessage": message})
        job["SecondaryStatus"] = status
        job["LastModifiedTime"] = now


def _proceed(job: Record, status: str, message: str) -> None:
    """What the worker enters, everybody hears of."""
    enter(job, status, message)
    events.publish(job["_scope"], KIND, job)


def run(scope: Scope, job: Record, storage: RoleStorage) -> None:
    """The worker thread. Whatever happens, the job ends."""
    root = containers.work_folder("training")
    output: list[str] = []
    try:
        with containers.JOB_SLOTS:
            job["TrainingStartTime"] = time.time()
            _prepare(scope, job)
            _download(job, storage, root)
            _train(job, root, output)
            location = _upload(job, storage, root)
        _proceed(job, "Completed", "Training job completed")
        _finish(job, "Completed", output, ModelArtifacts={"S3ModelArtifacts": str(location)})
    except jobs.Stopped as error:
        secondary = str(error) or "Stopped"
        _proceed(job, secondary, "Training job stopped")
        members = {}
        if os.path.exists(os.path.join(root, "model", "xgboost-model")):
            members = {"ModelArtifacts": {"S3ModelArtifacts": str(_upload(job, storage, root, False))}}
        _finish(job, "Stopped", output, **members)
    except Exception as error:  # a worker must not die silently: its end is the job's end
        _proceed(job, "Failed", "Training job failed")
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


def _prepare(scope: Scope, job: Record) -> None:
    """What the platform does with the job's role before the container starts."""
    role_needs.require_disk_key(job["RoleArn"], job["ResourceConfig"].get("VolumeKmsKeyId"))
    role_needs.require_image_of_job(scope, job["RoleArn"], job["AlgorithmSpecification"]["TrainingImage"])
    network.require_storage(scope, job.get("VpcConfig"), "Data download failed")
    role_needs.write_metrics(job["RoleArn"], "/aws/sagemaker/TrainingJobs")


def _download(job: Record, storage: RoleStorage, root: str) -> None:
    _proceed(job, "Downloading", "Downloading input data")
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
    _proceed(job, "Training", "Training image download completed. Training in progress.")
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
        _proceed(job, "Uploading", "Uploading generated training model")
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
