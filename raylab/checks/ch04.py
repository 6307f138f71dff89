"""Exercises of chapter 04: how learning accelerates, where it stands still, how flat, how long, and from which starts.

The first integral (04.4) and the formula made of it (04.5) are judged in `raylab.checks.integrals`.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from raylab import dynamics, plateaus
from raylab.checks.engine import (
    Derive,
    Exercise,
    Explain,
    Explore,
    Implement,
    Law,
    Mistake,
    Predict,
    numbers,
)
from raylab.checks.integrals import FLATNESS, INTEGRAL
from raylab.checks.two_tasks import other, points, rewarded, slopes

# 04.1 ---------------------------------------------------------------------------------------------------------


def _pull(J: np.ndarray) -> np.ndarray:
    """The speed of each logit: 2 a_k less the other's a."""
    return 2 * slopes(J) - other(slopes(J))


def _faster(J: np.ndarray) -> np.ndarray:
    """a_k': how fast each slope grows."""
    return (1 - 2 * J) * rewarded(J)


def _acceleration(J: np.ndarray) -> np.ndarray:
    return 2 * ((1 - 2 * J) * _pull(J) * rewarded(J)).sum(axis=-1)


def _each(J: np.ndarray) -> np.ndarray:
    """J_k'' of each task, (..., 2)."""
    return _faster(J) * _pull(J) + slopes(J) * (2 * _faster(J) - other(_faster(J)))


def _as_printed(J: np.ndarray) -> np.ndarray:
    """The line before P6 in App. B.2, with J_k where a_k belongs and J1 where a2 belongs."""
    x, y = J[..., 0], J[..., 1]
    f, g = (1 - 2 * x) * (2 * x - y), (1 - 2 * y) * (2 * y - x)
    return 4 * f * x**2 + 4 * g * x**2 - 2 * x * y * (f + g)


