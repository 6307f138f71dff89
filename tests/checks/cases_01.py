"""What people write for the exercises of chapter 01: right ones, wrong ones, nearly right ones."""

import math
from fractions import Fraction

import numpy as np
import sympy as sp
from scipy.special import log_softmax, logsumexp, softmax

# ------------------------------------------------------------------------------------------------- 01.1 policy


def columnwise(W, b):
    out = np.empty_like(W)
    for k in range(W.shape[1]):
        logits = W[:, k] + b
        e = np.exp(logits - max(logits))
        out[:, k] = e / sum(e)
    return out


def pairwise(W, b):
    """pi_a = 1 / sum_c exp(l_c - l_a), with the overflow of exp turned into a probability of 0."""
    logits = W + b[:, None]
    with np.errstate(over="ignore"):
        return 1 / np.exp(logits[None] - logits[:, None]).sum(axis=1)


def wrong_axis(W, b):
    e = np.exp(W + b.reshape(-1, 1))
    return e / e.sum(axis=1).reshape(-1, 1)


def whole_table(W, b):
    e = np.exp(W + b[:, None])
    return e / np.sum(e)


def no_bias(W, b):
    return softmax(W, axis=0)


def contexts_first(W, b):
    return np.array([softmax(W[:, k] + b) for k in range(W.shape[1])])


def bias_along_contexts(W, b):
    e = np.exp(W + b)
    return e / e.sum(0)


def never_normalised(W, b):
    return np.exp(W + b[:, None])


def logarithms(W, b):
    return log_softmax(W + b[:, None], axis=0)


def logistic(W, b):
    return 1 / (1 + np.exp(-(W + b[:, None])))


def maximum_of_each_action(W, b):
    logits = W + b[:, None]
    e = np.exp(logits - logits.max(1)[:, None])
    return e / e.sum(0)


def naive(W, b):
    e = np.exp(W + b[:, None])
    return e / e.sum(axis=0)


def one_maximum(W, b):
    logits = W + b[:, None]
    e = np.exp(logits - np.max(logits))
    return e / e.sum(axis=0)


def clipped(W, b):
    e = np.exp(np.clip(W + b[:, None], -700, 700))
    return e / e.sum(axis=0)


def hard(W, b):
    logits = W + b[:, None]
    return (logits == logits.max(axis=0)) * 1.0


# ------------------------------------------------------------------------------------------------- 01.2 components


def loop_of_components(W, b):
    return np.array([columnwise(W, b)[k, k] for k in range(W.shape[1])])


def by_logsumexp(W, b):
    logits = W + b[:, None]
    return np.exp(np.diag(logits) - logsumexp(logits, axis=0))


def fancy_index(W, b):
    k = np.arange(W.shape[1])
    return columnwise(W, b)[k, k]


# ------------------------------------------------------------------------------------------------- 01.3 gradients


def by_outer_product(W, b):
    pi, (n, K) = columnwise(W, b), W.shape
    return np.array(
        [
            np.r_[
                np.outer(pi[k, k] * (np.eye(n)[k] - pi[:, k]), np.eye(K)[k]).ravel(),
                pi[k, k] * (np.eye(n)[k] - pi[:, k]),
            ]
            for k in range(K)
        ]
    )


def by_differences(W, b):
    n, K = W.shape
    x, h, G = np.r_[W.ravel(), b], 1e-5, np.zeros((K, n * K + n))
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        f = lambda y: np.diag(columnwise(y[: n * K].reshape(n, K), y[n * K :]))
        G[:, i] = (f(up) - f(down)) / (2 * h)
    return G


def by_full_jacobian(W, b):
    """d pi / d logits = diag(pi) - pi pi^T, one context at a time."""
    pi, (n, K) = columnwise(W, b), W.shape
    G = np.zeros((K, n * K + n))
    for k in range(K):
        row = (np.diag(pi[:, k]) - np.outer(pi[:, k], pi[:, k]))[k]
        G[k, k : n * K : K] = row
        G[k, n * K :] = row
    return G


def of_the_logarithm(W, b):
    return by_full_jacobian(W, b) / np.diag(columnwise(W, b))[:, None]


