"""Exact statements about deep linear networks under half the mean squared error.  [Schaul19 Sec. 3.4]

y = W_L ... W_1 x; sizes = (in, widths of the hidden layers ..., out), so W_l is (sizes[l], sizes[l - 1]) and
L = len(sizes) - 1. S_xy = E[y x^T], (out, in), and S_xx = E[x x^T]. One mode has the strength s in the target and u in
the product, u0 at the start.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from typing import Any

import sympy as sp

from raylab import arguments

# Returns are Any where sympy's own types would say of an entry of a matrix that it may be a list.

S, U, U0, T, TAU = sp.symbols("s u u0 t tau", positive=True)
IMBALANCE = sp.Symbol("q", positive=True)  # |w1^2 - w2^2| of the two weights of one mode, conserved
L = sp.Symbol("L", positive=True)  # depth
J = sp.Symbol("J", positive=True)
VARIANCE = sp.Symbol("lambda", positive=True)  # of the inputs along one mode


def layers(sizes: Sequence[int]) -> tuple[Any, ...]:
    """W_1 ... W_L with an own symbol for each entry, wl_ij.

    Raises TypeError or ValueError unless sizes are two or more whole numbers from 1 on.
    """
    return tuple(
        sp.Matrix(wide, narrow, lambda i, j, n=n: sp.Symbol(f"w{n + 1}_{i + 1}{j + 1}", real=True))
        for n, (narrow, wide) in enumerate(pairwise(_sizes(sizes)))
    )


def correlation(sizes: Sequence[int]) -> Any:
    """S_xy = E[y x^T], (out, in): the convention in which Saxe's rules hold.  [ledger S42]  Raises as `layers`."""
    ins, *_, outs = _sizes(sizes)
    return sp.Matrix(outs, ins, lambda i, j: sp.Symbol(f"Sxy{i + 1}{j + 1}", real=True))


def covariance(sizes: Sequence[int]) -> Any:
    """S_xx = E[x x^T], symmetric, (in, in). Raises as `layers`."""
    ins = _sizes(sizes)[0]
    return sp.Matrix(ins, ins, lambda i, j: sp.Symbol(f"Sxx{min(i, j) + 1}{max(i, j) + 1}", real=True))


def loss(sizes: Sequence[int]) -> Any:
    """E|y - W x|^2 / 2 without its constant E|y|^2 / 2: tr(W S_xx W^T) / 2 - tr(W S_xy^T). Raises as `layers`."""
    W = _product(layers(sizes))
    return sp.expand(sp.trace(W * covariance(sizes) * W.T) / 2 - sp.trace(W * correlation(sizes).T))


def flow(sizes: Sequence[int]) -> tuple[Any, ...]:
    """W_1' ... W_L', the negative gradient of `loss`, entry by entry. Raises as `layers`."""
    value = loss(sizes)
    return tuple(W.applyfunc(lambda w: -sp.diff(value, w)) for W in layers(sizes))


def update_rules(sizes: Sequence[int]) -> tuple[Any, ...]:
    """W_l' = (W_L ... W_{l+1})^T (S_xy - W S_xx) (W_{l-1} ... W_1)^T, equal to `flow`.  [Schaul19 Sec. 3.4]

    For L = 2: W_1' = W_2^T (S_xy - W_2 W_1 S_xx), W_2' = (S_xy - W_2 W_1 S_xx) W_1^T. Raises as `layers`.
    """
    W = layers(sizes)
    error = correlation(sizes) - _product(W) * covariance(sizes)
    after = [_product(W[n + 1 :], sizes[-1]) for n in range(len(W))]
    before = [_product(W[:n], sizes[0]) for n in range(len(W))]
    return tuple((after[n].T * error * before[n].T).applyfunc(sp.expand) for n in range(len(W)))


def invariants(sizes: Sequence[int]) -> tuple[Any, ...]:
    """W_{l+1}^T W_{l+1} - W_l W_l^T, l = 1 ... L - 1: constant along `flow`, for any data. Raises as `layers`."""
    return tuple((after.T * after - W * W.T).applyfunc(sp.expand) for W, after in pairwise(layers(sizes)))


