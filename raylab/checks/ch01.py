"""Exercises of chapter 01: the bandit, its policy, its gradient, and one sample of it."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from raylab.checks.engine import Derive, Exercise, Further, Implement, Law, Mistake, Predict, numbers
from raylab.systems.bandit import SoftmaxBandit

SIZES = ((3, 2), (4, 2), (5, 3), (3, 3), (2, 1), (4, 3))  # actions, contexts: equal in one case only


def _learner(W: np.ndarray) -> SoftmaxBandit:
    return SoftmaxBandit(contexts=W.shape[1], actions=W.shape[0])


def _pi(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    learner = _learner(W)
    return learner.policy(learner.parameters(W, b))


def _softmax(logits: np.ndarray, axis: Any = 0) -> np.ndarray:
    e = np.exp(logits)
    return e / e.sum(axis=axis, keepdims=True)


def _pairs(rng: np.random.Generator) -> Iterator[Any]:
    yield np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]), np.array([0.0, 0.0, 1.0])
    for n, K in SIZES:
        yield rng.normal(0, 1.5, (n, K)), rng.normal(0, 1, n)


def _pairs_and_extremes(rng: np.random.Generator) -> Iterator[Any]:
    yield from _pairs(rng)
    W = np.array([[1000.0, -1000.0], [999.0, -1001.5], [-1000.0, -1000.5]])
    yield Further((W, np.array([0.0, 0.5, 0.0])), "Logits of 1000 in one context and of -1000 in the other.")


def _show(W: np.ndarray, b: np.ndarray) -> str:
    return f"W = {numbers(W)}, b = {numbers(b)}"


# 01.1 ---------------------------------------------------------------------------------------------------------


def _minus_one_maximum(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    logits = W + b[:, None]
    return _softmax(logits - logits.max())


def _minus_row_maximum(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    logits = W + b[:, None]
    return _softmax(logits - logits.max(axis=1, keepdims=True))


POLICY = Implement(
    signature="policy(W, b)",
    reference=_pi,
    instances=_pairs_and_extremes,
    describe=_show,
    mistakes=(
        Mistake(
            lambda W, b: _softmax(W + b[:, None], 1),
            "Your rows sum to 1, so you chose a context for each action. The learner is shown the context and "
            "chooses the action: normalise over the actions, the first axis.",
        ),
        Mistake(
            lambda W, b: _softmax(W + b[:, None], None),
            "All entries together sum to 1. There is one policy for each context: every column sums to 1 by itself.",
        ),
        Mistake(lambda W, b: _softmax(W), "The bias is missing: the logits are W[a, k] + b[a]."),
        Mistake(
            lambda W, b: _pi(W, b).T,
            "The numbers are right and lie transposed: row a, column k, as in W. Shape (n, K).",
        ),
        Mistake(
            lambda W, b: _softmax(W + b),
            "`b` has one entry for each action, so it belongs along the rows: `b[:, None]`. Plain `W + b` adds "
            "it along the contexts, and does so without complaint when n = K.",
        ),
        Mistake(lambda W, b: np.exp(W + b[:, None]), "These are the weights before they are divided by their sum."),
        Mistake(
            lambda W, b: np.log(_pi(W, b)),
            "These are the logarithms of the probabilities; asked for are the probabilities.",
        ),
        Mistake(
            lambda W, b: 1 / (1 + np.exp(-W - b[:, None])),
            "A logistic function of each logit on its own: these do not sum to 1. It is right for two actions "
            "only, and then for the difference of the two logits.",
        ),
        Mistake(
            _minus_row_maximum,
            "You subtract the largest logit of each action. Subtracting cancels only if all actions of a "
            "context lose the same number: take the maximum down each column.",
        ),
        Mistake(
            _minus_one_maximum,
            "Right until one context has much smaller logits than another: there all weights round to 0, and "
            "0/0 is left. Subtract the largest logit of each context, not of the whole table.",
            "almost",
        ),
        Mistake(
            lambda W, b: _softmax(W + b[:, None]),
            "Right for small logits. exp(1000) is too large for float64. A softmax does not change if you "
            "subtract the same number from all logits of a context: subtract the largest.",
            "almost",
        ),
        Mistake(
            lambda W, b: _softmax(np.clip(W + b[:, None], -500, 500)),
            "Clipping avoids the overflow and changes the policy: 1000 and 999 become equal. Subtract the "
            "largest logit of each context instead.",
            "almost",
        ),
    ),
)


# 01.2 ---------------------------------------------------------------------------------------------------------


def _components(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    learner = _learner(W)
    return learner.components(learner.parameters(W, b))


COMPONENTS = Implement(
    signature="components(W, b)",
    reference=_components,
    instances=_pairs_and_extremes,
    describe=_show,
    mistakes=(
        Mistake(
            lambda W, b: _components(W, b).sum(),
            "That is J, the sum. Asked for are its K components, one for each context.",
        ),
        Mistake(
            lambda W, b: _pi(W, b),
            "That is the whole policy. J_k is one entry of column k: which action is right there?",
        ),
        Mistake(
            lambda W, b: _pi(W, b).max(axis=0),
            "That is the probability of the likeliest action. J_k is the probability of the right one, likely or not.",
        ),
        Mistake(
            lambda W, b: _pi(W, b)[0], "That is action 1 in every context. In context k the right action is action k."
        ),
        Mistake(
            lambda W, b: _pi(W, b)[:, 0], "That is the policy in context 1. J_k takes one entry from each context."
        ),
        Mistake(
            lambda W, b: np.diag(_softmax(W + b[:, None], 1)),
            "The softmax runs over the contexts here. It runs over the actions: columns sum to 1.",
        ),
        Mistake(lambda W, b: np.diag(_softmax(W)), "The bias is missing from the logits: W[a, k] + b[a]."),
        Mistake(
            lambda W, b: np.log(_components(W, b)),
            "That is log J_k, what supervised learning climbs. Asked for is J_k.",
        ),
        Mistake(
            lambda W, b: 1 / (1 + np.exp(-np.diag(W) - b[: W.shape[1]])),
            "A logistic function of the right action's logit alone: the other actions compete with it.",
        ),
        Mistake(
            lambda W, b: _components(W, b).mean(), "That is the mean over contexts. Asked for is one number for each."
        ),
        Mistake(
            lambda W, b: np.diag(_softmax(W + b[:, None])),
            "Right for small logits; exp(1000) overflows. Build on your policy of 01.1.",
            "almost",
        ),
    ),
)


# 01.3 ---------------------------------------------------------------------------------------------------------


def _gradients(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    learner = _learner(W)
    return learner.gradients(learner.parameters(W, b))


def _rows(W: np.ndarray, by_logit: Callable[[int], np.ndarray], bias: float = 1.0) -> np.ndarray:
    """Row k: `by_logit(k)` in column k of W, and `bias` times it in b."""
    n, K = W.shape
    made = np.zeros((K, n * K + n))
    for k in range(K):
        block = np.zeros((n, K))
        block[:, k] = by_logit(k)
        made[k] = np.append(block.ravel(), bias * by_logit(k))
    return made


def _score(pi: np.ndarray, k: int, a: int | None = None) -> np.ndarray:
    return (np.arange(len(pi)) == (k if a is None else a)) - pi[:, k]


def _column_major(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    n, K = W.shape
    G = _gradients(W, b)
    weights = G[:, : n * K].reshape(K, n, K).transpose(0, 2, 1).reshape(K, -1)
    return np.concatenate([weights, G[:, n * K :]], axis=1)


def _side_by_side(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    n, K = W.shape
    G = _gradients(W, b)
    return np.concatenate([G[:, : n * K].reshape(K, n, K), G[:, n * K :, None]], axis=2).reshape(K, -1)


def _bias_first(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    G = _gradients(W, b)
    return np.concatenate([G[:, W.size :], G[:, : W.size]], axis=1)


def _in_rows(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    n, K = W.shape
    made, pi = np.zeros((K, n * K + n)), _pi(W, b)
    for k in range(K):
        block = np.zeros((n, K))
        block[k] = (
            pi[k, k] * _score(pi, k)[:K]
        )  # where n > K a row is too short; this is what is usually forced into it
        made[k] = np.append(block.ravel(), pi[k, k] * _score(pi, k))
    return made


def _own_entry(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    pi = _pi(W, b)
    return _rows(W, lambda k: pi[k, k] * (1 - pi[k, k]) * (np.arange(len(W)) == k))


def _plus(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    pi = _pi(W, b)
    return _rows(W, lambda k: pi[k, k] * np.where(np.arange(len(W)) == k, 1 - pi[:, k], pi[:, k]))


def _every_column(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    pi, K = _pi(W, b), W.shape[1]
    rows = [pi[k, k] * _score(pi, k) for k in range(K)]
    return np.array([np.append(np.repeat(row, K), row) for row in rows])


def _half_jacobian(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    pi = _pi(W, b)
    return _rows(W, lambda k: np.where(np.arange(len(W)) == k, pi[k, k] * (1 - pi[k, k]), -pi[:, k]))


GRADIENTS = Implement(
    signature="gradients(W, b)",
    reference=_gradients,
    instances=_pairs_and_extremes,
    describe=_show,
    rtol=1e-6,  # central differences are a right answer, too
    atol=1e-9,
    mistakes=(
        Mistake(
            lambda W, b: _rows(W, lambda k: _score(_pi(W, b), k)),
            "That is the gradient of log J_k. One factor is missing: grad J_k = J_k grad log J_k.",
        ),
        Mistake(
            lambda W, b: _gradients(W, b)[:, : W.size],
            "The bias is missing: d has n*K entries for W and then n entries for b.",
        ),
        Mistake(
            lambda W, b: _rows(W, lambda k: _pi(W, b)[k, k] * _score(_pi(W, b), k), 0.0),
            "The bias block is zero. The logit is W[a, k] + b[a], so b[a] moves it exactly as W[a, k] does.",
        ),
        Mistake(
            _column_major,
            "The right numbers in another order: W is flattened row by row (`W.ravel()`), so W[a, k] is entry a*K + k.",
        ),
        Mistake(
            _side_by_side,
            "W and b stand side by side before they are flattened, so an entry of b follows each row of W. "
            "First all of W, then all of b.",
        ),
        Mistake(_bias_first, "The right blocks in another order: first W, row by row, then b."),
        Mistake(
            _in_rows,
            "You filled row k of W. Context k reads column k: its logits are W[:, k] + b.",
        ),
        Mistake(
            _own_entry,
            "Only the right action's own logit moves here. J_k depends on all logits of its context: where "
            "another one rises, J_k falls.",
        ),
        Mistake(_plus, "The sign for the wrong actions: raising a competitor's logit lowers J_k."),
        Mistake(
            _half_jacobian,
            "The entries of the wrong actions lack the factor J_k: the derivative of pi_k by logit a is -pi_k pi_a.",
        ),
        Mistake(
            _every_column,
            "Every column of W moves here. Context k does not read the other columns: those derivatives are zero.",
        ),
        Mistake(
            lambda W, b: _gradients(W, b).sum(axis=0),
            "That is the gradient of J, the sum over contexts. Keep one row for each component.",
        ),
        Mistake(lambda W, b: _gradients(W, b).T, "Transposed: row k belongs to component k. Shape (K, n*K + n)."),
        Mistake(lambda W, b: -_gradients(W, b), "The sign: these are gradients of J_k, which we climb, not of a loss."),
    ),
)


# 01.4 ---------------------------------------------------------------------------------------------------------

DRAWS, MANY = 100, 1200


def _draw_instances(rng: np.random.Generator) -> Iterator[Any]:
    """Policies with J_k between 0.2 and 0.5, away from 1/n and from what the other contexts would give."""
    for n, K, k in ((3, 2, 1), (4, 3, 0), (5, 2, 1)):
        while True:
            W, b = rng.normal(0, 1, (n, K)), rng.normal(0, 0.7, n)
            here = _pi(W, b)[k]
            others = np.abs(np.delete(here, k) - here[k])
            if 0.2 < here[k] < 0.5 and here.min() > 0.1 and np.abs(here - 1 / n).min() > 0.1 and others.min() > 0.1:
                break
        yield W, b, k, rng


def _drawn(answer: Callable[..., np.ndarray], W: Any, b: Any, k: int, rng: Any, draws: int = DRAWS) -> np.ndarray:
    return np.array([answer(W, b, k, rng) for _ in range(draws)])


def _flat(block: np.ndarray, bias: np.ndarray) -> np.ndarray:
    return np.append(block.ravel(), bias)


def _right_update(W: Any, b: Any, k: int, a: int | None = None) -> np.ndarray:
    block, score = np.zeros(W.shape), _score(_pi(W, b), k, a)
    block[:, k] = score
    return _flat(block, score)


def _is_seen(found: np.ndarray, wanted: np.ndarray) -> bool:
    """Does any draw equal `wanted`?"""
    return bool(np.isclose(found, wanted, rtol=1e-6, atol=1e-9).all(axis=1).any())


def _never(wanted: Callable[[Any, Any, int], np.ndarray | list[np.ndarray]]) -> Callable[..., bool]:
    """The law that no draw equals one of `wanted(W, b, k)`."""

    def holds(answer: Any, W: Any, b: Any, k: int, rng: Any) -> bool:
        found = _drawn(answer, W, b, k, rng)
        return not any(_is_seen(found, each) for each in np.atleast_2d(wanted(W, b, k)))

    return holds


def _uses_rng(answer: Any, W: Any, b: Any, k: int, rng: Any) -> bool:
    before = rng.bit_generator.state
    found = _drawn(answer, W, b, k, rng, 40)
    if rng.bit_generator.state == before:
        return False
    again = np.random.default_rng()
    again.bit_generator.state = before
    return bool(np.array_equal(found, _drawn(answer, W, b, k, again, 40)))


def _varies(answer: Any, W: Any, b: Any, k: int, rng: Any) -> bool | str:
    found = _drawn(answer, W, b, k, rng)
    zero = (found == 0).all(axis=1).sum()
    if 0 < zero < DRAWS:
        return True
    return f"{'All' if zero else 'None'} of {DRAWS} draws returned zeros; J_k = {_pi(W, b)[k, k]:.3f}"


def _zero_or_score(answer: Any, W: Any, b: Any, k: int, rng: Any) -> bool | str:
    found = _drawn(answer, W, b, k, rng)
    moved = found[(found != 0).any(axis=1)]
    wanted = _right_update(W, b, k)
    wrong = moved[~np.isclose(moved, wanted, rtol=1e-6, atol=1e-9).all(axis=1)]
    return True if not len(wrong) else f"a draw returned {numbers(wrong[0])}\nthe score is    {numbers(wanted)}"


def _no_step_size(answer: Any, W: Any, b: Any, k: int, rng: Any) -> bool:
    found = _drawn(answer, W, b, k, rng)
    wanted = _right_update(W, b, k)
    along = found @ wanted / (wanted @ wanted)
    parallel = np.isclose(found, along[:, None] * wanted, rtol=1e-6, atol=1e-9).all()
    return not (parallel and along.any() and not np.isclose(along[along != 0], 1).any())


def _share(answer: Any, W: Any, b: Any, k: int, rng: Any) -> tuple[float, float]:
    found = _drawn(answer, W, b, k, rng, MANY)
    return float((found != 0).any(axis=1).mean()), float(_pi(W, b)[k, k])


def _within(share: float, chance: float) -> bool:
    """Within 6.5 standard deviations of a binomial count: a right answer fails once in about 10^10 trials."""
    return abs(share - chance) <= 6.5 * np.sqrt(chance * (1 - chance) / MANY)


def _not_uniform(answer: Any, W: Any, b: Any, k: int, rng: Any) -> bool:
    share, chance = _share(answer, W, b, k, rng)
    return _within(share, chance) or not _within(share, 1 / len(W))


def _as_often(answer: Any, W: Any, b: Any, k: int, rng: Any) -> bool | str:
    share, chance = _share(answer, W, b, k, rng)
    return _within(share, chance) or f"rewarded in {share:.3f} of {MANY} draws; J_k = {chance:.3f}"


def _wrong_scores(W: Any, b: Any, k: int) -> list[np.ndarray]:
    return [_right_update(W, b, k, a) for a in range(len(W)) if a != k]


def _baseline(W: Any, b: Any, k: int) -> list[np.ndarray]:
    """What wrong draws give with a baseline of J_k or of one half."""
    return [-base * u for base in (_pi(W, b)[k, k], 0.5) for u in _wrong_scores(W, b, k)]


def _one_hot(W: Any, b: Any, k: int) -> np.ndarray:
    """The drawn action up by one, in W and in b, and nothing else."""
    return (_right_update(W, b, k) > 0) * 1.0


def _column_order(W: Any, b: Any, k: int) -> np.ndarray:
    u = _right_update(W, b, k)
    return _flat(u[: W.size].reshape(W.shape).T, u[W.size :])


def _other_column(W: Any, b: Any, k: int) -> list[np.ndarray]:
    u = _right_update(W, b, k)
    block, bias = u[: W.size].reshape(W.shape), u[W.size :]
    return [_flat(np.roll(block, shift, axis=1), bias) for shift in range(1, W.shape[1])]


REINFORCE = Implement(
    signature="reinforce_update(W, b, k, rng)",
    instances=_draw_instances,
    shape=lambda W, b, k, rng: (W.size + b.size,),
    describe=lambda W, b, k, rng: f"{_show(W, b)}, k = {k}",
    laws=(
        Law(
            _never(lambda W, b, k: _pi(W, b)[k, k] * _right_update(W, b, k)),
            "A draw returned J_k times the score, the expected update. One sample is the whole score or nothing: the "
            "factor J_k comes in through how often the right action is drawn.",
        ),
        Law(
            _uses_rng,
            "The draw must come from the `rng` that is passed in: the same generator state must give the same "
            "draws, and every draw must advance it. `np.random.choice` and a generator made inside the "
            "function do neither.",
        ),
        Law(
            _never(_wrong_scores),
            "A draw of a wrong action moved the policy towards that action. Its reward is 0, so its update is zero.",
        ),
        Law(
            _never(_baseline),
            "A draw of a wrong action moved the policy away from it: that is a baseline. Here the reward is 1 "
            "or 0, and nothing is subtracted.",
        ),
        Law(
            _never(lambda W, b, k: [-u for u in _wrong_scores(W, b, k)]),
            "A wrong action was punished: reward -1. Here it earns 0.",
        ),
        Law(
            _varies,
            "The same in every draw. Draw the action from the policy; its likeliest action is not a draw.",
        ),
        Law(
            _never(lambda W, b, k: _flat(_right_update(W, b, k)[: W.size], np.zeros(len(W)))),
            "The bias did not move. The logit is W[a, k] + b[a]: the score stands in column k of W and once more in b.",
        ),
        Law(_never(_column_order), "W is flattened row by row (`ravel()`): W[a, k] is entry a*K + k."),
        Law(_never(_other_column), "Another context's column of W moved. Context k, counted from 0, reads column k."),
        Law(
            _never(_one_hot),
            "The drawn action went up and no other came down. The score is one-hot minus the policy.",
        ),
        Law(_never(lambda W, b, k: -_right_update(W, b, k)), "The sign: we climb, so the update is plus the score."),
        Law(
            _no_step_size,
            "The right direction at another length. Reward times score, with no step size and no factor or divisor pi.",
        ),
        Law(
            _zero_or_score, "Each draw should return zeros or the score of the right action, one-hot minus the policy."
        ),
        Law(
            _not_uniform,
            "The right action came up as often as any other: actions are drawn uniformly here. Draw from the "
            "policy in context k.",
        ),
        Law(_as_often, "Each update is right, but not how often it comes: draw from column k of the policy."),
    ),
)


# 01.5 ---------------------------------------------------------------------------------------------------------


def _expression(word: str) -> Any:
    from raylab import symbolic  # late: sympy is slow to load, and most exercises do without it

    return symbolic.sp.sympify(word)


def _triple(*words: str) -> Callable[[], tuple[Any, ...]]:
    return lambda: tuple(map(_expression, words))


REDUCED = Derive(
    truth=_triple("W11 - W21", "W22 - W12", "b1 - b2"),
    mistakes=(
        Mistake(
            _triple("W11 - W12", "W21 - W22", "b1 - b2"),
            "This is what the paper prints. With W[action, context] these are differences between two "
            "contexts; the policy of one context compares two actions: entries of one column.",
        ),
        Mistake(
            _triple("W11 - W21", "W12 - W22", "b1 - b2"),
            "theta2 has the other sign. In context 2 action 2 is right, so J2 grows with W22, and J2 = "
            "sigmoid(theta2 - theta3).",
        ),
        Mistake(
            _triple("W11 - W21", "W22 - W12", "b2 - b1"),
            "theta3 has the other sign: it enters J1 with a plus, and b1 helps action 1, which is right in context 1.",
        ),
        Mistake(
            _triple("W11 - W21 + b1 - b2", "W22 - W12 + b2 - b1", "b1 - b2"),
            "theta1 and theta2 hold the bias already, and theta3 adds it again. Keep weights and biases apart.",
        ),
        Mistake(
            _triple("W11 - W21 + b1 - b2", "W22 - W12 + b2 - b1", "0"),
            "These are the two logits, and J1 and J2 come out right. But the bias is in both, and theta3 is there "
            "to show that it is shared: give it the biases, and leave theta1 and theta2 the weights.",
        ),
        Mistake(
            _triple("(W11 - W21)/2", "(W22 - W12)/2", "(b1 - b2)/2"),
            "Half of it: with two actions exp(x) / (exp(x) + exp(y)) is sigmoid(x - y), without a factor.",
        ),
        Mistake(
            _triple("W21 - W11", "W12 - W22", "b2 - b1"),
            "All three signs are reversed: wrong minus right. sigmoid grows with its argument, and J1 grows with W11.",
        ),
        Mistake(
            _triple("W11", "W22", "b1 - b2"), "The wrong action's weight is missing: a softmax compares two logits."
        ),
        Mistake(
            _triple("W11", "W22", "b1"),
            "The right actions are here, the wrong ones are not. They compete: a softmax over two actions depends on "
            "the difference of their logits, so each of the three is a difference, too.",
        ),
        Mistake(
            _triple("W11 - W21", "W22 - W12", "b1 + b2"),
            "Adding the same number to both biases changes no policy; only their difference can matter.",
        ),
    ),
)


# 01.6 ---------------------------------------------------------------------------------------------------------

MILLIONTH = Predict(
    truth=2e-6,
    rtol=0.01,
    mistakes=(
        Mistake(
            (1.4e-6, 1.43e-6),
            "That is the part in W alone (or in b alone). Both move, by the same two numbers each.",
        ),
        Mistake(
            (1.7e-6, 1.76e-6),
            "That is the learner with three actions, which the chapter prints. Here there are two: what one "
            "gains the other one loses.",
        ),
        Mistake(
            (0.99e-6, 1.01e-6),
            "That is one entry of the expected update: J_k times (1 - J_k). Asked for is the length of all six "
            "together.",
        ),
        Mistake(
            (3.9e-6, 4.1e-6),
            "That is the sum of the sizes of all entries. Length means the root of the sum of squares.",
        ),
        Mistake((1.98, 2.02), "That is the length of one rewarded update. How often does it come?"),
        Mistake(
            (0.99, 1.43),
            "That is about the size of a rewarded update, or of a part of it. The expected update weighs it with its "
            "probability.",
        ),
        Mistake(0.0, "Most likely a single draw gives 0. The mean over draws is small, but it is not 0."),
        Mistake(
            (0.9e-12, 4.1e-12),
            "Squared once too often: the chance 1e-6 enters once, through the draw; the score is of order one.",
        ),
        Mistake(
            (0.9e6, 4.1e6),
            "Divided by the probability instead of multiplied: the draw is rare, and its score is of order one.",
        ),
        Mistake((-4.1e-6, -0.9e-6), "A length is not negative."),
    ),
)


# 01.7 ---------------------------------------------------------------------------------------------------------


def _in_J(word: str) -> Callable[[], Any]:
    return lambda: _expression(word)


NOISE = Derive(
    truth=_in_J("1/J - 1"),
    mistakes=(
        Mistake(
            _in_J("1/J"),
            "That is the mean square over the square of the mean. The variance is the mean square minus the "
            "square of the mean.",
        ),
        Mistake(
            _in_J("sqrt(1/J - 1)"),
            "That is the root of it: asked for is variance over squared length, without a root.",
            "almost",
        ),
        Mistake(
            _in_J("J*(1 - J)"), "That is the variance of the reward, not yet compared with the square of its mean."
        ),
        Mistake(_in_J("J/(1 - J)"), "Upside down: a rare reward is noisier, so the ratio must grow as J falls."),
        Mistake(_in_J("1 - J"), "You divided by the mean once; the square of the mean is J**2."),
        Mistake(
            _in_J("(1 - J)**2"),
            "That is how the squared score shrinks as J grows. It stands in numerator and denominator and cancels.",
        ),
        Mistake(
            _in_J("1/J**2"),
            "The mean square is J times the squared score, not the squared score itself: most draws give zero.",
        ),
        Mistake(_in_J("1/J**2 - 1"), "The mean square is J times the squared score, not the squared score itself."),
        Mistake(
            _in_J("1/(J*(1 - J))"),
            "Close to it where J is small. Start from: with probability J the update is the score, else 0.",
        ),
    ),
)


# 01.8 ---------------------------------------------------------------------------------------------------------


def _draws_until_reward(J: float, chance: float) -> int:
    return int(np.ceil(np.log1p(-chance) / np.log1p(-J)))


def _chances(rng: np.random.Generator) -> Iterator[Any]:
    yield 0.3, 0.9
    yield 0.05, 0.5
    for _ in range(6):
        yield float(rng.uniform(0.01, 0.6)), float(rng.uniform(0.65, 0.99))
    yield float(rng.uniform(0.01, 0.03)), float(rng.uniform(0.05, 0.3))
    exactly = "J = 0.5 and a chance of 0.75: two draws give exactly that. Is a whole number rounded up once more?"
    yield Further((0.5, 0.75), exactly)
    yield Further((0.6, 0.2), "J = 0.6 and a chance of 0.2: one draw is enough, and fewer than one is none.")
    yield Further((1e-12, 0.9), "J = 1e-12. No loop comes that far, and 1 - J loses digits: numpy has `log1p(-J)`.")


PATIENCE = Implement(
    signature="draws_until_reward(J, chance)",
    reference=_draws_until_reward,
    instances=_chances,
    describe=lambda J, chance: f"J = {J:.4g}, chance = {chance:.4g}",
    mistakes=(
        Mistake(lambda J, chance: np.ceil(1 / J), "That is the mean number of draws, 1/J. It does not use `chance`."),
        Mistake(
            lambda J, chance: 1 / J,
            "On average a reward comes every 1/J draws. Asked for is a whole number of draws that is enough "
            "with this `chance`.",
        ),
        Mistake(
            lambda J, chance: np.ceil(chance / J),
            "This adds up the chances of single draws. They overlap: two rewards in a row count as one "
            "success. Start from the chance of no reward in N draws.",
        ),
        Mistake(
            lambda J, chance: np.log1p(-chance) / np.log1p(-J),
            "Draws come in whole numbers: round up to the first N that is enough.",
            "almost",
        ),
        Mistake(
            lambda J, chance: np.floor(np.log1p(-chance) / np.log1p(-J)),
            "Rounded down: one draw too few, the rewarded draw counts, too. `int` and `//` round down as well.",
            "almost",
        ),
        Mistake(
            lambda J, chance: np.ceil(np.log(chance) / np.log1p(-J)),
            "This asks when the chance of *no* reward has fallen to `chance`. It has to fall to 1 - chance.",
        ),
        Mistake(
            lambda J, chance: np.ceil(np.log(chance) / np.log(J)),
            "This is for J**N = chance: N rewards in a row. Asked for is at least one reward.",
        ),
        Mistake(
            lambda J, chance: np.ceil(np.log1p(-chance) / np.log(J)),
            "The chance of no reward in one draw is 1 - J, not J.",
        ),
        Mistake(
            lambda J, chance: np.ceil(-np.log1p(-chance) / J),
            "Close where J is small: you took log(1 - J) for -J. Keep the logarithm.",
            "almost",
        ),
    ),
)


EXERCISES = (
    Exercise(
        id="01.1",
        title="A softmax that lasts",
        difficulty=2,
        minutes=8,
        hints=(
            "In context k the logits are column k of `W + b[:, None]`; each column becomes one policy.",
            "exp(1000) overflows. If you subtract the same number from all logits of a context, the softmax "
            "stays the same.",
            "Subtract each column's own maximum (`max(axis=0)`), take exp, divide by the sum over axis 0.",
        ),
        right="One policy for each context, for small and for huge logits.",
        task=POLICY,
    ),
    Exercise(
        id="01.2",
        title="How good is it?",
        difficulty=1,
        minutes=4,
        hints=(
            "In context k action k is right. Which entry of the policy is that?",
            "There are more actions than contexts; numpy's `diag` stops at the shorter side.",
        ),
        right="One probability for each context.",
        task=COMPONENTS,
    ),
    Exercise(
        id="01.3",
        title="Which way is up?",
        difficulty=3,
        minutes=15,
        hints=(
            "grad J_k = J_k grad log J_k, and log J_k is a logit minus the logarithm of a sum.",
            "By the logits of context k, log J_k has the derivative one-hot(k) - policy[:, k]: n numbers.",
            "Those n numbers, times J_k, stand in column k of an (n, K) block that is zero elsewhere, and once "
            "more in the block of b. Flatten the first block with `ravel()`.",
        ),
        right="Every derivative in its place: J_k moves with column k of W and with the shared b.",
        task=GRADIENTS,
    ),
    Exercise(
        id="01.4",
        title="One draw",
        difficulty=3,
        minutes=10,
        hints=(
            "Draw with `rng.choice(n, p=...)`: which column of the policy belongs there? Which action is rewarded?",
            "If the reward is 0, return zeros, of length n*K + n.",
            "If it is 1, return the score: row k of 01.3 without its factor J_k.",
        ),
        right="Zero or the score, and exactly as often as the policy says. Its mean is the gradient of J_k.",
        task=REINFORCE,
    ),
    Exercise(
        id="01.5",
        title="Three numbers",
        difficulty=2,
        minutes=7,
        hints=(
            "Divide numerator and denominator of J1 by exp(W11 + b1): what stands in the exponent?",
            "J1 = sigmoid((W11 + b1) - (W21 + b2)). Write the same for J2, where action 2 is right.",
            "Collect the weights of each into theta1 and theta2. What is left is plus b1 - b2 in J1, and minus "
            "it in J2.",
        ),
        right="Right minus wrong in the weights of each context, action 1 minus action 2 in the bias.",
        task=REDUCED,
    ),
    Exercise(
        id="01.6",
        title="One in a million",
        difficulty=2,
        minutes=4,
        hints=(
            "The expected update is the probability of the right action times its score.",
            "With two actions the score by the logits is (1 - J, -(1 - J)). It stands twice among the six parameters.",
        ),
        right="2 J (1 - J): four entries of nearly one millionth. A step of length 2, once in a million draws.",
        task=MILLIONTH,
    ),
    Exercise(
        id="01.7",
        title="How noisy is one sample?",
        difficulty=3,
        minutes=8,
        hints=(
            "A sample is a fixed vector v, the score, with probability J, and 0 otherwise. Find its mean and the "
            "mean of its squared length.",
            "Mean J v, mean square J |v|^2. Variance is mean square minus the squared length of the mean. Divide.",
        ),
        right="1/J - 1, whatever the number of actions, with or without a bias: a rare success is a noisy teacher.",
        task=NOISE,
    ),
    Exercise(
        id="01.8",
        title="Patience",
        difficulty=2,
        minutes=8,
        hints=(
            "What is the chance that N draws bring no reward at all?",
            "(1 - J)**N must be at most 1 - chance. Take logarithms, and mind that log(1 - J) is negative.",
            "Round up with `np.ceil`. For tiny J use `np.log1p(-J)`, which is log(1 - J) without the loss of digits.",
        ),
        right="Whole draws, enough of them, and right for one in a million millions.",
        task=PATIENCE,
    ),
)