ACCELERATION = Implement(
    signature="acceleration(J)",
    reference=_acceleration,
    instances=lambda rng: points(rng, "sum over the last axis, and keep all the others.", low=0.02),
    describe=lambda J: f"J = {numbers(J)}",
    rtol=1e-7,
    atol=1e-11,  # a careful numerical derivative is a right answer, too
    mistakes=(
        Mistake(
            lambda J: rewarded(J).sum(axis=-1),
            "This is J', how fast J grows. Asked for is how fast J' grows: once more along the flow.",
        ),
        Mistake(
            lambda J: 4 * _acceleration(J),
            "Four times too large: the clock of the full parameters (W, b), which runs twice as fast, counted twice.",
            "almost",
        ),
        Mistake(
            lambda J: _acceleration(J) / 2,
            "Half of it. J' is 2(a₁² − a₁a₂ + a₂²), with the 2; or differentiate both factors a₁ of a₁².",
        ),
        Mistake(
            lambda J: 2 * ((1 - 2 * J) * _pull(J)).sum(axis=-1),
            "This differentiates J' by J₁ and by J₂ and adds up. Along the flow each of the two counts with its "
            "rate, J₁' and J₂'.",
        ),
        Mistake(
            lambda J: 2 * ((1 - 2 * J) * _pull(J) * slopes(J)).sum(axis=-1),
            "One factor (2aₖ − a of the other) is missing. It stands there twice: in Jₖ' = aₖ(2aₖ − a of the other), "
            "and in the derivative of J' by aₖ.",
        ),
        Mistake(
            lambda J: 2 * (_pull(J) * rewarded(J)).sum(axis=-1),
            "The derivative of aₖ is missing: when Jₖ moves, aₖ = Jₖ(1 − Jₖ) changes 1 − 2Jₖ times as fast.",
        ),
        Mistake(
            lambda J: 4 * (slopes(J) * _faster(J)).sum(axis=-1),
            "The derivative of the product a₁a₂ is missing: both a₁ and a₂ change.",
        ),
        Mistake(
            lambda J: (_faster(J) * (4 * slopes(J) + 2 * other(slopes(J)))).sum(axis=-1),
            "A plus where J' has a minus: it is 2(a₁² − a₁a₂ + a₂²).",
        ),
        *(
            Mistake(
                lambda J, k=k: 4 * (slopes(J) * _faster(J)).sum(axis=-1) - 2 * (_faster(J) * other(slopes(J)))[..., k],
                "Half of the product rule: in a₁a₂ both factors change, a₁'a₂ + a₁a₂'.",
            )
            for k in (0, 1)
        ),
        Mistake(
            lambda J: 4 * (slopes(J) * _faster(J)).sum(axis=-1) - (_faster(J) * other(slopes(J))).sum(axis=-1),
            "The 2 in front of J' = 2(a₁² − a₁a₂ + a₂²) belongs to the product a₁a₂, too.",
        ),
        Mistake(lambda J: -_acceleration(J), "The sign: aₖ grows while Jₖ is below one half, so 1 − 2Jₖ."),
        Mistake(
            lambda J: 2 * ((1 - 2 * J) * slopes(J) ** 3).sum(axis=-1),
            "This learner shares nothing: Jₖ' = aₖ². With the shared bias Jₖ' is aₖ(2aₖ − a of the other).",
        ),
        Mistake(
            lambda J: 16 * ((1 - 2 * J) * slopes(J) ** 3).sum(axis=-1),
            "Each task follows its own gradient only. The bias is shared: Jₖ' is aₖ(2aₖ − a of the other).",
        ),
        Mistake(
            lambda J: _acceleration(J) / (1 - J.sum(axis=-1)),
            "This is the polynomial P₆. J'' is P₆ times (1 − J₁ − J₂), equation (3).",
        ),
        Mistake(
            _as_printed,
            "This is the line before P₆ in App. B.2 as it is printed. It has two slips: outside 1 − 2Jₖ every Jₖ "
            "should be aₖ, and the second J₁² should be a₂².",
        ),
        Mistake(_each, "These are J₁'' and J₂''. J is their sum, and so is J''."),
        Mistake(
            lambda J: 2 * (1 - 2 * J) * _pull(J) * rewarded(J),
            "These are the two terms. J'' is one number for each point: their sum.",
        ),
        Mistake(
            lambda J: 2 * ((1 - 2 * J) * _pull(J) * rewarded(J)).sum(axis=0),
            "Right for one point. The first axis counts points; the two tasks are on the last: `axis=-1`.",
            "almost",
        ),
        Mistake(
            lambda J: 2 * ((1 - 2 * J) * _pull(J) * rewarded(J)).sum(),
            "Right for one point. Of many points this adds up all: sum over the last axis only.",
            "almost",
        ),
    ),
)

# 04.2 ---------------------------------------------------------------------------------------------------------


def _line(change: Any) -> Any:
    """A pair from a function of (a, 30 J1^2 - 30 J1 + 7) on the line J1 + J2 = 1."""

    def made() -> Any:
        from raylab.symbolic import sp  # late: sympy is slow to load, and its door is there

        J1 = sp.Symbol("J1", real=True)
        return change(J1 * (1 - J1), 30 * J1**2 - 30 * J1 + 7)

    return made


_LINE_RIGHT = "P₆ is right. For J''' differentiate (1 − J₁ − J₂) P₆ along the flow: on the line "