def along_flow(quantity: Any, sizes: Sequence[int]) -> Any:
    """d/dt of an expression or matrix in the entries of `layers`.

    Raises TypeError if it is neither, else as `layers`.
    """
    if not isinstance(quantity, sp.Expr | sp.MatrixBase):
        raise TypeError(
            f"quantity: expected a sympy expression or matrix, found a value of type {type(quantity).__name__}; "
            "build it from the entries of layers(sizes)."
        )
    weights = [w for W in layers(sizes) for w in W]
    moves = [rate for rates in flow(sizes) for rate in rates]
    slopes = [sp.diff(quantity, w) * rate for w, rate in zip(weights, moves, strict=True)]
    found = reduce(lambda a, b: a + b, slopes)
    return found.applyfunc(sp.expand) if isinstance(found, sp.MatrixBase) else sp.expand(found)


def mode_rate() -> Any:
    """tau u' = L u^(2 - 2/L) (s - u): one aligned mode, every layer at u^(1/L), inputs white.  [ledger N13]

    From the rules above with one unit in each layer, c' = c^(L - 1) (s - c^L) for each of the L equal weights, u = c^L.
    """
    c = U ** (1 / L)
    return sp.powsimp(L * c ** (L - 1) * (c ** (L - 1) * (S - c**L)), force=True)


def coloured_mode_rate() -> Any:
    """The same for inputs of variance lambda along the mode: u and s are of W and of the best map, S_xy / S_xx.

    lambda times `mode_rate`: E[y x] = lambda s sets the pace of a small start, and s the end.
    """
    return VARIANCE * mode_rate()


def mode() -> Any:
    """u(t) for L = 2: s e^(2st/tau) / (e^(2st/tau) - 1 + s/u0).  [ledger N13]"""
    grown = sp.exp(2 * S * T / TAU)
    return S * grown / (grown - 1 + S / U0)


def single_layer() -> Any:
    """u(t) for L = 1, s + (u0 - s) e^(-t/tau): no wait, whatever the start."""
    return S + (U0 - S) * sp.exp(-T / TAU)


def half_time() -> Any:
    """The t at which `mode` is s/2: tau log(s/u0 - 1) / (2 s).  [ledger N13]"""
    (found,) = sp.solve(sp.Eq(mode(), S / 2), T)
    return sp.simplify(found)


def clock() -> Any:
    """F(u) with tau F' = 1/u' for L > 2, so that F(u) - F(u0) is the time from u0 to u.  [ledger S43]

    tau s^(2/L - 2) (-m^(2/L - 1) / (L - 2) + (m^(2/L) / 2) 2F1(1, 2/L; 1 + 2/L; m)), m = u / s.
    """
    m, b = U / S, 2 / L
    return TAU * S ** (b - 2) * (-(m ** (b - 1)) / (L - 2) + m**b / 2 * sp.hyper((1, b), (1 + b,), m))


def hyperbolic_wait() -> Any:
    """The time to s/2 from a small u0, to leading order, L > 2: tau u0^-(1 - 2/L) / ((L - 2) s).  [ledger S43]

    Without its growth slowed by s - u the mode obeys tau u' = L s u^(2 - 2/L), and this is its time to infinity.
    """
    v = sp.Symbol("v", positive=True)
    rate = v ** (2 / L - 2)
    primitive = rate * v / (2 / L - 1)
    return sp.powsimp(sp.simplify(-TAU / (L * S) * primitive.subs(v, U0)), force=True)


def unbalanced_rate() -> Any:
    """tau u' = sqrt(q^2 + 4 u^2) (s - u): one aligned mode of two layers, inputs white.  [ledger N21]

    The weights w1 and w2 have u = w1 w2 and u' = (w1^2 + w2^2) (s - u); q = 0 is `mode_rate` with L = 2.
    """
    return sp.sqrt(IMBALANCE**2 + 4 * U**2) * (S - U)


