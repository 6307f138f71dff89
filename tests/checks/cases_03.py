"""What people write for the exercises of chapter 03: right ones, wrong ones, nearly right ones."""

import numpy as np
import sympy as sp
from scipy.integrate import quad, solve_ivp
from scipy.special import expit, logit

from raylab import dynamics

# ----------------------------------------------------------------------------------------------- 03.1 velocity

V = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0]])


def by_chain_rule(J):
    G = (J * (1 - J))[..., None] * V
    return np.einsum("...kd,...jd->...k", G, G)


def by_components(J):
    J1, J2 = J[..., 0], J[..., 1]
    a1, a2 = J1 * (1 - J1), J2 * (1 - J2)
    return np.stack([2 * a1**2 - a1 * a2, 2 * a2**2 - a1 * a2], axis=-1)


def by_matrix(J):
    a = J - J**2
    return a * (a @ np.array([[2.0, -1.0], [-1.0, 2.0]]))


def by_a_small_step(J):
    """Central difference along the step, in 50 digits' worth of care: complex step."""
    theta = np.stack([np.log(J[..., 0] / (1 - J[..., 0])), np.log(J[..., 1] / (1 - J[..., 1])), 0 * J[..., 0]], axis=-1)
    step = ((J * (1 - J))[..., None] * V).sum(axis=-2)
    x = (theta + 1e-30j * step) @ V.T
    return (1 / (1 + np.exp(-x))).imag / 1e-30


def of_pairs(rule):
    """The form in which most people write it first: two lines and a stack."""

    def velocity(J):
        J1, J2 = J[..., 0], J[..., 1]
        return np.stack(rule(J1, J2, J1 * (1 - J1), J2 * (1 - J2)), axis=-1)

    return velocity


def unpacked(J):
    J1, J2 = J
    a, b = J1 * (1 - J1), J2 * (1 - J2)
    return np.array([2 * a * a - a * b, 2 * b * b - a * b])


def first_axis(J):
    J1, J2 = J[..., 0], J[..., 1]
    a, b = J1 * (1 - J1), J2 * (1 - J2)
    return np.array([2 * a * a - a * b, 2 * b * b - a * b])


def in_place(J):
    J *= 1 - J
    return 2 * J**2 - (J[..., 0] * J[..., 1])[..., None]


def with_python_if(J):
    a = J * (1 - J)
    out = 2 * a**2 - a.prod()
    return np.where(J > 0.5, out, out)


# ------------------------------------------------------------------------------------------ 03.2 the null clines

J1, J2 = sp.symbols("J1 J2")
P1, P2 = sp.symbols("J1 J2", positive=True)
A1, A2 = J1 * (1 - J1), J2 * (1 - J2)
HALF, QUARTER = sp.Rational(1, 2), sp.Rational(1, 4)
B1, B2 = sp.symbols("a1 a2")  # the slopes as mere letters


def hyperbola(own, other, sign=-1, right=QUARTER):
    return sp.Eq(2 * (own - HALF) ** 2 + sign * (other - HALF) ** 2, right)


# ------------------------------------------------------------------------------------- 03.3 winner takes all


def by_counting(rates):
    return np.count_nonzero(np.asarray(rates) > 0, axis=-1) == 1


def by_sorting(rates):
    s = np.sort(rates, axis=-1)
    second = s[..., -2] if s.shape[-1] > 1 else np.zeros(s.shape[:-1])
    return (s[..., -1] > 0) & (second <= 0)


def by_the_definition(rates):
    wins = np.zeros(rates.shape[:-1], dtype=bool)
    for k in range(rates.shape[-1]):
        wins |= (rates[..., k] > 0) & (np.delete(rates, k, axis=-1) <= 0).all(axis=-1)
    return wins


def by_losers(rates):
    return (rates <= 0).sum(-1) == rates.shape[-1] - 1


def first_is_positive_rest_not(rates):
    order = np.sort(rates, axis=-1)[..., ::-1]
    return (order[..., 1:] <= 0).all(axis=-1)


