"""Time as a state machine sees it: work takes as long as it takes, a second of waiting takes `SFN_WAIT_SCALE` seconds.

Timeouts are reckoned on that time. So a machine of 100 seconds that waits for 200 does time out, and a task of 60 seconds has 60.
"""

import threading
import time
from typing import Any

from ministack.services import stepfunctions

SLICE_SECONDS = 0.02


class Stopped(Exception):
    """Somebody stopped the execution, or another branch of the same state has failed."""


class ExecutionTimedOut(Exception):
    """The machine's own TimeoutSeconds are over. Nothing can catch that."""


class Clock:
    """Of one line of an execution. A branch has a clock of its own, which its parent's end stops."""

    def __init__(self, execution: dict[str, Any], limit: float | None, parent: "Clock | None" = None) -> None:
        self._execution = execution
        self._parent = parent
        self._started = parent._started if parent else time.monotonic()
        self._skipped = parent._skipped if parent else 0.0
        self._limit = parent._limit if parent else limit
        self._stop = threading.Event()

    def branch(self) -> "Clock":
        return Clock(self._execution, None, self)

    def join(self, branches: list["Clock"]) -> None:
        """The state is over when its longest branch is."""
        self._skipped = max([self._skipped, *(branch._skipped for branch in branches)])

    def stop(self) -> None:
        self._stop.set()

    def is_stopped(self) -> bool:
        return self._stop.is_set() or self._execution["status"] != "RUNNING" or (self._parent is not None and self._parent.is_stopped())

    def check(self) -> None:
        """Raises Stopped or ExecutionTimedOut when this line must not go on."""
        if self.is_stopped():
            raise Stopped()
        if self.left() <= 0:
            raise ExecutionTimedOut()

    def left(self) -> float:
        """Seconds until the machine's timeout."""
        return float("inf") if self._limit is None else self._limit - (time.monotonic() - self._started + self._skipped)

    def wait(self, seconds: float) -> None:
        """Raises Stopped, or ExecutionTimedOut as soon as the machine's time is over."""
        wanted = max(0.0, min(seconds, self.left()))
        end = time.monotonic() + wanted * stepfunctions._SFN_WAIT_SCALE
        while (rest := end - time.monotonic()) > 0:
            if self.is_stopped():
                raise Stopped()
            time.sleep(min(SLICE_SECONDS, rest))
        self._skipped += wanted * (1 - stepfunctions._SFN_WAIT_SCALE)
        self.check()
