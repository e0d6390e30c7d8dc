"""Figures from samples."""

import statistics
from collections.abc import Iterable, Sequence

import psutil


def median(samples: Iterable[float]) -> float | None:
    """The middle one, or None where nothing was measured."""
    found = list(samples)
    return statistics.median(found) if found else None


def percentile(samples: Sequence[float], percent: int) -> float | None:
    """The least sample that so many percent are not above."""
    if not samples:
        return None
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def resident_mib(pids: Iterable[int]) -> float:
    """The memory of these processes and all below them in MiB, each shared page counted once in all (PSS)."""
    roots = [psutil.Process(pid) for pid in pids]
    family = {child for root in roots for child in (root, *root.children(recursive=True))}
    return float(sum(process.memory_full_info().pss for process in family)) / 2**20
