"""Ensembles of runs against the textbook, torch and numpy, run by run; bit for bit in test_ensembles_bits.py."""

import _thread
import subprocess
import sys
import threading

import numpy as np
import pytest
from scipy import stats

from raylab import dynamics, ensembles
from raylab.ensembles import arithmetic, crew, flows, pair
from raylab.optimisers import Adam, Momentum, Plain, RMSProp
from raylab.systems.bandit import Mixed, SoftmaxBandit, on_policy, supervised
from raylab.systems.separate import Separate

GOLDEN, WORD = 0x9E3779B97F4A7C15, 2**64


def scramble(z):
    """splitmix64's finaliser in Python's whole numbers.  [Steele, Lea, Flood 2014]"""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % WORD
    return z ^ (z >> 31)


def uniforms(seed, run, count):
    """The numbers in [0, 1) that a run compares its chances with, in their order."""
    z = scramble((seed + GOLDEN * (run + 1)) % WORD)
    return [(scramble((z + GOLDEN * (t + 1)) % WORD) >> 12) * 2.0**-52 for t in range(count)]


class Replay(np.random.Generator):
    """A generator that gives the ensemble's own numbers to a learner that asks for its draws, step by step."""

    def __init__(self, seed, runs, steps, contexts):
        super().__init__(np.random.PCG64(0))
        u = np.array([uniforms(seed, i, steps * contexts) for i in range(runs)])
        self.draws = iter(np.moveaxis(u.reshape(runs, steps, contexts), 1, 0))

    def random(self, shape):
        u = next(self.draws)
        return np.broadcast_to(u[:, None, :], shape) if len(shape) == 3 else u  # each copy of Separate draws for all


def textbook(start, features, coupling):
    """The learner in parameters (W, b) and its parameters at the start."""
    N, n, K = start.shape
    if features == "separate":
        one = SoftmaxBandit(K, n, coupling=coupling)
        theta = one.parameters(start, np.zeros((N, n)))
        return Separate(one, K), np.tile(theta, (1, K))
    learner = SoftmaxBandit(K, n, shared_bias=features == "shared", coupling=coupling)
    b = start.mean(axis=-1) if features == "shared" else None  # some bias: it may stand in either place
    return learner, learner.parameters(start if b is None else start - b[..., None], b)


def by_the_book(learner, run, K):
    """(flatness, steps, arrived, components) of every run of a long trajectory, by the protocol's own words."""
    found = []
    speed = (learner.gradients(run.parameters).sum(-2) * learner.updates(run.parameters).sum(-2)).sum(-1)
    for J, components, slope in zip(run.performance, run.components, np.abs(speed), strict=True):
        end = int(np.argmax(J >= K - 0.1)) if (J >= K - 0.1).any() else len(J) - 1
        opened = np.maximum.accumulate(J[0] + 0.05 <= J)
        counted = slope[:end][(opened & (J < K - 0.2))[:end]]
        found.append((counted.min(initial=np.inf), end, J[end] >= K - 0.1, components[end]))
    return [np.array(column) for column in zip(*found, strict=True)]


def agree(found, expected, rtol):
    flatness, steps, arrived, components = expected
    assert np.array_equal(found.steps, steps) and np.array_equal(found.arrived, arrived) and found.finished.all()
    np.testing.assert_allclose(found.flatness, flatness, rtol=rtol)
    np.testing.assert_allclose(found.components, components, rtol=rtol)


PLAIN = [
    (K, n, features, coupling, sampled, Plain())
    for K, n in ((2, 2), (3, 4))
    for features, coupling in (
        ("shared", on_policy), ("tabular", on_policy), ("separate", Mixed(0.1, n)), ("shared", supervised)
    )
    for sampled in (True, False)
]  # fmt: skip
RULES = [
    (3, 4, "shared", on_policy, True, Momentum(0.7)),
    (3, 4, "separate", on_policy, False, Momentum(0.7)),
    # with a small epsilon RMSProp blows up one rounding of the start a hundredfold every ten steps, in both
    (3, 4, "shared", Mixed(0.2, 4), False, RMSProp(0.9, 1e-2)),
    (3, 4, "tabular", supervised, True, RMSProp(0.9, 0.0)),
    (3, 4, "shared", on_policy, True, Adam()),
    (3, 4, "separate", on_policy, False, Adam(0.8, 0.9, 1e-3)),
]


