"""One row of the table, and the way every job is timed."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """ours_s, peer_s: median wall seconds of one call. ratio: peer_s / ours_s, above 1 where ours is quicker.

    error: what the two results differ from the truth by, at most; None where there is nothing to compare.
    note: what a reader of the table should know (the peer's tolerance, what was left out of the time).
    """

    job: str
    ours_s: float
    peer: str | None = None
    peer_s: float | None = None
    error: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return None if self.peer_s is None else self.peer_s / self.ours_s

    def record(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio}


def left_out(what: str, error: ImportError) -> None:
    """Say which rows are missing, and how to have them."""
    print(f"{what}: left out, {error.name} is not installed (pip install -e .[bench])")


def interleaved(jobs: dict[str, Callable[[], Any]], repeats: int = 15) -> dict[str, float]:
    """Median seconds of each job; one call of each in turn, so that a slow moment of the machine meets them all."""
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()  # compilation, caches
    for _ in range(repeats):
        for name, job in jobs.items():
            begin = time.perf_counter()
            job()
            seconds[name].append(time.perf_counter() - begin)
    return {name: statistics.median(found) for name, found in seconds.items()}
