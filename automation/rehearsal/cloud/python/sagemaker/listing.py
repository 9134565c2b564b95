"""The List* operations: newest first, filtered by name and status, in pages."""

from sagemaker.api_model import check_request
from sagemaker.state import LOCK, Record, Scope

DEFAULT_PAGE = 10
SUMMARY_MEMBERS = {
    "TrainingJob": (
        "TrainingJobName",
        "TrainingJobArn",
        "CreationTime",
        "TrainingEndTime",
        "LastModifiedTime",
        "TrainingJobStatus",
    ),
    "TransformJob": (
        "TransformJobName",
        "TransformJobArn",
        "CreationTime",
        "TransformEndTime",
        "LastModifiedTime",
        "TransformJobStatus",
        "FailureReason",
    ),
    "Model": ("ModelName", "ModelArn", "CreationTime"),
    "EndpointConfig": ("EndpointConfigName", "EndpointConfigArn", "CreationTime"),
    "Endpoint": ("EndpointName", "EndpointArn", "CreationTime", "LastModifiedTime", "EndpointStatus"),
}
RESULT = {"TrainingJob": "TrainingJobSummaries", "TransformJob": "TransformJobSummaries"}


def list_kind(scope: Scope, kind: str, request: Record) -> Record:
    check_request(f"List{kind}s", request)
    contains, status = request.get("NameContains", "").lower(), request.get("StatusEquals")
    with LOCK:
        found = [
            {member: record[member] for member in SUMMARY_MEMBERS[kind] if record.get(member) is not None}
            for name, record in scope.records[kind].items()
            if contains in name and status in (None, record.get(f"{kind}Status"))
        ]
    newest_first = request.get("SortOrder", "Descending") == "Descending"
    found.sort(key=lambda summary: summary["CreationTime"], reverse=newest_first)
    start, size = int(request.get("NextToken", "0")), request.get("MaxResults", DEFAULT_PAGE)
    page: Record = {RESULT.get(kind, f"{kind}s"): found[start : start + size]}
    if start + size < len(found):
        page["NextToken"] = str(start + size)
    return page
