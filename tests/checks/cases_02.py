"""What people write for the exercises of chapter 02: right ones, wrong ones, nearly right ones."""

import math
from fractions import Fraction

import numpy as np
import sympy as sp
from scipy.optimize import approx_fprime
from scipy.spatial.distance import cdist

# ------------------------------------------------------------------------------------------------- 02.1 cosine


def by_loop(G):
    """math.hypot scales by itself, so nothing underflows."""
    K = len(G)
    C = np.zeros((K, K))
    for k in range(K):
        for j in range(K):
            a, b = math.hypot(*G[k]), math.hypot(*G[j])
            if a > 0 and b > 0:
                C[k, j] = sum(x / a * (y / b) for x, y in zip(G[k], G[j], strict=True))
    return C


def by_powers_of_two(G):
    """The exponent of each row's largest entry is taken out exactly."""
    exponents = np.frexp(np.abs(G).max(axis=1))[1]
    U = np.ldexp(G, -exponents[:, None])
    n = np.linalg.norm(U, axis=1, keepdims=True)
    n[n == 0] = 1.0
    U = U / n
    return U @ U.T


def by_einsum(G):
    out = np.zeros((len(G), len(G)))
    live = np.flatnonzero(np.any(G != 0, axis=1))
    H = G[live] / np.max(np.abs(G[live]), axis=1)[:, None]
    H /= np.sqrt(np.einsum("kd,kd->k", H, H))[:, None]
    out[np.ix_(live, live)] = np.einsum("kd,jd->kj", H, H)
    return out


def by_signed_largest(G):
    """Zero rows are seen to, signs are not."""
    live = np.any(G != 0, axis=1)
    U = np.zeros_like(G)
    U[live] = G[live] / G[live].max(axis=1, keepdims=True)
    n = np.sqrt((U**2).sum(axis=1))
    n[n == 0] = 1
    return (U @ U.T) / n[:, None] / n


def dots(G):
    return np.array([[np.dot(g, h) for h in G] for g in G])


def one_length(G):
    unit = G / np.linalg.norm(G, axis=1, keepdims=True)
    return unit @ G.T


def other_length(G):
    unit = G / np.linalg.norm(G, axis=1, keepdims=True)
    return G @ unit.T


def squared_lengths(G):
    s = np.sum(G * G, axis=1)
    return dots(G) / (s[:, None] * s[None, :])


def frobenius(G):
    return G @ G.T / np.linalg.norm(G) ** 2


def without_sign(G):
    U = G / np.linalg.norm(G, axis=1, keepdims=True)
    return abs(U @ U.T)


def of_parameters(G):
    U = G / np.linalg.norm(G, axis=0)
    return U.T @ U


def distance(G):
    return cdist(G, G, "cosine")


def pearson(G):
    Z = G - G.mean(axis=1, keepdims=True)
    U = Z / np.linalg.norm(Z, axis=1, keepdims=True)
    return U @ U.T


def angle(G):
    U = G / np.linalg.norm(G, axis=1, keepdims=True)
    return np.arccos(np.clip(U @ U.T, -1, 1))


def off_diagonal(G):
    U = G / np.linalg.norm(G, axis=1, keepdims=True)
    return U @ U.T * (1 - np.eye(len(G)))


def upper_half(G):
    K = len(G)
    C = np.eye(K)
    for k in range(K):
        for j in range(k + 1, K):
            C[k, j] = G[k] @ G[j] / (np.linalg.norm(G[k]) * np.linalg.norm(G[j]))
    return C


def safe_from_zero(G):
    n = np.linalg.norm(G, axis=1)
    return G @ G.T / (n[:, None] * n[None, :] + 1e-8)


def each_safe_from_zero(G):
    U = G / (np.linalg.norm(G, axis=1, keepdims=True) + 1e-8)
    return U @ U.T


