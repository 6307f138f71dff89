"""The three functions of chapter 05, each with its reference, its instances and what people write instead."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.special import expit, lambertw, wrightomega

from raylab.checks.engine import Further, Implement, Mistake, numbers
from raylab.checks.two_tasks import ON_THE_LAST_AXIS, other, points, rewarded

# 05.1 supervised_velocity -------------------------------------------------------------------------------------


def _velocity(J: np.ndarray) -> np.ndarray:
    return J * (1 - J) * (1 - 2 * J + other(J))


VELOCITY = Implement(
    signature="supervised_velocity(J)",
    reference=_velocity,
    instances=lambda rng: points(rng, ON_THE_LAST_AXIS),
    describe=lambda J: f"J = {numbers(J)}",
    mistakes=(
        Mistake(
            rewarded,
            "This is the learner with rewards, chapter 03. grad log Jₖ is grad Jₖ *divided by* Jₖ: the step loses a "
            "factor.",
        ),
        Mistake(
            lambda J: 2 * _velocity(J),
            "Twice too fast everywhere, on the right orbits: the clock of the full parameters (W, b).",
            "almost",
        ),
        Mistake(
            lambda J: 2 * J * (1 - J) ** 2,
            "Each task follows its own label only. The bias is shared, so the other task's label moves it as well.",
        ),
        Mistake(
            lambda J: J * (1 - J) ** 2,
            "This learner has one weight for each task and no bias: nothing is shared. Each feature has a second "
            "entry.",
        ),
        Mistake(
            lambda J: J * (1 - J) * (2 * (1 - J) + other(1 - J)),
            "Here the tasks help each other. The bias enters J₁ with +1 and J₂ with −1: the shared part has a minus.",
        ),
        Mistake(
            lambda J: (1 - J) * (1 - 2 * J + other(J)),
            "So fast moves log Jₖ: grad log Jₖ against the step. Take grad Jₖ against the step, and a factor Jₖ stays.",
        ),
        Mistake(
            lambda J: 1 - 2 * J + other(J),
            "So fast move the logits. One more step of the chain rule: dJₖ/dt is Jₖ(1 − Jₖ) times the rate of its "
            "logit.",
        ),
        Mistake(
            lambda J: J * (1 - J) * (1 - J - other(1 - J)),
            "A task pulls itself twice, by its own weight and by the bias: the squared length of (1, 0, 1).",
        ),
        Mistake(
            lambda J: J * (1 - J) * (2 * (1 - J) - 2 * other(1 - J)),
            "The product of the two gradients has one entry only, the bias: it comes once.",
        ),
        Mistake(
            lambda J: 2 * J * (1 - J) ** 2 - other(J * (1 - J)) * (1 - J),
            "The slope that moves Jₖ is its own aₖ, in both terms. What the other task gives is its part of the "
            "step, 1 − J.",
        ),
        Mistake(lambda J: other(_velocity(J)), "The two rates have changed places: index 0 belongs to J₁."),
        Mistake(lambda J: 1 / J, "1/Jₖ is the derivative of log Jₖ by Jₖ. The learner does not own Jₖ: it moves θ."),
        Mistake(
            lambda J: J * (1 - 2 * J + other(J)),
            "Jₖ alone is not the slope of Jₖ in its logit: that is aₖ = Jₖ(1 − Jₖ). In the *step* a factor is lost, in "
            "the slope there is none to lose.",
        ),
        Mistake(
            lambda J: J * (1 - J) * (2 * (1 - J) - other(J)),
            "A bracket is missing: the other task pulls with 1 − J, so it enters as −(1 − J), and that is −1 + J.",
        ),
        Mistake(lambda J: -_velocity(J), "The signs of everything: the loss is −log Jₖ, and we go down it, up log Jₖ."),
    ),
)

# 05.3 mixed_coupling ------------------------------------------------------------------------------------------


def _mixed(u: Any, mix: float, n: int) -> Any:
    return ((1 - mix) * u + mix / n) * (1 - u)


def _behaviours(rng: np.random.Generator) -> Iterator[Any]:
    yield 0.5, 0.2, 3
    yield 0.0, 0.1, 2
    yield 0.3, 0.0, 4
    yield 0.25, 1.0, 5
    yield 0.05, 0.9, 2  # more than own rewards ever give
    for _ in range(8):
        yield float(rng.uniform(0, 1)), float(rng.uniform(0, 1)), int(rng.integers(2, 17))
    for shape in ((5,), (2, 3)):
        many = "Right for one performance. `u` may be an array of any shape; give back f of each entry."
        yield Further((rng.uniform(0, 1, shape), float(rng.uniform(0.1, 0.9)), int(rng.integers(2, 9))), many)


COUPLING = Implement(
    signature="mixed_coupling(u, mix, n)",
    reference=_mixed,
    instances=_behaviours,
    describe=lambda u, mix, n: f"u = {numbers(u)}, mix = {numbers(mix)}, n = {n}",
    mistakes=(
        Mistake(
            lambda u, mix, n: u * (1 - u),
            "With importance weights, yes: they undo the mixing, in the mean. Without them every reward counts alike.",
        ),
        Mistake(
            lambda u, mix, n: (mix * u + (1 - mix) / n) * (1 - u),
            "The shares have changed places: `mix` is the share of *uniform* behaviour.",
        ),
        Mistake(
            lambda u, mix, n: ((1 - mix) * u + mix) * (1 - u),
            "Uniform behaviour is not a teacher: it hits the right one of n actions in one case of n.",
        ),
        Mistake(
            lambda u, mix, n: ((1 - mix) * u + mix / 2) * (1 - u),
            "This is right for two actions. Evenly among n, the right one comes with probability 1/n.",
        ),
        Mistake(
            lambda u, mix, n: ((1 - mix) * u + mix / (n - 1)) * (1 - u),
            "Uniform behaviour draws among all n actions, the right one included.",
        ),
        Mistake(
            lambda u, mix, n: (1 - mix) * u + mix / n + 0 * u,
            "So often it is rewarded. A reward then teaches 1 − u: who knows already has nothing left to learn.",
        ),
        Mistake(
            lambda u, mix, n: ((1 - mix) * u + mix / n) * u * (1 - u),
            "One factor u too many: a reward moves along grad log J, which is (1 − u) v. The u of grad J = u grad "
            "log J is "
            "the chance of a reward, and it is counted already.",
        ),
        Mistake(
            lambda u, mix, n: ((1 - mix) * u + mix) / n * (1 - u),
            "Only the uniform part is divided by n. Its own policy hits with probability u.",
        ),
        Mistake(
            lambda u, mix, n: (u + mix / n) * (1 - u),
            "The uniform data are mixed in, not added: 1 − mix of the actions are its own.",
        ),
        Mistake(
            lambda u, mix, n: (1 - mix) * u * (1 - u) + mix / n,
            "The uniform part too teaches 1 − u only: a task that is learned moves no more, whoever acts.",
        ),
        Mistake(
            lambda u, mix, n: (1 - mix) * u + mix / n * (1 - u),
            "The factor 1 − u belongs to both parts: put the chance of a reward in brackets, then multiply.",
        ),
        Mistake(
            lambda u, mix, n: (1 - mix) * u * (1 - u),
            "Only its own actions are counted. A uniform action, too, is the right one now and then, and is rewarded.",
        ),
        Mistake(
            lambda u, mix, n: mix / n * (1 - u),
            "Only the uniform actions are counted. In 1 − mix of the cases the learner acts for itself, and learns.",
        ),
        Mistake(
            lambda u, mix, n: ((1 - mix) * u + mix * (1 - 1 / n)) * (1 - u),
            "1 − 1/n is the chance to miss. Evenly among n, the right action comes with probability 1/n.",
        ),
        Mistake(
            lambda u, mix, n: (1 - mix) * u * (1 - u) + mix / n * u * (1 - u),
            "In the uniform part u does not act, so it is no factor of the chance. There the right action comes with "
            "1/n.",
        ),
        Mistake(
            lambda u, mix, n: 1 - u + 0.0 * mix / n,
            "So much a reward teaches. How often does one come? Only where the right action was tried.",
        ),
        Mistake(
            lambda u, mix, n: (1 - mix) * u * (1 - u) + mix / n * (1 - 1 / n) + 0 * u,
            "What a reward teaches depends on the learner's own u, not on who chose the action: 1 − u in both parts.",
        ),
    ),
)

# 05.4 supervised_clock ----------------------------------------------------------------------------------------


def _clock(J0: float, t: Any) -> Any:
    x = np.log(J0) - np.log1p(-J0)
    w = wrightomega(x + J0 / (1 - J0) + t)  # W(e^z) without e^z
    return w / (1 + w)


def _logit(J0: float) -> Any:
    return np.log(J0) - np.log1p(-J0)


def _lambert(z: Any) -> Any:
    return lambertw(np.exp(z)).real


def _kepler(J0: float, t: Any) -> Any:
    """On-policy: x + sinh x = C + t / 2, by bisection."""
    x0 = _logit(J0)
    goal = x0 + np.sinh(x0) + np.asarray(t) / 2
    low, high = np.full_like(goal, -60.0), np.full_like(goal, 60.0)
    for _ in range(80):
        middle = (low + high) / 2
        below = middle + np.sinh(middle) < goal
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return expit(low)


def _overflows(J0: float, t: Any) -> Any:
    w = _lambert(_logit(J0) + J0 / (1 - J0) + t)
    return w / (1 + w)


def _moments(rng: np.random.Generator) -> Iterator[Any]:
    yield 0.5, 1.0
    yield 0.01, 0.0
    yield 0.1, 5.0
    yield 1e-6, 12.0
    for _ in range(8):
        yield float(rng.uniform(1e-3, 0.95)), float(rng.uniform(0, 30))
    far = (
        "Right early, wrong late. e^(C + t) leaves float64 from about 710 on: solve log w + w = C + t instead. "
        "Newton's method gets lost from a far start: where C + t > 1, begin at w = C + t, or x = log(C + t)."
    )
    for J0, t in ((0.2, 800.0), (0.03, 1e5), (0.4, float(rng.uniform(2e3, 2e4)))):
        yield Further((J0, t), far)
    low = "Right for moderate starts. From a very small J₀ the logit is far below 0, and eˣ all but vanishes: keep x."
    yield Further((1e-200, 463.0), low)
    many = "Right for one time. `t` may also be an array of times; give back J at each."
    for shape in ((4,), (2, 3)):
        yield Further((float(rng.uniform(0.01, 0.9)), rng.uniform(0, 30, shape)), many)


CLOCK = Implement(
    signature="supervised_clock(J0, t)",
    reference=_clock,
    instances=_moments,
    describe=lambda J0, t: f"J0 = {numbers(J0)}, t = {numbers(t)}",
    rtol=1e-7,  # a solver of ordinary differential equations is a right answer, too
    atol=1e-10,
    mistakes=(
        Mistake(
            _overflows, "Right until e^(C + t) overflows. Solve log w + w = C + t for w, which stays small.", "almost"
        ),
        Mistake(
            lambda J0, t: (w := _lambert(J0 + t)) / (1 + w),
            "The constant is not J₀. Put t = 0 into x + eˣ = C + t: C = x₀ + e^(x₀), with the logit x₀ of J₀.",
        ),
        Mistake(
            lambda J0, t: (w := _lambert(_logit(J0) + t)) / (1 + w),
            "The constant lacks a term: C = x₀ + e^(x₀). At t = 0 your clock does not stand at J₀.",
        ),
        Mistake(
            lambda J0, t: _lambert(_logit(J0) + J0 / (1 - J0) + t),
            "This is w = eˣ, the odds. J is w/(1 + w).",
        ),
        Mistake(
            lambda J0, t: 1 / (1 + _lambert(_logit(J0) + J0 / (1 - J0) + t)),
            "This is 1 − J, what is missing. J is w/(1 + w).",
        ),
        Mistake(
            lambda J0, t: (w := lambertw(_logit(J0) + J0 / (1 - J0) + t).real) / (1 + w),
            "W is taken of C + t itself. log w + w = C + t means w eʷ = e^(C + t): it is W of the exponential.",
        ),
        Mistake(
            lambda J0, t: (w := _lambert(_logit(J0) + J0 / (1 - J0) + 2 * np.asarray(t))) / (1 + w),
            "Twice too fast: with a bias of its own the feature has the norm squared 2. Here it is 1.",
            "almost",
        ),
        Mistake(
            lambda J0, t: 1 - (1 - J0) * np.exp(-np.asarray(t)),
            "This solves J' = 1 − J. It is the *logit* that moves at 1 − J; J' has the factor J(1 − J) more.",
        ),
        Mistake(
            lambda J0, t: expit(_logit(J0) + t),
            "The logit moves at a constant rate here: that is the natural gradient. For the taught learner x' = 1 − J.",
        ),
        Mistake(
            _kepler,
            "This is the clock of the learner with rewards, x + sinh x = C + t/2. With labels the sinh is an "
            "exponential.",
        ),
        Mistake(
            lambda J0, t: (w := J0 / (1 - J0) + np.asarray(t)) / (1 + w),
            "Here eˣ alone grows like t: that is the end of the way. At the start x counts as well: x + eˣ = C + t.",
        ),
        Mistake(
            lambda J0, t: J0 + 0 * np.asarray(t),
            "It stands still. x' = 1 − J is positive: put t in, on the side of C.",
        ),
        Mistake(
            lambda J0, t: expit(_logit(J0) + (1 - J0) * np.asarray(t)),
            "One step with the rate of the start. The rate 1 − J falls while J rises: separate and integrate.",
        ),
    ),
)