@pytest.mark.parametrize(("K", "n", "features", "coupling", "sampled", "rule"), PLAIN + RULES)
def test_every_run_is_that_of_the_textbook_on_the_same_random_numbers(K, n, features, coupling, sampled, rule):
    N, T, seed, rate = 40, 250, 11, 0.3 if isinstance(rule, Plain | Momentum) else 0.03
    start = ensembles.starts("gauss", N, K, n, seed=5)
    start[0, range(K), range(K)] += 6.0  # one that has nothing left to learn,
    start[1, range(K), range(K)] -= 200.0  # and one with too much
    learner, theta = textbook(start, features, coupling)
    rng = Replay(seed, N, T, K)
    run = dynamics.ascend(learner, theta, T, rate, sampled=sampled, rng=rng, rule=rule)
    found = ensembles.run(start, rate, T, sampled, coupling, features, rule, seed)
    expected = by_the_book(learner, run, K)
    agree(found, expected, rtol=1e-9)
    assert np.isinf(found.flatness[0]) and found.steps[0] == 0 and 0 < found.censored < 1  # every branch was taken
    assert np.isfinite(found.flatness).mean() > 0.5


@pytest.mark.parametrize("rule", [Plain(), Momentum(0.9), RMSProp(0.9, 1e-6), Adam(0.9, 0.99, 1e-6)], ids=repr)
def test_an_exact_run_is_that_of_torch_step_by_step(rule):
    torch = pytest.importorskip("torch")
    start, K = ensembles.starts("gauss", 1, 3, 4, scale=0.5, seed=2), 3
    W, b = torch.tensor(start[0], requires_grad=True), torch.zeros(4, dtype=torch.float64, requires_grad=True)
    optimiser = {
        Plain: lambda: torch.optim.SGD([W, b], 0.2),
        Momentum: lambda: torch.optim.SGD([W, b], 0.02, momentum=0.9),
        RMSProp: lambda: torch.optim.RMSprop([W, b], 0.02, alpha=0.9, eps=1e-6),
        Adam: lambda: torch.optim.Adam([W, b], 0.02, betas=(0.9, 0.99), eps=1e-6),
    }[type(rule)]()
    rate = optimiser.param_groups[0]["lr"]
    for t in range(40):
        J = torch.softmax(W + b[:, None], 0).diagonal()[:K]
        found = ensembles.run(start, rate, t, sampled=False, rule=rule)
        np.testing.assert_allclose(found.components[0], J.detach().numpy(), rtol=1e-11)
        optimiser.zero_grad()
        (-J.sum()).backward()
        optimiser.step()
        assert found.steps[0] == t
    assert found.components.sum() > 1.2 * ensembles.run(start, steps=0).components.sum()


def test_runs_have_the_law_of_runs_with_numpys_generator():
    """Kolmogorov and Smirnov's two-sample test of steps and of flatness, at level 1e-4 with 2000 runs on each side.

    It notices a largest difference of .11 between two distribution functions in 99 of 100 cases; to see that it can
    fail, a step size larger by a quarter is told apart.
    """
    N, T = 2000, 300
    start = ensembles.starts("equal", N, performance=0.6)
    learner, theta = textbook(start, "shared", on_policy)
    run = dynamics.ascend(learner, theta, T, 0.4, sampled=True, rng=np.random.default_rng(3))
    flatness, steps, _, _ = by_the_book(learner, run, 2)
    ours, other = ensembles.run(start, 0.4, T, seed=4), ensembles.run(start, 0.5, T, seed=4)
    assert stats.ks_2samp(ours.steps, steps).pvalue > 1e-4 < stats.ks_2samp(ours.flatness, flatness).pvalue
    assert stats.ks_2samp(other.steps, steps).pvalue < 1e-4 > stats.ks_2samp(other.flatness, flatness).pvalue