def without_bias_block(W, b):
    return by_full_jacobian(W, b)[:, : -len(b)]


def zeros_for_the_bias(W, b):
    G = by_full_jacobian(W, b)
    G[:, -len(b) :] = 0
    return G


def fortran_order(W, b):
    pi, (n, K) = columnwise(W, b), W.shape
    G = []
    for k in range(K):
        dW = np.zeros((n, K))
        db = pi[k, k] * (np.eye(n)[k] - pi[:, k])
        dW[:, k] = db
        G.append(np.concatenate([dW.flatten(order="F"), db]))
    return np.array(G)


def b_beside_each_row(W, b):
    pi, (n, K) = columnwise(W, b), W.shape
    G = np.zeros((K, n, K + 1))
    for k in range(K):
        G[k, :, k] = G[k, :, K] = pi[k, k] * (np.eye(n)[k] - pi[:, k])
    return G.reshape(K, -1)


def bias_in_front(W, b):
    G = by_full_jacobian(W, b)
    return np.roll(G, len(b), axis=1)


def rows_for_columns(W, b):
    pi, (n, K) = columnwise(W, b), W.shape
    G = []
    for k in range(K):
        dW = np.zeros((n, K))
        db = pi[k, k] * (np.eye(n)[k] - pi[:, k])
        dW[k, :] = db[:K]
        G.append(np.concatenate([dW.ravel(), db]))
    return np.array(G)


def diagonal_only(W, b):
    G = np.zeros_like(by_full_jacobian(W, b))
    n, K = W.shape
    for k in range(K):
        J = columnwise(W, b)[k, k]
        G[k, k * K + k] = G[k, n * K + k] = J * (1 - J)
    return G


def all_columns(W, b):
    pi, (n, K) = columnwise(W, b), W.shape
    db = np.array([pi[k, k] * (np.eye(n)[k] - pi[:, k]) for k in range(K)])
    return np.array([np.r_[np.outer(row, np.ones(K)).ravel(), row] for row in db])


def others_up(W, b):
    G = by_full_jacobian(W, b)
    return np.abs(G)


def summed(W, b):
    return np.sum(by_full_jacobian(W, b), axis=0)


def a_loss(W, b):
    return -by_full_jacobian(W, b)


# ------------------------------------------------------------------------------------------------- 01.4 one draw


def _one(W, k, db):
    dW = np.zeros(W.shape)
    dW[:, k] = db
    return np.concatenate([dW.ravel(), db])


