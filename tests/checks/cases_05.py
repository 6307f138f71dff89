"""What people write for the exercises of chapter 05: right ones, wrong ones, nearly right ones."""

import cmath
import math

import numpy as np
import sympy as sp
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.special import expit, lambertw, logit

# ------------------------------------------------------------------------------------- 05.1 supervised_velocity

V = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0]])


def by_chain_rule(J):
    """grad J_k against the sum of grad log J."""
    G = (J * (1 - J))[..., None] * V
    step = ((1 - J)[..., None] * V).sum(axis=-2)
    return (G * step[..., None, :]).sum(axis=-1)


def by_components(J):
    J1, J2 = J[..., 0], J[..., 1]
    return np.stack([J1 * (1 - J1) * (1 - 2 * J1 + J2), J2 * (1 - J2) * (1 - 2 * J2 + J1)], axis=-1)


def by_matrix(J):
    return (J - J * J) * ((1 - J) @ np.array([[2.0, -1.0], [-1.0, 2.0]]))


def by_complex_step(J):
    theta = np.stack([logit(J[..., 0]), logit(J[..., 1]), 0 * J[..., 0]], axis=-1)
    x = (theta + 1e-30j * ((1 - J)[..., None] * V).sum(axis=-2)) @ V.T
    return (1 / (1 + np.exp(-x))).imag / 1e-30


def of_pairs(rule):
    """The form in which most people write it first: two lines and a stack."""

    def supervised_velocity(J):
        x, y = J[..., 0], J[..., 1]
        return np.stack([rule(x, y), rule(y, x)], axis=-1)

    return supervised_velocity


def unpacked(J):
    x, y = J
    return np.array([x * (1 - x) * (1 - 2 * x + y), y * (1 - y) * (1 - 2 * y + x)])


def first_axis(J):
    x, y = J[..., 0], J[..., 1]
    return np.array([x * (1 - x) * (1 - 2 * x + y), y * (1 - y) * (1 - 2 * y + x)])


def in_place(J):
    missing = 1 - J
    J *= missing
    return J * (2 * missing - missing[..., ::-1])


# --------------------------------------------------------------------------------------- 05.2 the fixed points

J1, J2 = sp.symbols("J1 J2")
RATES = [J1 * (1 - J1) * (1 - 2 * J1 + J2), J2 * (1 - J2) * (1 - 2 * J2 + J1)]
HALF = sp.Rational(1, 2)
CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]
REWARDED = [J1 * (1 - J1) * (2 * J1 * (1 - J1) - J2 * (1 - J2)), J2 * (1 - J2) * (2 * J2 * (1 - J2) - J1 * (1 - J1))]

# ---------------------------------------------------------------------------------------- 05.3 mixed_coupling


def by_cases(u, mix, n):
    """Chance of the right action, action by action, times what a reward teaches."""
    own, others = (1 - mix) * u, mix * (1 / n)
    return (own + others) * (1 - u)


def as_a_gradient(u, mix, n):
    """Slope by the logit of (1 - mix) J + (mix / n) log J, by a complex step."""
    u = np.asarray(u, dtype=float)
    odds = u / (1 - u)
    J = odds * np.exp(1e-30j) / (1 + odds * np.exp(1e-30j))
    with np.errstate(divide="ignore"):
        logs = np.where(u > 0, (1 - u), 1.0)  # d log J / dx
    return (1 - mix) * J.imag / 1e-30 + mix / n * logs


def expanded(u, mix, n):
    return mix / n + (1 - mix - mix / n) * u - (1 - mix) * u * u


def one_number(u, mix, n):
    return float(((1 - mix) * u + mix / n) * (1 - u)) if np.ndim(u) == 0 else float(np.mean(u))


def with_an_if(u, mix, n):
    if u > 0:
        return ((1 - mix) * u + mix / n) * (1 - u)
    return mix / n


# -------------------------------------------------------------------------------------- 05.4 supervised_clock


