"""Exercises of chapter 06: goals of the form f(J) v, what bends their curves, and how f and the angle set the wait.

The functions of 06.1, 06.4 and 06.9 stand in `ch06_functions`, the search of 06.3 in `ch06_smooth`.
"""

from typing import Any

from raylab.checks.ch06_functions import RATES, STRIP, THRESHOLD
from raylab.checks.ch06_smooth import RESTLESS
from raylab.checks.engine import Derive, Exercise, Mistake, Predict
from raylab.checks.powers import POWER_IS_RIGHT, wrong_power


def _sp() -> Any:
    from raylab.symbolic import sp  # late: sympy is slow to load, and its door is there

    return sp


# 06.2 ---------------------------------------------------------------------------------------------------------


def _bend(change: Any) -> Any:
    """A pair from a function of f, d (pairs), L (the pulls n_k f_k + g f_j) and g."""

    def made() -> Any:
        f1, f2, d1, d2, n1, n2, g = _sp().symbols("f1 f2 d1 d2 n1 n2 g")
        return change((f1, f2), (d1, d2), (n1 * f1 + g * f2, n2 * f2 + g * f1), g)

    return made


def _right(f: Any, d: Any, L: Any) -> Any:
    return 2 * d[0] * f[0] * L[0] ** 2 + 2 * d[1] * f[1] * L[1] ** 2


_FIRST_IS_RIGHT = "The first is right. "

BEND = Derive(
    truth=_bend(lambda f, d, L, g: (2 * d[0] * L[0], _right(f, d, L))),
    mistakes=(
        Mistake(
            _bend(lambda f, d, L, g: (2 * L[0], _right(f, d, L))),
            "The second is right. The first is the derivative by f₁; by J₁ the chain rule gives one more factor.",
            "almost",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (2 * d[0] * L[0], 2 * d[0] * L[0] + 2 * d[1] * L[1])),
            _FIRST_IS_RIGHT + "The second adds up the two derivatives as they are; along the flow each comes with "
            "its rate.",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (2 * d[0] * L[0], 2 * d[0] * f[0] * L[0] ** 2)),
            _FIRST_IS_RIGHT + "The second has task 1 alone. J' depends on J₂ as well, and J₂ moves.",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (2 * d[0] * L[0], 2 * d[0] * L[0] ** 2 + 2 * d[1] * L[1] ** 2)),
            _FIRST_IS_RIGHT + "In the second each rate lacks a factor: Jₖ' is fₖ times the pull on its potential.",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (2 * d[0] * L[0], 2 * d[0] * f[0] * L[0] + 2 * d[1] * f[1] * L[1])),
            _FIRST_IS_RIGHT + "In the second each bracket comes twice: once in ∂J'/∂Jₖ, once in Jₖ'.",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (2 * d[0] * L[0], _right(f, d, L) / 2)),
            _FIRST_IS_RIGHT + "The second is half of it: C.2 without the 2. That 2 is the one in your first.",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (d[0] * L[0], _right(f, d, L) / 2)),
            "Half of it. Both factors of f₁² depend on J₁, and f₁f₂ stands in J' twice.",
        ),
        Mistake(
            _bend(
                lambda f, d, L, g: (
                    d[0] * (2 * L[0] - g * f[1]),
                    d[0] * (2 * L[0] - g * f[1]) * f[0] * L[0] + d[1] * (2 * L[1] - g * f[0]) * f[1] * L[1],
                )
            ),
            "The product of the two gradients stands in J' = ‖∇J₁ + ∇J₂‖² twice; here it is counted once.",
        ),
        Mistake(
            _bend(
                lambda f, d, L, g: (
                    2 * d[0] * (L[0] - g * f[1]),
                    2 * d[0] * (L[0] - g * f[1]) * f[0] * L[0] + 2 * d[1] * (L[1] - g * f[0]) * f[1] * L[1],
                )
            ),
            "In J' the mixed term is missing: ‖∇J₁ + ∇J₂‖² is not ‖∇J₁‖² + ‖∇J₂‖².",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (2 * d[0] * L[0], _right(f, d, (L[0] - g * f[1], L[1] - g * f[0])))),
            _FIRST_IS_RIGHT + "In the second each task follows its own gradient only: θ moves along the sum of both.",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (2 * L[0], 2 * f[0] * L[0] ** 2 + 2 * f[1] * L[1] ** 2)),
            "These are derivatives by f₁ and f₂. By J₁ the chain rule gives one more factor, d₁; by J₂ d₂.",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (2 * d[0] * L[0], 2 * f[0] * L[0] ** 2 + 2 * f[1] * L[1] ** 2)),
            _FIRST_IS_RIGHT + "In the second the slopes d₁ and d₂ have been lost.",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (2 * d[0] * L[0], (2 * d[0] * L[0]) ** 2 + (2 * d[1] * L[1]) ** 2)),
            _FIRST_IS_RIGHT + "The second squares the derivatives: each is to be multiplied by its rate Jₖ'.",
        ),
        Mistake(
            _bend(
                lambda f, d, L, g: (
                    2 * d[0] * L[0],
                    2 * (d[0] * L[0] + d[1] * L[1]) * (f[0] * L[0] + f[1] * L[1]),
                )
            ),
            _FIRST_IS_RIGHT + "In the second each derivative comes with its own rate: ∂J'/∂J₁ with J₁', not with J'.",
        ),
        Mistake(
            _bend(
                lambda f, d, L, g: (
                    2 * d[0] * L[0],
                    2 * d[0] * L[0] * f[1] * L[1] + 2 * d[1] * L[1] * f[0] * L[0],
                )
            ),
            _FIRST_IS_RIGHT + "In the second the rates have changed places: ∂J'/∂J₁ goes with J₁'.",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (2 * d[0] * L[0], 2 * _right(f, d, L))),
            _FIRST_IS_RIGHT + "The second is twice too large: J₁' is f₁(n₁f₁ + g f₂), without a 2.",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (2 * d[0] * f[0] * L[0], _right(f, d, L))),
            "The second is right. The first has a factor f₁ too many: it is ∂J'/∂J₁ before J₁' comes in.",
            "almost",
        ),
        Mistake(
            _bend(lambda f, d, L, g: (_right(f, d, L), 2 * d[0] * L[0])),
            "Both are right, in the other order: first ∂J'/∂J₁, then J''.",
            "almost",
        ),
    ),
)