def barely_safe(G):
    n = np.maximum(np.linalg.norm(G, axis=1, keepdims=True), 1e-12)
    return (G / n) @ (G / n).T


def as_in_the_definition(G):
    n = np.linalg.norm(G, axis=1)
    return (G @ G.T) / np.outer(n, n)


def nan_to_num(G):
    return np.nan_to_num(as_in_the_definition(G))  # infinity becomes 1.8e308


def nan_to_zero(G):
    C = as_in_the_definition(G)
    C[~np.isfinite(C)] = 0
    return C


def ones_by_hand(G):
    C = by_powers_of_two(G)
    C[np.diag_indices(len(G))] = 1
    return C


def ones_and_nan_to_zero(G):
    C = nan_to_zero(G)
    C[np.diag_indices(len(G))] = 1
    return C


# ------------------------------------------------------------------------------------------ 02.3 uniform_interference


def by_gradients(K, n):
    """Straight from the definition: the two full gradients at W = 0, b = 0."""
    rows = []
    for k in range(2):
        g = (np.eye(n)[k] - 1 / n) / n
        W = np.zeros((n, K))
        W[:, k] = g
        rows.append(np.concatenate([W.ravel(), g]))
    g, h = rows
    return float(g @ h / np.sqrt(g @ g * (h @ h)))


# ----------------------------------------------------------------------------------------------- 02.5 split_inner


def column_by_column(G, n):
    K, d = G.shape
    W, b = np.zeros((K, K)), np.zeros((K, K))
    for column in range(d):
        part = np.outer(G[:, column], G[:, column])
        if column < d - n:
            W += part
        else:
            b += part
    return W, b


def bias_first(G, n):
    b, W = G[:, :n], G[:, n:]
    return W @ W.T, b @ b.T


def cut_at(cut):
    def answer(G, n):
        W, b = np.split(G, [cut(G, n)], axis=1)
        return np.einsum("kd,jd->kj", W, W), np.einsum("kd,jd->kj", b, b)

    return answer


def parts_of_the_cosine(G, n):
    U = G / np.linalg.norm(G, axis=1, keepdims=True)
    return U[:, :-n] @ U[:, :-n].T, U[:, -n:] @ U[:, -n:].T


def cosine_in_each(G, n):
    return tuple(as_in_the_definition(block) for block in np.split(G, [G.shape[1] - n], axis=1))


def first_pair(G, n):
    return G[0, :-n] @ G[1, :-n], G[0, -n:] @ G[1, -n:]


# ----------------------------------------------------------------------------------------------------- 02.8 probe


def forward(components, theta):
    theta = np.asarray(theta, dtype=float)
    before, columns = components(theta), []
    for i in range(theta.size):
        moved = theta.copy()
        moved[i] += 1e-7
        columns.append((components(moved) - before) / 1e-7)
    return np.column_stack(columns)


def richardson(components, theta):
    def central(i, h):
        e = np.zeros(len(theta))
        e[i] = h
        return (components(theta + e) - components(theta - e)) / (2 * h)

    return np.array([(4 * central(i, 1e-3) - central(i, 2e-3)) / 3 for i in range(len(theta))]).T


def row_by_row(components, theta):
    theta = np.asarray(theta, dtype=float)
    K = len(components(theta))
    return np.stack([approx_fprime(theta, lambda t, k=k: components(t)[k], 1e-7) for k in range(K)])


def steps(h, divide_by, order=(1, -1)):
    def answer(components, theta):
        columns = []
        for i in range(len(theta)):
            up, down = theta + h * np.eye(len(theta))[i], theta - h * np.eye(len(theta))[i]
            columns.append((order[0] * components(up) + order[1] * components(down)) / divide_by)
        return np.array(columns).T

    return answer


def lying(components, theta):
    return forward(components, theta).T


def halved(components, theta):
    columns = []
    for shift in 1e-7 * np.eye(len(theta)):
        columns.append((components(theta + shift) - components(theta)) / 2e-7)
    return np.array(columns).T