def one_up_rest_down(rates):
    up, down = (rates > 0).sum(-1), (rates < 0).sum(-1)
    return np.logical_and(up == 1, up + down == rates.shape[-1])


def almost_no_other(rates):
    return (rates.max(-1) > 0) & ((rates > 1e-12).sum(-1) <= 1)


def xor(rates):
    return np.logical_xor(rates[..., 0] > 0, rates[..., -1] > 0)


def mixed(rates):
    return (rates.max(-1) > 0) & (rates.min(-1) <= 0)


def opposite_signs(rates):
    return (rates.max(-1) > 0) & (rates.min(-1) < 0)


def loops_over_rows(rates):
    return sum(1 for r in rates if r > 0) == 1


# --------------------------------------------------------------------------------------------- 03.4 the corner

FLOW = sp.Matrix([2 * A1**2 - A1 * A2, 2 * A2**2 - A1 * A2])
DIVIDED = sp.Matrix([A1 - A2 / 2, A2 - A1 / 2])


def at(matrix, corner=(0, 1)):
    return matrix.jacobian([J1, J2]).subs({J1: corner[0], J2: corner[1]})


# ---------------------------------------------------------------------------------------- 03.5, 03.6: numbers

RNG = np.random.default_rng(5)


def width(v):
    return 0.5 - np.sqrt((0.25 + v * v) / 2)


# ------------------------------------------------------------------------------------------------ 03.7 shares


def by_slopes(cosine):
    r = np.clip(-cosine, 0, None)
    return np.array([2 * np.arctan2(r, 1) / (np.pi / 2), 2 * (r / 2), 1 - (1 - r) / (1 + r)])


def by_counting_starts(cosine):
    """Midpoint sums, exact in the limit: only for the two shares that are areas or lengths."""
    r = -cosine if cosine < 0 else 0.0
    angle = quad(lambda phi: float(np.tan(phi) < r), 0, np.pi / 4, points=[np.arctan(r)])[0] * 4 / np.pi
    return np.array([angle, r, 2 * (r / (1 + r))])


def by_drawing(cosine):
    x = np.random.default_rng(0).uniform(0, 1, (100_000, 2))
    turn = np.stack([np.cos(np.pi / 2 * x[:, 0]), np.sin(np.pi / 2 * x[:, 0])], axis=-1)
    starts = turn, x, np.stack([x[:, 0], 1 - x[:, 0]], axis=-1)
    return np.array([((s + cosine * s[:, ::-1] > 0).sum(-1) == 1).mean() for s in starts])


def plain_shares(change):
    def shares(cosine):
        r = -cosine
        return np.array(change(r))

    return shares


# --------------------------------------------------------------------------------------------- 03.8 blow-up

p, r, m, h = sp.symbols("p r m h")


def arriving():
    """The way of the chapter: scale by h, read off the power."""
    scaled = FLOW.subs({J1: 1 - h * p, J2: 1 - h * r}, simultaneous=True)
    first, second = (-sp.expand(e).coeff(h, 2) for e in scaled)
    turn = ((second / p) - r * first / p**2).subs(r, m * p)
    return first, second, sp.simplify(turn / p)


# -------------------------------------------------------------------------------------------- 03.9 leaves_at


def flow_until(start, event):
    event.terminal = True
    rate = lambda _, x: 2 * expit(x) * expit(-x) - (expit(x) * expit(-x))[::-1]
    run = solve_ivp(rate, (0, 1e6), logit(start), "DOP853", rtol=1e-9, atol=1e-11, events=event)
    return expit(run.y_events[0][0])


def _turns(_, x):
    a = expit(x) * expit(-x)
    return 2 * a[0] - a[1]


def by_event(start):
    return float(flow_until(start, _turns)[1])


def by_small_steps(start):
    """Explicit Euler in J, small steps, until J1 rises."""
    J = np.array(start)
    while True:
        rate = by_components(J)
        if rate[0] > 0:
            return float(J[1])
        J = J + 0.005 * rate


