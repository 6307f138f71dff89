"""Many ensembles, one after another or on many machines, kept on disk as they come."""

import hashlib
import os
import pickle
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from raylab import arguments
from raylab.ensembles.chances import chance
from raylab.ensembles.laws import starts
from raylab.ensembles.record import Ensemble
from raylab.ensembles.runs import FEATURES, coded, run, step_size
from raylab.optimisers import Adam, Momentum, Plain, RMSProp
from raylab.systems.bandit import Coupling, on_policy

_FORMAT = 1  # raise it where the meaning of a file or the numbers of `starts` and `run` change: old files count no more


@dataclass(frozen=True, repr=False)
class Job:
    """One ensemble: all arguments of `starts` and of `run`, with one seed for the starts and for the draws.

    Two jobs with the same repr give the same numbers. The repr names the coupling by what it does, the chance
    c0 + c1 J that a sample teaches, and holds no address, so that it is the same in every process.
    Raises TypeError or ValueError as `starts` and `run` do, here and not hours later.
    """

    law: str
    runs: int
    contexts: int = 2
    actions: int = 2
    performance: float | None = None
    scale: float = 1.0
    rate: float = 0.1
    steps: int | None = None
    sampled: bool = True
    coupling: Coupling = on_policy
    features: str = "shared"
    rule: Plain | Momentum | RMSProp | Adam = Plain()
    seed: int = 0

    def __post_init__(self) -> None:
        set_ = partial(object.__setattr__, self)
        for name, least in (("runs", 1), ("contexts", 1), ("actions", 2), ("seed", 0)):
            set_(name, arguments.count(getattr(self, name), name, least))
        set_("scale", arguments.number(self.scale, "scale", 0.0))
        set_("rate", step_size(self.rate))
        if self.performance is not None:
            set_("performance", arguments.number(self.performance, "performance", 0.0))
        if self.steps is not None:
            set_("steps", arguments.count(self.steps, "steps", 0))
        set_("sampled", arguments.flag(self.sampled, "sampled"))
        if arguments.text(self.features, "features") not in FEATURES:
            raise ValueError(f"features: expected one of {', '.join(FEATURES)}, found {self.features!r}; choose one.")
        coded(self.rule)
        chance(self.coupling, self.contexts)
        starts(self.law, 1, self.contexts, self.actions, self.performance, self.scale, self.seed)

    def __repr__(self) -> str:
        c0, c1 = chance(self.coupling, self.contexts)
        said = {f.name: repr(getattr(self, f.name)) for f in fields(self)} | {"coupling": f"{c0!r} + {c1!r} J"}
        return f"Job({', '.join(f'{name}={value}' for name, value in said.items())})"


def sweep(
    jobs: Sequence[Job], folder: str | os.PathLike[str] | None = None, executor: Executor | None = None
) -> list[Ensemble]:
    """The ensemble of each job, in the order of the jobs; the same numbers whoever computes them.

    executor: any of concurrent.futures, a pool of processes for example, or a cluster's (dask.distributed:
    `client.get_executor()`); each job then runs on one thread. None: in this process, one job after another, each on
    all cores. It stays open: who made it closes it. Where processes are started afresh ("spawn"), a script needs its
    `if __name__ == "__main__":`.
    folder: where results are kept, one file a job, written as they come and made if missing. What is there already is
    read and not computed; a damaged file is computed again, with a warning. So an interrupted sweep resumes.
    An interrupt (Ctrl-C, or the kernel's stop button) ends it early with a warning; jobs that were not done have
    ensembles in which no run is finished.
    Raises TypeError or ValueError for malformed arguments, and for a job that cannot be sent to another process.
    """
    jobs = _jobs(jobs)
    if folder is not None and not isinstance(folder, str | os.PathLike):
        raise TypeError(f"folder: expected a path or None, found {type(folder).__name__}; pass a string or a Path.")
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise TypeError(
            f"executor: expected None or an Executor of concurrent.futures, found {type(executor).__name__}; "
            "a dask client gives one by client.get_executor()."
        )
    shelf = None if folder is None else _opened(folder)
    names = [repr(job) for job in jobs]
    found: dict[str, Ensemble] = {}
    for name in dict.fromkeys(names):
        kept = _read(_file(shelf, name), name) if shelf else None
        if kept is not None:
            found[name] = kept
    todo = {name: job for name, job in zip(names, jobs, strict=True) if name not in found}
    made = _here(todo) if executor is None else _elsewhere(todo, executor)
    hidden = bool(os.environ.get("TQDM_DISABLE"))  # the bar of a notebook does not look at it by itself
    with tqdm(total=len(todo), delay=2, leave=False, unit="job", disable=hidden) as bar:
        try:
            for name, ensemble in made:
                found[name] = ensemble
                if not ensemble.finished.all():  # the interrupt came to `run`, which has said so
                    raise KeyboardInterrupt
                if shelf:
                    _write(_file(shelf, name), name, ensemble)
                bar.update()
        except KeyboardInterrupt:
            done = sum(name in found and bool(found[name].finished.all()) for name in todo)
            kept = f"; they are kept in {shelf}, and the next sweep goes on from there" if shelf else ""
            warnings.warn(f"stopped by hand after {done} of {len(todo)} jobs{kept}.", stacklevel=2)
    return [found[name] if name in found else _nothing(job) for name, job in zip(names, jobs, strict=True)]


