"""API calls that a service makes with a role, over the cloud's own front door, so that they are judged like anybody's."""

import hashlib
import os
import threading
from typing import Any

import botocore.session
from botocore.config import Config
from ministack.core.responses import get_region

_session = botocore.session.Session()
_clients: dict[tuple[str, str, str], Any] = {}
_lock = threading.Lock()
# Longer than any task of the pipeline may take; retries are the state machine's business.
READ_TIMEOUT_SECONDS = 960


def client(service: str, role_arn: str, session_name: str) -> Any:
    """A client with temporary credentials of the role. Made once per service, role and region: making one takes 50 ms."""
    key = (service, role_arn, get_region())
    with _lock:
        if key not in _clients:
            _clients[key] = _create(service, role_arn, session_name)
        return _clients[key]


def _create(service: str, role_arn: str, session_name: str) -> Any:
    access_key, secret, token = _register(role_arn, session_name)
    config = Config(retries={"total_max_attempts": 1}, read_timeout=READ_TIMEOUT_SECONDS, proxies={}, max_pool_connections=32,
                    s3={"addressing_style": "path"})
    return _session.create_client(
        service, region_name=get_region(), endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=config,
        aws_access_key_id=access_key, aws_secret_access_key=secret, aws_session_token=token,
    )


def _register(role_arn: str, session_name: str) -> tuple[str, str, str]:
    from ministack.services import sts

    digest = hashlib.sha256(f"{session_name}:{role_arn}".encode()).hexdigest()
    access_key, secret, token = "ASIA" + digest[:16].upper(), digest, digest[::-1]
    _, partition, _, _, account, role = role_arn.split(":", 5)
    name = role.rsplit("/", 1)[-1]
    sts.register_session(access_key, {
        "Arn": f"arn:{partition}:sts::{account}:assumed-role/{name}/{session_name}",
        "UserId": f"AROA{digest[:16].upper()}:{session_name}",
        "SecretAccessKey": secret,
        "SessionToken": token,
    })
    return access_key, secret, token
