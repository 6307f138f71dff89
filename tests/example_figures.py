"""One valid call of every public function of raylab.plots, for CALLS in tests/example_calls.py."""

import matplotlib.pyplot as plt
import numpy as np

from raylab.records import Trajectory


def velocity(J):
    """The flow of the 2 x 2 bandit."""
    a = J * (1 - J)
    return a * (2 * a - a[..., ::-1])


def acceleration(J):
    """Some numbers of both signs, one for each point."""
    return (2 * J - 1).prod(axis=-1) + 0.1


def run(rows=9, rate=0.5):
    """A run of two components: one is learned, then the other."""
    t = rate * np.arange(float(rows))
    J = np.stack([t / (t + 1), t / (t + 3) * 0.9 + 0.05], axis=-1) * 0.97 + 0.01
    return Trajectory(t, np.stack([t, -t, t / 2], axis=-1), J)


def path(rows=6):
    return np.linspace([0.1, 0.05], [0.9, 0.95], rows)


def ax():
    return plt.subplots()[1]


POLICY = np.array([[0.5, 0.3], [0.3, 0.6], [0.2, 0.1]])
COSINES = np.array([[1.0, -0.5, 0.2], [-0.5, 1.0, 0.1], [0.2, 0.1, 1.0]])
SIZES = np.array([1.0, 10.0, 100.0, 1000.0])
WORDS = {"finding": "One finding", "made": "How it was made."}

