"""One serving container: artifact fetched with the model's role, unpacked, loaded by a child process, pinged."""

import http.client
import os
import select
import shutil
import threading
import time

from botocore.exceptions import ClientError

from sagemaker import artifact, containers
from sagemaker.errors import JobFailure
from sagemaker.role_session import RoleStorage, S3Location
from sagemaker.state import Record

# A model that loads answers in well under a second, on a busy machine in many; one that cannot load ends at once.
# The real service waits up to an hour.
PING_SECONDS = 120.0
INVOCATION_SECONDS = 60.0
IDLE_LOOK_SECONDS = 0.05


class NotHealthy(Exception):
    """The container ended, or did not answer /ping. `log_lines`: its last words."""

    log_lines: list[str] = []


class ServingContainer:
    """Starts in the constructor. Raises JobFailure (artifact) or NotHealthy (container)."""

    def __init__(self, model: Record, region: str, batch: bool = False) -> None:
        self.root = containers.work_folder("serving")
        self._log_path = os.path.join(self.root, "stderr")
        self._stderr = open(self._log_path, "w", encoding="utf-8")
        self._child = None
        self._in_flight = 0
        self._counting = threading.Lock()
        try:
            self._fetch(model, region)
            environment = dict(model["PrimaryContainer"].get("Environment", {}))
            if batch:
                environment["SAGEMAKER_BATCH"] = "true"
            folder = os.path.join(self.root, "model")
            self._child = containers.start("container.serve", folder, self._stderr, environment)
            self._port = self._await_port()
            self._ping()
        except NotHealthy as error:
            error.log_lines = self.log_lines()
            self.stop()
            raise
        except Exception:
            self.stop()
            raise

    def _fetch(self, model: Record, region: str) -> None:
        url = model["PrimaryContainer"].get("ModelDataUrl")
        folder = os.path.join(self.root, "model")
        os.makedirs(folder)
        if not url:
            return
        storage, path = RoleStorage(model["ExecutionRoleArn"], region), os.path.join(self.root, "model.tar.gz")
        try:
            storage.download(S3Location.parse(url), path)
        except ClientError as error:
            raise JobFailure(
                f'Failed to download model data for container "container_1" from URL: "{url}". Please ensure that '
                "there is an object located at the URL and that the role passed to CreateModel has permissions to "
                "download the model."
            ) from error
        artifact.unpack(path, folder, url)
        os.remove(path)

    def _await_port(self) -> int:
        """The first line of the child's output. A model that cannot be loaded ends the child instead."""
        assert self._child is not None and self._child.stdout is not None
        readable, _, _ = select.select([self._child.stdout], [], [], PING_SECONDS)
        line = self._child.stdout.readline() if readable else ""
        if not line.strip():
            raise NotHealthy()
        return int(line)

    def _ping(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PING_SECONDS)
        try:
            connection.request("GET", "/ping")
            if connection.getresponse().status != 200:
                raise NotHealthy()
        except OSError as error:
            raise NotHealthy() from error
        finally:
            connection.close()

    def invoke(self, payload: bytes, content_type: str, accept: str) -> tuple[int, str, bytes]:
        """Status, content type and body of /invocations."""
        with self._counting:
            self._in_flight += 1
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=INVOCATION_SECONDS)
        try:
            connection.request("POST", "/invocations", payload, {"Content-Type": content_type, "Accept": accept})
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", ""), answer.read()
        finally:
            connection.close()
            with self._counting:
                self._in_flight -= 1

    def log_lines(self) -> list[str]:
        self._stderr.flush()
        try:
            with open(self._log_path, encoding="utf-8") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def stop_when_idle(self) -> None:
        """Lets the requests end that it still has; new ones no longer come here."""
        end = time.monotonic() + INVOCATION_SECONDS
        while self._in_flight > 0 and time.monotonic() < end:
            time.sleep(IDLE_LOOK_SECONDS)
        self.stop()

    def stop(self) -> None:
        if self._child is not None:
            containers.stop(self._child)
        self._stderr.close()
        shutil.rmtree(self.root, ignore_errors=True)


def wait_at_least(started: float, seconds: float) -> None:
    """Sleep until `seconds` after `started`."""
    time.sleep(max(0.0, started + seconds - time.time()))
