"""Resident memory of this process and all below it."""

import os
import subprocess
import threading
import time

POLL_SECONDS = 1.0
_peak_mib = 0.0


def watch() -> None:
    def poll() -> None:
        global _peak_mib
        while True:
            _peak_mib = max(_peak_mib, _resident_mib())
            time.sleep(POLL_SECONDS)

    threading.Thread(target=poll, daemon=True, name="memory").start()


def peak() -> float:
    """Highest sum in MiB, sampled once a second. Pages that processes share are counted in each."""
    return max(_peak_mib, _resident_mib())


def _resident_mib() -> float:
    rows = _linux_rows() if os.path.isdir("/proc/self") else _ps_rows()
    children: dict[int, list[int]] = {}
    size = {}
    for pid, parent, kib in rows:
        children.setdefault(parent, []).append(pid)
        size[pid] = kib
    total, pending = 0, [os.getpid()]
    while pending:
        pid = pending.pop()
        total += size.get(pid, 0)
        pending += children.get(pid, [])
    return total / 1024


def _linux_rows() -> list[tuple[int, int, int]]:
    page_kib = os.sysconf("SC_PAGE_SIZE") // 1024
    rows = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                # The command may hold spaces and brackets; the numbers begin after the last one.
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        rows.append((int(entry), int(fields[1]), int(fields[21]) * page_kib))
    return rows


def _ps_rows() -> list[tuple[int, int, int]]:
    result = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=False)
    return [(int(pid), int(parent), int(kib)) for pid, parent, kib in (row.split() for row in result.stdout.splitlines())]