FIGURES = {
    "as_a_point": lambda: {"times": SIZES, "components": path(4), "moments": [0, 2]},
    "basins": lambda: {
        "velocity": velocity,
        "starts": path() / 4,
        "met": {0.1: np.array([True, False] * 3), 0.001: np.array([False] * 6)},
    },
    "by_block": lambda: {"names": ["W", "b"], "shares": 0.1 * np.ones((2, 2)), "stages": ["before", "after"], **WORDS},
    "clocks": lambda: {
        "times": SIZES,
        "runs": {"one": np.linspace(0.1, 0.9, 4), "another": np.linspace(0.2, 0.8, 4)},
        "theory": {"one": np.linspace(0.1, 0.9, 4), "another": np.linspace(0.2, 0.8, 4)},
    },
    "corner_flows": lambda: {
        "flow": [np.linspace([0.01, 0.95], [0.05, 0.99], 7)],
        "printed": [np.linspace([0.02, 0.95], [0.05, 0.98], 5)],
        "reach": 0.1,
    },
    "cost": lambda: {
        "profiles": {1e-4: path(5), 1e-6: path(7)},
        "shape": path(9),
        "epsilon": 1e-3 / SIZES,
        "waits": SIZES,
        "law": SIZES / 2,
        "quick": 3.0,
        "ends": "from here to there",
    },
    "cosine_by_actions": lambda: {
        "actions": np.array([2, 3, 5]),
        "cosines": np.linspace(-0.5, 0.2, 12).reshape(3, 4),
        "uniform": np.array([-0.5, -0.3, -0.1]),
        "bounds": (-0.5, 0.1),
    },
    "couplings": lambda: {
        "u": np.linspace(0, 1, 5),
        "curves": {"own": np.linspace(0.3, 0, 5), "labels": np.linspace(1, 0, 5)},
        "samples": {"own": np.array([[0.2, 0.1], [0.8, 0.2]]), "weighted": np.array([[0.2, 0.1], [0.8, 0.2]])},
        "p": 1 / SIZES,
        "waits": {"own": SIZES, "mixed": SIZES},
        "theory": SIZES,
    },
    "creep": lambda: {
        "times": SIZES,
        "missing": {word: 1 / SIZES for word in ("flow", "theory", "printed")},
        "distances": 1 / SIZES,
        "waits": {word: SIZES for word in ("flow", "theory", "printed")},
    },
    "fixed_points": lambda: {"ax": ax(), "attracts": [(1.0, 1.0)], "repels": [(0.0, 0.0)], "saddles": [(0.0, 1.0)]},
    "flow_and_curves": lambda: {
        "velocity": velocity,
        "orbit": run(40),
        "updates": run(40),
        "others": [run(30)],
        "slopes": [0.01],
        "quiet": [path()],
    },
    "four_learners": lambda: {
        "names": ["one", "two", "three", "four"],
        "velocities": [velocity] * 4,
        "orbits": [[run(30), run(40)]] * 4,
        "slopes": np.full((4, 2), 0.01),
        "runs": [run(30)] * 4,
        "theory": [run(40)] * 4,
        "fixed": [{"attracts": [(1.0, 1.0)], "saddles": [(0.0, 1.0)]}] * 4,
    },
    "formula_and_runs": lambda: {"groups": {"one way": path(4), "another": path(3)}},
    "inflections": lambda: {"acceleration": acceleration, "orbits": [path()], "marks": path(3)},
    "interference_matrices": lambda: {
        "rows": [[COSINES, COSINES]],
        "columns": ["left", "right"],
        "row_names": ["row"],
        "names": ["1", "2", "3"],
        **WORDS,
    },
    "interference_matrix": lambda: {"C": COSINES, "ax": ax(), "names": ["1", "2", "3"]},
    "known_task": lambda: {
        "velocity": velocity,
        "runs": [run(40), run(30)],
        "theory": [run(40), run(30)],
        "fixed": {"attracts": [(1.0, 1.0)]},
    },
    "laws_of_starts": lambda: {"velocity": velocity, "samples": {"uniform": path() / 10}, "reach": 0.1},
    "league": lambda: {
        "names": ["one", "two"],
        "waits": np.array([1e6, 10.0]),
        "interferes": [True, False],
        "coupled": [True, False],
        "sampled": np.array([1000.0, 20.0]),
        "longest": 1000.0,
    },
    "likelihoods": lambda: {
        "panels": {"a law": {"one": np.stack([1 / SIZES, 1 / SIZES], -1), "two": np.stack([1 / SIZES, 0 * SIZES], -1)}},
        "live": {"a law": {"one": np.array([[0.1, 0.2, 0.01]])}},
        "mark": 0.01,
    },
    "level_lines": lambda: {"panels": {"small steps": [path()], "large steps": [path(9)]}},
    "one_path": lambda: {"times": SIZES, "full": path(4), "reduced": path(4), "doubled": path(4)},
    "one_reward": lambda: {"before": POLICY, "after": {"shared": POLICY[::-1].copy()}},
    "optimisers": lambda: {
        "rates": SIZES / 100,
        "exact": {"plain": 1000 / SIZES, "other": 10 + SIZES},
        "stuck": {"plain": np.full((4, 2), 0.1), "other": np.full((4, 2), 0.4)},
        "updates": SIZES,
        "logits": {"plain": -SIZES / 100},
        "theory": {"plain": -SIZES / 100},
    },
    "phase_portrait": lambda: {
        "velocity": velocity,
        "ax": ax(),
        "orbits": [path()],
        "slopes": [0.01],
        "box": (0.0, 0.5, 0.0, 1.0),
    },
    "policy_story": lambda: {
        "policies": np.stack([POLICY] * 4),
        "rewarded": np.ones((4, 2)),
        "theory": np.full((4, 2), 0.5),
        "samples": np.linspace(-1, 1, 18).reshape(2, 3, 3),
        "context": 1,
    },
    "portrait": lambda: {"velocity": velocity, "points": path()},
    "rare_rewards": lambda: {
        "J": 1 / SIZES,
        "rewarded": np.ones(4),
        "expected": 1 / SIZES,
        "counts": np.array([0.0, 2.0, 1.0]),
        "words": "a few draws",
    },
    "real_and_null": lambda: {
        "updates": np.array([0.0, 1.0, 10.0, 100.0]),
        "means": np.linspace(-0.1, 0.1, 24).reshape(2, 3, 4),
        "patterns": np.linspace(-0.1, 0.9, 24).reshape(2, 3, 4),
        "floor": -0.11,
    },
    "same_angle": lambda: {"size": 1 / SIZES, "shared": np.full(4, -0.5), "apart": np.zeros(4), "theory": -0.5},
    "sampling": lambda: {
        "gradient": np.array([0.2, -0.1, 0.3]),
        "names": ["a", "b", "c"],
        "means": {10: np.array([0.1, -0.1, 0.2]), 1000: np.array([0.2, -0.1, 0.3])},
        "sizes": SIZES,
        "errors": np.stack([1 / SIZES, 2 / SIZES]),
        "predicted": 1.5 / SIZES,
    },
    "scaled_starts": lambda: {
        "scale": SIZES,
        "slopes": np.stack([1 / SIZES, 2 / SIZES]),
        "slope_law": np.stack([1 / SIZES, 3 / SIZES]),
        "waits": np.stack([SIZES, 2 * SIZES]),
        "wait_law": np.stack([SIZES, 3 * SIZES]),
        "names": ["one ray", "another"],
    },
    "shares": lambda: {
        "epsilon": 1e-6 * SIZES,
        "exact": np.linspace(0.1, 0.9, 8).reshape(2, 4),
        "at": np.array([1e-6, 1e-5, 1e-4]),
        "found": np.linspace(0.1, 0.9, 6).reshape(2, 3),
        "performances": np.array([0.1, 0.2]),
        "mark": (1e-5, 0.2),
    },
    "sheets": lambda: {"velocity": velocity, "early": [path()], "late": [path()], "exits": [path(2), path(3)]},
    "show": lambda: {"figure": ax().figure},
    "slowest_places": lambda: {
        "runs": [run(), run(7)],
        "speeds": [np.ones(9), np.ones(7)],
        "places": np.array([[1.0, 1.0, 0.1], [2.0, 1.0, 0.2]]),
    },
    "spurious_actions": lambda: {
        "bias": np.linspace(-2.0, 2.0, 5),
        "counts": [1, 2],
        "found": np.linspace(-0.5, 0.5, 10).reshape(2, 5),
        "theory": np.linspace(-0.5, 0.5, 10).reshape(2, 5),
        "limits": np.array([0.3, 0.5]),
    },
    "step_sizes": lambda: {"exact": run(40), "runs": [run(), run(9, 1.0)]},
    "stray": lambda: {"steps": 1 / SIZES, "distances": {"one way": 0.1 / SIZES, "another": 0.2 / SIZES}},
    "three_learners": lambda: {
        "names": ["one", "two", "three"],
        "theory": [run(), run(), run()],
        "steps": [run(), run(), run()],
        "waits": np.array([1.0, 10.0, 100.0]),
    },
    "towards_the_origin": lambda: {
        "levels": 0.5 / SIZES,
        "shares": {"one": np.linspace(0, 1, 4), "two": np.linspace(0, 0.5, 4)},
        "counted": {"one": np.array([[0.1, 0.5], [0.01, 0.9]]), "two": np.array([[0.1, 0.1], [0.01, 0.3]])},
        "edges": {"one": path() / 3, "two": path() / 4},
    },
    "turned": lambda: {"since": SIZES, "components": path(4), "back": path(4)},
    "two_curves": lambda: {"run": run(40), "finding": "One finding"},
    "two_gradients": lambda: {
        "gradients": np.array([[0.2, 0.0, 0.3], [0.0, 0.1, -0.2]]),
        "parameters": ["a", "b", "c"],
        "finding": "One finding",
    },
    "waits_by_scale": lambda: {
        "scale": 1 / SIZES,
        "waits": {"one": SIZES, "two": SIZES**2},
        "theory": {"one": SIZES},
    },
    "use_style": dict,
}
