"""S3 with the session of an execution role, so that the cloud's IAM judges every read and write of a job."""

import hashlib
import json
import os
import threading
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from sagemaker.errors import validation

SERVICE_PRINCIPAL = "sagemaker.amazonaws.com"
_session = botocore.session.Session()
_session_lock = threading.Lock()


@dataclass(frozen=True)
class S3Location:
    bucket: str
    key: str

    @staticmethod
    def parse(uri: str) -> "S3Location":
        if not uri.startswith("s3://"):
            raise validation(f"{uri} is not an S3 URI")
        bucket, _, key = uri[len("s3://") :].partition("/")
        return S3Location(bucket, key)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


def check_assumable(role_arn: str) -> None:
    """SageMaker must be able to assume the role: it exists, and its trust policy names the service."""
    from ministack.services import iam

    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    role = iam._roles.get_scoped(account, None, name)
    document = role.get("AssumeRolePolicyDocument") if role else None
    if isinstance(document, str):
        document = json.loads(document)
    if not document or not any(_trusts_service(statement) for statement in document.get("Statement", [])):
        raise validation(
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal "
            f"'{SERVICE_PRINCIPAL}' to assume the role."
        )


def _trusts_service(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    services = principal.get("Service", []) if isinstance(principal, dict) else []
    actions = statement.get("Action", [])
    return (
        statement.get("Effect") == "Allow"
        and SERVICE_PRINCIPAL in ([services] if isinstance(services, str) else services)
        and "sts:AssumeRole" in ([actions] if isinstance(actions, str) else actions)
    )


class RoleStorage:
    """What a role may do with S3. Every call raises botocore's ClientError when the cloud refuses."""

    def __init__(self, role_arn: str, region: str) -> None:
        self.role_arn = role_arn
        access_key, secret, token = _register_session(role_arn)
        with _session_lock:
            self._client = _session.create_client(
                "s3",
                region_name=region,
                aws_access_key_id=access_key,
                aws_secret_access_key=secret,
                aws_session_token=token,
                endpoint_url=f"http://127.0.0.1:{os.environ.get('GATEWAY_PORT', '4566')}",
                config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}, proxies={}),
            )

    def list_keys(self, prefix: S3Location) -> list[str]:
        keys: list[str] = []
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=prefix.bucket, Prefix=prefix.key):
            keys += [item["Key"] for item in page.get("Contents", [])]
        return keys

    def exists(self, location: S3Location) -> None:
        """Raises ClientError 404 or 403."""
        self._client.head_object(Bucket=location.bucket, Key=location.key)

    def download(self, location: S3Location, path: str) -> None:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        body = self._client.get_object(Bucket=location.bucket, Key=location.key)["Body"]
        with open(path, "wb") as file:
            for chunk in body.iter_chunks(1 << 20):
                file.write(chunk)

    def upload(self, path: str, location: S3Location, kms_key_id: str | None) -> None:
        encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key_id} if kms_key_id else {}
        with open(path, "rb") as file:
            self._client.put_object(Bucket=location.bucket, Key=location.key, Body=file, **encryption)


def explain(error: ClientError) -> str:
    """`AccessDenied (403): ...`, the way SageMaker quotes S3."""
    answer = error.response.get("Error", {})
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return f"{answer.get('Code', 'Unknown')} ({status}): {answer.get('Message', '')}"


def is_denied(error: ClientError) -> bool:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 403


def _register_session(role_arn: str) -> tuple[str, str, str]:
    """Temporary credentials of the role in the cloud's own token service."""
    from ministack.services import sts

    digest = hashlib.sha256(role_arn.encode()).hexdigest()
    access_key, secret, token = "ASIA" + digest[:16].upper(), digest, digest[::-1]
    partition, account, role = role_arn.split(":")[1], role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    sts.register_session(
        access_key,
        {
            "Arn": f"arn:{partition}:sts::{account}:assumed-role/{role}/SageMaker",
            "UserId": f"AROA{digest[:16].upper()}:SageMaker",
            "SecretAccessKey": secret,
            "SessionToken": token,
        },
    )
    return access_key, secret, token
