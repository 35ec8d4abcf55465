"""How many cores there are for us: what the machine has, less what a container is denied."""

import os
from math import ceil
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Of a container, by cgroup v2: microseconds of cores in a period, or ``max``, and the period."""


def cores() -> int:
    """Cores that this process may use, at least 1.

    ``os.cpu_count`` has those of the whole machine: a container with 2 of 64 would run 64 threads
    in turns.
    """
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _QUOTA.read_text().split()
        return max(1, min(own, ceil(int(quota) / int(period))))
    except (OSError, ValueError):
        return max(1, own)