def turns() -> tuple[Any, Any]:
    """The two u at which J' of `unbalanced_rate` is stationary: least, then largest.  [ledger N21]

    (s -+ sqrt(s^2 - 6 q^2)) / 6, real and apart for q < s / sqrt(6) only: from there on J' falls from first to last.
    """
    root = sp.sqrt(S**2 - 6 * IMBALANCE**2)
    return (S - root) / 6, (S + root) / 6


def unbalanced_half_time() -> Any:
    """The t from u = 0 to s/2 by `unbalanced_rate`: a logarithm over d = sqrt(4 s^2 + q^2).  [ledger N21]

    In y = e^asinh(2 u / q) it is tau y' = (q / 2) (y_+ - y) (y - y_-) with y_+- = (2 s +- d) / q: one logistic curve.
    """
    d = sp.sqrt(4 * S**2 + IMBALANCE**2)
    high, low, half = (2 * S + d) / IMBALANCE, (2 * S - d) / IMBALANCE, (S + sp.sqrt(S**2 + IMBALANCE**2)) / IMBALANCE
    return TAU / d * sp.log((half - low) * (high - 1) / ((high - half) * (1 - low)))


def seed_products(modes: int) -> Any:
    """Q0: the inner products rho_a . rho_b of the seeds of r modes, symmetric, (r, r).

    Raises TypeError or ValueError unless modes is a whole number from 1 to 9.
    """
    r = _few(modes, 9)
    return sp.Matrix(r, r, lambda i, j: sp.Symbol(f"g{min(i, j) + 1}{max(i, j) + 1}", real=True))


def mirrored(modes: int) -> Any:
    """W_1^T W_1 in the target's own axes, (r, r), where W_1 v_a = W_2^T u_a = rho_a at the start.  [ledger N20]

    tau Q' = S Q + Q S - 2 Q^2, known, so that Q(t) = e^St (Q0^-1 + D)^-1 e^St with D = (e^2St - 1) / S. On its diagonal
    stand the modes' strengths. Two layers, white inputs; S = diag(s1, s2, ...), and weights nowhere but in the modes.
    Raises TypeError or ValueError unless modes is 1, 2 or 3.
    """
    Q0 = seed_products(_few(modes, 3))
    strengths = [sp.Symbol(f"s{a + 1}", positive=True) for a in range(Q0.rows)]
    grown = sp.diag(*(sp.exp(s * T / TAU) for s in strengths))
    D = sp.diag(*((sp.exp(2 * s * T / TAU) - 1) / s for s in strengths))
    rest = sp.eye(Q0.rows) + D * Q0
    return grown * Q0 * rest.adjugate() * grown / rest.det()  # an elimination swells from three modes on


def left_over(modes: int) -> Any:
    """Of the last mode's seed: the square of what is orthogonal to the seeds of all before it.  [ledger N20]

    By Gram and Schmidt, det Q0 over the same without the last row and column.
    Raises TypeError or ValueError unless modes is a whole number from 1 to 5.
    """
    Q0 = seed_products(_few(modes, 5))
    return sp.factor(Q0.det() / Q0[:-1, :-1].det())


def mode_performance() -> Any:
    """J of one mode of strength u, in units of the loss: (s^2 - (s - u)^2) / 2."""
    return sp.expand((S**2 - (S - U) ** 2) / 2)


def coupling() -> Any:
    """f(J) = |grad J| of one aligned, balanced mode: sqrt(L) (s - u) u^(1 - 1/L) with u = s - sqrt(s^2 - 2 J).

    Its direction is constant, all L weights alike, so such modes are factored objectives [Schaul19 Eq. 5], orthogonal
    ones. f ~ J^(1 - 1/L) near 0: no performance, no learning, unless L = 1.  [ledger S43]
    """
    u = S - sp.sqrt(S**2 - 2 * J)
    return sp.sqrt(L) * (S - u) * u ** (1 - 1 / L)


