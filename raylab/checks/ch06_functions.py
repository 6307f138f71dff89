"""The three functions of chapter 06, each with its reference, its instances and what people write instead."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from raylab.checks.engine import Further, Implement, Mistake, numbers

# 06.1 factored_rates ------------------------------------------------------------------------------------------


def _rates(f: np.ndarray, V: np.ndarray) -> np.ndarray:
    return f * (V @ (V.T @ f))


def _unit(V: np.ndarray) -> np.ndarray:
    return V / np.linalg.norm(V, axis=-1, keepdims=True)


def _goals(rng: np.random.Generator) -> Iterator[Any]:
    yield np.array([0.2, 0.1]), np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0]])
    yield np.array([0.25, 0.0]), np.array([[2.0, 0.0, 1.0], [0.0, 1.0, -1.0]])
    for K, d in ((2, 3), (3, 2), (3, 5), (4, 4), (3, 3), (5, 2)):
        yield rng.uniform(0.02, 1, K), rng.normal(size=(K, d))
    alone = "Right for several tasks. One task alone is a case, too: `f` of shape (1,), `V` of shape (1, d)."
    yield Further((rng.uniform(0.1, 1, 1), rng.normal(size=(1, 3))), alone)


RATES = Implement(
    signature="factored_rates(f, V)",
    reference=_rates,
    instances=_goals,
    describe=lambda f, V: f"f = {numbers(f)}, V = {numbers(V)}",
    mistakes=(
        Mistake(
            lambda f, V: V @ (V.T @ f),
            "So fast move the potentials. Jₖ itself moves by its own gradient, fₖ vₖ: one more factor fₖ.",
        ),
        Mistake(
            lambda f, V: f * (V @ V.sum(axis=0)),
            "In the step every feature counts with its own fⱼ: θ' is the sum of fⱼ vⱼ, not of vⱼ.",
        ),
        Mistake(
            lambda f, V: f**2 * (V * V).sum(axis=-1),
            "Each task follows its own gradient only. θ moves along the sum of all of them.",
        ),
        Mistake(
            lambda f, V: f**2 * (V @ V.sum(axis=0)),
            "Here fₖ comes twice and fⱼ not at all. Jₖ' is fₖ ⟨vₖ, Σ fⱼ vⱼ⟩.",
        ),
        Mistake(
            lambda f, V: f**2 * (V @ (V.T @ f)),
            "One factor fₖ too many: it comes once with its own gradient, and once inside the sum.",
        ),
        Mistake(
            lambda f, V: f * (_unit(V) @ (_unit(V).T @ f)),
            "You have taken the cosines of the features. Their lengths count, too.",
        ),
        Mistake(
            lambda f, V: _rates(f * (1 - f), V),
            "`f` holds the slopes fₖ themselves already, not the performances.",
        ),
        Mistake(
            lambda f, V: V @ V.T @ f**2,
            "Here fⱼ comes twice and fₖ not at all. Jₖ' is fₖ ⟨vₖ, Σ fⱼ vⱼ⟩.",
        ),
        Mistake(
            lambda f, V: _rates(f, V) / len(f),
            "This follows the mean of the gradients. Here θ follows their sum.",
            "almost",
        ),
        *(
            Mistake(like, "This is J', the rate of the sum. Asked for: one rate for each task.")
            for like in (
                lambda f, V: _rates(f, V).sum(),
                lambda f, V: np.full(len(f), _rates(f, V).sum()),
            )
        ),
        Mistake(
            lambda f, V: V.T @ f,
            "This is θ', the step. Compare it with the gradient of each Jₖ, fₖ vₖ.",
        ),
        Mistake(
            lambda f, V: f * (V @ (V.T @ f)) - f**2 * (V * V).sum(axis=-1),
            "Only the others are counted. A task follows its own gradient as well.",
        ),
        Mistake(lambda f, V: -_rates(f, V), "The sign: the learner climbs."),
        Mistake(
            lambda f, V: f * np.abs(V @ (V.T @ f)),
            "A task may also lose ground: no absolute values.",
        ),
    ),
)

# 06.4 plateau_threshold ---------------------------------------------------------------------------------------


def _threshold(cosine: float) -> float:
    return (3 - cosine) / (2 * (7 - cosine))


def _angles(rng: np.random.Generator) -> Iterator[Any]:
    for cosine in (-0.5, 0.0, 0.6, -0.95, 0.99):
        yield (cosine,)
    for cosine in rng.uniform(-0.99, 0.99, 8):
        yield (float(cosine),)


THRESHOLD = Implement(
    signature="plateau_threshold(cosine)",
    reference=_threshold,
    instances=_angles,
    describe=lambda cosine: f"cosine = {numbers(cosine)}",
    rtol=1e-8,
    mistakes=(
        Mistake(lambda cosine: 7 / 30, "This is the border at the cosine −1/2, chapter 04. It depends on the angle."),
        Mistake(lambda cosine: 3 / 14, "This is the border where nothing is shared. It depends on the angle."),
        Mistake(
            lambda cosine: (3 + cosine) / (2 * (7 + cosine)),
            "The sign of the cosine: at −1/2 it should be 7/30, as in chapter 04.",
        ),
        Mistake(
            lambda cosine: (1 - np.sqrt(1 - 4 * _threshold(cosine))) / 2,
            "This is J₁ on the border. Asked for: a = J₁(1 − J₁) there.",
            "almost",
        ),
        Mistake(
            lambda cosine: 4 * (1 + cosine) * _threshold(cosine) ** 2,
            "This is the slope J' on the border. Asked for: a = J₁(1 − J₁) there.",
            "almost",
        ),
        Mistake(
            lambda cosine: 1 / 6 + 0 * cosine,
            "In J''' the pull Lₖ = 2(aₖ + c aⱼ) changes as well: differentiate it, too.",
        ),
        Mistake(
            lambda cosine: 1 / 4 + 0 * cosine,
            "1/4 is the middle of the square. In J''' the factor 1 − 2Jₖ changes as well: its derivative is −2Jₖ'.",
        ),
        Mistake(
            lambda cosine: 1 / (5 + cosine),
            "Lₖ comes squared in J'': the derivative of Lₖ² is 2 Lₖ Lₖ'.",
        ),
        Mistake(
            lambda cosine: (3 - cosine) / (13 - 3 * cosine),
            "A 2 is missing: the derivative of 1 − 2Jₖ is −2 Jₖ'.",
        ),
        Mistake(
            lambda cosine: (1 - cosine) / (5 - 3 * cosine),
            "In J'' = 2 Σ (1 − 2Jₖ) aₖ Lₖ² the factor aₖ changes as well: its derivative is (1 − 2Jₖ) Jₖ'.",
        ),
        Mistake(lambda cosine: 2 * _threshold(cosine), "Twice too large: a is never above 1/4."),
        Mistake(
            lambda cosine: (3 - cosine) / (2 * (4 - cosine)),
            "(1 − 2J)² is 1 − 4a, not 1 − a.",
        ),
        Mistake(
            lambda cosine: (3 - cosine) / (14 + 2 * cosine),
            "The numerator is right. In the last line (3 − c)(1 − 4a) − 2(1 + c)a is zero: collect what belongs to a.",
        ),
    ),
)

# 06.9 strip_edge ----------------------------------------------------------------------------------------------


def _edge(J2: float, r: float) -> float:
    z = 4 * r * J2 * (1 - J2)
    return z / (2 * (1 + np.sqrt(1 - z)))


def _strips(rng: np.random.Generator) -> Iterator[Any]:
    yield 0.5, 0.5
    yield 0.9, 0.5
    yield 0.1, 0.3
    yield 0.7, 1.0
    for _ in range(8):
        yield float(rng.uniform(0.02, 0.98)), float(rng.uniform(0.05, 0.95))
    tiny = (
        "Right where the strip is wide. Where it is narrow, 1 − √(1 − z) loses its digits: rewrite the difference. "
        "(A solver stops at its absolute tolerance, which is too wide here.)"
    )
    for J2, r in ((1e-9, 0.5), (float(rng.uniform(1e-13, 1e-11)), 0.25)):
        yield Further((J2, r), tiny)


STRIP = Implement(
    signature="strip_edge(J2, r)",
    reference=_edge,
    instances=_strips,
    describe=lambda J2, r: f"J2 = {numbers(J2)}, r = {numbers(r)}",
    atol=0.0,
    rtol=1e-8,
    mistakes=(
        Mistake(
            lambda J2, r: 1 - _edge(J2, r),
            "This is the other solution, the strip along J₁ = 1. Here J₁ is unlearned.",
        ),
        Mistake(
            lambda J2, r: r * J2 * (1 - J2),
            "Right for narrow strips. In a(J₁) = J₁(1 − J₁) the second factor counts, too.",
        ),
        Mistake(
            lambda J2, r: J2 * (1 - J2) + 0 * r,
            "The angle is missing: the pull of task 2 on the shared parameter is r times its own.",
        ),
        Mistake(
            lambda J2, r: (1 - np.sqrt(np.maximum(1 - 4 * J2 * (1 - J2), 0))) / 2 + 0 * r,
            "This solves a(J₁) = a(J₂), so it is J₂ or 1 − J₂. The pull of task 2 on task 1 is only r times a(J₂).",
        ),
        Mistake(
            lambda J2, r: (1 - np.sqrt(np.maximum(1 - 4 * J2 * (1 - J2) / r, 0))) / 2,
            "This is the null cline of the other task: there r a(J₁) = a(J₂). Whose rate vanishes on the edge?",
        ),
        Mistake(
            lambda J2, r: (1 - np.sqrt(1 - 4 * r * J2 * (1 - J2))) / 4,
            "Half of it: the quadratic equation J₁² − J₁ + z = 0 is divided by 2, not by 4.",
        ),
        Mistake(
            lambda J2, r: (1 - np.sqrt(1 - r * J2 * (1 - J2))) / 2,
            "A 4 is missing under the root: b² − 4ac.",
        ),
        Mistake(
            lambda J2, r: r * J2,
            "This is the border for f(u) = u. Here f(u) = u(1 − u), for both tasks.",
        ),
        Mistake(
            lambda J2, r: np.sqrt(r * J2 * (1 - J2)),
            "This solves J₁² = r a(J₂). On the left stands J₁(1 − J₁).",
        ),
        Mistake(
            lambda J2, r: r,
            "The angle alone does not say it: the more task 2 pulls, the wider the strip.",
        ),
    ),
)