def by_newton(J0, t):
    """log w + w = C + t, from above: Newton's method on x = log w."""
    goal = logit(J0) + J0 / (1 - J0) + np.asarray(t, dtype=float)
    x = np.where(goal > 1, np.log(np.maximum(goal, 1)), goal)
    for _ in range(60):
        x = x - (x + np.exp(x) - goal) / (1 + np.exp(x))
    return expit(x)


def by_bracket(J0, t):
    goal = logit(J0) + J0 / (1 - J0) + np.asarray(t, dtype=float)
    root = lambda z: expit(brentq(lambda x: x + math.exp(x) - z, min(z, 0) - 2, math.log(abs(z) + 2), xtol=1e-14))
    return np.vectorize(root)(goal)


def by_integrating(J0, t):
    """An ODE solver in the logit."""
    times = np.ravel(np.asarray(t, dtype=float))
    law = lambda _, x: expit(-x)
    found = [
        solve_ivp(law, (0, end), [logit(J0)], "LSODA", rtol=1e-11, atol=1e-12).y[0, -1] if end > 0 else logit(J0)
        for end in times
    ]
    return expit(np.reshape(found, np.shape(t)))


def naive(J0, t):
    w = lambertw(np.exp(logit(J0) + J0 / (1 - J0) + t)).real
    return w / (1 + w)


def newton_from_the_start(J0, t):
    """Right for short times; from far away the first step lands where exp is not a number any more."""
    x, goal = logit(J0) + 0 * np.asarray(t, dtype=float), logit(J0) + J0 / (1 - J0) + t
    for _ in range(60):
        x = x - (x + np.exp(x) - goal) / (1 + np.exp(x))
    return expit(x)


def constant(C):
    """Lambert's W with another constant."""

    def clock(J0, t):
        w = lambertw(np.exp(C(J0) + t)).real
        return w / (1 + w)

    return clock


def right_constant(J0):
    return logit(J0) + J0 / (1 - J0)


def rewards(J0, t):
    run = solve_ivp(lambda _, x: expit(x) * expit(-x), (0, max(t, 1e-9)), [logit(J0)], "LSODA", rtol=1e-11, atol=1e-12)
    return float(expit(run.y[0, -1])) if t > 0 else J0


def only_floats(J0, t):
    goal = cmath.log(J0 / (1 - J0)).real + J0 / (1 - J0) + float(t)
    x = goal if goal < 1 else math.log(goal)
    for _ in range(60):
        x -= (x + math.exp(x) - goal) / (1 + math.exp(x))
    return 1 / (1 + math.exp(-x))


# ---------------------------------------------------------------------------------- 05.8, 05.9: pairs of values

f0, F0 = sp.Symbol("f0"), sp.Symbol("f0", positive=True)


def R(text):
    return sp.Rational(text)


def third_derivative():
    """J''' on J1 + J2 = 1, from the law, solved for a."""
    x, y = sp.symbols("x y", positive=True)
    along = lambda f: sp.diff(f, x) * (x * (1 - x)) ** 2 + sp.diff(f, y) * (y * (1 - y)) ** 2
    jerk = sp.factor(along(along((x * (1 - x)) ** 2 + (y * (1 - y)) ** 2)).subs(y, 1 - x))
    place = next(r for r in sp.solve(jerk, x) if 0 < r < HALF)
    edge = sp.simplify(place * (1 - place))
    return edge, 2 * edge**2