# 06.5 and 06.6 ------------------------------------------------------------------------------------------------

BOUNDED = Predict(
    truth=(0.5, 2.0),
    atol=0.0051,
    mistakes=(
        Mistake(
            (1.0, 0.5),
            "This is the time of a potential that rises at rate 1, J' = f(J). But a learner that climbs J has "
            "J' = f(J)²: once for its step, once for what the step does to J.",
        ),
        Mistake(
            (0.5, 0.5),
            "The border is right. For the power: the integral of u to the −3, from p on.",
            "almost",
        ),
        Mistake((0.5, 3.0), "The border is right. The integral of u to the −3 is one power less, as always.", "almost"),
        Mistake(
            (0.5, 4.0),
            "The border is right. The integral of u^(−2c) has the power 1 − 2c, not −1 − 2c.",
            "almost",
        ),
        Mistake(
            (0.5, -2.0),
            "The border is right, and so is the size. Asked for is the power of 1/p, and the wait grows.",
            "almost",
        ),
        Mistake(
            (0.5, 1.0), "The border is right. A power 1 belongs to c = 1: put c = 1.5 into the integral.", "almost"
        ),
        Mistake((1.0, 2.0), "The power is right. Use the same integral for the border: ∫ u^(−2c) du from 0.", "almost"),
        Mistake(
            (0.0, 2.0),
            "The power is right. f(0) = 0 does not mean for ever: if f leaves zero steeply enough, it is quick.",
            "almost",
        ),
        Mistake(
            (2.0, 2.0), "The power is right. The border lies where ∫ u^(−2c) du from 0 stops being finite.", "almost"
        ),
        Mistake((2.0, 0.5), "Both are right, in the other order: first the border, then the power.", "almost"),
        Mistake((0.5, 1.5), "The border is right. 1.5 is c itself: f stands squared in the integral.", "almost"),
        Mistake((0.25, 2.0), "The power is right. Of f only the square counts, not its fourth power.", "almost"),
    ),
)

AT_TEN = -2 / 3  # 2 (1 - c) / (1 + c) = 10

_both = wrong_power(beside=AT_TEN)

