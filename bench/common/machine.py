"""The machine of a measurement."""

import os
import platform
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.common.measure import CORES


def machine() -> dict[str, Any]:
    """Return the properties that affect the figures, and none that identifies the machine."""
    found = {
        "cores": CORES,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load before": round(os.getloadavg()[0], 1),  # of other work: the benchmark has not started yet
    }
    with suppress(OSError):
        found |= {
            "cpu": _value(Path("/proc/cpuinfo"), "model name"),
            "memory": _value(Path("/proc/meminfo"), "MemTotal"),
        }
    return found


def _value(file: Path, name: str) -> str:
    lines = (line.partition(":") for line in file.read_text().splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == name), "unknown")