FACTOR = Derive(
    truth=_line(lambda a, b: (-2 * a**2 * b, 4 * a**4 * b)),
    mistakes=(
        Mistake(
            _line(lambda a, b: (-(a**2) * b, 2 * a**4 * b)),
            "This is P₆ as App. B.2 prints it on the line, and J''' made of it. Compute P₆ there: the printed "
            "polynomial has a 2 in front.",
        ),
        Mistake(
            _line(lambda a, b: (-(a**2) * b, 4 * a**4 * b)),
            "J''' is right. The first is as App. B.2 prints it, and a factor is missing: the 2 in front of the "
            "long bracket.",
        ),
        Mistake(
            _line(lambda a, b: (-2 * a**2 * b, 2 * a**4 * b)),
            _LINE_RIGHT + "both J₁ and J₂ move, each at the rate a².",
        ),
        Mistake(
            _line(lambda a, b: (-2 * a**2 * b, -4 * a**4 * b)),
            _LINE_RIGHT + "the derivative of 1 − J₁ − J₂ has a minus.",
        ),
        Mistake(
            _line(lambda a, b: (-2 * a**2 * b, 2 * a**2 * b)),
            _LINE_RIGHT + "1 − J₁ − J₂ changes at the rate −J', not −1.",
        ),
        Mistake(
            _line(lambda a, b: (0 * a, 0 * a)),
            "J'' is zero on the line because 1 − J₁ − J₂ is. Divide that out first, then go to the line.",
        ),
        Mistake(
            _line(lambda a, b: (2 * a**2 * b, 4 * a**4 * b)),
            "The second is right. The first is −P₆: divide by 1 − J₁ − J₂, as in (3), not by J₁ + J₂ − 1.",
        ),
        Mistake(
            _line(lambda a, b: (2 * a**2 * b, -4 * a**4 * b)),
            "Both signs. Near a corner a is small and 30J₁² − 30J₁ + 7 positive, and there J''' should be positive.",
        ),
        Mistake(
            _line(lambda a, b: (-4 * a**2 * b, 8 * a**4 * b)),
            "Twice too large. The printed P₆ has its factor 2 already; count it once.",
        ),
        Mistake(
            _line(lambda a, b: (-2 * a**2 * b, b)),
            "P₆ is right. The second has the right zeros and the right sign, but J''' has more factors: −J' P₆.",
        ),
    ),
)

# 04.3 ---------------------------------------------------------------------------------------------------------


def _crossing(J1: float) -> float:
    return 2 * (J1 * (1 - J1)) ** 2


def _on_the_line(rng: np.random.Generator) -> Iterator[Any]:
    for J1 in (0.2, 0.05, 0.9, 0.45, 1e-4):
        yield (J1,)
    for J1 in rng.uniform(0.01, 0.99, 6):
        yield (float(J1),)


ON_THE_LINE = Implement(
    signature="antidiagonal_flatness(J1)",
    reference=_crossing,
    instances=_on_the_line,
    describe=lambda J1: f"J1 = {numbers(J1)}",
    atol=0.0,
    mistakes=(
        Mistake(
            lambda J1: (J1 * (1 - J1)) ** 2,
            "This is J₁' there. The learning curve is J₁ + J₂, and J₂ grows as fast.",
        ),
        Mistake(
            lambda J1: 4 * (J1 * (1 - J1)) ** 2,
            "Twice too large. Either the interference is forgotten, which takes a² from each task, or these are the "
            "full parameters.",
        ),
        Mistake(
            lambda J1: 6 * (J1 * (1 - J1)) ** 2,
            "Here the two tasks help each other: the product a₁a₂ comes with a minus.",
        ),
        Mistake(
            lambda J1: 2 * J1 * (1 - J1),
            "This is a₁ + a₂. The rate of Jₖ is a product of two slopes, so a comes squared.",
        ),
        Mistake(lambda J1: 2 * J1**2, "Right near the corner only, where 1 − J₁ is about 1."),
        Mistake(
            lambda J1: (J1 * (1 - J1)) ** 2 / 2,
            "a² / 2. J' is 2(a₁² − a₁a₂ + a₂²); put a₁ = a₂ = a.",
        ),
        Mistake(
            lambda J1: 2 * (J1 * (1 - J1)) ** 2 if J1 * (1 - J1) < 7 / 30 else np.nan,
            "Right where it is a plateau. Asked for is the slope J' anywhere on the line, also where it is fastest.",
            "almost",
        ),
        Mistake(lambda J1: 0.0, "J'' is zero on the line. Asked for: J'."),
        Mistake(
            lambda J1: 2 * J1**2 * (1 - J1**2),
            "On the line 1 − J₁ is J₂, and it comes squared as a whole: J₁²(1 − J₁)².",
        ),
    ),
)