COSINE = Predict(
    truth=(18.0, AT_TEN),
    atol=0.0051,
    mistakes=(
        *_both(9.0, -9 / 11, "This is the power in the *wait*. The wait goes with one over the root of the flatness."),
        *_both(6.0, -0.5, "6 is the power at cosine −1/2, chapter 04."),
        *_both(2.0, 0.0, "2 is what is left when nothing is shared, at cosine 0."),
        *_both(2 / 9, 2 / 3, "The angle the other way round: at cosine +0.8 the tasks help each other."),
        *_both(-18.0, -1.5, "The size is right. A lower start makes a flatter plateau: both go to 0 together."),
        *_both(1 / 9, 9 / 11, "Upside down: this is k = (1 + cosine)/(1 − cosine). The flatness has 2/k."),
        *_both(1 / 18, 19 / 21, "Upside down: k/2, with k = (1 + cosine)/(1 − cosine). The flatness has 2/k."),
        *_both(3.6, -4.0, "3.6 is 2(1 − cosine). It is divided by 1 + cosine, which makes it large."),
        *_both(8.4, -1.0, "Linear from 2 at cosine 0 through 6 at −1/2. But at −1 it has to be infinite."),
        *_both(
            262144.0,
            -0.5,
            "262144 is how many times as flat the plateau is at half the start. Asked for: the power.",
        ),
        Mistake(
            (18.0, -9 / 11),
            POWER_IS_RIGHT + "At −9/11 it is the *wait* that has the power 10; the flatness has twice that.",
            "almost",
        ),
        Mistake((18.0, 2 / 3), POWER_IS_RIGHT + "2/3 is r. The cosine is −r.", "almost"),
        Mistake(
            (18.0, -1.5),
            POWER_IS_RIGHT + "A cosine below −1 does not exist. Solve (1 − cosine) = 5 (1 + cosine) once more.",
            "almost",
        ),
        Mistake(
            (18.0, -4 / 9),
            POWER_IS_RIGHT + "It does not grow in proportion: halve the distance to −1, and it is about doubled.",
            "almost",
        ),
        Mistake(
            (18.0, -0.65),
            POWER_IS_RIGHT + "At −0.65 it is 9.43: near, but the equation can be solved.",
            "almost",
        ),
        Mistake((AT_TEN, 18.0), "Both are right, in the other order: first the power, then the cosine.", "almost"),
    ),
)

# 06.7 ---------------------------------------------------------------------------------------------------------


def _link(change: Any) -> Any:
    def made() -> Any:
        sp = _sp()
        return change(sp.Symbol("u", positive=True), sp.Rational(1, 2), sp.sqrt)

    return made


LINK = Derive(
    truth=_link(lambda u, h, root: (2 * root(u) * (1 - u) ** (3 * h), h)),
    mistakes=(
        Mistake(
            _link(lambda u, h, root: (2 * root(u) * (1 - u) ** (3 * h), 2 * h)),
            "f is right. For small u it goes like a constant times which power of u?",
            "almost",
        ),
        Mistake(
            _link(lambda u, h, root: (2 * root(u) * (1 - u) ** (3 * h), 4 * h)),
            "f is right. 2 is the power of φ in J; asked for is the power of u in f, near 0.",
            "almost",
        ),
        Mistake(
            _link(lambda u, h, root: (2 * root(u) * (1 - u) ** (3 * h), 3 * h)),
            "f is right. 3/2 is how it vanishes at the top, u = 1; asked for is the end at 0.",
            "almost",
        ),
        Mistake(
            _link(lambda u, h, root: (2 * root(u / (1 - u)), h)),
            "The denominator of J depends on φ, too: differentiate the whole quotient, φ²/(1 + φ²).",
        ),
        Mistake(
            _link(lambda u, h, root: (2 * root(u) * (1 - u) ** 2, h)),
            "(1 + φ²)² has become (1 − u)⁻², right. But φ is the root of u/(1 − u), not of u.",
        ),
        Mistake(
            _link(lambda u, h, root: (2 * (u / (1 - u)) / (1 + (u / (1 - u)) ** 2) ** 2, 2 * h)),
            "You put φ = u/(1 − u) in. That is φ²: a root is missing.",
        ),
        Mistake(
            _link(lambda u, h, root: (2 * root(u), h)),
            "True near 0, and the power is right. f is asked for on the whole way from 0 to 1.",
            "almost",
        ),
        Mistake(
            _link(lambda u, h, root: (2 * root(u) * (1 - u) ** (3 * h), -h)),
            "f is right. A negative power would grow towards 0; this f vanishes there.",
            "almost",
        ),
        Mistake(
            lambda: (lambda J: (2 * _sp().sqrt(J * (1 - J) ** 3), _sp().Rational(1, 2)))(_sp().Symbol("J")),
            "Both are right. The performance is to be called `u`.",
            "almost",
        ),
        Mistake(
            _link(lambda u, h, root: (2 * root(u) * root(1 - u), h)),
            "φ is right. The denominator of the derivative is squared: (1 + φ²)², and 1 + φ² is 1/(1 − u).",
        ),
        Mistake(
            _link(lambda u, h, root: (root(u) * (1 - u) ** (3 * h), h)),
            "Half of it: the derivative of φ² is 2φ.",
        ),
        Mistake(
            _link(lambda u, h, root: (2 * u / (1 + u**2) ** 2, 2 * h)),
            "This is the derivative, with u written for φ. f takes the performance: solve J = u for φ, and put it in.",
        ),
        Mistake(
            lambda: (lambda phi: (2 * phi / (1 + phi**2) ** 2, _sp().Rational(1, 2)))(_sp().Symbol("phi")),
            "The derivative is right, and so is the power. f takes the performance: put φ = √(u/(1 − u)) in.",
            "almost",
        ),
        Mistake(
            _link(lambda u, h, root: (root(u / (1 - u)), h)),
            "This is φ, the potential at which J = u. f is the slope there, dJ/dφ: put this φ into the derivative.",
        ),
        Mistake(
            _link(lambda u, h, root: (1 / (2 * root(u) * (1 - u) ** (3 * h)), h)),
            "Upside down: this is dφ/dJ.",
        ),
        Mistake(
            _link(lambda u, h, root: (u * (1 - u), 2 * h)),
            "This is the softmax, J = 1/(1 + e^(−φ)). The goal here is another one.",
        ),
    ),
)

