"""Ends this process when the one that started it is gone, however that one died."""

import os
import threading
import time

POLL_SECONDS = 0.5


def end_with_parent() -> None:
    """Watch the parent from a daemon thread. Works on every Unix, unlike a parent-death signal."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(POLL_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="lifeline").start()
