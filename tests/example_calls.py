"""One valid call of every public function: name -> the arguments, made anew for each call.

tests/test_bad_input.py spoils one argument at a time. For a method, "self" is the object. Give every argument
that a caller may give, also those with a default, unless the default itself is its best example: what is left out
is spoiled starting from its default. Take arrays with different lengths on different axes.
"""

import numpy as np
from example_figures import FIGURES, velocity

from raylab.records import Trajectory
from raylab.remedies import Remedy, league
from raylab.systems.bandit import Bandit, Mixed, SoftmaxBandit
from raylab.systems.controls import Baseline, EntropyBonus
from raylab.systems.deep_linear import DeepLinear
from raylab.systems.factored import Factored, equal_cosines, on_policy, power
from raylab.systems.natural import Natural
from raylab.systems.separate import Separate

G = np.array([[0.3, -0.2, 0.5], [0.1, 0.4, -0.6]])
THETA = np.array([-1.0, -2.0, 0.5])
J = np.array([0.2, 0.7])
OWN_SAMPLES = {"natural.Natural": Natural, "controls.EntropyBonus": EntropyBonus, "controls.Baseline": Baseline}


def rng():
    return np.random.default_rng(0)


def trajectory():
    t = np.linspace(0.0, 4.0, 5)
    return Trajectory(t, np.stack([t, -t, t / 2], -1), np.stack([t / 4, 1 - 0.5 / (1 + t)], -1))