# 04.6 and 04.7 ------------------------------------------------------------------------------------------------

EXPONENT = Predict(
    truth=-0.5,
    atol=0.0101,  # so that -0.49 and -0.51 are in
    mistakes=(
        Mistake(-1.0, "This is the paper's bound, and nobody needs longer. How wide is the slow stretch of J?"),
        Mistake(0.5, "The size is right. The flatter the plateau, the smaller ε and the *longer* the wait."),
        Mistake(
            1.0, "The flatter the plateau, the smaller ε and the longer the wait: think of the sign, then of width."
        ),
        Mistake(0.0, "A power 0 would be a logarithm at most. That is the wait at a saddle with exponential escape."),
        Mistake(-2.0, "Too long: even at the speed ε, a way of length 1 takes 1/ε only."),
        Mistake(
            -3.0,
            "This is the power of the *scale of the start*. Asked for is the power of ε, which itself goes with "
            "the sixth power of the scale.",
        ),
        Mistake(-0.25, "Square roots twice: a is the root of ε/2, and the wait goes with one over a."),
        Mistake((-0.34, -0.32), "Between −1 and 0, but not this one. The wait goes with 1/a, and ε = 2a²."),
    ),
)

MIRROR = Predict(
    truth=0.95,
    atol=0.0041,
    mistakes=(
        Mistake(
            (0.985, 1.0),
            "Task 1 has been learned by then, but it gives a little back while task 2 rises. Use the symmetry: which "
            "point of the square belongs to the start?",
        ),
        Mistake(0.88, "This is J₂ itself: 1 − 0.12. For J₁ take what task 2 had at the start."),
        Mistake(0.12, "This is J₁ at the start. The mirror image of the start is (1 − q, 1 − p)."),
        Mistake(0.05, "This is J₂ at the start. By then, how much is missing of J₁ is what J₂ had."),
        Mistake(0.0, "Task 1 is ahead, and who is ahead stays ahead. It cannot be below J₂."),
        Mistake((0.4, 0.6), "Who is ahead stays ahead, so J₁ is above J₂ here, and J is beyond half-way."),
        Mistake((94.0, 96.0), "In percent. A performance lies between 0 and 1.", "almost"),
    ),
)

# 04.8 ---------------------------------------------------------------------------------------------------------


def _waits(pair: np.ndarray) -> tuple[float, float]:
    first, second = (float(plateaus.waiting_time(dynamics.orbit(rewarded, start))) for start in pair)
    return first, second


def _longer(pair: np.ndarray, factor: float) -> bool | str:
    worse, better = _waits(pair)
    told = f"worse start: learned at t = {numbers(worse)}, better start: t = {numbers(better)}"
    return better > factor * worse or told


WORSE = Explore(
    names="pair",
    shapes=((2, 2),),
    laws=(
        Law(lambda x: bool(((x > 0) & (x < 1)).all()), "Starts lie inside the square: every number between 0 and 1."),
        Law(
            lambda x: bool((x >= 0.01).all()),
            "Too low: take every number at least 0.01. Further down the same is found, with longer waits.",
        ),
        Law(
            lambda x: bool((x.sum(axis=1) < 1).all()) or "J1 + J2 = " + numbers(x.sum(axis=1)),
            "One of them starts at half-way or beyond, where no plateau lies ahead.",
        ),
        Law(
            lambda x: not (x[0] > x[1]).all(),
            "The order: first the start that is worse in both tasks, then the better one.",
        ),
        Law(
            lambda x: bool((x[1] > x[0]).all()) or "better less worse: " + numbers(x[1] - x[0]),
            "The second start has to be better in *both* tasks.",
        ),
        Law(
            lambda x: _longer(x, 1.0),
            "Here the better start is also learned sooner, as one expects. What matters for the wait besides how good "
            "both are?",
        ),
        Law(
            lambda x: _longer(x, 2.0),
            "The better start waits longer, but not twice as long. Make the worse one more even.",
            "almost",
        ),
    ),
)