def _jobs(jobs: Any) -> Sequence[Job]:
    for n, job in enumerate(arguments.sequence(jobs, "jobs")):
        if not isinstance(job, Job):
            raise TypeError(f"jobs[{n}]: expected a Job, found {type(job).__name__}; make one by Job(law, runs, ...).")
    return jobs


def _perform(job: Job, threads: int | None) -> Ensemble:
    start = starts(job.law, job.runs, job.contexts, job.actions, job.performance, job.scale, job.seed)
    how = (job.rate, job.steps, job.sampled, job.coupling, job.features, job.rule, job.seed)
    return run(start, *how, threads=threads)


def _here(todo: dict[str, Job]) -> Iterator[tuple[str, Ensemble]]:
    for name, job in todo.items():
        yield name, _perform(job, None)


def _elsewhere(todo: dict[str, Job], executor: Executor) -> Iterator[tuple[str, Ensemble]]:
    for name, job in todo.items():
        _sendable(name, job)
    futures: dict[Future[Ensemble], str] = {}
    try:
        for name, job in todo.items():
            futures[executor.submit(_perform, job, 1)] = name
        for future in as_completed(futures):
            yield futures[future], replace(future.result())  # what travelled may be written to; a new one may not
    finally:  # after an interrupt or an error nobody waits for the rest
        for future in futures:
            future.cancel()


def _sendable(name: str, job: Job) -> None:
    try:
        pickle.dumps(job)
    except Exception as error:
        raise ValueError(
            f"jobs: expected jobs that can be sent to another process, found {name}, whose coupling cannot be pickled "
            f"({type(error).__name__}: {error}); use Mixed, define the function at the top of a module, or leave "
            "executor=None."
        ) from error


def _nothing(job: Job) -> Ensemble:
    N = job.runs
    return Ensemble(
        np.full(N, np.inf), np.zeros(N, int), np.zeros(N, bool), np.zeros((N, job.contexts)), np.zeros(N, bool)
    )


def _opened(folder: str | os.PathLike[str]) -> Path:
    try:
        shelf = Path(folder)
        shelf.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"folder: expected a folder to write to, found {folder!r} ({error}); choose another."
        ) from error
    return shelf


def _file(shelf: Path, name: str) -> Path:
    return shelf / f"{hashlib.sha256(f'{_FORMAT} {name}'.encode()).hexdigest()[:24]}.npz"


def _write(path: Path, name: str, ensemble: Ensemble) -> None:
    """All or nothing: a file of that name is a whole one, even if the power fails."""
    columns = {field.name: getattr(ensemble, field.name) for field in fields(ensemble)}
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez_compressed(file, job=np.array(name), **columns)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _read(path: Path, name: str) -> Ensemble | None:
    """What an earlier sweep left there; None if there is nothing, or, with a warning, nothing that can be used."""
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["job"]) != name:
                raise ValueError(f"it holds {kept['job']}")
            ensemble = Ensemble(**{field.name: kept[field.name] for field in fields(Ensemble)})
        if not ensemble.finished.all():
            raise ValueError("it holds runs without an end")
    except (OSError, EOFError, KeyError, ValueError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        warnings.warn(
            f"folder: expected the result of {name} in {path}, found a damaged file ({error}); it is computed again.",
            stacklevel=3,
        )
        return None
    return ensemble