# 06.8 ---------------------------------------------------------------------------------------------------------


def _in_K(change: Any) -> Any:
    return lambda: change(_sp().Symbol("K"))


CROWD = Derive(
    truth=_in_K(lambda K: 1 / (K - 1)),
    mistakes=(
        Mistake(
            _in_K(lambda K: -1 / (K - 1)), "The size is right. The cosine is −r, so r itself is positive.", "almost"
        ),
        Mistake(
            _in_K(lambda K: 1 / K),
            "Nearly. Each feature has itself and K − 1 others: ‖v₁ + ... + v_K‖² has K squares and K(K − 1) products.",
        ),
        Mistake(
            _in_K(lambda K: 2 / (K * (K - 1))),
            "Every pair stands in the sum twice, as ⟨vⱼ, vₖ⟩ and as ⟨vₖ, vⱼ⟩, and there are K squares, not one.",
        ),
        Mistake(
            _in_K(lambda K: 2 / (K - 1)),
            "Every pair stands in the sum twice, as ⟨vⱼ, vₖ⟩ and as ⟨vₖ, vⱼ⟩.",
        ),
        Mistake(
            _in_K(lambda K: 1 / (K * (K - 1))),
            "There are K squares in ‖v₁ + ... + v_K‖², not one.",
        ),
        Mistake(_in_K(lambda K: K - 1), "This is 1/r: upside down.", "almost"),
        Mistake(
            _in_K(lambda K: 1 / (2 * (K - 1))),
            "This is the cosine of the K × K bandit at the uniform policy, chapter 02. More is possible.",
        ),
        Mistake(_in_K(lambda K: K / K), "Two features can be opposite to each other; a third one cannot be to both."),
        Mistake(
            _in_K(lambda K: K / K / 2),
            "True of three, at 120 degrees in a plane. Of two? Of four? The answer depends on K.",
        ),
        Mistake(
            _in_K(lambda K: 1 / (K - 2)),
            "Put K = 2: two features can at most be opposite, r = 1. Yours has no value there.",
        ),
        Mistake(
            _in_K(lambda K: 1 / (2 * K - 3)),
            "This is where the last wait becomes infinite, chapter 07. The features exist for larger r.",
        ),
        Mistake(
            _in_K(lambda K: _sp().cos(_sp().pi / K)),
            "These are directions spread evenly in a plane. In more dimensions there is room for better.",
        ),
    ),
    domains={"K": range(2, 13)},
)

