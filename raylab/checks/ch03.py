"""Exercises of chapter 03: the law of the race, its null clines, who takes all and how often, and the corners."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from raylab import dynamics, interference
from raylab.checks.engine import (
    Derive,
    Exercise,
    Explain,
    Explore,
    Further,
    Implement,
    Law,
    Mistake,
    Predict,
    numbers,
)
from raylab.checks.two_tasks import ON_THE_LAST_AXIS, other, points, rewarded, slopes

# 03.1 ---------------------------------------------------------------------------------------------------------


VELOCITY = Implement(
    signature="velocity(J)",
    reference=rewarded,
    instances=lambda rng: points(rng, ON_THE_LAST_AXIS),
    describe=lambda J: f"J = {numbers(J)}",
    mistakes=(
        Mistake(
            lambda J: 2 * rewarded(J),
            "Twice too fast everywhere, on the right orbits: the clock of the full parameters (W, b). In the three "
            "reduced numbers the squared length of a feature is 2.",
            "almost",
        ),
        Mistake(
            lambda J: slopes(J) ** 2,
            "This learner shares nothing: one weight each and no bias. Each feature here has a second entry, the bias.",
        ),
        Mistake(
            lambda J: 2 * slopes(J) ** 2,
            "Each task follows its own gradient only. The parameters follow the sum of both, so the other task's "
            "gradient moves Jₖ as well.",
        ),
        Mistake(
            lambda J: 2 * slopes(J) ** 2 + slopes(J) * other(slopes(J)),
            "Here the tasks help each other. The bias enters J₁ with +1 and J₂ with −1: the shared part has a minus.",
        ),
        Mistake(
            lambda J: 2 * slopes(J) ** 2 - 2 * slopes(J) * other(slopes(J)),
            "The product a₁a₂ comes once: the two gradients meet in one entry only.",
        ),
        Mistake(
            lambda J: slopes(J) ** 2 - slopes(J) * other(slopes(J)),
            "A task pulls itself twice, by its own weight and by the bias: the squared length of (1, 0, 1).",
        ),
        Mistake(lambda J: other(rewarded(J)), "The two rates have changed places: index 0 belongs to J₁."),
        Mistake(
            lambda J: 2 * slopes(J) - other(slopes(J)),
            "So fast move the logits. One more step of the chain rule: dJₖ/dt is aₖ times the rate of its logit.",
        ),
        Mistake(
            lambda J: slopes(J) - other(slopes(J)) / 2,
            "This is dJₖ/dt divided by 2aₖ. It has the right signs, but another flow: each rate is divided by its own.",
        ),
        Mistake(
            lambda J: slopes(J) * (2 * (1 - J) - other(1 - J)),
            "This is a learner that is taught. On-policy its own success decides how much it learns: aₖ, not 1 − Jₖ.",
        ),
        Mistake(
            lambda J: 2 * J**2 - J * other(J),
            "With Jₖ in place of the slope aₖ = Jₖ(1 − Jₖ). A task that is learned should stop moving.",
        ),
        Mistake(
            lambda J: 2 * slopes(J) ** 2 - other(slopes(J)) ** 2,
            "The second term is a product of one slope from each gradient, not the square of the other's.",
        ),
        Mistake(lambda J: -rewarded(J), "The signs of everything: we climb J, so θ moves along plus the gradient."),
    ),
)

# 03.2 ---------------------------------------------------------------------------------------------------------


def _symbols() -> tuple[Any, Any, Any]:
    from raylab.symbolic import sp  # late: sympy is slow to load, and its door is there

    J1, J2 = sp.symbols("J1 J2", real=True)
    return sp, J1, J2


def _clines(change: Any) -> Any:
    """Both equations from one function of (sp, own a, other a, own J, other J)."""

    def both() -> Any:
        sp, J1, J2 = _symbols()
        a1, a2 = J1 * (1 - J1), J2 * (1 - J2)
        return change(sp, a1, a2, J1, J2), change(sp, a2, a1, J2, J1)

    return both


def _branch(side: int) -> Any:
    def solved(sp: Any, a: Any, b: Any, own: Any, other: Any) -> Any:
        half, quarter = sp.Rational(1, 2), sp.Rational(1, 4)
        return sp.Eq(own, half + side * sp.sqrt((quarter + (other - half) ** 2) / 2))

    return solved


def _turned_branch(side: int) -> Any:
    def solved(sp: Any, a: Any, b: Any, own: Any, other: Any) -> Any:
        half, quarter = sp.Rational(1, 2), sp.Rational(1, 4)
        return sp.Eq(other, half + side * sp.sqrt(2 * (own - half) ** 2 - quarter))

    return solved


def _conic(sign: int, right: str) -> Any:
    def equation(sp: Any, a: Any, b: Any, own: Any, other: Any) -> Any:
        half = sp.Rational(1, 2)
        return sp.Eq(2 * (own - half) ** 2 + sign * (other - half) ** 2, sp.Rational(right))

    return equation


def _divided(turned: bool, other_turned: bool) -> Any:
    """Both equations with all slopes on one side: inside the square no slope is zero, so nothing is lost."""

    def both() -> Any:
        sp, J1, J2 = _symbols()
        a1, a2 = J1 * (1 - J1), J2 * (1 - J2)
        first = sp.Eq(a1 / a2, sp.Rational(1, 2)) if turned else sp.Eq(a2 / a1, 2)
        return first, sp.Eq(a2 / a1, sp.Rational(1, 2)) if other_turned else sp.Eq(a1 / a2, 2)

    return both


def _distance(sp: Any, a: Any, b: Any, own: Any, other: Any) -> Any:
    half, quarter = sp.Rational(1, 2), sp.Rational(1, 4)
    return sp.Eq(sp.Abs(own - half), sp.sqrt((quarter + (other - half) ** 2) / 2))


def _two_branches() -> Any:
    """What `solve(2*a1 - a2, J1)` gives, in either order."""
    sp, _, J2 = _symbols()
    half, quarter = sp.Rational(1, 2), sp.Rational(1, 4)
    return {half + side * sp.sqrt((quarter + (J2 - half) ** 2) / 2) for side in (-1, 1)}


_PARTS = (
    (_branch(-1), "the branch near 0"),
    (_branch(1), "the branch near 1"),
    (_turned_branch(-1), "the lower halves"),
    (_turned_branch(1), "the upper halves"),
)

NULL_CLINES = Derive(
    truth=_clines(lambda sp, a, b, own, other: sp.Eq(2 * a, b)),
    also=(_clines(_distance), *(_divided(*turned) for turned in np.ndindex(2, 2))),
    mistakes=(
        Mistake(
            _two_branches,
            "These are the two branches of the first line, solved for J₁. Asked for: one equation for each task.",
        ),
        Mistake(
            _clines(lambda sp, a, b, own, other: sp.Eq(2 * a**2 - a * b, 0)),
            "Right, but this also holds on two edges of the square, where aₖ = 0. Divide them out.",
            "almost",
        ),
        Mistake(
            _clines(lambda sp, a, b, own, other: 2 * a - b),
            "Right where it vanishes. Make it an equation: `sp.Eq(left, right)`.",
            "almost",
        ),
        Mistake(
            _clines(lambda sp, a, b, own, other: sp.Eq(2 * b, a)),
            "The two have changed places: asked for is first the line on which J₁ stands still. There it is the slope "
            "of the *other* task that is larger.",
            "almost",
        ),
        *(
            Mistake(
                _clines(part), f"Right, but only {words}. Do not solve: leave it as one equation for all.", "almost"
            )
            for part, words in _PARTS
        ),
        Mistake(
            _clines(lambda sp, a, b, own, other: sp.Eq(2 * own, other)),
            "A straight line: that is its tangent at the origin. aₖ is Jₖ(1 − Jₖ), so the line bends.",
        ),
        Mistake(
            _clines(lambda sp, a, b, own, other: sp.Eq(a, b)),
            "The factor 2 is lost: a task pulls itself by its weight and by the bias, the other task by the bias only.",
        ),
        Mistake(
            _clines(lambda sp, a, b, own, other: sp.Eq(2 * a, -b)),
            "Inside the square both slopes are positive, so this never holds. Which sign has the product in (1)?",
        ),
        Mistake(
            _clines(_conic(1, "1/4")),
            "An ellipse. Completing the square gives a = 1/4 − (J − 1/2)²: look at the signs once more.",
        ),
        Mistake(
            _clines(_conic(-1, "1/2")),
            "A hyperbola, but on this one the corner (0, 0) does not lie. Check the constant.",
        ),
        Mistake(
            _clines(_conic(-1, "-1/4")),
            "The sign of the constant: at the corner (0, 0) the left side is 2/4 − 1/4.",
        ),
    ),
)

# 03.3 ---------------------------------------------------------------------------------------------------------


def _takes_all(rates: np.ndarray) -> np.ndarray:
    return interference.winner_takes_all(rates)


def _rates(rng: np.random.Generator) -> Iterator[Any]:
    told = (
        (0.3, -0.1), (0.2, 0.1), (-0.2, 0.4), (-0.3, -0.1), (0.0, 0.2), (0.0, 0.0),
        (0.5, -0.1, 0.2), (-0.1, -0.2, 0.3), (0.4, 0.0, 0.0), (-0.2, 0.0, -0.1), (0.3, 0.2, -0.9), (-0.1, -0.3, -0.2),
        (0.1, 0.4, 0.2), (1e-90, -0.5, -0.2), (0.4, 1e-90, -0.2), (0.7,), (-0.7,),
        (0.2, 0.3, 0.1, 0.0), (-0.1, 0.6, -0.1, 0.0, -3.0),
    )  # fmt: skip
    for values in told:
        yield (np.array(values),)
    for K in (2, 3, 5):
        yield (np.sort(rng.normal(-0.4, 1, K)),)
        yield (rng.normal(-0.4, 1, K),)
    batch = rng.normal(-0.5, 1, (3, 3))
    batch[0], batch[:, 1] = (0.2, -0.1, -0.3), (-0.1, 0.4, 0.3)
    several = "Right for one point. Of an array of points each has its own answer: count along the last axis."
    for found in (batch, rng.normal(-0.4, 1, (4, 3)), rng.normal(-0.6, 1, (2, 3, 4))):
        yield Further((found,), several)


def _winner(rates: np.ndarray) -> np.ndarray:
    """Marks the largest rate."""
    return np.arange(rates.shape[-1]) == np.argmax(rates, axis=-1)[..., None]


def _pair(rates: np.ndarray) -> tuple[Any, Any]:
    return rates[..., 0], rates[..., -1]


def _only_two(rates: np.ndarray) -> np.ndarray:
    first, last = _pair(rates)
    return ((first > 0) & (last <= 0)) | ((last > 0) & (first <= 0))


WINNER = Implement(
    signature="winner_takes_all(rates)",
    reference=_takes_all,
    instances=_rates,
    describe=lambda rates: f"rates = {numbers(rates)}",
    mistakes=(
        Mistake(
            lambda r: (r >= 0).sum(axis=-1) == 1,
            "A component that stands still counts as improving here. Def. 3 asks the winner for more than 0, the "
            "others for at most 0.",
        ),
        Mistake(
            lambda r: ((r > 0).sum(axis=-1) == 1) & ((r < 0).sum(axis=-1) == r.shape[-1] - 1),
            "The others may also stand still: rates (0.4, 0, 0) count, for only the first one increases.",
        ),
        Mistake(
            lambda r: ((r <= 0) | _winner(r)).all(axis=-1),
            "At most one improves, but does anybody? With rates (−0.3, −0.1) nobody wins.",
        ),
        Mistake(
            lambda r: (r > 0).any(axis=-1) & (r <= 0).any(axis=-1),
            "Somebody improves and somebody does not: with three components two can share the win.",
        ),
        Mistake(
            lambda r: (r > 0).any(axis=-1) & (r < 0).any(axis=-1),
            "Somebody improves and somebody declines: with three components that can be two against one, and those "
            "that stand still are forgotten.",
        ),
        Mistake(
            lambda r: (r < 0).any(axis=-1),
            "That somebody declines is not enough: somebody must win, and nobody else may improve.",
        ),
        Mistake(
            lambda r: np.prod(r, axis=-1) < 0,
            "The sign of a product counts minus signs; it knows no zeros, and two declining components cancel.",
        ),
        Mistake(_only_two, "Written for two components: with more of them those in the middle are not asked."),
        Mistake(
            lambda r: np.argmax(r, axis=-1),
            "This says who is first, not whether that one takes all: a bool is asked for, and the first of many "
            "improving components is no winner.",
        ),
        Mistake(
            lambda r: (r > 1e-9).sum(axis=-1) == 1,
            "A threshold hides slow winners. On a plateau rates are tiny, and those are the points that we look for.",
        ),
        Mistake(
            lambda r: (r > 0).any(axis=-1) & ((r > 1e-9).sum(axis=-1) <= 1) & (np.sort(r)[..., -2:-1] <= 1e-9).all(-1),
            "A threshold for the others: one that improves a very little improves, so it is not all for one.",
        ),
        Mistake(
            lambda r: (r > 0).sum() == 1,
            "Right for one point. For many points this counts all of them together, and gives one answer.",
            "almost",
        ),
        Mistake(
            lambda r: (r > 0).sum(axis=0) == 1,
            "The first axis counts points here, the components are on the last: `axis=-1`.",
            "almost",
        ),
    ),
)

# 03.4 ---------------------------------------------------------------------------------------------------------


def _matrix(change: Any) -> Any:
    """A Matrix from a function of (sp, J1, J2)."""

    def made() -> Any:
        sp, J1, J2 = _symbols()
        return sp.Matrix(change(sp, J1, J2))

    return made


def _flow(sp: Any, J1: Any, J2: Any) -> Any:
    a1, a2 = J1 * (1 - J1), J2 * (1 - J2)
    return sp.Matrix([2 * a1**2 - a1 * a2, 2 * a2**2 - a1 * a2])


def _printed(sp: Any, J1: Any, J2: Any) -> Any:
    half = sp.Rational(1, 2)
    return sp.Matrix([[1 - 2 * J1, J2 - half], [J1 - half, 1 - 2 * J2]])


def _taught(sp: Any, J1: Any, J2: Any) -> Any:
    return sp.Matrix([J1 * (1 - J1) * (1 - 2 * J1 + J2), J2 * (1 - J2) * (1 - 2 * J2 + J1)])


_WHOSE = (
    "This is the matrix of App. B.1. It belongs to the velocities divided by 2aₖ, each by its own. Differentiate (1) "
    "and (2) as they stand."
)

CORNER = Derive(
    truth=_matrix(lambda sp, x, y: sp.zeros(2)),
    mistakes=(
        Mistake(
            _matrix(lambda sp, x, y: _flow(sp, x, y).jacobian([x, y])),
            "This is the Jacobian everywhere, and it is right. Now put J₁ = 0 and J₂ = 1 into it.",
            "almost",
        ),
        Mistake(_matrix(lambda sp, x, y: _printed(sp, x, y).subs({x: 0, y: 1})), _WHOSE),
        Mistake(
            _matrix(lambda sp, x, y: _printed(sp, x, y).subs({x: 0, y: 1}).T),
            "The matrix of App. B.1, transposed, at the corner. It does not belong to the flow, in either form.",
        ),
        Mistake(
            _matrix(lambda sp, x, y: _printed(sp, x, y)),
            "The matrix of App. B.1, not yet at the corner. It belongs to another flow: compare it with (1) and (2).",
        ),
        Mistake(
            _matrix(lambda sp, x, y: 2 * _printed(sp, x, y).subs({x: 0, y: 1})),
            "This is how the speed of the logits depends on J. The question is for the speed of J itself, which has a "
            "factor aₖ more.",
        ),
        Mistake(
            _matrix(lambda sp, x, y: _taught(sp, x, y).jacobian([x, y]).subs({x: 0, y: 1})),
            "This belongs to supervised learning. On-policy each term of (1) and (2) has two factors that vanish.",
        ),
        Mistake(
            _matrix(lambda sp, x, y: sp.diag(sp.diff(x * (1 - x), x), sp.diff(y * (1 - y), y)).subs({x: 0, y: 1})),
            "These are the derivatives of a₁ and a₂. In (1) and (2) they come with another factor a; do not drop it.",
        ),
        Mistake(
            _matrix(lambda sp, x, y: sp.diag(2, 2)),
            "The 2 in front of aₖ² stays, but its derivative is 4 aₖ (1 − 2 Jₖ). What is aₖ at a corner?",
        ),
    ),
)

# 03.5 and 03.6 ------------------------------------------------------------------------------------------------

ANGLES = Predict(
    truth=float(4 / np.pi * np.arctan(1 / 2)),
    atol=0.001,
    mistakes=(
        Mistake(float(2 / np.pi * np.arctan(1 / 2)), "This is one of the two tasks. Either may take all."),
        Mistake(float(1 - 4 / np.pi * np.arctan(1 / 2)), "This is the share in which both improve: the other one."),
        Mistake(
            float(np.arctan(1 / 2)),
            "This is an angle in radians. Compare it with the whole, a right angle, and count both sides.",
        ),
        Mistake(
            0.5, "One half is the share of a small square. Here all *angles* between 0 and 90° are equally likely."
        ),
        Mistake(float(2 / 3), "Two thirds is the share of the line J₁ + J₂ = c, where the angle is not uniform."),
        Mistake(0.3768, "This is the share of the whole square. Near the origin the null clines are straight."),
        Mistake(
            float(2 / np.pi * np.arctan(2)),
            "The angle up to the *other* null cline, J₂ = 2J₁. Task 1 takes all below the lower one.",
        ),
        Mistake((57.0, 61.06), "In percent. A share lies between 0 and 1.", "almost"),
    ),
)

AREA = Predict(
    truth=float(1 - np.arcsinh(1) / np.sqrt(2)),
    atol=1e-4,
    mistakes=(
        Mistake(float(0.5 - np.arcsinh(1) / np.sqrt(8)), "One task only. The other one has its own two tints."),
        Mistake(float(0.25 - np.arcsinh(1) / np.sqrt(32)), "One tint of four. Where are the other three?"),
        Mistake(float(np.arcsinh(1) / np.sqrt(2)), "This is the white: where both improve."),
        Mistake(
            float(2 - np.sqrt(2)) / 2, "Triangles with straight sides to the vertex: the null clines bulge outwards."
        ),
        Mistake(
            0.5, "This would be right if the null clines were straight lines from corner to corner of a small square."
        ),
        Mistake(float(4 / np.pi * np.arctan(1 / 2)), "This is the share of angles at the origin, not of the area."),
        Mistake(
            float(4 * (0.5 - np.sqrt(1 / 8))),
            "The widest place, 1/2 − 1/√8, taken at every height. The tints are narrower above and below.",
        ),
        Mistake((37.0, 38.36), "In percent. A share lies between 0 and 1.", "almost"),
    ),
)

# 03.7 ---------------------------------------------------------------------------------------------------------


def _three(r: Any) -> np.ndarray:
    return np.array([4 / np.pi * np.arctan(r), r, 2 * r / (1 + r)])


def _shares(cosine: float) -> np.ndarray:
    return _three(max(-cosine, 0.0))


def _cosines(rng: np.random.Generator) -> Iterator[Any]:
    for cosine in (-0.5, -0.2, -0.9, *(-rng.uniform(0.05, 0.95, 4))):
        yield (float(cosine),)
    nobody = "With a cosine that is not negative nobody pulls anybody back, so no start is in a tint."
    for cosine in (0.0, 0.3, float(rng.uniform(0.1, 0.9))):
        yield Further((cosine,), nobody)


SHARES = Implement(
    signature="shares(cosine)",
    reference=_shares,
    instances=_cosines,
    describe=lambda cosine: f"cosine = {numbers(cosine)}",
    rtol=1e-4,  # quadrature is a right answer, too; a sample is not
    mistakes=(
        Mistake(lambda c: _three(0.5), "These are the three numbers for the cosine −1/2, whatever the cosine is."),
        Mistake(
            lambda c: _three(c), "The sign: with a negative cosine the slope of the null cline is minus the cosine."
        ),
        Mistake(
            lambda c: _three(-c) / 2,
            "One task only: each share is half of what it should be. Either task may take all.",
        ),
        Mistake(
            lambda c: np.array([2 / np.pi * np.arctan(-c), -c, -2 * c / (1 - c)]),
            "The angle is counted on one side only, the other two shares are right.",
        ),
        Mistake(
            lambda c: np.array([4 / np.pi * np.arctan(-c), -c / 2, -2 * c / (1 - c)]),
            "The square holds two triangles, each of area r/2.",
        ),
        Mistake(
            lambda c: np.array([4 / np.pi * np.arctan(-c), -c, -c / (1 - c)]),
            "On the line J₁ + J₂ = c₀ both ends count: one for each task.",
        ),
        Mistake(
            lambda c: np.array([4 / np.pi * np.arctan(-c), -c, -2 * c / (1 + c)]),
            "On the line J₂ = r J₁ and J₁ + J₂ = c₀ meet where J₁ is c₀ / (1 + r). Here r is minus the cosine.",
        ),
        Mistake(
            lambda c: np.array([4 / np.pi * np.arcsin(-c), -c, -2 * c / (1 - c)]),
            "r is the slope of the null cline, so its angle is an arctangent.",
        ),
        Mistake(
            lambda c: _three(-c)[[1, 0, 2]],
            "The three laws in the order angle, square, line: the first two have changed places.",
        ),
        Mistake(lambda c: 100 * _three(-c), "In percent. A share lies between 0 and 1.", "almost"),
    ),
)

# 03.8 ---------------------------------------------------------------------------------------------------------


def _near(change: Any) -> Any:
    def made() -> Any:
        from raylab.symbolic import sp

        return change(sp, *sp.symbols("p r m", positive=True))

    return made


def _whole(sp: Any, p: Any, r: Any, m: Any) -> Any:
    first, second = _flow(sp, p, r)  # a(1 - p) = a(p), so the flow at (1 - p, 1 - r) is the flow at (p, r)
    return -first, -second, 3 * m * (1 - m)


_SQUARES = "p' and r' are right. For m = r/p use the quotient rule, m' = (r' − m p')/p; put r = m p and divide by p."

BLOW_UP = Derive(
    truth=_near(lambda sp, p, r, m: (-p * (2 * p - r), -r * (2 * r - p), 3 * m * (1 - m))),
    mistakes=(
        Mistake(
            _near(lambda sp, p, r, m: (p * (2 * p - r), r * (2 * r - p), 3 * m * (m - 1))),
            "All three signs: p = 1 − J₁, so p' = −J₁'. As it stands it describes the corner (0, 0).",
        ),
        Mistake(
            _near(lambda sp, p, r, m: (p * (2 * p - r), r * (2 * r - p), 3 * m * (1 - m))),
            "The direction is right, but near (1, 1) what is missing shrinks: p' = −J₁', and r' likewise.",
        ),
        Mistake(
            _near(lambda sp, p, r, m: (p * (2 * p - r), r * (p - 2 * r), -m * (1 + m))),
            "This is the corner (0, 1), as in the chapter. At (1, 1) both p and r count what is missing.",
        ),
        Mistake(
            _near(_whole),
            "Nothing is neglected here, so it is right but not yet what is asked: keep the lowest powers of p and r.",
            "almost",
        ),
        Mistake(
            _near(lambda sp, p, r, m: (-p * (2 * p - r), -r * (2 * r - p), 3 * m * (1 - m) * p)),
            "p' and r' are right, and so is m'. The third answer is m' *divided by p*, so that only m is left.",
            "almost",
        ),
        Mistake(
            _near(lambda sp, p, r, m: (-p * (2 * p - r), -r * (2 * r - p), 3 * r / p * (1 - r / p))),
            "All three are right. Write the third in m alone: r/p is m.",
            "almost",
        ),
        Mistake(_near(lambda sp, p, r, m: (-p * (2 * p - r), -r * (2 * r - p), 3 * m * (m - 1))), _SQUARES),
        Mistake(
            _near(lambda sp, p, r, m: (-(2 * p - r), -(2 * r - p), 3 * m * (1 - m))),
            "These are the speeds of the logits. p' has a factor a₁, which near the corner is p.",
        ),
        Mistake(
            _near(lambda sp, p, r, m: (-p + r / 2, -r + p / 2, (1 - m**2) / 2)),
            "Linear: this uses the matrix of App. B.1. The lowest powers in (1) and (2) are squares.",
        ),
    ),
)

# 03.9 ---------------------------------------------------------------------------------------------------------


def _leaves_at(start: np.ndarray) -> float:
    """J2 at which J1 stops falling on the orbit from a start in the left tint."""
    orbit = dynamics.orbit(rewarded, start).components
    falling = rewarded(orbit)[:, 0]
    after = int(np.argmax(falling > 0))
    x, y = falling[after - 1 : after + 1]
    return float(orbit[after - 1, 1] + x / (x - y) * (orbit[after, 1] - orbit[after - 1, 1]))


def _at_exit(read: Any) -> Any:
    """Another quantity at the same moment, from (J1 there, J2 there)."""

    def other(start: np.ndarray) -> float:
        J2 = _leaves_at(start)
        J1 = 0.5 - np.sqrt((0.25 + (J2 - 0.5) ** 2) / 2)
        return float(read(J1, J2))

    return other


def _half_way(start: np.ndarray) -> float:
    orbit = dynamics.orbit(rewarded, start)
    return float(np.interp(1, orbit.performance, orbit.components[:, 1]))


def _last_exit(start: np.ndarray) -> float:
    """J2 at the last record at which one of the two takes all, whoever it is."""
    orbit = dynamics.orbit(rewarded, start).components
    return float(orbit[np.flatnonzero(_takes_all(rewarded(orbit)))[-1], 1])


def _left_tint(rng: np.random.Generator) -> Iterator[Any]:
    yield (np.array([0.1, 0.4]),)
    yield (np.array([0.12, 0.6]),)
    for _ in range(4):
        J2 = rng.uniform(0.1, 0.8)
        yield (np.array([rng.uniform(0.35, 0.9) * (0.5 - np.sqrt((0.25 + (J2 - 0.5) ** 2) / 2)), J2]),)


LEAVES = Implement(
    signature="leaves_at(start)",
    reference=_leaves_at,
    instances=_left_tint,
    describe=lambda start: f"start = {numbers(start)}",
    rtol=0.01,
    atol=0.0,
    mistakes=(
        Mistake(lambda s: 1.0, "Only in the limit: no learner leaves at J₂ = 1. Follow the orbit until J₁ turns."),
        Mistake(
            lambda s: 0.5, "One half is where the *earliest* leave. Most winners get further before the loser recovers."
        ),
        Mistake(lambda s: float(s[1]), "This is J₂ of the start. It has not left there: follow the orbit."),
        Mistake(
            lambda s: float(0.5 + np.sqrt(2 * (s[0] - 0.5) ** 2 - 0.25)),
            "You go straight up from the start to the null cline. On the way J₁ falls, so the orbit meets it higher.",
        ),
        Mistake(_at_exit(lambda x, y: x), "This is J₁ at the exit. Asked for: J₂."),
        Mistake(_at_exit(lambda x, y: 1 - y), "This is 1 − J₂ at the exit, what the winner still lacks."),
        Mistake(
            _last_exit,
            "This is the last exit. Later, in the tint at the top, task 1 takes all; asked for is the first exit.",
        ),
        Mistake(_half_way, "Here the orbit crosses J₁ + J₂ = 1. It left the tint before that."),
    ),
)

# 03.10 --------------------------------------------------------------------------------------------------------


def _fall(start: np.ndarray) -> float:
    """The largest share that a task keeps of its start, at its lowest: 1 means that nobody loses ground."""
    path = dynamics.orbit(rewarded, start).components
    return float((path.min(axis=0) / start).min())


def _enough(start: np.ndarray) -> bool | str:
    kept = _fall(start)
    return kept < 1 / 6 or f"at its lowest the loser keeps {numbers(kept, 3)} of its start"


INTO_A_TINT = Explore(
    names="start",
    shapes=((2,),),
    laws=(
        Law(lambda s: bool(((s > 0) & (s < 1)).all()), "A start lies inside the square: both J between 0 and 1."),
        Law(
            lambda s: bool((s >= 0.05).all()),
            "Too low: both J should be at least 0.05. Further down it is easy, because the wait grows.",
        ),
        Law(
            lambda s: bool(s.sum() < 1) or "J1 + J2 = " + numbers(s.sum()),
            "This start is beyond half-way. There a task gives a little back at most.",
        ),
        Law(
            lambda s: bool((rewarded(s) > 0).all()) or "rates " + numbers(rewarded(s)),
            "In a tint already: one of the rates is not positive. Start in the white.",
        ),
        Law(
            lambda s: _fall(s) < 1 - 1e-6,
            "From here nobody ever loses ground. Go closer to a null cline, where the loser all but stands still.",
        ),
        Law(
            _enough,
            "It works, but the loser keeps more than a sixth. Go lower along the same null cline.",
            "almost",
        ),
    ),
)

# 03.11 --------------------------------------------------------------------------------------------------------

DIVIDED = Explain(
    model=(
        "Dividing both rates by the same positive function makes every arrow longer or shorter and leaves its "
        "direction, so the orbits stay and only the clock changes. Dividing J₁' by 2a₁ and J₂' by 2a₂ changes the "
        "ratio of the two rates by a₁/a₂, which is the direction of the arrow: other orbits. Its signs, and so the "
        "null clines, survive. At a corner both factors are 0, so undoing the division multiplies the matrix by 0: "
        "the Jacobian of the flow there is zero whatever the printed matrix says."
    ),
    points=(
        "one common factor changes the clock only, two different ones change directions",
        "at a corner the factors vanish, so nothing of the matrix survives",
    ),
    mistakes=(
        Mistake(
            r"^(?![\s\S]*\b(by the same|same (positive )?(function|factor|number)|common|one function|ratio|"
            r"directions?|turns?|bends?|own|differ\w*|unless|only if)\b)"  # a right text may speak of clocks, too
            r"[\s\S]*(is|it's|it’s) (just|only|merely) (a |another )?(change|matter) of (the )?(clock|time|speed)",
            "A change of clock keeps directions. Is the ratio of the two rates still the same?",
        ),
        Mistake(
            r"(are|is|was) (not|no) saddles?|conclusion (is|was) wrong",
            "The conclusion is right: they are saddles. The question is why this argument does not show it.",
        ),
        Mistake(
            r"(you|we|to|would|cannot|can't|not|and) divi\w+ by (zero|0)\b|division by (zero|0)\b"
            r"|(matrix|quotient|jacobian)( \w+)? (is|are|becomes?|gets?) (not defined|undefined|infinite)",
            "The quotient is harmless: aₖ cancels in (1) and (2). Look at what undoing it does.",
        ),
        Mistake(
            r"5/4|3/4|determinant\b[^.]*\b(wrong|slip|misprint|mistake|error|false)",
            "The slip in the determinant changes no sign. The matter is to which flow the matrix belongs.",
        ),
    ),
    words=15,
)

EXERCISES = (
    Exercise(
        id="03.1",
        title="The law of the race",
        difficulty=2,
        minutes=8,
        hints=(
            "dJₖ/dt is the inner product of grad Jₖ with the sum of both gradients. With aₖ = Jₖ(1 − Jₖ) they are "
            "a₁(1, 0, 1) and a₂(0, 1, −1).",
            "A gradient with itself gives 2aₖ², the two with each other −a₁a₂.",
            "With `a = J * (1 - J)` the other task's slope is `a[..., ::-1]`: it turns the last axis round.",
        ),
        right="Both rates, at every point, and for arrays of points. From here on the pictures obey your function.",
        task=VELOCITY,
    ),
    Exercise(
        id="03.2",
        title="Where does each task stand still?",
        difficulty=2,
        minutes=8,
        hints=(
            "Set the right side of (1) to zero. Which factor is never zero inside the square?",
            "What remains compares two slopes. Write each as J(1 − J), and hand in one `sp.Eq` for each task.",
        ),
        right="Two hyperbolae through all four corners. Complete the square, and you see their axes.",
        task=NULL_CLINES,
    ),
    Exercise(
        id="03.3",
        title="Who takes all?",
        difficulty=2,
        minutes=6,
        hints=(
            "Def. 3 has two halves: the winner has a rate above 0, all others at most 0. Say it as a count.",
            "How many components have a rate above 0? Count along the last axis, whatever comes before it.",
        ),
        right="For any number of components, and for any number of points at once.",
        task=WINNER,
    ),
    Exercise(
        id="03.4",
        title="The true Jacobian at a corner",
        difficulty=2,
        minutes=5,
        hints=(
            "Take (1) and (2) as they stand. The derivative of aₖ with respect to Jₖ is 1 − 2Jₖ.",
            "Each of the four entries still has a factor a₁ or a₂. What are these at (0, 1)?",
        ),
        right="It says nothing, and that says a lot: no exponential, in no direction.",
        task=CORNER,
    ),
    Exercise(
        id="03.5",
        title="The share of angles",
        difficulty=2,
        minutes=4,
        hints=(
            "Near the origin aₖ is about Jₖ. Task 1 takes all below the line J₂ = J₁/2: what is its angle?",
            "There is as much on the other side, for task 2. Divide by a right angle.",
        ),
        right="The paper's number, for a start that is uniform in angle. Exercise 03.7 takes other laws.",
        task=ANGLES,
    ),
    Exercise(
        id="03.6",
        title="The area in which one takes all",
        difficulty=3,
        minutes=8,
        hints=(
            "The left tint at height J₂ reaches from 0 to the null cline. Solve 2a₁ = a₂ for the smaller J₁.",
            "With v = J₂ − 1/2 its width is 1/2 − √((1/4 + v²)/2). Integrate over v, and count four tints.",
            "The integral of √(1 + u²) is (u√(1 + u²) + arcsinh u)/2. Or let numpy add up a fine grid.",
        ),
        right="Less than two fifths of the square. With pencil: one minus arcsinh 1 over the root of two.",
        task=AREA,
    ),
    Exercise(
        id="03.7",
        title="One word, three numbers, any cosine",
        difficulty=3,
        minutes=12,
        hints=(
            "With equal lengths J₂' is proportional to a₂(a₂ + cosine · a₁). Where does it vanish near the origin?",
            "Task 1 takes all below a line of slope r, minus the cosine; task 2 above its mirror image.",
            "Angle: an arctangent against a right angle. Square: two triangles. Line: where does it meet J₂ = r J₁?",
        ),
        right="Three laws of the start, three shares; they agree at the cosines 0 and −1 only.",
        task=SHARES,
    ),
    Exercise(
        id="03.8",
        title="How learners arrive",
        difficulty=3,
        minutes=10,
        hints=(
            "Put J₁ = 1 − p and J₂ = 1 − r. Then a₁ = p(1 − p), which is p to lowest order, and p' = −J₁'.",
            "m = r/p gives m' = (r' − m p')/p. Replace r by m p: a factor p comes out.",
        ),
        right="m runs to 1 from both sides: learners arrive at (1, 1) side by side, as they left (0, 0).",
        task=BLOW_UP,
    ),
    Exercise(
        id="03.9",
        title="Out of the tint",
        difficulty=4,
        minutes=15,
        hints=(
            "`dynamics.orbit(velocity, start).components` has one row for each record. In the tint J₁' < 0.",
            "Find the first record with J₁' > 0. The exit lies between it and the one before.",
            "Take J₁' at both records, and interpolate J₂ to the value at which J₁' is 0, for example by `np.interp`.",
        ),
        right="Always above one half, and often far from 1.",
        task=LEAVES,
    ),
    Exercise(
        id="03.10",
        title="From the white into a tint",
        difficulty=3,
        minutes=6,
        hints=(
            "Start where one task all but stands still: close to a null cline, on its white side, in its lower half.",
            "The lower, the longer the way through the tint. Both J must be at least 0.05: how close can you get?",
        ),
        right="Both tasks improved, and then one of them lost nearly all it had. Being in a tint is not necessary.",
        task=INTO_A_TINT,
    ),
    Exercise(
        id="03.11",
        title="Why is it not a change of clock?",
        difficulty=3,
        minutes=5,
        hints=(
            "Draw one arrow (J₁', J₂'). Divide both entries by 3. Then divide one by 3 and the other by 5.",
            "Then ask what happens to 2aₖ at a corner, when you go back from the quotient to the flow.",
        ),
        right="Compare yours with this one.",
        task=DIVIDED,
    ),
)