CALLS = {
    # floor 0
    "raylab.alarm.Alarm": lambda: {"seconds": 2.0},
    "raylab.alarm.is_learners": lambda: {"filename": "mine.py"},
    "raylab.arguments.array": lambda: {"value": G, "name": "value", "shape": "... K d"},
    "raylab.arguments.number": lambda: {"value": 0.5, "name": "value", "low": 0.0, "high": 1.0},
    "raylab.arguments.count": lambda: {"value": 3, "name": "value", "minimum": 1},
    "raylab.arguments.generator": lambda: {"value": rng(), "name": "value"},
    "raylab.arguments.function": lambda: {"value": velocity, "name": "value"},
    "raylab.arguments.flag": lambda: {"value": True, "name": "value"},
    "raylab.arguments.text": lambda: {"value": "words", "name": "value"},
    "raylab.arguments.sequence": lambda: {"value": [1, 2], "name": "value"},
    "raylab.arguments.texts": lambda: {"value": ["a", "b"], "name": "value"},
    "raylab.arguments.mapping": lambda: {"value": {"a": 1}, "name": "value"},
    "raylab.records.Trajectory": lambda: {
        "times": np.arange(3.0),
        "parameters": np.ones((3, 4)),
        "components": np.full((3, 2), 0.5),
    },
    # floor 1
    "raylab.interference.cosine": lambda: {"G": G},
    "raylab.interference.inner": lambda: {"G": G},
    "raylab.interference.inner_by_block": lambda: {"G": G, "slices": {"W": slice(0, 2), "b": slice(2, 3)}},
    "raylab.interference.rates": lambda: {"G": G, "step": THETA},
    "raylab.interference.winner_takes_all": lambda: {"rates": np.array([[0.1, -0.2], [0.3, 0.1], [0.0, 1.0]])},
    "raylab.projection.total": lambda: {"updates": G},
    "raylab.systems.bandit.on_policy": lambda: {"J": J},
    "raylab.systems.bandit.supervised": lambda: {"J": J},
    "raylab.systems.bandit.Mixed": lambda: {"share": 0.3, "actions": 4},
    "raylab.systems.bandit.Bandit": lambda: {"features": G},
    **{
        f"raylab.systems.bandit.Bandit.{method}": lambda: {"self": Bandit(), "parameters": THETA}
        for method in ("components", "gradients", "updates")
    },
    "raylab.systems.bandit.Bandit.sample": lambda: {"self": Bandit(), "parameters": THETA, "rng": rng()},
    "raylab.systems.bandit.SoftmaxBandit": lambda: {"contexts": 2, "actions": 3},
    "raylab.systems.bandit.SoftmaxBandit.parameters": lambda: {
        "self": SoftmaxBandit(2, 3),
        "W": np.linspace(-1, 1, 6).reshape(3, 2),
        "b": THETA,
    },
    **{
        f"raylab.systems.bandit.SoftmaxBandit.{method}": lambda: {
            "self": SoftmaxBandit(2, 3),
            "parameters": np.linspace(-1, 1, 9),
        }
        for method in ("policy", "components", "gradients", "updates")
    },
    "raylab.systems.bandit.SoftmaxBandit.sample": lambda: {
        "self": SoftmaxBandit(2, 3),
        "parameters": np.linspace(-1, 1, 9),
        "rng": rng(),
    },
    "raylab.systems.separate.Separate": lambda: {"learner": Bandit(), "copies": 2},
    **{
        f"raylab.systems.separate.Separate.{method}": lambda: {
            "self": Separate(Bandit(), 2),
            "parameters": np.linspace(-1, 1, 6),
        }
        for method in ("components", "gradients", "updates")
    },
    "raylab.systems.separate.Separate.sample": lambda: {
        "self": Separate(Bandit(), 2),
        "parameters": np.linspace(-1, 1, 6),
        "rng": rng(),
    },
    "raylab.systems.natural.Natural": lambda: {"learner": Bandit()},
    "raylab.systems.natural.fisher": lambda: {"learner": Bandit(), "parameters": THETA},
    "raylab.systems.controls.EntropyBonus": lambda: {"learner": Bandit(), "weight": 0.2},
    "raylab.systems.controls.Baseline": lambda: {"learner": Bandit()},
    **{
        f"raylab.systems.{name}.{method}": lambda make=make: {"self": make(Bandit()), "parameters": THETA}
        for name, make in OWN_SAMPLES.items()
        for method in ("components", "gradients", "updates")
    },
    **{
        f"raylab.systems.{name}.sample": lambda make=make: {"self": make(Bandit()), "parameters": THETA, "rng": rng()}
        for name, make in OWN_SAMPLES.items()
    },
    "raylab.systems.deep_linear.DeepLinear": lambda: {
        "target": G,
        "widths": (4, 2),
        "covariance": np.diag([1.0, 0.5, 2.0]),
        "split": "outputs",
    },
    **{
        f"raylab.systems.deep_linear.DeepLinear.{method}": lambda: {
            "self": DeepLinear(G, (2,)),
            "parameters": np.linspace(-1, 1, 10),
        }
        for method in ("components", "gradients", "updates", "layers", "product", "strengths", "loss", "invariants")
    },
    "raylab.systems.deep_linear.DeepLinear.parameters": lambda: {
        "self": DeepLinear(G, (2,)),
        "layers": [G, np.array([[1.0, -0.5], [0.2, 0.3]])],
    },
    **{
        f"raylab.systems.deep_linear.{start}": lambda: {"learner": DeepLinear(G, (2,)), "scale": 0.1, "rng": rng()}
        for start in ("small", "balanced_random", "orthogonal", "lazy")
    },
    "raylab.systems.deep_linear.balanced": lambda: {"learner": DeepLinear(G, (2,)), "strengths": J},
    "raylab.systems.deep_linear.mode": lambda: {
        "times": np.linspace(0.0, 3.0, 4),
        "strength": np.array([3.0, 2.0, 1.0, 0.5]),
        "start": np.array([1e-3, 0.1, 0.9, 0.6]),
        "depth": 3,
        "tau": 2.0,
    },
    "raylab.systems.deep_linear.half_time": lambda: {
        "strength": np.array([3.0, 2.0]),
        "start": np.array([1e-3, 0.5]),
        "depth": 3,
        "tau": 2.0,
    },
    "raylab.systems.deep_linear.solution": lambda: {
        "learner": DeepLinear(G, (2,)),
        "times": np.linspace(0.0, 3.0, 4),
        "strengths": J / 10,
    },
    "raylab.systems.factored.Shape": lambda: {"f": _rise, "slope": _rise_slope, "top": 2.0},
    "raylab.systems.factored.Shape.performance": lambda: {"self": power(0.5), "phi": THETA},
    "raylab.systems.factored.Shape.potential": lambda: {"self": power(2.0), "J": J},
    "raylab.systems.factored.power": lambda: {"exponent": 2.0},
    "raylab.systems.factored.mixed": lambda: {"share": 0.1},
    "raylab.systems.factored.through": lambda: {
        "places": np.array([0.0, 0.3, 0.8]),
        "heights": np.array([0.0, 0.2, 0.1]),
        "top": 2.0,
    },
    "raylab.systems.factored.equal_cosines": lambda: {"components": 3, "cosine": -0.3, "square": 2.0},
    "raylab.systems.factored.features": lambda: {"gram": equal_cosines(3, -0.3)},
    "raylab.systems.factored.Potentials": lambda: {"phi": _bent, "gradient": _bent_gradient, "parameters": 3},
    "raylab.systems.factored.log_odds": lambda: {"contexts": 2, "actions": 3, "shared_bias": True},
    "raylab.systems.factored.Factored": lambda: {"features": G, "shapes": [on_policy, power(2.0)]},
    **{
        f"raylab.systems.factored.Factored.{method}": lambda: {"self": Factored(G), "parameters": THETA}
        for method in ("components", "gradients", "updates")
    },
    "raylab.systems.factored.Factored.parameters": lambda: {"self": Factored(G), "J": J},
    **{
        f"raylab.systems.factored.{name}": lambda: {
            "J": np.array([[0.2, 0.7], [0.0, 0.3], [0.5, 1.0]]),
            "gram": equal_cosines(2, -0.5),
            "shapes": [on_policy, power(2.0)],
        }
        for name in ("velocity", "acceleration", "winner_margin")
    },
    "raylab.systems.factored.corners": lambda: {"shapes": [on_policy, power(2.0)]},
    "raylab.systems.factored.saddles": lambda: {"shapes": [on_policy, power(2.0)]},
    "raylab.systems.factored.traps": lambda: {"gram": equal_cosines(2, -0.5), "shapes": [on_policy, power(2.0)]},
    "raylab.systems.factored.edges": lambda: {
        "gap": np.array([0.1, 0.01]),
        "gram": equal_cosines(3, -0.3),
        "shapes": [on_policy, power(2.0), on_policy],
        "learned": [0, 2],
    },
    "raylab.systems.factored.strip": lambda: {
        "J2": np.array([0.2, 0.7, 1.0]),
        "gram": equal_cosines(2, -0.5),
        "shapes": [on_policy, power(2.0)],
    },
    "raylab.systems.factored.turning": lambda: {
        "learner": SoftmaxBandit(2, 3),
        "parameters": np.linspace(-1, 1, 9),
        "shapes": [on_policy, power(2.0)],
    },
    "raylab.systems.factored.softmax_neglect": lambda: {"wrong": np.array([[0.5, 0.3], [0.1, 0.0]])},
    "raylab.optimisers.Plain": dict,
    "raylab.optimisers.Momentum": lambda: {"decay": 0.9},
    "raylab.optimisers.RMSProp": lambda: {"decay": 0.99, "epsilon": 1e-8},
    "raylab.optimisers.Adam": lambda: {"first": 0.9, "second": 0.999, "epsilon": 1e-8},
    "raylab.nets.component_gradients": lambda: _network(),
    "raylab.nets.parameter_slices": lambda: {"model": _network()["model"]},
    "raylab.nets.Policy": lambda: {"contexts": 2, "actions": 3, "widths": (4,)},
    "raylab.nets.Policy.draw": lambda: {"self": _policy(), "runs": 2, "rng": rng(), "init": "he"},
    **{
        f"raylab.nets.Policy.{method}": lambda: {"self": _policy(), "parameters": _weights()}
        for method in ("logits", "components", "gradients", "updates", "kernel")
    },
    "raylab.nets.Policy.sample": lambda: {"self": _policy(), "parameters": _weights(), "rng": rng()},
    "raylab.nets.Policy.with_logits": lambda: {
        "self": _policy(),
        "parameters": _weights(),
        "logits": np.linspace(-1, 1, 30).reshape(5, 3, 2),
    },
    "raylab.nets.flow": lambda: {
        "policy": _policy(),
        "start": _weights(),
        "level": 0.6,
        "horizon": 1e3,
        "tolerance": 0.01,
    },
    # floors 2 and 3
    "raylab.ensembles.starts": lambda: {
        "law": "reject",
        "runs": 3,
        "contexts": 2,
        "actions": 3,
        "performance": 0.5,
        "scale": 1.0,
        "seed": 1,
    },
    "raylab.ensembles.run": lambda: {
        "start": np.linspace(-1, 1, 30).reshape(5, 3, 2),
        "rate": 0.1,
        "steps": 4,
        "sampled": True,
        "features": "shared",
        "seed": 1,
        "threads": 2,
    },
    "raylab.ensembles.Ensemble": lambda: {
        "flatness": np.array([0.1, np.inf, 0.3]),
        "steps": np.array([3, 4, 5]),
        "arrived": np.array([True, False, True]),
        "components": np.linspace(0.1, 0.6, 6).reshape(3, 2),
        "finished": np.array([True, True, False]),
    },
    "raylab.ensembles.Ensemble.share": lambda: {"self": _ensemble(), "epsilon": 0.2},
    "raylab.ensembles.flow": lambda: {
        "start": np.array([[-2.0, -1.0], [0.5, -3.0], [1.0, 2.0]]),
        "gram": np.array([[2.0, -1.0], [-1.0, 2.0]]),
        "level": 0.8,
        "rtol": 1e-6,
        "horizon": 1e6,
        "threads": 2,
    },
    "raylab.ensembles.Job": lambda: {
        "law": "simplex",
        "runs": 3,
        "contexts": 2,
        "actions": 3,
        "performance": 0.3,
        "scale": 1.0,
        "rate": 0.1,
        "steps": 5,
        "sampled": True,
        "features": "shared",
        "seed": 1,
    },
    "raylab.ensembles.sweep": lambda: {"jobs": [_job()], "folder": "kept"},
    "raylab.dynamics.flow": lambda: {
        "learner": Bandit(),
        "start": THETA,
        "times": np.linspace(0.0, 3.0, 4),
        "rtol": 1e-6,
        "atol": 1e-9,
    },
    "raylab.dynamics.ascend": lambda: {
        "learner": Bandit(),
        "start": THETA,
        "steps": 3,
        "rate": 0.1,
        "sampled": True,
        "rng": rng(),
    },
    "raylab.dynamics.orbit": lambda: {"velocity": velocity, "start": J, "stop": 0.9, "horizon": 1e3},
    "raylab.dynamics.climb": lambda: {
        "learner": Bandit(),
        "start": np.array([-2.0, -3.0, 0.1]),
        "level": 0.8,
        "horizon": 1e6,
        "rtol": 1e-6,
    },
    "raylab.plateaus.stages": lambda: {"times": np.arange(4.0), "components": np.linspace(0, 1, 8).reshape(4, 2)},
    "raylab.plateaus.wait_exponent": lambda: {"cosine": -0.2, "learned": 2},
    "raylab.plateaus.skeleton": lambda: {
        "logits": np.array([-9.0, -10.0]),
        "gram": np.array([[2.0, -1.0], [-1.0, 2.0]]),
    },
    "raylab.plateaus.bandit_skeleton": lambda: {"logits": np.array([[-9.0, 0.0], [0.0, -10.0], [0.0, 0.0]])},
    "raylab.plateaus.traps": lambda: {"gram": np.array([[1.0, -1.5], [-1.5, 4.0]])},
    "raylab.plateaus.waiting_time": lambda: {"trajectory": trajectory(), "level": 0.6},
    "raylab.plateaus.find": lambda: {"trajectory": trajectory(), "depth": 1e-3},
    "raylab.plateaus.first_integral": lambda: {"J": J, "cosine": -0.5, "log": True},
    "raylab.plateaus.flatness": lambda: {"J": J, "cosine": -0.5, "log": True},
    "raylab.plateaus.flattest": lambda: {"cosine": -0.4},
    "raylab.plateaus.steepest_slope": lambda: {"cosine": -0.4},
    "raylab.plateaus.in_basin": lambda: {"J": J, "epsilon": 0.01, "cosine": -0.5},
    "raylab.plateaus.basin_boundary": lambda: {"epsilon": 0.01, "points": 5, "cosine": -0.5},
    "raylab.plateaus.basin_share": lambda: {
        "performance": np.array([[0.1], [0.2], [0.4]]),
        "epsilon": np.array([1e-4, 1e-3]),
        "cosine": -0.5,
    },
    "raylab.plateaus.polygon": lambda: {"epsilon": 0.01},
    "raylab.plateaus.plateau_time": lambda: {"flatness": np.array([1e-4, 1e-3, 0.1]), "cosine": -0.5},
    "raylab.plateaus.travel_time": lambda: {
        "flatness": np.array([1e-4, 1e-3, 0.1]),
        "performance": 0.2,
        "cosine": -0.5,
    },
    "raylab.plateaus.clock": lambda: {
        "times": np.linspace(0.0, 9.0, 4),
        "start": np.array([0.1, 0.5, 0.9]),
        "law": "supervised",
        "square": 2.0,
    },
    "raylab.plateaus.arrival": lambda: {
        "start": np.array([0.1, 0.5, 0.8]),
        "level": 0.9,
        "law": "on-policy",
        "square": 2.0,
    },
    "raylab.plateaus.slowest_progress": lambda: {
        "performance": np.linspace(0.1, 1.9, 7),
        "speed": np.linspace(0.3, 0.1, 7),
        "components": 2,
    },
    "raylab.remedies.Remedy": lambda: {"name": "none", "learner": Bandit(), "start": THETA},
    "raylab.remedies.Remedy.rates": lambda: {"self": Remedy("none", Bandit(), THETA), "parameters": THETA},
    "raylab.remedies.ready": lambda: {"performance": (0.2, 0.1), "share": 0.2, "weight": 0.1},
    "raylab.remedies.start_at": lambda: {"learner": Bandit(), "near": THETA, "performance": J},
    "raylab.remedies.league": lambda: {"remedies": [_remedy()], "longest": 50.0, "runs": 2, "steps": 4},
    "raylab.remedies.table": lambda: {"rows": league([_remedy()], longest=10.0)},
    "raylab.tables.names": dict,
    "raylab.tables.load": lambda: {"name": "figure5"},
    "raylab.tables.head": lambda: {"name": "figure5"},
    # floors 5 and 6
    **{f"raylab.plots.{name}": make for name, make in FIGURES.items()},
    "raylab.check": lambda: {"id": "01.1", "answer": None},
    "raylab.hint": lambda: {"id": "01.1", "level": 2},
    "raylab.checks.exercises": dict,
    "raylab.start": dict,
    "raylab.progress": dict,
    "raylab.reset": lambda: {"exercise": "01.1"},
    "raylab.workspace.exercises": dict,
    "raylab.workspace.course_folder": dict,
    "raylab.workspace.work_folder": dict,
    "raylab.workspace.record": lambda: {"exercise": "01.1", "state": "wrong"},
    "raylab.widgets.predict": lambda: {"question": "How long?", "choices": {"short": 1.0, "long": 1000.0}},
    "raylab.widgets.predict().against": lambda: {"self": _bet(), "truth": 30.0},
    "raylab.widgets.quiz": lambda: {"question": "Why?", "choices": [("so", True, "because"), ("not so", False, "but")]},
    "raylab.widgets.square().move": lambda: {"self": _widget("square"), "j1": 0.2, "j2": 0.3},
    "raylab.widgets.dots": lambda: {"velocity": velocity},
    "raylab.widgets.dots().put": lambda: {"self": _widget("dots"), "shrunk": 50, "t": 10.0},
    "raylab.widgets.draw": lambda: {"start": (0.1, 0.02)},
    "raylab.widgets.draw().move": lambda: {"self": _widget("draw"), "i": 2, "height": 0.5},
    "raylab.widgets.draw().begin": lambda: {"self": _widget("draw"), "j1": 0.2, "j2": 0.1},
    "raylab.widgets.transfer": lambda: {"contexts": 2, "actions": 3},
    "raylab.widgets.transfer().put": lambda: {
        "self": _widget("transfer"),
        "contexts": 2,
        "actions": 4,
        "share": 10.0,
    },
    "raylab.widgets.ruler": lambda: {"velocity": velocity, "start": (0.1, 0.02), "epsilon": 1e-3},
    "raylab.widgets.ruler().move": lambda: {"self": _widget("ruler"), "j1": 0.2, "j2": 0.3},
    "raylab.widgets.ruler().measure": lambda: {"self": _widget("ruler"), "epsilon": 1e-3},
    "raylab.widgets.basin": lambda: {
        "flatness": lambda p, q: p * q,
        "middle": (0.1, 0.15),
        "side": 0.1,
        "epsilon": 1e-3,
        "bet": False,
    },
    "raylab.widgets.basin().move": lambda: {"self": _widget("basin"), "j1": 0.2, "j2": 0.3},
    "raylab.widgets.basin().resize": lambda: {"self": _widget("basin"), "side": 0.1},
    "raylab.widgets.basin().scale": lambda: {"self": _widget("basin"), "factor": 0.5},
    "raylab.widgets.basin().measure": lambda: {"self": _widget("basin"), "epsilon": 1e-3},
    "raylab.widgets.causes": lambda: {"start": (0.1, 0.02)},
    "raylab.widgets.causes().move": lambda: {"self": _widget("causes"), "j1": 0.2, "j2": 0.3},
    "raylab.widgets.causes().choose": lambda: {
        "self": _widget("causes"),
        "features": "tabular",
        "data": "10 % mix",
        "taught": "labels",
    },
    "raylab.widgets.square": lambda: {"velocity": velocity, "start": (0.1, 0.02)},
    "raylab.widgets.shape": lambda: {"shape": lambda u: u * (1 - u), "cosine": -0.4, "start": (0.1, 0.02)},
    "raylab.widgets.shape().choose": lambda: {"self": _widget("shape"), "name": "labels 1 − u"},
    "raylab.widgets.shape().lift": lambda: {"self": _widget("shape"), "i": 2, "height": 0.3},
    "raylab.widgets.shape().turn": lambda: {"self": _widget("shape"), "cosine": -0.3},
    "raylab.widgets.shape().move": lambda: {"self": _widget("shape"), "j1": 0.2, "j2": 0.3},
    "raylab.widgets.staircase": lambda: {
        "components": 3,
        "cosine": -0.2,
        "start": 0.01,
        "ratio": 3.0,
        "supervised": False,
    },
    "raylab.widgets.staircase().put": lambda: {
        "self": _widget("staircase"),
        "components": 4,
        "r": 0.1,
        "start": 0.01,
        "ratio": 3.0,
        "supervised": True,
    },
    "raylab.widgets.modes": lambda: {
        "strengths": (3.0, 1.0),
        "start": 0.01,
        "depth": 2,
        "tilt": 0.2,
        "logarithmic": False,
    },
    "raylab.widgets.modes().put": lambda: {
        "self": _widget("modes"),
        "strengths": np.array([4.0, 2.0, 1.0]),
        "start": 0.01,
        "depth": 3,
        "tilt": 0.1,
        "logarithmic": True,
    },
    "raylab.widgets.modes().choose": lambda: {"self": _widget("modes"), "name": "four layers"},
    # exact statements
    "raylab.symbolic.equivalent": lambda: {
        "answer": _symbol() * 2,
        "truth": _symbol() + _symbol(),
        "domains": {"x": (-1.0, 2.0), "n": range(2, 9)},
    },
    "raylab.symbolic.bandit.slope": lambda: {"J": _symbol()},
    "raylab.symbolic.bandit.blow_up": lambda: {"corner": (0, 1)},
    **{
        f"raylab.symbolic.orbits.{name}": dict
        for name in (
            "conserved_parameters",
            "crossing_slope",
            "flattest",
            "flatness_law",
            "natural_speeds",
            "plateau_time",
        )
    },
    **{
        f"raylab.symbolic.orbits.{name}": lambda: {"law": "natural"}
        for name in ("first_integral", "lone_clock", "motion")
    },
    **{
        f"raylab.symbolic.factored.{name}": lambda: {"components": 2}
        for name in (
            "acceleration",
            "acceleration_by_rates",
            "couplings",
            "gram",
            "heights",
            "jerk",
            "performance_rate",
            "rates",
        )
    },
    **{
        f"raylab.symbolic.factored.{name}": dict
        for name in ("corner_drift", "crossing_jerk", "null_clines", "restless", "strip", "winner_margin")
    },
    "raylab.symbolic.factored.way_to_zero": lambda: {"coupling": _coupling()},
    **{
        f"raylab.symbolic.turning.{name}": lambda: {"components": 1, "parameters": 2}
        for name in ("acceleration", "features", "neglected", "performance_rate", "slope_of_the_rate")
    },
    **{
        f"raylab.symbolic.turning.{name}": lambda: {"parameters": 1}
        for name in ("edge_acceleration", "eight_terms", "place")
    },
    **{f"raylab.symbolic.turning.{name}": lambda: {"actions": 3} for name in ("neglect", "softmax_feature", "wrong")},
    "raylab.symbolic.turning.neglect_bound": dict,
    **{
        f"raylab.symbolic.staircase.{name}": dict
        for name in ("blow_up", "drag", "first_height", "kept", "next_height", "trap_boundary", "wait_exponent")
    },
    **{
        f"raylab.symbolic.deep_linear.{name}": lambda: {"sizes": (2, 1, 2)}
        for name in ("layers", "correlation", "covariance", "loss", "flow", "update_rules", "invariants")
    },
    "raylab.symbolic.deep_linear.along_flow": lambda: {"quantity": _weight() * 2, "sizes": (2, 1, 1)},
    **{
        f"raylab.symbolic.deep_linear.{name}": lambda: {"sizes": (2, 1, 1), "white": False}
        for name in ("errors", "mode_products", "output_products")
    },
    **{
        f"raylab.symbolic.deep_linear.{name}": lambda: {"modes": 2}
        for name in ("left_over", "mirrored", "seed_products")
    },
    **{
        f"raylab.symbolic.deep_linear.{name}": dict
        for name in (
            "clock",
            "coloured_mode_rate",
            "coupling",
            "coupling_near_zero",
            "half_time",
            "hyperbolic_wait",
            "mode",
            "mode_performance",
            "mode_rate",
            "single_layer",
            "turns",
            "unbalanced_half_time",
            "unbalanced_rate",
        )
    },
    "raylab.symbolic.orbits.change": lambda: {"quantity": _symbol() * 2, "law": "natural"},
    **{
        f"raylab.symbolic.bandit.{name}": dict
        for name in (
            "components",
            "gradients",
            "cosine",
            "velocity",
            "jacobian",
            "null_clines",
            "performance_rate",
            "acceleration",
            "jerk",
            "inflection_factor",
            "crossing_slope",
            "crossing_jerk",
            "flattest",
            "clock",
            "winner_takes_all_area",
        )
    },
}