CASES = {
    "05.1": {
        "right": {
            "chain rule": by_chain_rule,
            "two lines": by_components,
            "a matrix": by_matrix,
            "complex step": by_complex_step,
        },
        "wrong": {
            "rewards": (of_pairs(lambda x, y: x * (1 - x) * (2 * x * (1 - x) - y * (1 - y))), "divided by* Jₖ"),
            "own label": (of_pairs(lambda x, y: 2 * x * (1 - x) ** 2), "own label only"),
            "tabular": (of_pairs(lambda x, y: x * (1 - x) * (1 - x)), "nothing is shared"),
            "helping": (of_pairs(lambda x, y: x * (1 - x) * (3 - 2 * x - y)), "help each other"),
            "of log J": (of_pairs(lambda x, y: (1 - x) * (1 - 2 * x + y)), "moves log Jₖ"),
            "logits": (of_pairs(lambda x, y: 1 - 2 * x + y), "move the logits"),
            "pull once": (of_pairs(lambda x, y: x * (1 - x) * (y - x)), "pulls itself twice"),
            "product twice": (of_pairs(lambda x, y: 2 * x * (1 - x) * (y - x) + 0 * x), "comes once"),
            "the other's slope": (
                of_pairs(lambda x, y: 2 * x * (1 - x) ** 2 - y * (1 - y) * (1 - x)),
                "its own aₖ, in both",
            ),
            "exchanged": (of_pairs(lambda x, y: y * (1 - y) * (1 - 2 * y + x)), "changed places"),
            "by J": (lambda J: J**-1, "does not own"),
            "Jk for ak": (of_pairs(lambda x, y: x * (1 - 2 * x + y)), "alone is not the slope"),
            "a bracket": (of_pairs(lambda x, y: x * (1 - x) * (2 - 2 * x - y)), "bracket is missing"),
            "never below 0": (of_pairs(lambda x, y: x * (1 - x) * np.maximum(1 - 2 * x + y, 0)), "instances differ"),
            "0 where unlearned": (lambda J: np.where(J < 1e-3, 0, by_components(J)), "1 of 13 instances"),
            "of J_sup": (lambda J: (by_components(J) / J).sum(-1), "shape"),
            "descent": (of_pairs(lambda x, y: x * (1 - x) * (2 * x - y - 1)), "signs of everything"),
            "projected": (of_pairs(lambda x, y: 1.5 * x * (1 - x) ** 2), "instances differ"),
            "normalised": (
                lambda J: by_components(J) / np.linalg.norm(by_components(J), axis=-1, keepdims=True),
                "instances differ",
            ),
            "sum of rates": (lambda J: by_components(J).sum(-1), "shape"),
        },
        "almost": {
            "full parameters": (of_pairs(lambda x, y: 2 * x * (1 - x) * (1 - 2 * x + y)), "full param"),
            "unpacks one point": (unpacked, "last axis"),
            "first axis": (first_axis, "last axis"),
            "overwrites": (in_place, "overwrites"),
        },
    },
    "05.2": {
        "right": {
            "by solve": sp.solve(RATES, [J1, J2]),
            "as dicts": sp.solve(RATES, [J1, J2], dict=True),
            "a set of sympy": sp.FiniteSet(*CORNERS, (HALF, 0), (0, HALF)),
            "a list of lists": [[1, 1], [0, HALF], [0, 0], [HALF, 0], [1, 0], [0, 1]],
            "an array": np.array([[0, 0], [0, 1], [1, 0], [1, 1], [0.5, 0], [0, 0.5]]),
        },
        "wrong": {
            "with rewards": ([p for p in sp.solve(REWARDED, [J1, J2]) if p in CORNERS], "with rewards"),
            "null clines": (sp.solve([1 - 2 * J1 + J2, 1 - 2 * J2 + J1], [J1, J2], dict=True), "That one, yes"),
            "middles": ({(0, HALF), (HALF, 0)}, "easy to miss"),
            "no other corner": ({(0, HALF), (HALF, 0), (1, 1)}, "one of each"),
            "wrong edges": ({*CORNERS, (1, HALF), (HALF, 1)}, "wrong edges"),
            "the middle": ({*CORNERS, (HALF, HALF)}, "The middle of the square moves"),
            "numbers": ([0, HALF, 1], "0 of 6"),
        },
        "almost": {
            "two too many": ({*CORNERS, (0, HALF), (HALF, 0), (1, HALF), (HALF, 1)}, "Two too many"),
            "one too many": ({*CORNERS, (0, HALF), (HALF, 0), (HALF, HALF)}, "one is too many"),
            "no mirror": ({*CORNERS, (0, HALF)}, "mirror pairs"),
            "no mirror, the other": ({*CORNERS, (HALF, 0)}, "mirror pairs"),
            "three corners": ({(0, 0), (1, 0), (1, 1), (HALF, 0)}, "4 of 6"),
        },
    },
    "05.3": {
        "right": {"by cases": by_cases, "a gradient": as_a_gradient, "expanded": expanded},
        "wrong": {
            "importance weights": (lambda u, mix, n: u - u**2, "importance weights"),
            "shares exchanged": (lambda u, mix, n: (1 - u) * (u * mix + (1 - mix) / n), "changed places"),
            "a teacher": (lambda u, mix, n: (1 - mix) * u * (1 - u) + mix * (1 - u), "not a teacher"),
            "two actions": (lambda u, mix, n: (1 - u) * ((1 - mix) * u + 0.5 * mix), "two actions"),
            "the wrong ones": (lambda u, mix, n: (1 - u) * ((1 - mix) * u + mix / (n - 1)), "right one included"),
            "chance only": (lambda u, mix, n: u + mix * (1 / n - u), "So often"),
            "grad J": (lambda u, mix, n: u * (1 - u) * ((1 - mix) * u + mix / n), "One factor u"),
            "all divided": (lambda u, mix, n: (u + mix * (1 - u)) * (1 - u) / n, "Only the uniform part"),
            "added": (lambda u, mix, n: u * (1 - u) + mix * (1 - u) / n, "not added"),
            "uniform never learned": (lambda u, mix, n: (1 - mix) * (u - u * u) + mix / n, "too teaches"),
            "no brackets": (lambda u, mix, n: (1 - mix) * u + mix / n * (1 - u), "in brackets"),
            "own alone": (lambda u, mix, n: (1 - mix) * (u - u * u), "Only its own actions"),
            "uniform alone": (lambda u, mix, n: mix / n * (1 - u), "Only the uniform actions"),
            "misses": (lambda u, mix, n: ((1 - mix) * u + mix * (n - 1) / n) * (1 - u), "chance to miss"),
            "u in both": (lambda u, mix, n: (1 - mix + mix / n) * u * (1 - u), "u does not act"),
            "labels": (lambda u, mix, n: 1 - u, "How often does one come"),
            "capped": (lambda u, mix, n: np.minimum(expanded(u, mix, n), 0.25), "instances differ"),
            "uniform slope": (
                lambda u, mix, n: (1 - mix) * (u - u * u) + mix * (n - 1) / n**2,
                "learner's own u",
            ),
            "mixed policies": (
                lambda u, mix, n: ((1 - mix) * u + mix / n) * (1 - (1 - mix) * u - mix / n),
                "instances differ",
            ),
        },
        "almost": {"one number": (one_number, "any shape"), "an if": (with_an_if, "any shape")},
    },
    "05.4": {
        "right": {"Newton": by_newton, "bracket": by_bracket, "integrated": by_integrating},
        "wrong": {
            "C is J0": (constant(lambda J0: J0), "not J₀"),
            "C is the logit": (constant(logit), "lacks a term"),
            "the odds": (lambda J0, t: lambertw(np.exp(right_constant(J0) + t)).real, "the odds"),
            "what is missing": (lambda J0, t: 1 - by_newton(J0, t), "what is missing"),
            "W of the sum": (
                lambda J0, t: (
                    expit(np.log(np.maximum(lambertw(right_constant(J0) + t).real, 1e-300)))
                    if right_constant(J0) + t > 0
                    else (w := lambertw(right_constant(J0) + t).real) / (1 + w)
                ),
                "W of the exponential",
            ),
            "J' = 1 - J": (lambda J0, t: 1 + (J0 - 1) * math.exp(-t), "solves J'"),
            "logistic": (lambda J0, t: J0 / (J0 + (1 - J0) * np.exp(-t)), "natural gradient"),
            "rewards": (rewards, "x + sinh x"),
            "one step": (lambda J0, t: expit(logit(J0) + t * (1 - J0)), "One step"),
            "odds and t": (lambda J0, t: (w := J0 / (1 - J0) + t) / (1 + w), "alone grows"),
            "stands still": (lambda J0, t: J0 + 0 * t, "stands still"),
            "C is the odds": (constant(lambda J0: J0 / (1 - J0)), "instances differ"),
        },
        "almost": {
            "overflows": (naive, "Right until"),
            "lost on the way": (newton_from_the_start, "gets lost"),
            "norm 2": (lambda J0, t: by_newton(J0, 2 * t), "Twice too fast"),
            "one time only": (only_floats, "array of times"),
        },
    },
    "05.5": {
        "right": {
            "a list": ["neither", "both", "interference", "coupling"],
            "capitals": ("Neither", "Both", "Interference", "Coupling"),
        },
        "wrong": {
            "by length": (("both", "coupling", "interference", "neither"), "sorted by the length"),
            "C and D": (("neither", "both", "coupling", "interference"), "C and D the other"),
            "A and C": (("interference", "both", "neither", "coupling"), "In A nobody"),
            "B and D": (("neither", "coupling", "interference", "both"), "In B task 2"),
            "questions exchanged": (("coupling", "interference", "both", "neither"), "have been exchanged"),
            "the wait alone": (("interference", "both", "coupling", "neither"), "the wait alone"),
            "A and D": (("coupling", "both", "interference", "neither"), "A and D: nobody"),
            "twice": (("neither", "both", "both", "coupling"), "occurs once"),
            "B and C": (("neither", "interference", "both", "coupling"), "A and D are right"),
            "A and B": (("both", "neither", "interference", "coupling"), "C and D are right"),
            "one right": (("neither", "coupling", "both", "interference"), "The first is right. Look"),
            "three": (("neither", "both", "interference"), "4 values"),
        },
        "almost": {},
    },
    "05.6": {
        "right": {
            "silence": "With exact gradients the unlearned task has its own tiny gradient, and dividing it by its size "
            "makes it move as fast as anything. When sampled it has none between two rewards, while the learned task, "
            "rewarded nearly always, goes on pushing the shared bias at full speed.",
            "sums": "The sampled gradient of the weak task is zero unless it is rewarded; meanwhile the normalised "
            "update of the strong one drives the bias on, the chance of a reward decays exponentially: a finite sum.",
            "tiny for both": "The exact gradients are tiny for both, but each is divided by its own size, so both "
            "move. With samples the weak task's is zero between its rewards, and the strong one alone moves the bias.",
            "not the step size": "It is not that the step size is too large: the second task has no gradient without a "
            "reward, and the normalised first one pushes the bias until rewards are exponentially rare.",
            "no local maximum": "There is no local maximum. Task 2 is silent until it happens to be right, and task 1 "
            "goes on driving the bias at a constant speed, so the chances to come have a finite sum.",
            "noise alone": "RMSProp makes full steps of the learned task's small gradients, which push the bias down. "
            "High noise alone would not do it, since plain ascent has the same.",
            "mentions noise": "It is not about noise as such: zero divided by its size stays zero, so nothing speaks "
            "for the second task between its rewards, and the first one keeps moving the common bias.",
        },
        "wrong": {
            "noise": (
                "The sampled gradients are too noisy, and because of this variance RMSProp cannot find the direction "
                "in which the performance improves.",
                "Plain ascent",
            ),
            "step size": (
                "The step size is too large for sampled updates, so one should lower the learning rate and then it "
                "would cross the plateau as with exact gradients.",
                "tenth of the step size",
            ),
            "local optimum": (
                "It has converged to a local maximum in which only the first task is solved and cannot get out again.",
                "only optimum",
            ),
            "exploration": (
                "RMSProp is too greedy: it does not explore enough, and so it never tries the other action; an entropy "
                "bonus would make it try more.",
                "draw their actions alike",
            ),
            "momentum": (
                "It lacks momentum, and therefore it cannot get across the plateau when the gradient is sampled, while "
                "plain ascent follows the slope to the top.",
                "neither has momentum",
            ),
            "high variance": (
                "Sampled gradients have a high variance, so it divides by a large number and stays where it is, while "
                "plain ascent does not divide by anything.",
                "the same noise",
            ),
            "vanishing": (
                "On the plateau the gradients vanish for both, so neither the exact nor the sampled RMSProp can move "
                "any further there.",
                "at full speed",
            ),
        },
        "almost": {"short": ("The weak task is silent.", "Say a little more")},
    },
    "05.7": {
        "right": {
            "one half": 0.5,
            "exact": sp.Rational(1, 2),
            "a grid": float(
                np.mean(
                    (by_components(np.stack(np.meshgrid(*[(np.arange(800) + 0.5) / 800] * 2), -1)) > 0).sum(-1) == 1
                )
            ),
        },
        "wrong": {
            "one task": (0.25, "One of the two"),
            "with rewards": (1 - math.asinh(1) / math.sqrt(2), "chapter 03"),
            "nowhere": (0, "two are not the same"),
            "too large": (0.75, "do not overlap"),
            "half a triangle": (0.125, "base 1/2"),
            "everywhere": (1, "on the diagonal"),
            "a grid with rewards": (0.38, "too small"),
            "the angles": (0.5903, "share of angles"),
        },
        "almost": {"percent": (50, "In percent")},
    },
    "05.8": {
        "right": {
            "derived": third_derivative(),
            "decimals of fractions": (R("3/14"), 2 * R("3/14") ** 2),
            "a list": [R("6/28"), R("18/196")],
        },
        "wrong": {
            "shared bias": ((R("7/30"), R("49/450")), "without a product"),
            "middle": ((R("1/4"), R("1/8")), "held fixed"),
            "factor lost": ((R("1/12"), R("1/72")), "a factor is lost"),
            "one minus two a": ((R("3/8"), R("9/32")), "never above"),
            "one value": (R("3/14"), "2 expressions"),
        },
        "almost": {
            "one task": ((R("3/14"), R("9/196")), "slope is that of"),
            "norm two": ((R("3/14"), R("9/49")), "twice too large"),
            "the place": (((7 - sp.sqrt(7)) / 14, R("9/98")), "so is the place"),
            "rounded": ((sp.Float("0.2143"), sp.Float("0.0918")), "but rounded"),
            "three digits": ((0.214, 0.0918), "but rounded"),
            "order": ((R("9/98"), R("3/14")), "first a, then"),
        },
    },
    "05.9": {
        "right": {
            "halves": (f0 / 2, 3 * f0 / 2),
            "positive": [F0 / 2, 2 * F0 - F0 / 2],
            "decimals that are exact": (0.5 * f0, 1.5 * f0),
        },
        "wrong": {
            "perfect winner": ((0 * f0, 2 * f0), "perfect"),
            "upside down": ((2 * f0, 0 * f0), "upside down"),
            "equal pulls": ((f0, f0), "*half* the pull"),
        },
        "almost": {
            "labels put in": ((R("1/2"), R("3/2")), "learner with labels"),
            "no pull": ((f0 / 2, 2 * f0), "goes on pulling"),
            "added": ((f0 / 2, 5 * f0 / 2), "it is subtracted"),
            "half and half": ((f0 / 2, f0 / 2), "2f(0) − f(J₁)"),
            "order": ((3 * f0 / 2, f0 / 2), "first the balance"),
        },
    },
}
