"""Starts the programs of the image as child processes and ends them all when the cloud ends."""

import atexit
import os
import subprocess
import sys
import tempfile
import threading
from typing import IO

from sagemaker.quotas import folder

PYTHON_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# What children may see. No credential of any kind: the service reads and writes S3 for them, as on AWS.
INHERITED = "PATH PYTHONPATH LANG LC_ALL HOME TMPDIR LD_LIBRARY_PATH DYLD_LIBRARY_PATH SYSTEMROOT".split()
# At most this many jobs compute at once; the rest wait as Starting.
JOB_SLOTS = threading.BoundedSemaphore(2)
# One each: two jobs run beside two endpoints, and threads that wait for each other by turning in circles slow all of them down.
THREADS = "1"
_children: set["subprocess.Popen[str]"] = set()
_lock = threading.Lock()


def work_folder(kind: str) -> str:
    """A new folder of this run for one job or endpoint."""
    parent = os.path.join(folder(), "sagemaker")
    os.makedirs(parent, exist_ok=True)
    return tempfile.mkdtemp(prefix=f"{kind}-", dir=parent)


def start(module: str, argument: str, stderr: IO[str], extra: dict[str, str] | None = None) -> "subprocess.Popen[str]":
    """Run `python -m <module> <argument>`; standard output is a pipe."""
    environment = {
        name: value for name, value in os.environ.items() if name in INHERITED or name.startswith("FIRSTLIGHT_")
    }
    paths = [PYTHON_ROOT, *filter(None, [environment.get("PYTHONPATH")])]
    environment.update(PYTHONPATH=os.pathsep.join(paths), PYTHONDONTWRITEBYTECODE="1", OMP_NUM_THREADS=THREADS, OMP_WAIT_POLICY="PASSIVE")
    environment.update(extra or {})
    child = subprocess.Popen(
        [sys.executable, "-u", "-m", module, argument],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env=environment,
    )
    with _lock:
        _children.add(child)
    return child


def stop(child: "subprocess.Popen[str]", grace_seconds: float = 1.0) -> None:
    """SIGTERM, then SIGKILL after the grace period. Safe to call twice."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    with _lock:
        _children.discard(child)


@atexit.register
def stop_all() -> None:
    with _lock:
        left = list(_children)
    for child in left:
        stop(child, 0.2)