# 04.9 ---------------------------------------------------------------------------------------------------------

BOUND = Explain(
    model=(
        "At the speed ε a way of fixed length takes 1/ε, and a learner is nowhere slower than ε on its way past the "
        "plateau, so 1/ε (times the length of the way) is an upper bound. But it is as slow as that at one point "
        "only. The slow stretch of J, where the speed is at most a few ε, has a width in proportion to √ε, because "
        "all flat plateaus have the same shape in units of √ε and ε. Width over speed is √ε/ε = 1/√ε. On the rest of "
        "the way the learner is faster, and the time spent there does not grow as fast."
    ),
    points=(
        "it is a true upper bound: nowhere slower than ε",
        "the slow stretch is not of fixed length, its width shrinks like √ε",
    ),
    mistakes=(
        Mistake(
            r"(jumps?|skips?|leaps?|steps?) (right |straight )?over|(steps?|updates) (are|is) too (large|big)",
            "The law is one of the flow, which jumps over nothing. Look at the *width* of the slow stretch.",
        ),
        Mistake(
            r"(bound|paper|claim|statement|1/(ε|eps\w*)\)?) (is|was) (wrong|false|incorrect|an error)",
            "As an upper bound it is true: nowhere is the learner slower than ε. The question is why it is loose.",
        ),
        Mistake(
            r"(j''|j″|second derivative|acceleration|curvature)( \w+){0,3} (is|are|vanish\w*|equals?) ?(zero|0)?"
            r"(?![\s\S]*(width|narrow|stretch|region|shrink|only there|both sides|sqrt|√|root))",
            "J'' is zero at the slowest point of every plateau, whatever ε. What happens to its left and right?",
        ),
        Mistake(
            r"\b(logarithm\w*|exponential\w*)\b(?![\s\S]*(width|narrow|stretch|region|shrink|sqrt|√|root))",
            "Neither: at this saddle the flow creeps like 1/t. Say how wide the slow stretch of J is.",
        ),
    ),
    words=15,
)