def by_choice(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    a = rng.choice(len(p), p=p)
    return _one(W, k, (np.eye(len(p))[a] - p) * (a == k))


def by_cumulative_sum(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    a = min(int(np.searchsorted(np.cumsum(p), rng.random())), len(p) - 1)
    if a != k:
        return np.zeros(W.size + b.size)
    return _one(W, k, np.eye(len(p))[a] - p)


def by_gumbel(W, b, k, rng):
    logits = W[:, k] + b
    a = np.argmax(logits + rng.gumbel(size=len(logits)))
    return float(a == k) * _one(W, k, np.eye(len(logits))[k] - columnwise(W, b)[:, k])


def by_coin(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    return _one(W, k, np.eye(len(p))[k] - p) if rng.random() < p[k] else np.zeros(W.size + b.size)


def global_state(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    a = np.random.choice(len(p), p=p)  # noqa: NPY002 (the mistake itself)
    return _one(W, k, (np.eye(len(p))[a] - p) * (a == k))


def own_generator(W, b, k, rng):
    return by_choice(W, b, k, np.random.default_rng(0))


def expected(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    rng.random()
    return p[k] * _one(W, k, np.eye(len(p))[k] - p)


def expected_without_a_draw(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    return p[k] * _one(W, k, np.eye(len(p))[k] - p)


def gradient_of_the_policy(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    a = rng.choice(len(p), p=p)
    return _one(W, k, p[a] * (np.eye(len(p))[a] - p) * (a == k))


def always_rewarded(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    return _one(W, k, np.eye(len(p))[rng.choice(len(p), p=p)] - p)


def minus_baseline(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    a = rng.choice(len(p), p=p)
    return _one(W, k, ((a == k) - p[k]) * (np.eye(len(p))[a] - p))


def minus_one(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    a = rng.choice(len(p), p=p)
    return _one(W, k, (1 if a == k else -1) * (np.eye(len(p))[a] - p))


def greedy(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    rng.random()
    a = np.argmax(p)
    return _one(W, k, (np.eye(len(p))[a] - p) * (a == k))


def uniform(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    a = rng.integers(len(p))
    return _one(W, k, (np.eye(len(p))[a] - p) * (a == k))


def no_bias_update(W, b, k, rng):
    u = by_choice(W, b, k, rng)
    u[W.size :] = 0
    return u


def column_major(W, b, k, rng):
    u = by_choice(W, b, k, rng)
    return np.concatenate([u[: W.size].reshape(W.shape).T.ravel(), u[W.size :]])


def counted_from_one(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    a = rng.choice(len(p), p=p)
    dW = np.zeros(W.shape)
    dW[:, k - 1] = (np.eye(len(p))[a] - p) * (a == k)
    return np.append(dW.ravel(), dW[:, k - 1])


def tabular_habit(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    a = rng.choice(len(p), p=p)
    return _one(W, k, np.eye(len(p))[a] * (a == k))


def importance_weighted(W, b, k, rng):
    return by_choice(W, b, k, rng) / columnwise(W, b)[k, k]


def own_entry(W, b, k, rng):
    p = columnwise(W, b)[:, k]
    a = rng.choice(len(p), p=p)
    return _one(W, k, np.eye(len(p))[a] * (1 - p[a]) * (a == k))


def with_a_step(W, b, k, rng):
    return 0.1 * by_choice(W, b, k, rng)


def descent(W, b, k, rng):
    return -by_choice(W, b, k, rng)


def another_column(W, b, k, rng):
    """Draws in the next context, updates in this one."""
    p, q = columnwise(W, b)[:, k], columnwise(W, b)[:, (k + 1) % W.shape[1]]
    a = rng.choice(len(q), p=q)
    return _one(W, k, (np.eye(len(p))[a] - p) * (a == k))


def row_of_the_policy(W, b, k, rng):
    p = columnwise(W, b)[k]
    a = rng.choice(len(p), p=p)
    return _one(W, k, (np.eye(len(p))[a] - p) * (a == k))


def bias_halved(W, b, k, rng):
    u = by_choice(W, b, k, rng)
    u[W.size :] /= 2
    return u


# ------------------------------------------------------------------------------------------------- 01.5, 01.7

W11, W12, W21, W22, b1, b2 = sp.symbols("W11 W12 W21 W22 b1 b2", real=True)
J, n = sp.Symbol("J", positive=True), sp.Symbol("n")
p11 = sp.exp(W11) / (sp.exp(W11) + sp.exp(W21))

# ------------------------------------------------------------------------------------------------- 01.8 patience


def by_counting(J, chance):
    if J < 1e-6:  # too far to count
        return math.ceil(math.log1p(-chance) / math.log1p(-J))
    N, none = 0, 1.0
    while 1 - none < chance:
        N, none = N + 1, none * (1 - J)
    return N


def in_base_two(J, chance):
    return float(np.ceil(np.log1p(-chance) / np.log(2) / (np.log1p(-J) / np.log(2))))


def mean_wait(J, chance):
    return math.ceil(1 / J)


def added_up(J, chance):
    return math.ceil(chance / J)


def not_rounded(J, chance):
    return math.log(1 - chance) / math.log1p(-J)


def rounded_down(J, chance):
    return int(math.log(1 - chance) / math.log1p(-J))


def chance_of_none(J, chance):
    return math.ceil(math.log(chance) / math.log1p(-J))


def in_a_row(J, chance):
    return math.ceil(math.log(chance) / math.log(J))


def plain_logarithm(J, chance):
    return math.ceil(math.log(1 - chance) / math.log(1 - J))


def small_J(J, chance):
    return math.ceil(-math.log(1 - chance) / J)


def failures_only(J, chance):
    return math.ceil(math.log1p(-chance) / math.log1p(-J)) - 1


def success_for_failure(J, chance):
    return math.ceil(math.log(1 - chance) / math.log(J))


CASES = {
    "01.1": {
        "right": {
            "loop over contexts": columnwise,
            "scipy": lambda W, b: softmax(W + b[:, None], axis=0),
            "ratios": pairwise,
        },
        "wrong": {
            "over contexts": (wrong_axis, "chose a context for each action"),
            "over the table": (whole_table, "All entries together"),
            "forgot b": (no_bias, "bias is missing"),
            "transposed": (contexts_first, "lie transposed"),
            "b along the contexts": (bias_along_contexts, "along the rows"),
            "not normalised": (never_normalised, "before they are divided"),
            "logarithms": (logarithms, "logarithms of the probabilities"),
            "logistic": (logistic, "logistic function of each logit"),
            "maximum along the rows": (maximum_of_each_action, "largest logit of each action"),
            "greedy": (hard, "instances differ"),
        },
        "almost": {
            "overflow": (naive, "too large for float64"),
            "one maximum for all": (one_maximum, "0/0 is left"),
        },
    },
    "01.2": {
        "right": {"loop": loop_of_components, "logsumexp": by_logsumexp, "fancy index": fancy_index},
        "wrong": {
            "sum": (lambda W, b: np.trace(columnwise(W, b)), "That is J, the sum"),
            "whole policy": (columnwise, "the whole policy"),
            "greedy": (lambda W, b: np.max(columnwise(W, b), 0), "likeliest action"),
            "first row": (lambda W, b: columnwise(W, b)[0, :], "action 1 in every context"),
            "softmax over contexts": (lambda W, b: np.diagonal(wrong_axis(W, b)), "runs over the contexts here"),
            "no bias": (lambda W, b: np.diagonal(softmax(W, 0)), "bias is missing"),
            "logarithm": (lambda W, b: np.diagonal(logarithms(W, b)), "log J_k"),
            "logistic": (lambda W, b: np.diagonal(logistic(W, b)), "compete with it"),
            "mean": (lambda W, b: float(np.mean(fancy_index(W, b))), "mean over contexts"),
        },
        "almost": {"overflow": (lambda W, b: np.diagonal(naive(W, b)), "exp(1000) overflows")},
    },
    "01.3": {
        "right": {
            "outer product": by_outer_product,
            "differences": by_differences,
            "Jacobian of softmax": by_full_jacobian,
        },
        "wrong": {
            "gradient of log J": (of_the_logarithm, "One factor is missing"),
            "no bias block": (without_bias_block, "bias is missing"),
            "bias block zero": (zeros_for_the_bias, "bias block is zero"),
            "column-major": (fortran_order, "in another order: W is flattened"),
            "b beside each row": (b_beside_each_row, "side by side before"),
            "bias first": (bias_in_front, "first W, row by row"),
            "row for column": (rows_for_columns, "filled row k"),
            "own entry only": (diagonal_only, "own logit moves"),
            "all columns": (all_columns, "Every column of W"),
            "plus for the others": (others_up, "sign for the wrong actions"),
            "summed": (summed, "one row for each component"),
            "transposed": (lambda W, b: by_full_jacobian(W, b).T, "Transposed"),
            "descent": (a_loss, "not of a loss"),
        },
        "almost": {},
    },
    "01.4": {
        "right": {"choice": by_choice, "searchsorted": by_cumulative_sum, "gumbel": by_gumbel, "coin": by_coin},
        "wrong": {
            "global random state": (global_state, "must come from the `rng`"),
            "own generator": (own_generator, "must come from the `rng`"),
            "expected update": (expected, "the expected update"),
            "expected, no draw": (expected_without_a_draw, "the expected update"),
            "gradient of pi": (gradient_of_the_policy, "the expected update"),
            "reward for wrong actions": (always_rewarded, "towards that action"),
            "baseline": (minus_baseline, "that is a baseline"),
            "punishment": (minus_one, "was punished"),
            "argmax": (greedy, "same in every draw"),
            "uniform": (uniform, "drawn uniformly here"),
            "no bias": (no_bias_update, "bias did not move"),
            "column-major": (column_major, "flattened row by row"),
            "k from 1": (counted_from_one, "Another context's column"),
            "one-hot for score": (tabular_habit, "no other came down"),
            "step size": (with_a_step, "at another length"),
            "divided by the chance": (importance_weighted, "at another length"),
            "own entry only": (own_entry, "zeros or the score"),
            "descent": (descent, "we climb, so the update"),
            "draws elsewhere": (another_column, "not how often it comes"),
            "row of the policy": (row_of_the_policy, "raised ValueError"),
            "half a bias": (bias_halved, "zeros or the score"),
        },
        "almost": {},
    },
    "01.5": {
        "right": {
            "list": [-(W21 - W11), W22 - W12, b1 - b2],
            "through logarithms": (sp.log(p11 / (1 - p11)), -W12 + W22, -(b2 - b1)),
        },
        "wrong": {
            "as printed": ((W11 - W12, W21 - W22, b1 - b2), "what the paper prints"),
            "theta2 reversed": ((W11 - W21, W12 - W22, b1 - b2), "theta2 has the other sign"),
            "theta3 reversed": ((W11 - W21, W22 - W12, b2 - b1), "theta3 has the other sign"),
            "bias twice": ((W11 + b1 - W21 - b2, W22 + b2 - W12 - b1, b1 - b2), "hold the bias already"),
            "two logits": ((W11 + b1 - W21 - b2, W22 + b2 - W12 - b1, 0), "These are the two logits"),
            "halves": (((W11 - W21) / 2, (W22 - W12) / 2, (b1 - b2) / 2), "Half of it"),
            "wrong minus right": ((W21 - W11, W12 - W22, b2 - b1), "All three signs"),
            "right only": ((W11, W22, b1 - b2), "compares two logits"),
            "right only, bias too": ((W11, W22, b1), "wrong ones are not"),
            "sum of biases": ((W11 - W21, W22 - W12, b1 + b2), "same number to both biases"),
        },
        "almost": {},
    },
    "01.6": {
        "right": {"exact": 2e-6 * (1 - 1e-6), "numpy": np.float64(2e-6), "fraction": float(Fraction(2, 10**6))},
        "wrong": {
            "one block": (math.sqrt(2) * 1e-6, "part in W alone"),
            "three actions": (math.sqrt(3) * 1e-6, "learner with three actions"),
            "one entry": (1e-6, "one entry"),
            "sum of sizes": (4e-6, "sum of the sizes"),
            "a rewarded one": (2.0, "length of one rewarded update"),
            "about one": (1.0, "about the size of a rewarded"),
            "nothing": (0, "it is not 0"),
            "squared": (1e-12, "Squared once too often"),
            "divided": (2e6, "Divided by the probability"),
            "negative": (-2e-6, "not negative"),
        },
        "almost": {},
    },
    "01.7": {
        "right": {"one fraction": (1 - J) / J, "from the definition": (J - J**2) / J**2},
        "wrong": {
            "mean square": (1 / J, "mean square over the square"),
            "variance of the reward": (J - J**2, "variance of the reward"),
            "upside down": (J / (1 - J), "Upside down"),
            "divided once": (1 - J, "divided by the mean once"),
            "with the score": ((1 - J) ** 2, "squared score shrinks"),
            "all draws": (J**-2, "most draws give zero"),
            "with n": ((n - 1) * (1 / J - 1), "does not depend on n"),
        },
        "almost": {"root": (sp.sqrt((1 - J) / J), "the root of it")},
    },
    "01.8": {
        "right": {"counting": by_counting, "another base": in_base_two},
        "wrong": {
            "mean": (mean_wait, "It does not use"),
            "sum of chances": (added_up, "adds up the chances"),
            "chance of none": (chance_of_none, "chance of *no* reward"),
            "in a row": (in_a_row, "This is for J**N"),
            "J for 1 - J": (success_for_failure, "is 1 - J, not J"),
        },
        "almost": {
            "not rounded": (not_rounded, "round up"),
            "rounded down": (rounded_down, "Rounded down"),
            "log(1 - J)": (plain_logarithm, "loses digits"),
            "failures only": (failures_only, "Rounded down"),
            "small J": (small_J, "log(1 - J) for -J"),
            "one more": (lambda J, chance: int(np.log1p(-chance) / np.log1p(-J)) + 1, "rounded up once more"),
        },
    },
}
