"""What training and transform jobs share: names that are never free again, statuses, worker threads, ending."""

import contextvars
import threading
import time
from typing import Any, Callable

from botocore.exceptions import ClientError

from sagemaker import events
from sagemaker.api_model import check_request
from sagemaker.errors import ApiError, JobFailure, validation
from sagemaker.state import LOCK, Record, Scope, public

ENDED = ("Completed", "Failed", "Stopped")
REASON_LENGTH = 1024
WORDS = {"TrainingJob": "Training job", "TransformJob": "Transform job"}


class Stopped(Exception):
    """Somebody called Stop*Job."""


def check_name_is_new(scope: Scope, kind: str, name: str) -> None:
    """Job names can never be used again, whatever became of the job."""
    if scope.find(kind, name) is not None:
        words = WORDS[kind]
        raise ApiError(
            "ResourceInUse",
            f"{words} names must be unique within an AWS account and region, and a {words.lower()} with this name "
            f"already exists ({scope.arn(kind, name)})",
        )


def describe(scope: Scope, kind: str, request: Record) -> Record:
    check_request(f"Describe{kind}", request)
    with LOCK:
        return public(_require(scope, kind, request))


def stop(scope: Scope, kind: str, request: Record) -> Record:
    check_request(f"Stop{kind}", request)
    with LOCK:
        job = _require(scope, kind, request)
        if job[f"{kind}Status"] in ENDED:
            raise validation(
                f"The request was rejected because the {WORDS[kind].lower()} is in status {job[f'{kind}Status']}."
            )
        job[f"{kind}Status"] = "Stopping"
        child = job.get("_child")
    if child is not None:
        child.terminate()
    return {}


def run_in_background(work: Callable[..., None], *arguments: Any) -> None:
    """A daemon thread that keeps the request's account and region."""
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work, *arguments), daemon=True).start()


def running(scope: Scope, kind: str) -> list[Record]:
    return [job for job in scope.records[kind].values() if job[f"{kind}Status"] not in ENDED]


def set_child(kind: str, job: Record, child: Any) -> None:
    """Remember the child that StopJob must end. Raises Stopped if that has been asked for already."""
    with LOCK:
        job["_child"] = child
        stopping = job[f"{kind}Status"] == "Stopping"
    if stopping:
        child.terminate()
        raise Stopped()


def raise_if_stopping(kind: str, job: Record) -> None:
    with LOCK:
        if job[f"{kind}Status"] == "Stopping":
            raise Stopped()


def finish(kind: str, job: Record, status: str, reason: str | None = None, **members: Any) -> None:
    with LOCK:
        now = time.time()
        job.update(members)
        if reason is not None:
            job["FailureReason"] = reason[:REASON_LENGTH]
        job[f"{kind}Status"] = status
        job[f"{kind.removesuffix('Job')}EndTime"] = now
        job["LastModifiedTime"] = now
    events.publish(job["_scope"], kind, job)


def reason_of(error: Exception) -> str:
    """FailureReason of an exception in a worker."""
    if isinstance(error, JobFailure):
        return str(error)
    if isinstance(error, ClientError):
        return f"ClientError: {error}"
    return f"InternalServerError: the rehearsal itself failed: {type(error).__name__}: {error}"


def _require(scope: Scope, kind: str, request: Record) -> Record:
    job = scope.find(kind, request[f"{kind}Name"])
    if job is None:
        if kind == "TrainingJob":
            raise validation("Requested resource not found.")
        raise ApiError("ResourceNotFound", f'Could not find transform job "{scope.arn(kind, request[f"{kind}Name"])}".')
    return job
