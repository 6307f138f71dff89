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
    "bends": lambda: {"panels": {"two tasks": (run(), np.linspace(-1, 1, 18).reshape(9, 2), np.linspace(-1, 1, 9))}},
    "both_clocks": lambda: {
        "start": 1 / SIZES,
        "waits": {"two layers": SIZES[1:], "bandit": 2 * SIZES[1:]},
        "laws": {"two layers": SIZES, "bandit": 2 * SIZES},
        "places": 1 / SIZES[1:],
        "apart": "bandit",
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
    "cosines": lambda: {
        "cosine": np.array([-0.5, 0.0, 0.5]),
        "power": np.array([6.0, 2.0, 0.5]),
        "fitted": np.array([[-0.5, 6.1], [0.5, 0.6]]),
        "threshold": np.array([0.23, 0.21, 0.19]),
        "found": np.array([[-0.5, 0.23], [0.5, 0.2]]),
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
    "goal_shapes": lambda: {
        "couplings": {"one": path(5), "two": path(4)},
        "goals": {"one": path(6), "two": path(3)},
        "slopes": {"one": path(3)},
    },
    "growing_waits": lambda: {
        "scale": -np.array([1.0, 2.0, 4.0]),
        "waits": np.array([[1.0, 2.0], [2.0, 5.0], [4.0, 11.0]]),
        "lines": np.array([[1.0, 2.5], [2.0, 5.5], [4.0, 11.5]]),
        "ratios": {"one": np.array([[0.9, 1.1], [1.0, 1.02]]), "another": np.array([[0.8], [0.95]])},
        "middles": -np.array([1.5, 3.0]),
    },
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
    "median_waits": lambda: {"waits": {"bandit": np.array([[1.0, 2.0, 5.0], [3.0, 9.0, 70.0]])}, **WORDS},
    "mode_curves": lambda: {
        "panels": {
            "with theory": (np.arange(6.0), path(), path() + 0.01, np.array([1.0, 3.0])),
            "without": (np.arange(4.0), path(4), None, None),
        },
        "names": ["mode 1", "mode 2"],
        "levels": np.array([0.5, 1.0]),
        **WORDS,
    },
    "mode_images": lambda: {"images": np.arange(24.0).reshape(2, 3, 4) - 11, "words": ["one", "two"], **WORDS},
    "more_actions": lambda: {
        "epsilon": 1e-3 / SIZES,
        "actions": {"low": {"2 x 2": np.linspace(0.9, 0.2, 4), "2 x 4": np.linspace(0.7, 0.1, 4)}},
        "jointly": {
            "low": {"2 x 2": np.linspace(0.8, 0.2, 4), "4 x 4": np.linspace(0.6, 0.1, 4)},
            "high": {"2 x 2": np.linspace(0.5, 0.2, 4), "4 x 4": np.linspace(0.4, 0.1, 4)},
        },
    },
    "neglected": lambda: {
        "weights": np.linspace(0, 1, 5),
        "exact": {"one": np.array([0.0, 0.02, 0.0, 0.02, 0.0])},
        "measured": np.array([[0.2, 0.01], [0.6, 0.02]]),
        "actions": np.array([3.0, 10.0, 100.0]),
        "bound": np.array([0.02, 0.04, 0.05]),
        "drawn": np.array([[3.0, 0.01], [10.0, 0.03]]),
    },
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
    "powers_by_wait": lambda: {"found": {"one": np.array([1.0, 3.0])}, "told": {"one": np.array([1.0, 3.0])}, **WORDS},
    "ramp": lambda: {"components": 5},
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
    "rippled": lambda: {"panels": {"near": (np.linspace(0.1, 0.2, 5), np.arange(5.0), np.linspace(-1, 1, 5))}},
    "same_angle": lambda: {"size": 1 / SIZES, "shared": np.full(4, -0.5), "apart": np.zeros(4), "theory": -0.5},
    "same_start": lambda: {"runs": {"one": run(), "another": run(7)}, **WORDS},
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
    "shapes_at_work": lambda: {
        "names": ["one", "two"],
        "couplings": [path(5), path(4)],
        "velocities": [velocity] * 2,
        "runs": [run(30), run(40)],
        "theory": [run(40), run(50)],
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
    "skeletons": lambda: {
        "length": np.arange(5.0),
        "logits": np.stack([np.linspace(-2, 3, 5), np.linspace(-2.5, -4, 5)], axis=-1),
        "corner_length": np.array([0.0, 4.0]),
        "corners": np.array([[-2.0, -2.5], [3.0, -4.0]]),
        "phases": [(0.0, 2.0, "A"), (2.0, 4.0, "B")],
    },
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
    "spread_of_cosines": lambda: {
        "cosines": {"modes": np.zeros(4), "outputs": np.array([-0.4, -0.1, 0.2, 0.3])},
        **WORDS,
    },
    "staircase": lambda: {"run": run(), "predicted": np.array([0.2, 0.5]), **WORDS},
    "staircases_by_law": lambda: {"runs": {"low": [run(), run(7)], "high": [run(8)]}, **WORDS},
    "step_sizes": lambda: {"exact": run(40), "runs": [run(), run(9, 1.0)]},
    "stray": lambda: {"steps": 1 / SIZES, "distances": {"one way": 0.1 / SIZES, "another": 0.2 / SIZES}},
    "sunk_contexts": lambda: {
        "curves": {
            "one": (10.0 * SIZES, np.array([0.1, 1e-3, 1e-6, 0.9])),
            "two": (SIZES, np.array([0.1, 1e-2, 1e-7, 1e-9])),
        },
        "shares": {"a": np.array([0.5, 0.25]), "b": np.array([0.0, 0.0]), "c": np.array([1.0, 0.75])},
        "moments": ["early", "late"],
        **WORDS,
    },
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
    "trap_map": lambda: {
        "edge": np.array([[0.1, 0.1], [0.5, 0.2], [1.0, 0.0]]),
        "paths": [path()],
        "caught": path(3),
        "free": path(4),
    },
    "turned": lambda: {"since": SIZES, "components": path(4), "back": path(4)},
    "two_curves": lambda: {"run": run(40), "finding": "One finding"},
    "two_gradients": lambda: {
        "gradients": np.array([[0.2, 0.0, 0.3], [0.0, 0.1, -0.2]]),
        "parameters": ["a", "b", "c"],
        "finding": "One finding",
    },
    "waits_by_overlap": lambda: {
        "names": ["one", "two"],
        "overlaps": np.array([[0.2, 0.3, 0.4], [0.5, 0.5, 0.5]]),
        "waits": np.array([[1.0, 10.0, 100.0], [2.0, 20.0, 300.0]]),
        "alone": 0.5,
        **WORDS,
    },
    "waits_by_power": lambda: {
        "p": 0.1 / SIZES,
        "alone": {"one": SIZES, "two": SIZES**2},
        "against": {"one": np.full(4, np.inf), "two": SIZES**3},
        "laws": [{"one": SIZES, "two": SIZES**2}, {"two": SIZES**3}],
    },
    "waits_by_scale": lambda: {
        "scale": 1 / SIZES,
        "waits": {"one": SIZES, "two": SIZES**2},
        "theory": {"one": SIZES},
    },
    "use_style": dict,
}