def of_the_sum(components, theta):
    return approx_fprime(theta, lambda t: components(t).sum(), 1e-7)


def all_at_once(components, theta):
    h = 1e-6
    return (components(theta + h) - components(theta - h)) / (2 * h)


def never_put_back(components, theta):
    moved, before, columns = theta.copy(), components(theta), []
    for i in range(len(theta)):
        moved[i] += 1e-7
        columns.append((components(moved) - before) / 1e-7)
    return np.array(columns).T


def of_the_logarithm(components, theta):
    return forward(lambda t: np.log(components(t)), theta)


def rounded_away(components, theta):
    return steps(1e-18, 2e-18)(components, theta)


def whole_copy(components, theta):
    before, columns = components(theta), []
    for i in range(len(theta)):
        moved = theta.copy()
        moved[i] += 1e-7
        columns.append((components(moved) - before) / 1e-7)
    return np.column_stack(columns)


def two_tables(components, theta):
    return np.gradient(components(theta))


zeros = np.zeros((3, 2))
c, J1, J2, t1, t2 = sp.symbols("c J1 J2 theta1 theta2")
CASES = {
    "02.1": {
        "right": {"hypot": by_loop, "powers of two": by_powers_of_two, "einsum": by_einsum},
        "wrong": {
            "inner products": (dots, "inner products"),
            "row length only": (one_length, "the length of row k."),
            "column length only": (other_length, "the length of row j."),
            "squared lengths": (squared_lengths, "square root of the sum"),
            "one number for all": (frobenius, "by one number"),
            "absolute value": (without_sign, "The sign is lost"),
            "squared": (lambda G: without_sign(G) ** 2, "squared cosine"),
            "columns": (of_parameters, "compare the columns"),
            "correlation": (pearson, "Pearson"),
            "distance": (distance, "one minus the cosine"),
            "angle": (angle, "angle in radians"),
            "empty diagonal": (off_diagonal, "agrees with itself"),
            "half a matrix": (upper_half, "Half of the matrix"),
        },
        "almost": {
            "1e-8 added": (safe_from_zero, "to be safe from zero"),
            "1e-8 added to each": (each_safe_from_zero, "to be safe from zero"),
            "at least 1e-12": (barely_safe, "Zero rows are right"),
            "nan": (as_in_the_definition, "0/0, which is nan"),
            "nan_to_num": (nan_to_num, "lengths near 1e-200"),
            "nan to zero": (nan_to_zero, "Zero rows are right"),
            "largest entry": (by_signed_largest, "the row turns round"),
            "ones": (ones_by_hand, "1 on the whole diagonal"),
            "ones, nan to zero": (ones_and_nan_to_zero, "The diagonal is 1 everywhere"),
        },
    },
    "02.2": {
        "right": {
            "rational": sp.Rational(-1, 2),
            "float": -0.5,
            "unsimplified": -J1 * (1 - J1) * J2 * (1 - J2) / (sp.sqrt(2) * J1 * (1 - J1) * sp.sqrt(2) * J2 * (1 - J2)),
            "fraction": Fraction(-1, 2),
        },
        "wrong": {
            "sign": (0.5, "sign is not"),
            "inner": (J1 * (J1 - 1) * J2 * (1 - J2), "inner product. Divide"),
            "lengths a": (-1, "shared parameter alone"),
            "two times two": (sp.Rational(-1, 4), "2 · 2"),
            "squared": (0.25, "square of the cosine"),
            "one length": (-sp.sqrt(2) / 2, "one of the two lengths"),
            "squared lengths": (-1 / (4 * J1 * J2 * (1 - J1) * (1 - J2)), "slopes cancel"),
            "zero": (0, "do not miss each other"),
        },
        "almost": {},
    },
    "02.3": {
        "right": {
            "from the gradients": by_gradients,
            "by mistakes": lambda K, n: 0.5 * (-2 / (n - 1) + (n - 2) / (n - 1) ** 2) / (1 + 1 / (n - 1)),
            "exact": lambda K, n: float(Fraction(1, 2 - 2 * n)),
        },
        "wrong": {
            "sign": (lambda K, n: 0.5 / (n - 1), "The size is right"),
            "bias alone": (lambda K, n: 1 / (1 - n), "bias alone"),
            "constant": (lambda K, n: -1 / 2, "belongs to two actions"),
            "all actions": (lambda K, n: -0.5 / n, "not over all n"),
            "one over n": (lambda K, n: -1.0 / n, "Two things"),
            "floor": (lambda K, n: 1 / (1 - K), "floor for the mean"),
            "K for n": (lambda K, n: -0.5 / (K - 1), "K in the place of n"),
            "inner": (lambda K, n: -(n**-3.0), "Divide by the lengths"),
            "speed": (lambda K, n: 2 / n**2 - (K + 1) / n**3, "speed dJ/dt"),
            "all opponents": (lambda K, n: (1 - K) / (2 * n - 2), "opponents"),
        },
        "almost": {},
    },
    "02.4": {
        "right": {
            "bias": (zeros, np.array([0.0, 0.0, 4.0])),
            "weights": (np.array([[0.0, 0.0], [0.0, 0.0], [3.0, 2.5]]), np.zeros(3)),
            "lists": ([[0, 0], [0, 0], [0, 0]], [-3, -2, 0]),
        },
        "wrong": {
            "zeros": ((zeros, np.zeros(3)), "the uniform policy"),
            "a right action": ((zeros, np.array([5.0, 0.0, 0.0])), "Still negative"),
            "both right": ((np.array([[4.0, 0.0], [0.0, 4.0], [0.0, 0.0]]), np.zeros(3)), "Still negative"),
            "not the third": ((zeros, np.array([0.0, 0.0, -4.0])), "Hardly any mistake"),
            "exchanged": ((np.array([[0.0, 2.0], [2.0, 0.0], [0.0, 0.0]]), np.zeros(3)), "nearly opposite"),
            "one context": ((np.array([[0.0, 0.0], [0.0, 0.0], [5.0, -1.0]]), np.zeros(3)), "one context only"),
            "too little": ((zeros, np.array([0.0, 0.0, 0.3])), "still go elsewhere"),
            "frozen": ((zeros, np.array([0.0, 0.0, 900.0])), "has vanished"),
            "half way": ((np.array([[0.0, 1.2], [1.2, 0.0], [1.0, 1.0]]), np.zeros(3)), "Still negative"),
            "transposed": ((zeros.T, np.array([0.0, 0.0, 4.0])), "shape"),
        },
        "almost": {},
    },
    "02.5": {
        "right": {
            "from the end": lambda G, n: (G[:, :-n] @ G[:, :-n].T, G[:, -n:] @ G[:, -n:].T),
            "by columns": column_by_column,
            "by difference": lambda G, n: (G @ G.T - G[:, -n:] @ G[:, -n:].T, G[:, -n:] @ G[:, -n:].T),
        },
        "wrong": {
            "exchanged": (lambda G, n: (G[:, -n:] @ G[:, -n:].T, G[:, :-n] @ G[:, :-n].T), "parts are exchanged"),
            "bias first": (bias_first, "first n columns"),
            "one of two": (lambda G, n: G[:, :-n] @ G[:, :-n].T, "Return both"),
            "after n": (cut_at(lambda G, n: n), "after n columns"),
            "after K": (cut_at(lambda G, n: G.shape[0]), "after K columns"),
            "after K K": (cut_at(lambda G, n: G.shape[0] * G.shape[0]), "K · K columns"),
            "assumed": (lambda G, n: (0 * (G @ G.T), G @ G.T), "not assume it"),
            "half each": (lambda G, n: (0.5 * dots(G), 0.5 * dots(G)), "Half each"),
            "cosines": (parts_of_the_cosine, "add up to the cosine"),
            "two cosines": (cosine_in_each, "two cosines"),
            "blocks": (lambda G, n: (G[:, :-n], G[:, -n:]), "two blocks of the gradients"),
            "after n n": (cut_at(lambda G, n: min(n * n, G.shape[1] - 1)), "Not yet"),
        },
        "almost": {"one pair": (first_pair, "first pair")},
    },
    "02.6": {
        "right": {"whole": (1, -1), "list": [1.0, -1.0], "array": np.array([1, -1])},
        "wrong": {
            "always": ((1, 1), "does not always help"),
            "never": ((-1, -1), "not conflict by itself"),
            "exchanged": ((-1, 1), "Both are exchanged"),
            "private": ((0, 0), "is private"),
            "equal values": ((0, -1), "do not meet"),
            "cancels": ((1, 0), "do not cancel"),
        },
        "almost": {},
    },
    "02.7": {
        "right": {
            "other form": 1 / (1 + c**2) - 1,
            "over roots": -(c**2) / (sp.sqrt(1 + c**2) * sp.sqrt(1 + c**2)),
            "with assumptions": (lambda s: -1 / (1 + s**-2))(sp.Symbol("c", positive=True)),
        },
        "wrong": {
            "sign": (1 - 1 / (1 + c**2), "opposite signs"),
            "constant": (-0.5, "c = 1 only"),
            "half of c": (-c / 2, "no cosine does"),
            "inner": (-(c**2), "without the slopes"),
            "lengths fixed": (-0.5 * c**2, "grow with c"),
            "not squared": (-c / (c + 1), "enters each gradient once"),
            "not squared above": (-c / (c**2 + 1), "Below the fraction"),
            "squared lengths": (-((c / (1 + c**2)) ** 2), "root of 1 + c²"),
            "reversed": (-1 / (c**2 + 1), "At c = 0"),
            "one length": (-(c**2) / sp.sqrt(1 + c**2), "one of the two lengths"),
            "two": (-(c**2) / (c**2 + 2), "counts once"),
        },
        "almost": {},
    },
    "02.8": {
        "right": {"forward": forward, "richardson": richardson, "scipy": row_by_row},
        "wrong": {
            "transposed": (lying, "lie transposed"),
            "doubled": (steps(1e-5, 1e-5), "Twice too large"),
            "halved": (halved, "Half of what"),
            "sign": (steps(1e-5, 2e-5, (-1, 1)), "The sign"),
            "of the sum": (of_the_sum, "gradient of the sum"),
            "all at once": (all_at_once, "one parameter at a time"),
            "never put back": (never_put_back, "earlier shifts"),
            "of the logarithm": (of_the_logarithm, "gradient of log J"),
            "rounded away": (rounded_away, "All zeros"),
            "not divided": (steps(1e-5, 1), "its right size"),
            "np.gradient": (two_tables, "shape"),
        },
        "almost": {
            "whole numbers": (whole_copy, "holds whole numbers"),
            "coarse": (steps(0.2, 0.4), "right to four digits"),
            "forward, coarse": (lambda f, theta: approx_fprime(theta, f, 1e-2), "right to four digits"),
        },
    },
    "02.9": {
        "right": {"quotient": -1 / 25, "fraction": float(Fraction(-1, 25)), "array": np.array(-0.04)},
        "wrong": {
            "two arrows": (-1, "A third one"),
            "three arrows": (-0.5, "three arrows"),
            "one over K": (-1 / 26, "Count again"),
            "one over K, rounded": (-0.038, "Count again"),
            "bandit": (-1 / 50, "private weights"),
            "ten classes": (-1 / 9, "ten classes"),
            "independent": (0, "independent directions"),
            "sign": (1 / 25, "put the sign in"),
        },
        "almost": {},
    },
}
