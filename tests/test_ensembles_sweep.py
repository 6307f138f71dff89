"""Sweeps: the same numbers whoever computes them, kept as they come, resumed where they stopped."""

import multiprocessing
import pickle
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields, replace

import numpy as np
import pytest

from raylab.ensembles import Ensemble, Job, run, starts, sweep, sweeps
from raylab.optimisers import Adam, Momentum
from raylab.systems.bandit import Mixed, on_policy, supervised

JOBS = [
    Job("simplex", 40, steps=300),
    Job("gauss", 30, contexts=3, actions=4, scale=0.5, steps=200, sampled=False, seed=3),
    Job("angle", 20, performance=0.4, rate=0.3, steps=200, coupling=Mixed(0.1), rule=Adam()),
    Job("equal", 20, steps=100, coupling=supervised, features="tabular", rule=Momentum(0.5)),
]


def same(one, other):
    return all(np.array_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(Ensemble))


@pytest.fixture(scope="module")
def alone():
    return sweep(JOBS)


def computed(monkeypatch):
    """The jobs that are computed from here on."""
    done, perform = [], sweeps._perform
    monkeypatch.setattr(sweeps, "_perform", lambda job, threads: done.append(job) or perform(job, threads))
    return done


# ------------------------------------------------------------------------------ the same numbers


def test_a_job_is_starts_and_run_with_one_seed(alone):
    start = starts("gauss", 30, 3, 4, scale=0.5, seed=3)
    assert same(alone[1], run(start, steps=200, sampled=False, seed=3))
    start = starts("angle", 20, performance=0.4)
    assert same(alone[2], run(start, 0.3, 200, coupling=Mixed(0.1), rule=Adam()))


def test_a_pool_of_threads_gives_the_same_numbers(alone):
    with ThreadPoolExecutor(2) as pool:
        assert all(map(same, sweep(JOBS, executor=pool), alone))


def test_a_pool_of_processes_gives_the_same_numbers(alone, tmp_path):
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        found = sweep(JOBS, tmp_path, pool)
    assert all(map(same, found, alone)) and all(map(same, sweep(JOBS, tmp_path), alone))
    assert not found[0].flatness.flags.writeable


def test_a_cluster_gives_the_same_numbers(alone, tmp_path):
    distributed = pytest.importorskip("distributed")
    quiet = {"dashboard_address": None, "local_directory": str(tmp_path / "dask"), "silence_logs": 50}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **quiet) as cluster,
        distributed.Client(cluster) as client,
    ):
        found = sweep(JOBS, tmp_path / "kept", client.get_executor())
        assert len(client.scheduler_info()["workers"]) == 2
    assert all(map(same, found, alone)) and len(list((tmp_path / "kept").glob("*.npz"))) == len(JOBS)


def test_in_a_pool_a_job_takes_one_thread(monkeypatch):
    asked = []
    monkeypatch.setattr(
        sweeps, "run", lambda *given, threads, **_: asked.append(threads) or run(*given, threads=threads)
    )
    with ThreadPoolExecutor(1) as pool:
        sweep(JOBS[:1], executor=pool)
    sweep(JOBS[:1])
    assert asked == [1, None]


def test_a_job_that_stands_there_twice_is_computed_once(monkeypatch):
    done = computed(monkeypatch)
    first, second, third = sweep([JOBS[0], JOBS[3], replace(JOBS[0])])
    assert done == [JOBS[0], JOBS[3]] and same(first, third) and not same(first, second)


# ------------------------------------------------------------------------------ kept, and resumed


def test_what_is_kept_is_not_computed_again(monkeypatch, alone, tmp_path):
    sweep(JOBS[:2], tmp_path / "new" / "folder")
    done = computed(monkeypatch)
    found = sweep(JOBS, str(tmp_path / "new" / "folder"))
    assert done == JOBS[2:] and all(map(same, found, alone))
    assert not list((tmp_path / "new" / "folder").glob("*.part"))


def test_an_interrupted_sweep_keeps_what_is_done_and_goes_on_from_there(monkeypatch, alone, tmp_path):
    perform = sweeps._perform

    def stops(job, threads):
        if job == JOBS[2]:
            raise KeyboardInterrupt
        return perform(job, threads)

    with monkeypatch.context() as patch:
        patch.setattr(sweeps, "_perform", stops)
        with pytest.warns(UserWarning, match="stopped by hand after 2 of 4 jobs; they are kept in"):
            found = sweep(JOBS, tmp_path)
    assert all(map(same, found[:2], alone)) and not found[2].finished.any() and not found[3].finished.any()
    assert found[2].components.shape == (20, 2)
    done = computed(monkeypatch)
    assert all(map(same, sweep(JOBS, tmp_path), alone)) and done == JOBS[2:]


def test_a_run_that_was_interrupted_itself_is_not_kept(monkeypatch, alone, tmp_path):
    half = replace_finished(alone[1], np.arange(30) < 15)
    perform = sweeps._perform
    with monkeypatch.context() as patch:
        patch.setattr(sweeps, "_perform", lambda job, n: half if job == JOBS[1] else perform(job, n))
        with pytest.warns(UserWarning, match="after 1 of 4"):
            found = sweep(JOBS, tmp_path)
    assert found[1].finished.sum() == 15 and len(list(tmp_path.glob("*.npz"))) == 1


def replace_finished(ensemble, finished):
    return Ensemble(**{f.name: getattr(ensemble, f.name) for f in fields(Ensemble)} | {"finished": finished})