def test_the_random_numbers_of_all_runs_together_are_uniform_and_do_not_follow_each_other():
    u = np.array([uniforms(0, i, 50) for i in range(4000)])  # the kernels' numbers: the textbook test says so
    assert stats.kstest(u.ravel(), "uniform").pvalue > 1e-4
    z = (u - 0.5) * np.sqrt(12)
    for product in (z[:, 1:] * z[:, :-1], z[1:] * z[:-1], z[:, 0] * z[:, 25]):
        assert abs(product.mean()) < 4 / np.sqrt(product.size)


@pytest.mark.parametrize(("K", "n"), [(2, 2), (3, 4)])
def test_neither_threads_nor_other_runs_change_a_run(K, n):
    start = ensembles.starts("simplex", 300, K, n, seed=1)

    def run(start, threads):
        return ensembles.run(start, 0.3, 500, seed=9, threads=threads)

    whole = run(start, 1)
    for other in (run(start, 2), run(start, 7), run(start, None), run(start[:41], 3), run(start[:1], 2)):
        for name in ("flatness", "steps", "arrived", "components", "finished"):
            assert np.array_equal(getattr(whole, name)[: len(other.steps)], getattr(other, name)), name
    assert len(set(whole.steps)) > 50
    other = ensembles.run(start, 0.3, 500, seed=10)
    assert (other.flatness != whole.flatness).mean() > 0.5


def test_however_start_lies_in_memory_nothing_is_compiled_twice():
    start = ensembles.starts("simplex", 6, seed=1)
    kept = start.copy()
    kept.flags.writeable = False  # as the arrays of a Trajectory
    found = [
        ensembles.run(same, 0.3, 5) for same in (start, kept, np.asfortranarray(start), np.repeat(start, 2, 0)[::2])
    ]
    assert all(np.array_equal(one.components, found[0].components) for one in found)
    assert len(pair.pair.signatures) == 1
    for x in (start[:, 0], start[:, 0].copy(), kept[:, 0]):
        ensembles.flow(x, gram=np.broadcast_to(1.0, (2, 2)))
    assert len(flows._runs.signatures) == 1


def test_steps_are_a_hundred_thousand_samples_if_nothing_is_said():
    stuck = np.zeros((1, 4, 3))
    stuck[0] -= 200 * np.eye(4, 3)
    found = ensembles.run(stuck)
    assert found.steps[0] == 33_333 and found.censored == 1.0


def test_an_interrupted_ensemble_returns_what_is_done():
    start = ensembles.starts("simplex", 400_000, performance=0.02, seed=3)
    ensembles.run(start[:1])  # compiled before the clock starts
    timer = threading.Timer(0.6, _thread.interrupt_main)
    timer.start()
    with pytest.warns(UserWarning, match=r"stopped by hand with \d+ of 400000 runs begun"):
        found = ensembles.run(start, 0.01, 10**6)
    done = found.finished
    assert 0 < done.sum() < len(done)
    assert (found.steps[~done] == 0).all() and np.isinf(found.flatness[~done]).all() and not found.arrived[~done].any()
    first = np.flatnonzero(done)[:3]
    again = ensembles.run(start[: first[-1] + 1], 0.01, 10**6)
    assert np.array_equal(found.steps[first], again.steps[first])
    assert found.censored == (~found.arrived[done]).mean()


def test_the_bar_says_that_it_compiles_until_the_first_run_begins(monkeypatch):
    said = []

    class Bar:
        disable = False

        def __init__(self, **options):
            pass

        def set_description(self, words, refresh):
            said.append(words)

        def refresh(self):
            pass

        close = refresh

    begun = threading.Event()

    def work(counter):
        threading.Event().wait(0.5)
        counter[0] = 1
        begun.set()
        threading.Event().wait(0.5)

    monkeypatch.setattr(crew, "_PATIENCE", 0.0)
    monkeypatch.setattr(crew, "tqdm", Bar)
    crew.conduct(work, 3, 1)
    assert begun.is_set() and list(dict.fromkeys(said)) == ["compiling, once", "runs begun"]


def test_code_that_is_kept_counts_as_old_when_any_file_of_the_package_changes():
    stamp = pair.pair._cache._cache_file._source_stamp  # numba's own: if it is gone, so is this protection
    assert stamp[1] == arithmetic._stamp()