def _job():
    from raylab.ensembles import Job

    return Job("simplex", 3, steps=5)


def _network():
    import torch

    torch.manual_seed(0)
    model = torch.nn.Linear(3, 2)
    return {"model": model, "values": model(torch.ones(4, 3)).mean(axis=0)}


def _policy():
    from raylab.nets import Policy

    return Policy(2, 3, (4,))


def _weights():
    return _policy().draw(5, rng())


def _remedy():
    return Remedy("uniform", Bandit(coupling=Mixed(1.0)), THETA)


def _symbol():
    import sympy

    return sympy.Symbol("x")


def _weight():
    from raylab.symbolic.deep_linear import layers

    return layers((2, 1, 1))[0][0, 0]


def _coupling():
    from raylab.symbolic.factored import U

    return U * (1 - U)


def _widget(name):
    from raylab import widgets

    return getattr(widgets, name)()


def _bet():
    from raylab import widgets

    return widgets.predict("How long?", {"short": 1.0, "long": 1000.0})


def _ensemble():
    from raylab.ensembles import Ensemble

    return Ensemble(**CALLS["raylab.ensembles.Ensemble"]())


def _rise(u):
    return u * (2 - u)


def _rise_slope(u):
    return 2 - 2 * u


def _bent(theta):
    return np.stack([theta[..., 0] + np.sin(theta[..., 1]), theta[..., 2] - theta[..., 0]], axis=-1)


def _bent_gradient(theta):
    v = np.zeros((*theta.shape[:-1], 2, 3))
    v[..., 0, 0], v[..., 0, 1], v[..., 1, 0], v[..., 1, 2] = 1.0, np.cos(theta[..., 1]), -1.0, 1.0
    return v
