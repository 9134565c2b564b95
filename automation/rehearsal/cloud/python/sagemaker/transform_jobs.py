"""CreateTransformJob: the model's own role reads the records and writes the answers; the container sees text/csv."""

import os
import shutil
import time
from collections.abc import Iterable, Iterator

from botocore.exceptions import ClientError

from sagemaker import containers, jobs, models, network, role_needs
from sagemaker.api_model import check_request, refuse_members
from sagemaker.errors import JobFailure, not_rehearsed, validation
from sagemaker.filters import Filter, join_fields, parse_filter, split_fields
from sagemaker.quotas import check_instances
from sagemaker.role_session import RoleStorage, S3Location, explain
from sagemaker.serving import NotHealthy, ServingContainer
from sagemaker.state import LOCK, Record, Scope

KIND = "TransformJob"
DEFAULT_PAYLOAD_MB = 6
BYTES_PER_MB = 1024 * 1024


def create(scope: Scope, request: Record) -> Record:
    check_request("CreateTransformJob", request)
    refuse_members(request, {"DataCaptureConfig": "no data capture", "ExperimentConfig": "no experiments"})
    name = request["TransformJobName"]
    _check_settings(request)
    with LOCK:
        jobs.check_name_is_new(scope, KIND, name)
        model = models.find(scope, "Model", request["ModelName"])
        _check_quota(scope, request)
        job: Record = {**request, "TransformJobStatus": "InProgress", "_scope": scope}
        arn = scope.add(KIND, name, job, job.pop("Tags", None))
    jobs.run_in_background(_run, scope, job, dict(model))
    return {"TransformJobArn": arn}


def _check_settings(request: Record) -> None:
    source, output = request["TransformInput"], request["TransformOutput"]
    if source["DataSource"]["S3DataSource"]["S3DataType"] != "S3Prefix":
        raise not_rehearsed("TransformInput of another type than S3Prefix")
    if source.get("CompressionType", "None") != "None":
        raise not_rehearsed("compressed TransformInput")
    if source.get("SplitType", "None") not in ("None", "Line"):
        raise not_rehearsed(f"SplitType {source['SplitType']}")
    processing = request.get("DataProcessing") or {}
    if processing.get("JoinSource", "None") == "Input" and not _by_lines(source, output):
        raise validation("JoinSource Input needs SplitType Line and AssembleWith Line, so that records can be matched")
    for member in ("InputFilter", "OutputFilter"):
        parse_filter(processing.get(member, "$"), member)


def _by_lines(source: Record, output: Record) -> bool:
    return source.get("SplitType") == "Line" and output.get("AssembleWith") == "Line"


def _check_quota(scope: Scope, request: Record) -> None:
    resources = request["TransformResources"]
    in_use = sum(
        job["TransformResources"]["InstanceCount"]
        for job in jobs.running(scope, KIND)
        if job["TransformResources"]["InstanceType"] == resources["InstanceType"]
    )
    kind, count = resources["InstanceType"], resources["InstanceCount"]
    check_instances("transformInstances", "transform job usage", kind, in_use, count)


def _run(scope: Scope, job: Record, model: Record) -> None:
    """The worker thread. Whatever happens, the job ends."""
    container: ServingContainer | None = None
    root = containers.work_folder("transform")
    try:
        with containers.JOB_SLOTS:
            with LOCK:
                job["TransformStartTime"] = time.time()
            _prepare(scope, job, model)
            container = ServingContainer(model, scope.region, batch=True)
            storage = RoleStorage(model["ExecutionRoleArn"], scope.region)
            _transform_all(job, container, storage, root)
        jobs.finish(KIND, job, "Completed")
    except jobs.Stopped:
        jobs.finish(KIND, job, "Stopped")
    except NotHealthy as error:
        reason = f"The primary container did not pass the ping health check. {' '.join(error.log_lines)}"
        jobs.finish(KIND, job, "Failed", f"AlgorithmError: {reason}")
    except Exception as error:  # a worker must not die silently: its end is the job's end
        jobs.finish(KIND, job, "Failed", jobs.reason_of(error))
    finally:
        if container is not None:
            container.stop()
        shutil.rmtree(root, ignore_errors=True)


def _prepare(scope: Scope, job: Record, model: Record) -> None:
    """What the platform does with the model's role before the container starts.

    Text of the unreachable artifact:
    https://github.com/aws-solutions-library-samples/guidance-for-text-generation-using-embeddings-from-enterprise-data-on-aws/issues/3
    """
    role, container = model["ExecutionRoleArn"], model["PrimaryContainer"]
    role_needs.require_disk_key(role, job["TransformResources"].get("VolumeKmsKeyId"))
    role_needs.require_image_of_job(scope, role, container["Image"])
    if not network.reaches_storage(scope, model.get("VpcConfig")):
        raise JobFailure(
            f'ClientError: Failed to download model data from URL "{container.get("ModelDataUrl")}". Please ensure that an S3 VPC endpoint exists '
            "in route table or NAT gateway for the VPC mode and the URL is reachable from within the subnets provided."
        )
    role_needs.write_metrics(role, "/aws/sagemaker/TransformJobs")