EXERCISES = (
    Exercise(
        id="04.1",
        title="Speeding up, slowing down",
        difficulty=2,
        minutes=8,
        hints=(
            "J' is 2(a₁² − a₁a₂ + a₂²). Differentiate it in time: only the two slopes a change.",
            "aₖ changes at the rate (1 − 2Jₖ) Jₖ', and J₁' = a₁(2a₁ − a₂). The derivative of J' by a₁ is 2(2a₁ − a₂).",
            "With `a = J * (1 - J)` and `pull = 2 * a - a[..., ::-1]` both tasks are done in one line; then add up "
            "over the last axis.",
        ),
        right="At every point, and for arrays of points. The picture below obeys your function.",
        task=ACCELERATION,
    ),
    Exercise(
        id="04.2",
        title="The missing factor",
        difficulty=2,
        minutes=8,
        hints=(
            "Let sympy divide: `sp.cancel(second / (1 - J1 - J2))` is P₆. Then `.subs(J2, 1 - J1)` and `sp.factor`.",
            "J''' is the derivative of (1 − J₁ − J₂) P₆ along the flow. On the line the first factor is zero, so only "
            "*its* derivative counts.",
            "The derivative of 1 − J₁ − J₂ along the flow is −J', and on the line J' is 2a².",
        ),
        right="With its 2. So the crossing is a plateau exactly where a < 7/30.",
        task=FACTOR,
    ),
    Exercise(
        id="04.3",
        title="The slope at the crossing",
        difficulty=1,
        minutes=4,
        hints=(
            "On the line J₂ = 1 − J₁. What is a₂ compared with a₁?",
            "J' is 2(a₁² − a₁a₂ + a₂²), and both slopes are the same number a.",
        ),
        right="Twice the square of the slope. On the diagonal that is one eighth, near a corner next to nothing.",
        task=ON_THE_LINE,
    ),
    Exercise(
        id="04.4",
        title="A number that no orbit changes",
        difficulty=4,
        minutes=15,
        hints=(
            "The chapter derives one: v cosh s plus an integral from 0 to v. First get the logits, "
            "`np.log(J) - np.log1p(-J)`, then s and d, then v from the absolute value of d.",
            "The integrand 1/√(1 + u⁶) is smooth. With u = v·z it becomes an integral over z from 0 to 1, the same "
            "interval for all points; the cell has nodes and weights for that.",
            "For arrays give the integrand an axis more: `u = v[..., None] * z`, and sum over that axis, weights "
            "included. Do not forget that du is v times dz.",
        ),
        right="Constant along every orbit, different from orbit to orbit. That is all one needs to foretell a plateau.",
        task=INTEGRAL,
    ),
    Exercise(
        id="04.5",
        title="From the start to the flatness",
        difficulty=4,
        minutes=15,
        hints=(
            "At the crossing s = 0, so your I there is a function of v alone, and it grows with v. Where has it the "
            "value that it has at the start?",
            "Halve an interval until it is small enough: I lies between v and 2v at the crossing, so v lies between "
            "I/2 and I.",
            "With v there, sinh d = v³, a = 1/(2 + 2 cosh d), and the slope is that of exercise 04.3. "
            "For flat plateaus do not form 1 − J₁: take a from d.",
        ),
        right="No simulation, and six digits or more. From now on a plateau is a formula.",
        task=FLATNESS,
    ),
    Exercise(
        id="04.6",
        title="The exponent of the wait",
        difficulty=2,
        minutes=8,
        hints=(
            "Near the saddle all speeds are quadratic in the distance: ten times nearer, a hundred times "
            "slower, on a way a tenth as long. So how do ε, which is a speed, and the wait, way over speed, "
            "depend on the distance?",
            "At the crossing ε = 2a². A learner that passes the saddle at the distance a waits for a time in "
            "proportion to 1/a.",
        ),
        right="So a plateau a hundred times as flat costs ten times the wait. Now measure it.",
        task=EXPONENT,
    ),
    Exercise(
        id="04.7",
        title="Without a computer",
        difficulty=2,
        minutes=4,
        hints=(
            "Turned by half a turn, with the tasks exchanged, the orbit is itself. Which point belongs to (p, q)?",
            "An orbit through (p, q) passes through (1 − q, 1 − p). Which entry is the 0.88?",
        ),
        right="What is missing of task 1 is exactly what task 2 had at the start. (So the lead is again what it "
        "was; half-way it was nearly 1.)",
        task=MIRROR,
    ),
    Exercise(
        id="04.8",
        title="Better, and later",
        difficulty=3,
        minutes=8,
        hints=(
            "From a low start (p, q) with a clear lead, the wait goes with |p − q| over p²q². Which starts "
            "have next to no plateau to wait on?",
            "Put the worse start low, at 0.03 or below, and close to the diagonal. Make the better one only a "
            "little better in one task, and much better in the other.",
        ),
        right="Better in both tasks, and learned later: a lead is what makes the other one wait.",
        task=WORSE,
    ),
    Exercise(
        id="04.9",
        title="Why the bound is loose",
        difficulty=3,
        minutes=5,
        hints=(
            "1/ε is length over speed, for a fixed length. Look at the left panel of the figure on the cost.",
            "In that panel, in which unit is the distance from the crossing measured?",
        ),
        right="Compare yours with this one.",
        task=BOUND,
    ),
)