def by_lowest_point(start):
    """J1 is lowest at the exit: interpolate J2 there on a dense orbit."""
    t = np.linspace(0, 400, 40_001)
    run = solve_ivp(lambda _, J: by_components(J), (0, 400), start, "DOP853", t_eval=t, rtol=1e-9, atol=1e-12)
    return float(run.y[1, run.y[0].argmin()])


def crosses_half_way(start):
    return float(flow_until(start, lambda _, x: expit(x).sum() - 1)[1])


def mirror(start):
    """The null cline, straight above the start."""
    return float((1 + np.sqrt(1 - 8 * start[0] * (1 - start[0]))) / 2)


def leaves_the_last_tint(start):
    """The top tint, in which task 1 takes all, comes after the left one."""
    path = dynamics.orbit(by_components, start).components
    return float(path[np.flatnonzero(by_counting(by_components(path)))[-1], 1])


CASES = {
    "03.1": {
        "right": {
            "chain rule": by_chain_rule,
            "two lines": by_components,
            "a matrix": by_matrix,
            "complex step": by_a_small_step,
        },
        "wrong": {
            "tabular": (of_pairs(lambda x, y, a, b: (a * a, b * b)), "shares nothing"),
            "own gradient": (of_pairs(lambda x, y, a, b: (2 * a * a, 2 * b * b)), "own gradient only"),
            "helping": (of_pairs(lambda x, y, a, b: (a * (2 * a + b), b * (2 * b + a))), "help each other"),
            "product twice": (of_pairs(lambda x, y, a, b: (2 * a * (a - b), 2 * b * (b - a))), "comes once"),
            "pull once": (of_pairs(lambda x, y, a, b: (a * a - a * b, b * b - a * b)), "pulls itself twice"),
            "exchanged": (of_pairs(lambda x, y, a, b: (2 * b * b - a * b, 2 * a * a - a * b)), "changed places"),
            "logits": (of_pairs(lambda x, y, a, b: (2 * a - b, 2 * b - a)), "the logits"),
            "App. B.1": (of_pairs(lambda x, y, a, b: (a - 0.5 * b, b - 0.5 * a)), "divided by 2aₖ"),
            "supervised": (of_pairs(lambda x, y, a, b: (a * (1 - 2 * x + y), b * (1 - 2 * y + x))), "is taught"),
            "J for a": (of_pairs(lambda x, y, a, b: (2 * x * x - x * y, 2 * y * y - x * y)), "in place of the slope"),
            "square of the other": (
                of_pairs(lambda x, y, a, b: (2 * a * a - b * b, 2 * b * b - a * a)),
                "not the square",
            ),
            "descent": (of_pairs(lambda x, y, a, b: (a * b - 2 * a * a, a * b - 2 * b * b)), "signs of everything"),
            "projected": (of_pairs(lambda x, y, a, b: (1.5 * a * a, 1.5 * b * b)), "instances differ"),
            "right on the diagonal": (of_pairs(lambda x, y, a, b: (a * b, a * b)), "instances differ"),
            "sum of rates": (lambda J: by_components(J).sum(-1), "shape"),
            "cosine itself": (
                of_pairs(lambda x, y, a, b: (2 * a * a - 0.5 * a * b, 2 * b * b - 0.5 * a * b)),
                "differ",
            ),
        },
        "almost": {
            "full parameters": (
                of_pairs(lambda x, y, a, b: (4 * a * a - 2 * a * b, 4 * b * b - 2 * a * b)),
                "full param",
            ),
            "unpacks one point": (unpacked, "last axis"),
            "first axis": (first_axis, "last axis"),
            "product over everything": (with_python_if, "last axis"),
            "overwrites": (in_place, "overwrites"),
        },
    },
    "03.2": {
        "right": {
            "hyperbolae": (hyperbola(J1, J2), hyperbola(J2, J1)),
            "slopes": [sp.Eq(2 * P1 * (1 - P1), P2 * (1 - P2)), sp.Eq(P1 * (1 - P1), 2 * P2 * (1 - P2))],
            "expanded": (sp.Eq(sp.expand(A2 - 2 * A1), 0), sp.Eq(0, sp.expand(3 * A1 - 6 * A2))),
            "quotients": (sp.Eq(A2 / A1, 2), sp.Eq(A1 / A2, 2)),
            "one quotient": (sp.Eq(A1 / A2, HALF), sp.Eq(A1 / A2, 2)),
            "halves": [sp.Eq(A1, A2 / 2), sp.Eq(A2, A1 / 2)],
            "distances from the middle": sp.Tuple(
                sp.Eq(sp.Abs(J1 - HALF), sp.sqrt((QUARTER + (J2 - HALF) ** 2) / 2)),
                sp.Eq(sp.Abs(J2 - HALF), sp.sqrt((QUARTER + (J1 - HALF) ** 2) / 2)),
            ),
        },
        "wrong": {
            "tangents": ((sp.Eq(J2, 2 * J1), sp.Eq(J1, 2 * J2)), "straight line"),
            "no factor": ((sp.Eq(A1, A2), sp.Eq(A2, A1)), "factor 2 is lost"),
            "sign": ((sp.Eq(2 * A1 + A2, 0), sp.Eq(2 * A2 + A1, 0)), "never holds"),
            "ellipse": ((hyperbola(J1, J2, 1), hyperbola(J2, J1, 1)), "ellipse"),
            "constant": ((hyperbola(J1, J2, -1, HALF), hyperbola(J2, J1, -1, HALF)), "does not lie"),
            "sign of the constant": (
                (hyperbola(J1, J2, -1, -QUARTER), hyperbola(J2, J1, -1, -QUARTER)),
                "sign of the con",
            ),
            "one only": (sp.Eq(2 * A1, A2), "as a tuple"),
            "letters": ((sp.Eq(2 * B1, B2), sp.Eq(2 * B2, B1)), "has a1, a2 in it"),
            "solved for one": (sp.solve(A2 - 2 * A1, J1), "two branches of the first"),
            "second wrong": ((sp.Eq(2 * A1, A2), sp.Eq(A1, A2)), "Not yet right: number 2"),
            "nearly one": (
                (
                    sp.Eq(2 * A1 * sp.cos(194 * sp.pi * J1), A2),
                    sp.Eq(2 * A2 * sp.cos(194 * sp.pi * J2), A1),
                ),
                "0 of 2",
            ),
        },
        "almost": {
            "with the edges": ((sp.Eq(FLOW[0], 0), sp.Eq(FLOW[1], 0)), "two edges"),
            "no equation": ((2 * A1 - A2, 2 * A2 - A1), "Make it an equation"),
            "one branch": (
                (
                    sp.Eq(J1, HALF - sp.sqrt(2 + 8 * (J2 - HALF) ** 2) / 4),
                    sp.Eq(J2, HALF - sp.sqrt(2 + 8 * (J1 - HALF) ** 2) / 4),
                ),
                "the branch near 0",
            ),
            "exchanged": ((sp.Eq(2 * A2, A1), sp.Eq(2 * A1, A2)), "have changed places"),
            "decimals": (
                (
                    sp.Eq(2 * (J1 - 0.5) ** 2 - (J2 - 0.5) ** 2, 0.25),
                    sp.Eq(2 * (J2 - 0.5) ** 2 - (J1 - 0.5) ** 2, 0.25),
                ),
                "exact ones",
            ),
        },
    },
    "03.3": {
        "right": {
            "count": by_counting,
            "sort": by_sorting,
            "definition": by_the_definition,
            "count the losers": by_losers,
        },
        "wrong": {
            "zero counts": (lambda rates: np.sum(rates >= 0, axis=-1) == 1, "stands still counts"),
            "others must decline": (one_up_rest_down, "may also stand still"),
            "nobody wins": (first_is_positive_rest_not, "does anybody"),
            "some do, some do not": (mixed, "can share the win"),
            "some up, some down": (opposite_signs, "two against one"),
            "any decline": (lambda rates: rates.min(axis=-1) < 0, "is not enough"),
            "product": (lambda rates: np.prod(rates, -1) < 0, "counts minus signs"),
            "two only": (xor, "Written for two"),
            "argmax": (lambda rates: rates.argmax(-1), "who is first"),
            "threshold": (lambda rates: (rates > 1e-9).sum(-1) == 1, "threshold hides"),
            "small threshold": (lambda rates: (rates > 1e-30).sum(-1) == 1, "threshold hides"),
            "threshold for losers": (almost_no_other, "threshold for the others"),
            "all improve": (lambda rates: (rates > 0).all(-1), "instances differ"),
            "not all improve": (lambda rates: ~(rates > 0).all(-1), "instances differ"),
            "largest beats the sum": (lambda rates: 2 * rates.max(-1) > np.abs(rates).sum(-1), "instances differ"),
        },
        "almost": {
            "whole array": (lambda rates: np.count_nonzero(rates > 0) == 1, "all of them together"),
            "first axis": (lambda rates: np.sum(rates > 0, axis=0) == 1, "first axis counts"),
            "numbers": (lambda rates: 1.0 * ((rates > 0).sum(-1) == 1), "Hand back bool"),
        },
    },
    "03.4": {
        "right": {
            "computed": at(FLOW),
            "numpy": np.zeros((2, 2)),
            "lists": [[0, 0], [0, 0]],
        },
        "wrong": {
            "printed": (sp.Matrix([[1, HALF], [-HALF, -1]]), "divided by 2aₖ"),
            "printed, floats": (np.array([[1, 0.5], [-0.5, -1]]), "divided by 2aₖ"),
            "printed, transposed": (sp.Matrix([[1, -HALF], [HALF, -1]]), "transposed, at the corner"),
            "printed, everywhere": (DIVIDED.jacobian([J1, J2]), "not yet at the corner"),
            "logits": (at(2 * DIVIDED), "speed of the logits"),
            "supervised": (sp.Matrix([[2, 0], [0, 1]]), "supervised"),
            "slopes of a": (sp.diag(1, -1), "derivatives of a₁"),
            "two": (2 * sp.eye(2), "stays, but its derivative"),
            "determinant": (sp.Integer(0), "Matrix"),
            "another corner": (at(DIVIDED, (0, 0)), "another expression"),
        },
        "almost": {"everywhere": (FLOW.jacobian([J1, J2]), "put J₁ = 0 and J₂ = 1")},
    },
    "03.5": {
        "right": {
            "exact": 4 / sp.pi * sp.atan(sp.Rational(1, 2)),
            "sampled": float(np.mean(np.abs(RNG.uniform(0, 90, 4_000_000) - 45) > 45 - np.degrees(np.arctan(0.5)))),
            "degrees": 2 * 26.565 / 90,
        },
        "wrong": {
            "one side": (26.565 / 90, "one of the two"),
            "complement": (0.4097, "both improve"),
            "radians": (0.4636, "in radians"),
            "square": (0.5, "small square"),
            "line": (0.667, "Two thirds"),
            "whole square": (0.3768, "whole square"),
            "other line": (2 * np.arctan(2) / np.pi, "other* null"),
            "nonsense": (0.1, "too small"),
        },
        "almost": {"percent": (59.03, "In percent"), "whole percent": (59, "In percent")},
    },
    "03.6": {
        "right": {
            "exact": 1 - sp.asinh(1) / sp.sqrt(2),
            "quadrature": 4 * quad(width, -0.5, 0.5)[0],
            "logarithm": 1 - np.log(1 + np.sqrt(2)) / np.sqrt(2),
        },
        "wrong": {
            "one task": (2 * quad(width, -0.5, 0.5)[0], "One task only"),
            "one tint": (quad(width, -0.5, 0.5)[0], "One tint of four"),
            "white": (0.6232, "white"),
            "triangles": (4 * width(0) / 2, "Triangles"),
            "half": (0.5, "straight lines from corner"),
            "angles": (0.5903, "share of angles"),
            "boxes": (4 * width(0), "at every height"),
            "coarse": (0.38, "too large"),
            "a symbol left": (HALF * sp.Symbol("v") - sp.asinh(2 * sp.Symbol("v")), "an expression in v"),
        },
        "almost": {"percent": (37.68, "In percent"), "whole percent": (38, "In percent")},
    },
    "03.7": {
        "right": {"slopes": by_slopes, "by counting": by_counting_starts},
        "wrong": {
            "always -1/2": (lambda c: np.array([0.5903344706017331, 0.5, 2 / 3]), "whatever the cosine"),
            "the cosine itself": (
                lambda c: np.array([4 * np.arctan(c) / np.pi, c, 2 * c / (1 + c)]),
                "The sign: with",
            ),
            "one task": (plain_shares(lambda r: [2 * np.arctan(r) / np.pi, r / 2, r / (1 + r)]), "half of what"),
            "half the angles": (
                plain_shares(lambda r: [2 * np.arctan(r) / np.pi, r, 2 * r / (1 + r)]),
                "one side only",
            ),
            "one triangle": (
                plain_shares(lambda r: [4 * np.arctan(r) / np.pi, r / 2, 2 * r / (1 + r)]),
                "two triangles",
            ),
            "one end": (plain_shares(lambda r: [4 * np.arctan(r) / np.pi, r, r / (1 + r)]), "both ends"),
            "sign on the line": (plain_shares(lambda r: [4 * np.arctan(r) / np.pi, r, 2 * r / (1 - r)]), "meet where"),
            "arcsine": (plain_shares(lambda r: [4 * np.arcsin(r) / np.pi, r, 2 * r / (1 + r)]), "arctangent"),
            "order": (plain_shares(lambda r: [r, 4 * np.arctan(r) / np.pi, 2 * r / (1 + r)]), "first two have changed"),
            "two shares": (plain_shares(lambda r: [r, 2 * r / (1 + r)]), "shape"),
            "sampled": (by_drawing, "instances differ"),
        },
        "almost": {
            "not below zero": (
                plain_shares(lambda r: [4 * np.arctan(r) / np.pi, r, 2 * r / (1 + r)]),
                "not negative nobody",
            ),
            "size only": (lambda c: by_slopes(-abs(c)), "not negative nobody"),
            "percent": (plain_shares(lambda r: [400 * np.arctan(r) / np.pi, 100 * r, 200 * r / (1 + r)]), "In percent"),
            "a list": (lambda c: list(by_slopes(c)), "as a list"),
        },
    },
    "03.8": {
        "right": {
            "scaled": arriving(),
            "expanded": [-2 * p**2 + p * r, p * r - 2 * r**2, 3 * m - 3 * m**2],
            "a vector": sp.Matrix([-2 * p**2 + p * r, p * r - 2 * r**2, 3 * m - 3 * m**2]),
            "as equations": tuple(
                sp.Eq(sp.Symbol(left), right)
                for left, right in zip(
                    ("dp", "dr", "dm"), (p * r - 2 * p**2, p * r - 2 * r**2, 3 * m * (1 - m)), strict=True
                )
            ),
        },
        "wrong": {
            "the origin": ((2 * p**2 - p * r, 2 * r**2 - p * r, 3 * m**2 - 3 * m), "All three signs"),
            "rates of J": ((2 * p**2 - p * r, 2 * r**2 - p * r, 3 * m - 3 * m**2), "what is missing shrinks"),
            "the corner (0, 1)": ((2 * p**2 - p * r, p * r - 2 * r**2, -m - m**2), "as in the chapter"),
            "quotient rule": ((p * r - 2 * p**2, p * r - 2 * r**2, 3 * m**2 - 3 * m), "quotient rule"),
            "logits": ((r - 2 * p, p - 2 * r, 3 * m - 3 * m**2), "speeds of the logits"),
            "linear": ((r / 2 - p, p / 2 - r, HALF - m**2 / 2), "Linear"),
        },
        "almost": {
            "nothing neglected": (
                (-FLOW[0].subs({J1: p, J2: r}), -FLOW[1].subs({J1: p, J2: r}), 3 * m - 3 * m**2),
                "Nothing is neglected",
            ),
            "two of three": ((p * r - 2 * p**2, p * r - 2 * r**2), "2 of 3"),
            "in r/p": ((p * r - 2 * p**2, p * r - 2 * r**2, 3 * r / p - 3 * (r / p) ** 2), "in m alone"),
            "not divided": ((p * r - 2 * p**2, p * r - 2 * r**2, 3 * m * p * (1 - m)), "*divided by p*"),
        },
    },
    "03.9": {
        "right": {"event": by_event, "small steps": by_small_steps, "lowest point": by_lowest_point},
        "wrong": {
            "nearly learned": (lambda start: 1.0, "Only in the limit"),
            "one half": (lambda start: 0.5, "*earliest*"),
            "the start": (lambda start: start[1], "J₂ of the start"),
            "straight up": (mirror, "straight up"),
            "the loser": (lambda start: flow_until(start, _turns)[0], "This is J₁"),
            "what is missing": (lambda start: 1 - flow_until(start, _turns)[1], "still lacks"),
            "half-way": (crosses_half_way, "J₁ + J₂ = 1"),
            "last exit": (leaves_the_last_tint, "the last exit"),
            "learned": (lambda start: 0.9, "instances differ"),
        },
        "almost": {},
    },
    "03.10": {
        "right": {
            "task 1 loses": np.array([0.05, 0.09]),
            "task 2 loses": np.array([0.085, 0.05]),
            "list": [0.051, 0.095],
        },
        "wrong": {
            "outside": (np.array([0.05, 1.2]), "inside the square"),
            "too low": (np.array([0.03, 0.055]), "Too low"),
            "late": (np.array([0.6, 0.8]), "beyond half-way"),
            "in a tint": (np.array([0.06, 0.3]), "In a tint already"),
            "on the diagonal": (np.array([0.1, 0.1]), "nobody ever"),
            "one number": (np.array([0.05]), "shape"),
        },
        "almost": {"not far enough": (np.array([0.1, 0.2]), "more than a sixth")},
    },
    "03.11": {
        "right": {
            "directions": "Each rate gets its own factor, so the ratio J1'/J2' and with it the direction of every "
            "arrow changes; a common factor would leave the directions and change the speed along the orbit.",
            "zero": "To get back to the flow you multiply row k with 2 a_k, and these are both zero in the corner, "
            "so the Jacobian there is zero and the matrix that was printed has no influence at all.",
            "a common factor": "A common factor is only a change of clock and keeps every direction. Here the two "
            "factors differ, so the arrows turn, and at a corner both are zero.",
            "the determinant": "Were both factors positive there, the sign of the determinant would survive; at a "
            "corner they are zero, so nothing of the printed matrix is left in the flow.",
            "the ratio": "The two factors differ, so the arrows point elsewhere. At a corner both vanish, their ratio "
            "is undefined there, and the Jacobian of the flow itself is zero.",
        },
        "wrong": {
            "a clock": (
                "Dividing a velocity by a positive function is just a change of clock, so it does not matter.",
                "ratio",
            ),
            "a clock, with a reason": (
                "It is only a change of clock, because a1 and a2 are positive, so all orbits stay the same and the "
                "matrix can be used at every corner.",
                "ratio",
            ),
            "no saddles": (
                "The linearisation belongs to another system and therefore the corners are not saddles.",
                "they are",
            ),
            "by zero": (
                "At the corners a_k is zero, so you divide by zero and the matrix is not defined there.",
                "harmless",
            ),
            "determinant": (
                "The determinant is printed with a wrong factor, so the classification does not follow.",
                "The slip",
            ),
        },
        "almost": {"short": ("It bends the arrows.", "Say a little more")},
    },
}