def test_code_that_cannot_be_kept_is_compiled_all_the_same():
    room = {}
    exec(compile("def twice(x):\n    return 2 * x", "<nowhere>", "exec"), room)  # no file, so no place beside it
    assert arithmetic.compiled()(room["twice"])(21) == 42


MEMORY = """
import resource, sys
from pathlib import Path
from raylab import ensembles
found = ensembles.run(ensembles.starts(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[3])), steps=20)
assert found.finished.all()
status = Path("/proc/self/status")  # getrusage on Linux knows the largest of the parent's pages too
if status.exists():
    kilobytes = int(status.read_text().split("VmHWM:")[1].split()[0])
else:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(1024 * kilobytes)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no resource module")
@pytest.mark.parametrize(("law", "runs", "K"), [("gauss", 10**6, 2), ("simplex", 10**5, 8)])
def test_many_runs_fit_into_a_gigabyte(law, runs, K):
    done = subprocess.run([sys.executable, "-c", MEMORY, law, str(runs), str(K)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert 1e8 < float(done.stdout) < 1e9


def test_a_share_comes_with_its_standard_error():
    found = ensembles.Ensemble(
        flatness=np.array([0.1, 0.3, np.inf, 0.2, np.inf]),
        steps=np.array([3, 5, 5, 9, 0]),
        arrived=np.array([True, False, False, True, False]),
        components=np.full((5, 2), 0.5),
        finished=np.array([True, True, True, True, False]),
    )
    assert found.share(0.2) == (0.5, 0.25) and found.share(0.0) == (0.0, 0.0) and found.censored == 0.5
    with pytest.raises(ValueError, match="read-only"):
        found.flatness[0] = 1.0


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"flatness": np.array([-1.0, 0.1])}, ValueError, "flatness: expected .* >= 0"),
        ({"flatness": np.array([np.nan, 0.1])}, ValueError, "flatness: expected finite"),
        ({"steps": np.array([0.5, 1.0])}, ValueError, "steps: expected whole numbers"),
        ({"arrived": np.array([0, 1])}, TypeError, "arrived: expected an array of True and False"),
        ({"finished": np.array([True])}, ValueError, "finished: expected 2 runs as in flatness, found 1"),
        ({"components": np.array([[0.5, np.nan], [0.5, 0.5]])}, ValueError, "components: expected finite"),
    ],
)
def test_a_record_checks_its_fields(change, error, words):
    valid = {
        "flatness": np.array([0.1, np.inf]),
        "steps": np.array([1, 2]),
        "arrived": np.array([True, False]),
        "components": np.full((2, 2), 0.5),
        "finished": np.array([True, True]),
    }
    ensembles.Ensemble(**valid)
    with pytest.raises(error, match=words):
        ensembles.Ensemble(**(valid | change))


def test_an_ensemble_of_which_nothing_is_finished_has_no_share():
    nothing = ensembles.Ensemble(
        np.array([np.inf]), np.array([0]), np.array([False]), np.zeros((1, 2)), np.array([False])
    )
    for ask in (lambda: nothing.censored, lambda: nothing.share(0.1)):
        with pytest.raises(ValueError, match="expected at least one run"):
            ask()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"start": np.zeros((2, 2, 3))}, ValueError, "K <= n"),
        ({"start": np.zeros((2, 2))}, ValueError, r"expected shape \(N, n, K\)"),
        ({"rate": 0.0}, ValueError, "positive step size"),
        ({"features": "own"}, ValueError, "expected one of shared, tabular, separate"),
        ({"rule": lambda g, s: (g, s)}, TypeError, r"expected Plain\(\)"),
        ({"rule": Plain}, TypeError, r"expected Plain\(\)"),
        ({"coupling": lambda J: J**2 * (1 - J)}, ValueError, "straight line in J"),
        ({"coupling": lambda J: J}, ValueError, "coupling"),
        ({"coupling": lambda J: J * (1 - J) * np.array([1.0, 0.5])}, ValueError, "same for every context"),
        ({"threads": 0}, ValueError, "threads: expected at least 1"),
        ({"sampled": 1}, TypeError, "sampled: expected True or False"),
    ],
)
def test_bad_input_is_told_what_was_expected(arguments, error, words):
    with pytest.raises(error, match=words):
        ensembles.run(**({"start": np.zeros((2, 2, 2))} | arguments))