EXERCISES = (
    Exercise(
        id="06.1",
        title="From slopes to rates",
        difficulty=2,
        minutes=8,
        hints=(
            "θ moves along the sum of all fⱼ vⱼ: one vector of length d.",
            "Jₖ' is the inner product of that vector with its own gradient, fₖ vₖ.",
            "Two products with matrices: `V.T @ f` adds up, `V @ ...` compares with each feature.",
        ),
        right="All of chapter 03, for any number of tasks, in one line.",
        task=RATES,
    ),
    Exercise(
        id="06.2",
        title="What bends the curve",
        difficulty=3,
        minutes=12,
        hints=(
            "Write J' = n₁f₁² + 2g f₁f₂ + n₂f₂². By J₁ only f₁ changes, and its derivative is d₁.",
            "J'' = ∂J'/∂J₁ · J₁' + ∂J'/∂J₂ · J₂', with J₁' = f₁(n₁f₁ + g f₂).",
        ),
        right="The same bracket stands in ∂J'/∂Jₖ and in Jₖ': that is why the square comes out. This is C.2.",
        task=BEND,
    ),
    Exercise(
        id="06.3",
        title="Smooth, and still restless",
        difficulty=4,
        minutes=15,
        hints=(
            "If the first derivative at 0 is not zero, f rises near 0. Nor may the second be the first that is not: "
            "what about all of them? Which function do you know that leaves 0 more slowly than every power?",
            "Multiply it by something positive that goes up and down ever faster towards 0.",
            "e^(−1/u) grows at the rate 1/u² of itself. The ripple has to beat that: how fast must its argument run?",
        ),
        right='Smooth, zero at zero, positive after, and falling arbitrarily near 0: "because f is smooth" is not '
        "enough. Ask for f'(0) > 0.",
        task=RESTLESS,
    ),
    Exercise(
        id="06.4",
        title="Where plateaus end, at any angle",
        difficulty=3,
        minutes=15,
        hints=(
            "With Lₖ = 2(aₖ + c aⱼ) the rates are aₖLₖ, and J'' = 2 Σ (1 − 2Jₖ) aₖ Lₖ². Differentiate once more.",
            "On the line 1 − 2J₂ = −(1 − 2J₁), a₁ = a₂ = a, (1 − 2J₁)² = 1 − 4a, and L₁' has a factor 1 − c.",
            "What is left is −2a + (1 − 4a)(1 + 2(1 − c)/(1 + c)), up to positive factors.",
        ),
        right="From 1/4 at opposite goals to 1/6 at equal ones: the border of the plateaus hardly moves.",
        task=THRESHOLD,
    ),
    Exercise(
        id="06.5",
        title="How may f leave zero?",
        difficulty=2,
        minutes=8,
        hints=(
            "Nothing shared: J' = ‖v‖² f(J)². Near 0, f(u) is about u^c.",
            "The time from p to some fixed height is the integral of u^(−2c) from p on.",
        ),
        right="Below one half the wait is bounded although f(0) = 0; above, it is p to the power −(2c − 1).",
        task=BOUNDED,
    ),
    Exercise(
        id="06.6",
        title="At the cosine −0.8",
        difficulty=2,
        minutes=6,
        hints=(
            "Near the origin I is about cosh s sinhᵏ|d| with k = (1 + cosine)/(1 − cosine).",
            "Multiply the start by z: cosh s goes with 1/z, sinh d stays. At the crossing only sinhᵏ d is left, and "
            "the flatness is about e^(−2d).",
            "For the second number set your power equal to 10, and solve for the cosine.",
        ),
        right="Half the start: at −0.8 the plateau is hundreds of thousands of times as flat, at −2/3 1024 times.",
        task=COSINE,
    ),
    Exercise(
        id="06.7",
        title="Read f off a goal",
        difficulty=2,
        minutes=8,
        hints=(
            "f is the derivative of J by its potential, written as a function of J itself.",
            "From u = φ²/(1 + φ²): 1 − u = 1/(1 + φ²), and φ = √(u/(1 − u)).",
        ),
        right="A task with this goal and a rival on the shared parameter can be pushed to 0, and stays there.",
        task=LINK,
    ),
    Exercise(
        id="06.8",
        title="A crowd of rivals",
        difficulty=3,
        minutes=10,
        hints=(
            "A sum of vectors has a squared length, and that is never negative. Which sum is the shortest?",
            "‖v₁ + ... + v_K‖² counts every square once and every product of two different ones twice.",
        ),
        right="The more tasks there are, the less each pair can be opposed. Chapter 07 needs this bound.",
        task=CROWD,
    ),
    Exercise(
        id="06.9",
        title="The width of the strip",
        difficulty=2,
        minutes=8,
        hints=(
            "On the edge J₁' = 0: a(J₁) = r a(J₂), with a(u) = u(1 − u). Of the two solutions you want the one near 0.",
            "1 − √(1 − z) loses its digits when z is tiny. Multiply and divide by 1 + √(1 − z).",
        ),
        right="The strip is as wide as the pull of the other task is strong, and it closes as J₂ comes to 1.",
        task=STRIP,
    ),
)