class Broken:
    """An executor whose second job ends in that error."""

    def __init__(self, error):
        self.error, self.futures = error, []

    def submit(self, function, *given):
        future = Future()
        self.futures.append(future)
        if len(self.futures) == 1:
            future.set_result(function(*given))
        elif len(self.futures) == 2:
            future.set_exception(self.error)
        return future


def test_an_error_in_a_worker_is_told_and_nothing_else_is_waited_for(tmp_path):
    executor = Broken(MemoryError("no room"))
    with pytest.raises(MemoryError, match="no room"):
        sweep(JOBS, tmp_path, executor)
    assert [future.cancelled() for future in executor.futures] == [False, False, True, True]


def test_an_interrupt_while_others_compute_keeps_what_is_done(alone, tmp_path, monkeypatch):
    monkeypatch.setattr(sweeps, "as_completed", list)  # in the order of the jobs: one is done before the interrupt
    executor = Broken(KeyboardInterrupt())
    with pytest.warns(UserWarning, match="stopped by hand"):
        found = sweep(JOBS, tmp_path, executor)
    assert executor.futures[2].cancelled() and executor.futures[3].cancelled()
    assert [ensemble.finished.all() for ensemble in found] == [True, False, False, False]
    assert same(found[0], alone[0]) and len(list(tmp_path.glob("*.npz"))) == 1
    monkeypatch.undo()
    with ThreadPoolExecutor(1) as pool:
        assert all(map(same, sweep(JOBS, tmp_path, pool), alone))


@pytest.mark.parametrize("harm", ["cut short", "empty", "one bit", "another job", "a field is missing", "text"])
def test_a_damaged_file_is_told_and_computed_again(alone, tmp_path, harm):
    sweep(JOBS[:2], tmp_path)
    path, other = (sweeps._file(tmp_path, repr(job)) for job in JOBS[:2])
    whole = path.read_bytes()
    if harm == "a field is missing":
        with np.load(path) as kept:
            np.savez(path, **{name: kept[name] for name in kept.files if name != "steps"})
    else:
        middle = len(whole) // 2
        path.write_bytes(
            {
                "cut short": whole[:-200],
                "empty": b"",
                "one bit": whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
                "another job": other.read_bytes(),
                "text": b"not an archive",
            }[harm]
        )
        assert middle > 100
    with pytest.warns(UserWarning, match="damaged file .*; it is computed again"):
        found = sweep(JOBS[:2], tmp_path)
    assert all(map(same, found, alone[:2]))
    with np.load(path) as kept:
        assert str(kept["job"]) == repr(JOBS[0])


# ------------------------------------------------------------------------------ jobs


def test_the_name_of_a_job_is_the_same_in_every_process_and_differs_where_anything_does():
    said = [repr(job) for job in JOBS]
    assert len(set(said)) == len(JOBS) and not any("0x" in text for text in said)
    assert [repr(pickle.loads(pickle.dumps(job))) for job in JOBS] == said
    assert repr(replace(JOBS[0], runs=np.int64(40), rate=np.float64(0.1))) == said[0]
    assert repr(replace(JOBS[0], coupling=lambda J: J * (1 - J))) == said[0], "a coupling is what it does"
    changed = {
        "law": "angle", "runs": 41, "contexts": 1, "actions": 3, "performance": 0.2, "scale": 2.0, "rate": 0.2,
        "steps": 301, "sampled": False, "coupling": supervised, "features": "separate", "rule": Momentum(), "seed": 1,
    }  # fmt: skip
    assert set(changed) == {f.name for f in fields(Job)}
    assert all(repr(replace(JOBS[0], **{name: value})) != said[0] for name, value in changed.items())


def test_a_coupling_that_cannot_be_sent_is_told_before_anything_runs(monkeypatch):
    done = computed(monkeypatch)
    jobs = [JOBS[0], replace(JOBS[1], coupling=lambda J: (0.1 + 0.2 * J) * (1 - J))]
    with (
        ThreadPoolExecutor(1) as pool,
        pytest.raises(ValueError, match=r"jobs: expected jobs that can be sent.*use Mixed"),
    ):
        sweep(jobs, executor=pool)
    assert done == []
    assert len(sweep(jobs[1:])) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"law": "uniform"}, "law: expected"),
        ({"rate": 0.0}, "rate: expected"),
        ({"rate": 1e7}, "rate: expected"),
        ({"features": "none"}, "features: expected"),
        ({"rule": "sgd"}, "rule: expected"),
        ({"coupling": lambda J: J**2 * (1 - J)}, "coupling: expected"),
        ({"contexts": 3}, "contexts: expected"),
        ({"sampled": 1}, "sampled: expected"),
    ],
)
def test_a_job_that_cannot_run_is_refused_when_it_is_made(wrong, said):
    with pytest.raises((TypeError, ValueError), match=said):
        replace(JOBS[0], **wrong)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"jobs": JOBS[0]}, "jobs: expected a list"),
        ({"jobs": [JOBS[0], "simplex"]}, r"jobs\[1\]: expected a Job"),
        ({"jobs": JOBS[:1], "folder": 3}, "folder: expected a path"),
        ({"jobs": JOBS[:1], "folder": __file__}, "folder: expected a folder"),
        ({"jobs": JOBS[:1], "executor": 2}, "executor: expected None or an Executor"),
    ],
)
def test_a_sweep_that_cannot_run_is_refused(given, said):
    with pytest.raises((TypeError, ValueError), match=said):
        sweep(**given)


def test_on_policy_is_known_by_its_numbers():
    assert "coupling=0.0 + 1.0 J" in repr(replace(JOBS[0], coupling=on_policy))
