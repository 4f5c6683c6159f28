"""The machine a figure was taken on, so that no figure is read without it."""

import os
import platform
from pathlib import Path

_GIB = 2**30


def machine() -> dict[str, object]:
    """Say what this machine is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "cpus": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory / _GIB, 1),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def load() -> float:
    """Return the load average of the last minute."""
    return round(os.getloadavg()[0], 2)


def peak_memory_mb(pid: int) -> float:
    """Return the most memory a process has held so far (VmHWM), in MB."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1_000, 1)
    raise ProcessLookupError(pid)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