def coupling_near_zero() -> Any:
    """sqrt(L) s^(1/L) J^(1 - 1/L), the leading order of `coupling`: J ~ s u there."""
    return sp.sqrt(L) * S ** (1 / L) * J ** (1 - 1 / L)


def errors(sizes: Sequence[int], white: bool = True) -> Any:
    """E = T - W R in the target's own axes, T = diag(s1, s2, ...): e_ab for mode a, b, (out, in).

    White inputs have R = 1, others any symmetric R with R^2 = S_xx. Raises as `layers`, TypeError if white is no bool.
    """
    ins, *_, outs = _sizes(sizes)
    root = sp.eye(ins) if arguments.flag(white, "white") else _root(ins)
    target = sp.Matrix(outs, ins, lambda i, j: sp.Symbol(f"s{i + 1}", positive=True) if i == j else 0)
    return target - _product(layers(sizes)) * root


def mode_products(sizes: Sequence[int], white: bool = True) -> Any:
    """Inner products of the gradients of J_a = (s_a^2 - e_aa^2) / 2, (r, r) with r = min(in, out).  [ledger S44]

    The layer l adds e_aa e_bb (P P^T)_ab (R Q^T Q R)_ab, P = W_L ... W_{l+1} and Q = W_{l-1} ... W_1. So for a != b all
    is 0, whatever the weights, in one layer, and in two if the inputs are white; from three on the inner layers remain.
    Raises as `errors`.
    """
    E = errors(sizes, white)
    return _products([[E[a, a]] for a in range(min(E.shape))], sizes)


def output_products(sizes: Sequence[int], white: bool = True) -> Any:
    """Inner products of the gradients of J_a = (s_a^2 - sum_b e_ab^2) / 2, (out, out).  [ledger S44]

    Two layers, a != b: (W_2 W_2^T)_ab (E R^2 E^T)_ab, of either sign. Raises as `errors`.
    """
    E = errors(sizes, white)
    return _products([list(E.row(a)) for a in range(E.rows)], sizes)


def _products(errors: Sequence[Sequence[Any]], sizes: Sequence[int]) -> Any:
    """Of the gradients of - sum_i e_i^2 / 2, one list of e_i for each component: sum_ij e_i e_j grad e_i . grad e_j."""
    weights = [w for W in layers(sizes) for w in W]
    slopes = [[[sp.diff(e, w) for w in weights] for e in row] for row in errors]

    def product(a: int, b: int) -> Any:
        pairs = [(i, j) for i in range(len(errors[a])) for j in range(len(errors[b]))]
        inner = [sum(x * y for x, y in zip(slopes[a][i], slopes[b][j], strict=True)) for i, j in pairs]
        return sp.Add(
            *(errors[a][i] * errors[b][j] * sp.expand(both) for (i, j), both in zip(pairs, inner, strict=True))
        )

    return sp.Matrix(len(errors), len(errors), product)


def _root(ins: int) -> Any:
    return sp.Matrix(ins, ins, lambda i, j: sp.Symbol(f"R{min(i, j) + 1}{max(i, j) + 1}", real=True))


def _product(chosen: Sequence[Any], units: int = 1) -> Any:
    """The last times ... times the first; the identity of this size if there is none."""
    return reduce(lambda W, layer: layer * W, chosen) if chosen else sp.eye(units)


def _few(modes: Any, most: int) -> int:
    """What is written out for more modes fills pages, and takes minutes."""
    found = arguments.count(modes, "modes")
    if found > most:
        raise ValueError(f"modes: expected at most {most}, found {found}; compute with numbers instead.")
    return found


def _sizes(sizes: Any) -> list[int]:
    found = [arguments.count(size, f"sizes[{i}]") for i, size in enumerate(arguments.sequence(sizes, "sizes"))]
    if not 2 <= len(found) <= 9 or max(found) > 9:
        raise ValueError(f"sizes: expected two to nine numbers up to 9, found {found}; inputs first, outputs last.")
    return found