def _transform_all(job: Record, container: ServingContainer, storage: RoleStorage, root: str) -> None:
    """One `<input>.out` per input object, below S3OutputPath, with the input's path relative to the prefix."""
    prefix = S3Location.parse(job["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"])
    target = S3Location.parse(job["TransformOutput"]["S3OutputPath"])
    base = prefix.key.rpartition("/")[0]
    inputs = [key for key in _list(storage, prefix) if not key.endswith("/")]
    if not inputs:
        raise JobFailure(f"ClientError: Received no files to process under S3 URL {prefix}")
    for number, key in enumerate(inputs):
        jobs.raise_if_stopping(KIND, job)
        local = os.path.join(root, str(number))
        _download(storage, S3Location(prefix.bucket, key), local)
        _transform_file(job, container, local, key)
        name = os.path.relpath(key, base or ".") + ".out"
        location = S3Location(target.bucket, "/".join(filter(None, [target.key.rstrip("/"), name])))
        _upload(storage, f"{local}.out", location, job["TransformOutput"].get("KmsKeyId"))


def _transform_file(job: Record, container: ServingContainer, path: str, key: str) -> None:
    source, output = job["TransformInput"], job["TransformOutput"]
    processing = job.get("DataProcessing") or {}
    before = parse_filter(processing.get("InputFilter", "$"), "InputFilter")
    with open(path, encoding="utf-8") as file, open(f"{path}.out", "w", encoding="utf-8") as out:
        if source.get("SplitType", "None") == "None":
            out.write(_invoke(job, container, file.read(), key))
            return
        separator = "\n" if output.get("AssembleWith") == "Line" else ""
        for batch in _batches(file, job):
            jobs.raise_if_stopping(KIND, job)
            answers = _records(_invoke(job, container, _filtered(batch, before), key))
            if len(answers) != len(batch):
                counts = f"{len(batch)} records were sent and {len(answers)} came back"
                raise JobFailure(f"ClientError: {key}: {counts}; they cannot be matched")
            out.writelines(_joined(record, answer, processing) + separator for record, answer in zip(batch, answers))


def _batches(lines: Iterable[str], job: Record) -> Iterator[list[str]]:
    """Lists of records: one by one, or as many as fit the payload."""
    limit = job.get("MaxPayloadInMB") or DEFAULT_PAYLOAD_MB
    single = job.get("BatchStrategy", "MultiRecord") == "SingleRecord"
    batch: list[str] = []
    size = 0
    for line in lines:
        record = line.rstrip("\r\n")
        if not record:
            continue
        length = len(record.encode("utf-8")) + 1
        if batch and (single or size + length > limit * BYTES_PER_MB):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += length
    if batch:
        yield batch


def _filtered(batch: list[str], keep: Filter) -> str:
    return "\n".join(join_fields(keep(split_fields(record))) for record in batch)


def _records(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def _joined(record: str, answer: str, processing: Record) -> str:
    fields = split_fields(answer)
    if processing.get("JoinSource", "None") == "Input":
        fields = split_fields(record) + fields
    return join_fields(parse_filter(processing.get("OutputFilter", "$"), "OutputFilter")(fields))


def _invoke(job: Record, container: ServingContainer, payload: str, key: str) -> str:
    content_type = job["TransformInput"].get("ContentType", "")
    accept = job["TransformOutput"].get("Accept", "")
    status, _, answer = container.invoke(payload.encode("utf-8"), content_type, accept)
    text = answer.decode("utf-8", "replace")
    if status >= 400:
        side = "ClientError" if status < 500 else "AlgorithmError"
        raise JobFailure(f"{side}: {key}: Bad HTTP status received from algorithm: {status}: {text}")
    return text


def _list(storage: RoleStorage, prefix: S3Location) -> list[str]:
    try:
        return storage.list_keys(prefix)
    except ClientError as error:
        raise _failure("download", error, f"listing {prefix} as {storage.role_arn}") from error


def _download(storage: RoleStorage, location: S3Location, path: str) -> None:
    try:
        storage.download(location, path)
    except ClientError as error:
        raise _failure("download", error, f"reading {location} as {storage.role_arn}") from error


def _upload(storage: RoleStorage, path: str, location: S3Location, kms_key_id: str | None) -> None:
    try:
        storage.upload(path, location, kms_key_id)
    except ClientError as error:
        raise _failure("upload", error, f"writing {location} as {storage.role_arn}") from error


def _failure(verb: str, error: ClientError, doing: str) -> JobFailure:
    return JobFailure(f"ClientError: Data {verb} failed:{explain(error)} ({doing})")
