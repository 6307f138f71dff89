"""Threads that share the runs of an ensemble, a bar while it takes long, and an end when somebody stops it."""

import os
import time
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from raylab.ensembles.lanes import HALTED

Counter = Annotated[NDArray[np.int64], "1"]  # the next run to be taken
_PATIENCE = 2.0  # seconds until a bar is shown


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def conduct(work: Callable[[Counter], None], runs: int, workers: int) -> None:
    """Call `work(counter)` in that many threads until all runs are taken; at an interrupt, stop and warn.

    Plain threads, since compiled loops need no lock of Python's: they are the same on every system, and the caller's
    own thread stays free to show a bar and to hear an interrupt.
    """
    counter = np.zeros(1, np.int64)
    with ThreadPoolExecutor(workers) as pool:
        jobs = [pool.submit(work, counter) for _ in range(workers)]
        try:
            _watch(jobs, counter, runs)
        except KeyboardInterrupt:
            warnings.warn(
                f"stopped by hand with {min(int(counter[0]), runs)} of {runs} runs begun; those that had come to "
                "their end are returned, the others are marked as not finished.",
                stacklevel=3,
            )
        finally:
            counter[0] = HALTED
    for job in jobs:
        job.result()


def _watch(jobs: list[Future], counter: Counter, runs: int) -> None:
    begin, bar = time.monotonic(), None
    while wait(jobs, timeout=0.2).not_done:
        if bar is None and time.monotonic() - begin > _PATIENCE:
            # the bar of a notebook does not look at tqdm's own switch by itself
            bar = tqdm(total=runs, leave=False, unit=" runs", disable=bool(os.environ.get("TQDM_DISABLE")))
        if bar is not None and not bar.disable:
            bar.set_description("compiling, once" if counter[0] == 0 else "runs begun", refresh=False)
            bar.n = min(int(counter[0]), runs)
            bar.refresh()
    if bar is not None:
        bar.close()
