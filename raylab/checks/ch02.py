"""Exercises of chapter 02: the angle between two gradients, what sets it, and which parameters carry it."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from raylab import interference
from raylab.checks.engine import Derive, Exercise, Explore, Further, Implement, Law, Mistake, Predict, numbers
from raylab.systems.bandit import Bandit, SoftmaxBandit

# 02.1 ---------------------------------------------------------------------------------------------------------


def _gradients(rng: np.random.Generator) -> Iterator[Any]:
    yield (np.array([[0.2, 0.0, 0.2], [0.0, 0.05, -0.05]]),)
    for K, d in ((3, 5), (4, 2), (2, 7), (5, 6)):
        rows = rng.normal(0, 1, (K, d)) * 10.0 ** rng.uniform(-2, 2, (K, 1))
        rows[1] = -np.abs(rows[1]) if d == 2 else rows[1]  # the largest entry of a row may be negative
        yield (rows,)
    silent = rng.normal(0, 1, (4, 3))
    silent[rng.integers(0, 4)] = 0
    yield Further(
        (silent,),
        "One row is zero: that goal has no gradient here and pulls on nobody. Its row and its column "
        "should be zero, the diagonal included: not nan, and not 1.",
    )
    tiny = rng.normal(0, 1, (3, 4)) * np.array([[1.0], [1e-200], [1e-200]])
    yield Further(
        (tiny,),
        "Two rows have lengths near 1e-200. They are not zero, so they have an angle. Is something added "
        "in the denominator, is there a threshold, or does a square become too small for float64?",
    )
    yield Further(
        (np.vstack([tiny, np.zeros(4)]),), "A row of length 1e-200 counts, a row of zeros does not. Tell them apart."
    )


def _lengths(G: np.ndarray) -> np.ndarray:
    return np.sqrt((G**2).sum(axis=1))


def _plain_cosine(G: np.ndarray) -> np.ndarray:
    length = _lengths(G)
    return G @ G.T / np.outer(length, length)


def _zeros_for_nan(G: np.ndarray) -> np.ndarray:
    length = np.outer(_lengths(G), _lengths(G))
    return np.where(length > 0, G @ G.T / np.where(length > 0, length, 1), 0)


def _signed_maximum(G: np.ndarray) -> np.ndarray:
    largest = G.max(axis=1, keepdims=True)
    return interference.cosine(G / np.where(largest == 0, 1, largest))


def _diagonal(cosine: Callable[[np.ndarray], np.ndarray], value: float) -> Callable[[np.ndarray], np.ndarray]:
    def changed(G: np.ndarray) -> np.ndarray:
        C = cosine(G)
        np.fill_diagonal(C, value)
        return C

    return changed


def _scale_free(answer: Callable[..., Any], G: np.ndarray) -> bool | str:
    before, after = answer(G), answer(1e-5 * G)
    if np.allclose(before, after, rtol=1e-6, atol=1e-9, equal_nan=True):
        return True
    i, j = np.unravel_index(np.argmax(np.abs(after - before)), before.shape)
    return f"entry ({i}, {j}): {before[i, j]:.4g} for G, {after[i, j]:.4g} for 0.00001 G"


COSINE = Implement(
    signature="cosine(G)",
    reference=interference.cosine,
    instances=_gradients,
    describe=lambda G: f"G = {numbers(G)}",
    mistakes=(
        Mistake(
            lambda G: G @ G.T,
            "These are the inner products. A cosine leaves the lengths out: divide by the lengths of both gradients.",
        ),
        Mistake(
            lambda G: G @ G.T / _lengths(G)[:, None],
            "You divide by one of the two lengths only: the length of row k. The entry (k, j) needs row j's as well.",
        ),
        Mistake(
            lambda G: G @ G.T / _lengths(G),
            "You divide by one of the two lengths only: the length of row j. The entry (k, j) needs row k's as well.",
        ),
        Mistake(
            lambda G: G @ G.T / np.outer(_lengths(G) ** 2, _lengths(G) ** 2),
            "You divide by the squared lengths. The length is the square root of the sum of squares.",
        ),
        Mistake(
            lambda G: G @ G.T / (G**2).sum(),
            "You divide everything by one number. Each entry has lengths of its own: those of its two rows.",
        ),
        Mistake(
            lambda G: np.abs(_plain_cosine(G)),
            "The sign is lost. Conflict and transfer differ by nothing but their sign.",
        ),
        Mistake(
            lambda G: _plain_cosine(G) ** 2,
            "This is the squared cosine, so the sign is gone: conflict and transfer look the same.",
        ),
        Mistake(
            lambda G: _plain_cosine(G.T),
            "You compare the columns, so parameters with each other. The goals are the rows: (K, d) becomes (K, K).",
        ),
        Mistake(
            np.corrcoef,
            "This is Pearson's correlation: it subtracts each row's mean first. The cosine subtracts "
            "nothing; zero means something for a gradient.",
        ),
        Mistake(
            lambda G: 1 - _plain_cosine(G),
            "This is the cosine *distance*, one minus the cosine: zero for the same direction.",
        ),
        Mistake(
            lambda G: np.arccos(np.clip(_plain_cosine(G), -1, 1)),
            "This is the angle in radians. Asked for is its cosine.",
        ),
        Mistake(
            _diagonal(_plain_cosine, 0.0),
            "The diagonal should be 1 for every goal that has a gradient: it agrees with itself.",
        ),
        Mistake(
            lambda G: np.triu(_plain_cosine(G)),
            "Half of the matrix is missing. It is symmetric: what j does to k, k does to j.",
        ),
        Mistake(
            _signed_maximum,
            "You divide each row by its largest entry. Where all entries are negative that one is negative as well, "
            "and the row turns round: take the largest absolute entry.",
            "almost",
        ),
        Mistake(
            _diagonal(interference.cosine, 1.0),
            "You put 1 on the whole diagonal. A goal without gradient has no direction, not even its own: its "
            "diagonal entry is zero like the rest of its row.",
            "almost",
        ),
        Mistake(
            _diagonal(_zeros_for_nan, 1.0),
            "The diagonal is 1 everywhere; a goal without gradient has no direction, so it should be 0 there. "
            "And a row of length 1e-200 is lost: its square is too small for float64.",
            "almost",
        ),
        Mistake(
            _plain_cosine,
            "Right wherever every gradient has a length. A zero row gives 0/0, which is nan, and nan "
            "spoils every average that it enters: its row and its column should be zero.",
            "almost",
        ),
        Mistake(
            _zeros_for_nan,
            "Zero rows are right. A row of length 1e-200 is not zero, and you lose it: to a threshold, or to its "
            "square, since 1e-400 is too small for float64 and becomes 0. Divide each row by its largest "
            "absolute entry first.",
            "almost",
        ),
    ),
    laws=(
        Law(
            _scale_free,
            "A cosine does not change when all gradients shrink. Yours does. A small number added to the "
            "lengths, to be safe from zero, does that: treat zero rows apart instead.",
            "almost",
        ),
    ),
    rtol=1e-8,
    atol=5e-8,  # arccos turns a rounding error of 1e-16 into 1e-8
)


# 02.2 ---------------------------------------------------------------------------------------------------------


def _sympy(words: str) -> Callable[[], Any]:
    """A sympy answer, read when it is needed: sympy is slow to load."""

    def read() -> Any:
        from raylab import symbolic

        return symbolic.sp.sympify(words)

    return read


HALF = Derive(
    truth=_sympy("-1/2"),
    mistakes=(
        Mistake(_sympy("1/2"), "The size is right, the sign is not: θ₃ enters J₁ with + and J₂ with −."),
        Mistake(
            _sympy("-J1 * (1 - J1) * J2 * (1 - J2)"),
            "This is the inner product. Divide it by the two lengths: each is √2 times its slope.",
        ),
        Mistake(
            _sympy("-1"),
            "−1 is what the shared parameter alone would give, or what is left if the lengths are taken to "
            "be a₁ and a₂. Each gradient has two entries of the same size: its length is √2 a.",
        ),
        Mistake(
            _sympy("-1/4"),
            "You divided by 2 · 2, the product of the squared lengths. The cosine has √2 · √2 below.",
        ),
        Mistake(_sympy("1/4"), "This is the square of the cosine. Which root has the right sign?"),
        Mistake(
            _sympy("-1 / sqrt(2)"),
            "You divided by one of the two lengths only. Each of them gives a √2.",
        ),
        Mistake(
            _sympy("-1 / (4 * J1 * (1 - J1) * J2 * (1 - J2))"),
            "You divided by the squared lengths. With the lengths themselves, the slopes cancel completely.",
        ),
        Mistake(
            _sympy("0"),
            "They do not miss each other: both gradients have an entry for θ₃. Which products of entries are not zero?",
        ),
    ),
)


# 02.3 ---------------------------------------------------------------------------------------------------------


def _sizes(rng: np.random.Generator) -> Iterator[Any]:
    yield from ((2, 3), (3, 3), (2, 4), (3, 5), (10, 12), (2, 2))
    for _ in range(6):
        n = int(rng.integers(4, 40))
        yield int(rng.integers(2, n + 1)), n


UNIFORM = Implement(
    signature="uniform_interference(K, n)",
    reference=lambda K, n: -1 / (2 * (n - 1)),
    instances=_sizes,
    describe=lambda K, n: f"K = {K}, n = {n}",
    mistakes=(
        Mistake(
            lambda K, n: 1 / (2 * (n - 1)),
            "The size is right. The sign: the other context's right action is one of your mistakes, so the "
            "bias is pulled both ways.",
        ),
        Mistake(
            lambda K, n: -1 / (n - 1),
            "This is the angle in the bias alone. W has its share in the lengths and none in the inner product.",
        ),
        Mistake(
            lambda K, n: -0.5,
            "−1/2 belongs to two actions. With more of them, only part of one context's mistakes are the "
            "other one's goal.",
        ),
        Mistake(
            lambda K, n: -1 / (2 * n),
            "Close: the mistakes are spread over the n − 1 wrong actions, not over all n.",
        ),
        Mistake(
            lambda K, n: -1 / n,
            "Two things: the mistakes are spread over n − 1 wrong actions, and W makes the gradients longer.",
        ),
        Mistake(
            lambda K, n: -1 / (K - 1),
            "This is the floor for the mean over K goals. The angle of one pair depends on the actions; K "
            "does not enter.",
        ),
        Mistake(
            lambda K, n: -1 / (2 * (K - 1)),
            "K in the place of n. What two goals share are the actions; other contexts do not change their angle.",
        ),
        Mistake(
            lambda K, n: -1 / n**3,
            "This is the inner product. Divide by the lengths; both squared lengths are 2(n − 1)/n³.",
        ),
        Mistake(
            lambda K, n: (2 * n - K - 1) / n**3,
            "This is the speed dJ/dt at the uniform policy. Asked for is the cosine of two components.",
        ),
        Mistake(
            lambda K, n: -(K - 1) / (2 * (n - 1)),
            "This adds up all K − 1 opponents. Asked for is one pair.",
        ),
    ),
)


# 02.4 ---------------------------------------------------------------------------------------------------------

_SMALL = SoftmaxBandit(contexts=2, actions=3)


def _gradient_of(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    return _SMALL.gradients(_SMALL.parameters(W, b))


def _policy_of(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    return _SMALL.policy(_SMALL.parameters(W, b))


def _cosine_of(W: np.ndarray, b: np.ndarray) -> float:
    return float(interference.cosine(_gradient_of(W, b))[0, 1])


def _unless(pattern: Callable[[np.ndarray, np.ndarray], Any]) -> Callable[[np.ndarray, np.ndarray], bool | str]:
    """A law that only speaks about settings of one kind, and shows the policy."""

    def holds(W: np.ndarray, b: np.ndarray) -> bool | str:
        if _cosine_of(W, b) > 1e-9 or not pattern(W, b):
            return True
        return f"cosine {_cosine_of(W, b):.4g}; policy in context 1 {numbers(_policy_of(W, b)[:, 0], 3)}, " + (
            f"in context 2 {numbers(_policy_of(W, b)[:, 1], 3)}"
        )

    return holds


def _has_gradients(W: np.ndarray, b: np.ndarray) -> bool | str:
    lengths = np.linalg.norm(_gradient_of(W, b), axis=-1)
    return bool(lengths.min() > 1e-30) or f"lengths of the two gradients: {numbers(lengths)}"


def _mistakes_on_3(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The share of action 3 among the mistakes of each context."""
    pi = _policy_of(W, b)
    return pi[2] / (pi[2] + np.array([pi[1, 0], pi[0, 1]]))


def _wrong_action_of_the_other(W: np.ndarray, b: np.ndarray) -> bool:
    pi = _policy_of(W, b)
    return bool(pi[1, 0] > 0.5 and pi[0, 1] > 0.5)


POSITIVE = Explore(
    names="W, b",
    shapes=((3, 2), (3,)),
    laws=(
        Law(
            _has_gradients,
            "A gradient has vanished here: the numbers are so large that the policy is frozen, and a zero "
            "row has no angle. Take smaller ones.",
        ),
        Law(
            _unless(lambda W, b: not np.ptp(W, axis=0).any() and not np.ptp(b).any()),
            "This is the uniform policy: half of the mistakes are spurious, half are the other context's "
            "goal, and the conflict is stronger. Which mistakes should both make?",
        ),
        Law(
            _unless(lambda W, b: _mistakes_on_3(W, b).max() < 0.1),
            "Hardly any mistake is action 3. So it is nearly a matter of two actions, and there the cosine is −1/2 "
            "whatever you do. Action 3 is the one that is right in neither context.",
        ),
        Law(
            _unless(_wrong_action_of_the_other),
            "Each context plays what is right in the other one. Then they pull the bias in nearly "
            "opposite ways: the worst case. Which mistake could they have in common?",
        ),
        Law(
            _unless(lambda W, b: _mistakes_on_3(W, b).min() < 0.3 and _mistakes_on_3(W, b).max() > 0.6),
            "Action 3 is the usual mistake in one context only. It has to be one that both make.",
        ),
        Law(
            _unless(lambda W, b: _mistakes_on_3(W, b).min() > 0.51),
            "The direction is right: action 3 is the usual mistake in both. But too many mistakes still go elsewhere.",
        ),
        Law(
            _unless(lambda W, b: True),
            "Still negative. Look at how each context's mistakes are spread: the part on action 3 helps, "
            "the part on the other context's right action hurts.",
        ),
    ),
)


# 02.5 ---------------------------------------------------------------------------------------------------------


def _rows_of_gradients(rng: np.random.Generator) -> Iterator[Any]:
    bandit = SoftmaxBandit(contexts=2, actions=3)
    yield bandit.gradients(rng.normal(0, 1, 9)), 3
    for n, K in ((4, 2), (5, 3), (3, 3), (6, 2)):
        yield rng.normal(0, 1, (K, n * K + n)), n  # any rows: the split is a matter of columns alone


def _split(G: np.ndarray, cut: int) -> tuple[np.ndarray, np.ndarray]:
    return G[:, :cut] @ G[:, :cut].T, G[:, cut:] @ G[:, cut:].T


def _right_split(G: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    return _split(G, n * len(G))


def _as_cosines(G: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    weights, bias = _right_split(G, n)
    both = np.outer(_lengths(G), _lengths(G))
    return weights / both, bias / both


def _own_cosines(G: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    return _plain_cosine(G[:, : n * len(G)]), _plain_cosine(G[:, n * len(G) :])


def _one_pair(G: np.ndarray, n: int) -> tuple[float, float]:
    weights, bias = _right_split(G, n)
    return weights[0, 1], bias[0, 1]


SPLIT = Implement(
    signature="split_inner(G, n)",
    reference=_right_split,
    instances=_rows_of_gradients,
    describe=lambda G, n: f"n = {n}, K = {len(G)}, G = {numbers(G, 3)}" if G.size < 20 else f"n = {n}, K = {len(G)}",
    mistakes=(
        Mistake(
            lambda G, n: _right_split(G, n)[::-1],
            "The two parts are exchanged: first what W carries, then what b carries.",
        ),
        Mistake(
            lambda G, n: _split(G, n)[::-1],
            "You took the first n columns for the bias. In the parameters W comes first (n K numbers), "
            "then b (the last n).",
        ),
        Mistake(
            lambda G, n: _right_split(G, n)[0],
            "One array came back, and it is what W carries. Return both: first that one, then what b carries.",
        ),
        Mistake(
            lambda G, n: _split(G, n),
            "You cut after n columns. The first n numbers are only a part of W, which has n K of them; b is the "
            "last n.",
        ),
        Mistake(
            lambda G, n: _split(G, len(G)),
            "You cut after K columns. W has n rows and K columns, so its gradient takes n K columns of G.",
        ),
        Mistake(
            lambda G, n: _split(G, len(G) ** 2),
            "You cut after K · K columns. That is right for n = K only: W has n K entries.",
        ),
        Mistake(
            lambda G, n: (np.zeros((len(G), len(G))), G @ G.T),
            "Zero for W is what comes out for the bandit off the diagonal, and your function should find "
            "that out, not assume it. On the diagonal, W carries half.",
        ),
        Mistake(
            lambda G, n: (G @ G.T / 2, G @ G.T / 2),
            "Half each is true on the bandit's diagonal. Off the diagonal the halves are far from equal: "
            "sum over the columns of each block.",
        ),
        Mistake(
            _as_cosines,
            "These parts add up to the cosine. Asked for are the parts of the inner product: do not divide by lengths.",
        ),
        Mistake(
            _own_cosines,
            "These are two cosines, one within each block. They do not add up to anything: asked for are "
            "inner products.",
        ),
        Mistake(
            _one_pair,
            "Right for the first pair. Asked for are all pairs at once: two arrays of shape (K, K).",
            "almost",
        ),
        Mistake(
            lambda G, n: (G[:, : n * len(G)], G[:, n * len(G) :]),
            "These are the two blocks of the gradients. Now the inner products within each of them.",
        ),
    ),
    laws=(
        Law(
            lambda answer, G, n: bool(np.allclose(sum(answer(G, n)), G @ G.T, rtol=1e-9, atol=1e-12)),
            "The two parts do not add up to the inner products. Each column of G belongs to exactly one block.",
        ),
    ),
)


# 02.6 ---------------------------------------------------------------------------------------------------------

SIGNS = Predict(
    truth=(1.0, -1.0),
    mistakes=(
        Mistake(
            (1.0, 1.0),
            "At (1, 1) you are right. A shared strength does not always help: at (1, −1), what would a "
            "larger β do to J₂?",
        ),
        Mistake(
            (-1.0, -1.0),
            "At (1, −1) you are right. Sharing is not conflict by itself: at (1, 1), what would a larger β "
            "do to J₁, and what to J₂?",
        ),
        Mistake(
            (-1.0, 1.0), "Both are exchanged. What does a larger β do to σ(βθ) when θ is positive, and when negative?"
        ),
        Mistake(
            (0.0, 0.0),
            "Each θₖ is private, but β is not: both gradients have an entry for it. Differentiate by β.",
        ),
        Mistake(
            (0.0, -1.0),
            "At (1, 1) the values of J₁ and J₂ are equal, which does not mean that they do not meet. "
            "Multiply the two derivatives by β.",
        ),
        Mistake(
            (1.0, 0.0),
            "At (1, −1) the contributions do not cancel: there is one shared parameter, and one product of "
            "two derivatives.",
        ),
    ),
    atol=1e-9,
)


# 02.7 ---------------------------------------------------------------------------------------------------------


STRENGTH = Derive(
    truth=_sympy("-c**2 / (1 + c**2)"),
    mistakes=(
        Mistake(_sympy("c**2 / (1 + c**2)"), "The size is right. The bias still enters with opposite signs."),
        Mistake(_sympy("-1/2"), "−1/2 is right for c = 1 only. The answer depends on c."),
        Mistake(
            _sympy("-c**2 / 2"),
            "The inner product is right, the lengths are not: they grow with c as well. Nothing below −1 "
            "can be a cosine.",
        ),
        Mistake(
            _sympy("-c / 2"),
            "−1/2 times c would fall below −1 for large c, and no cosine does. Write down both gradients anew: c "
            "stands in each of them, and so in both lengths.",
        ),
        Mistake(
            _sympy("-c**2"),
            "This is the inner product without the slopes. Divide it by the two lengths, which hold c, too.",
        ),
        Mistake(
            _sympy("-c / (1 + c)"),
            "c enters each gradient once, so it enters their product squared, and each squared length too.",
        ),
        Mistake(
            _sympy("-c / (1 + c**2)"),
            "Below the fraction you are right. Above: both gradients have the entry c, one with each sign.",
        ),
        Mistake(
            _sympy("-c**2 / (1 + c**2)**2"),
            "You divided by the squared lengths. Each length is the root of 1 + c².",
        ),
        Mistake(
            _sympy("-1 / (1 + c**2)"),
            "At c = 0 nothing is shared, so the cosine has to be 0 there. Yours is −1.",
        ),
        Mistake(
            _sympy("-c**2 / sqrt(1 + c**2)"),
            "You divided by one of the two lengths only.",
        ),
        Mistake(
            _sympy("-c**2 / (2 + c**2)"),
            "The private weight counts once in each squared length: 1 + c², not 2 + c².",
        ),
    ),
)


# 02.8 ---------------------------------------------------------------------------------------------------------


class _Network:
    """tanh units into logistic ones: (..., d) parameters -> (..., K) components. Not a bandit, so no formula fits."""

    def __init__(self, inputs: int, hidden: int, outputs: int, rng: np.random.Generator) -> None:
        self.inputs, self.hidden, self.outputs = rng.normal(0, 1, inputs), hidden, outputs
        self.size = inputs * hidden + hidden * outputs

    def __call__(self, theta: np.ndarray) -> np.ndarray:
        theta = np.asarray(theta, dtype=np.float64)
        cut = len(self.inputs) * self.hidden
        h = np.tanh(theta[:cut].reshape(self.hidden, -1) @ self.inputs)
        return 1 / (1 + np.exp(-theta[cut:].reshape(self.outputs, self.hidden) @ h))


def _black_boxes(rng: np.random.Generator) -> Iterator[Any]:
    yield Bandit().components, rng.normal(0, 1, 3)
    bandit = SoftmaxBandit(contexts=2, actions=4)
    yield bandit.components, rng.normal(0, 1, 12)
    for sizes in ((3, 2, 4), (2, 3, 2)):
        network = _Network(*sizes, rng)
        yield network, rng.normal(0, 0.7, network.size)
    yield Further(
        (Bandit().components, np.array([1, -1, 2])),
        "Here `theta` holds whole numbers. A copy of it holds whole numbers too, and a small shift is "
        "rounded away. Make the copy float first.",
    )


def _central(components: Callable[[np.ndarray], np.ndarray], theta: np.ndarray) -> np.ndarray:
    h = 1e-5 * np.eye(len(theta))
    columns = [(components(theta + shift) - components(theta - shift)) / 2e-5 for shift in h]
    return np.stack(columns, axis=1)


def _four_digits(answer: Callable[..., Any], components: Any, theta: np.ndarray) -> bool:
    """Far off is another matter: this law speaks only about answers that are close."""
    mine, exact = answer(components, theta), _central(components, theta.astype(float))
    far = np.abs(mine - exact).max() > 0.1 * np.abs(exact).max()
    return bool(far or np.allclose(mine, exact, rtol=1e-4, atol=1e-7))


PROBE = Implement(
    signature="probe(components, theta)",
    reference=_central,
    instances=_black_boxes,
    describe=lambda components, theta: f"theta = {numbers(theta, 3)}",
    rtol=1e-4,
    atol=1e-7,
    mistakes=(
        Mistake(
            lambda f, theta: _central(f, theta).T,
            "The numbers are right and lie transposed: one row for each component, one column for each parameter.",
        ),
        Mistake(
            lambda f, theta: 2 * _central(f, theta),
            "Twice too large: from theta − h to theta + h it is a step of 2h.",
        ),
        Mistake(
            lambda f, theta: _central(f, theta) / 2,
            "Half of what it should be: from theta to theta + h it is a step of h, not of 2h.",
        ),
        Mistake(lambda f, theta: -_central(f, theta), "The sign: the value after the step minus the value before it."),
        Mistake(
            lambda f, theta: _central(f, theta).sum(axis=0),
            "This is the gradient of the sum. The probe has to keep the components apart: one row for each.",
        ),
        Mistake(
            lambda f, theta: _central(f, theta).sum(axis=1),
            "All parameters are shifted at once, so you get one number for each component. Shift one "
            "parameter at a time.",
        ),
        Mistake(
            lambda f, theta: np.cumsum(_central(f, theta), axis=1),
            "Every column contains the ones before it: the earlier shifts are still there. Take a fresh "
            "copy of theta for each parameter.",
        ),
        Mistake(
            lambda f, theta: _central(f, theta) / f(theta)[:, None],
            "This is the gradient of log J. Asked for is the gradient of J.",
        ),
        Mistake(
            lambda f, theta: np.zeros((len(f(theta)), len(theta))),
            "All zeros. Either the shift is smaller than the last digit of theta, or the shifted copy is "
            "not the one that you hand to `components`.",
        ),
    ),
    laws=(
        Law(
            _four_digits,
            "Close, and not right to four digits. If the shift is large, the curve bends within it; if it is tiny, "
            "rounding is all that is left. Shift to both sides of theta, by something like 1e-5.",
            "almost",
        ),
    ),
)


# 02.9 ---------------------------------------------------------------------------------------------------------

FLOOR = Predict(
    truth=-0.04,
    mistakes=(
        Mistake((-1.0001, -0.9), "−1 is possible for two arrows. A third one cannot be opposite to both."),
        Mistake(
            (-0.51, -0.49), "−1/2 is the floor for three arrows, or the constant of the smallest bandit. Here are 26."
        ),
        Mistake(
            (-0.0388, -0.0379), "This is −1/26. Count again: each arrow has 25 others, and there are 26 · 25 pairs."
        ),
        Mistake(
            (-0.0202, -0.0198),
            "This is −1/50, the bandit's formula with its private weights. Here nothing is said about "
            "where the gradients come from: only that the length of their sum is not negative.",
        ),
        Mistake((-0.1112, -0.0998), "This is the value for ten classes. What changes with 26?"),
        Mistake(
            (0.0, 0.0),
            "Zero is what independent directions give. They can be a little more negative than that, all at once.",
        ),
        Mistake((0.0399, 0.0401), "The size is right, and it can be below zero: put the sign in."),
    ),
    atol=0.0002,
)


EXERCISES = (
    Exercise(
        id="02.1",
        title="The cosine of every two gradients",
        difficulty=2,
        minutes=15,
        hints=(
            "Scale every row to length one first. What are the inner products of unit vectors?",
            "For zero rows: divide only where the length is positive, for example with `np.divide(..., "
            "where=..., out=...)`.",
            "For rows of length 1e-200: before you square, divide each row by its largest absolute entry. "
            "That leaves the direction as it is.",
        ),
        right="Every pair, whatever the lengths, and zero where there is no gradient. The cells below use "
        "your function.",
        task=COSINE,
    ),
    Exercise(
        id="02.2",
        title="The smallest case",
        difficulty=1,
        minutes=8,
        hints=(
            "The derivative of σ(x) is σ(x)(1 − σ(x)). Write a₁ and a₂ for these two slopes and find both gradients.",
            "∇J₁ = a₁ (1, 0, 1) and ∇J₂ = a₂ (0, 1, −1). Inner product, then both lengths.",
        ),
        right="−1/2, at every θ: the slopes cancel, and with them everything that the learner can or cannot do.",
        task=HALF,
    ),
    Exercise(
        id="02.3",
        title="The uniform policy, any K and n",
        difficulty=3,
        minutes=12,
        hints=(
            "At W = 0, b = 0 every action has probability 1/n. The gradient of Jₖ by the logits of its "
            "context is (eₖ − u)/n, where u has 1/n in every entry, and it stands twice in ∇Jₖ: once in "
            "column k of W, once in b.",
            "Inner product of two goals: only b counts, and there it is −1/n³. Squared length of one: "
            "twice (1/n²)(1 − 1/n).",
        ),
        right="−1/(2(n − 1)): K has no say in it.",
        task=UNIFORM,
    ),
    Exercise(
        id="02.4",
        title="Two goals that help each other",
        difficulty=2,
        minutes=8,
        hints=(
            "Which action is right in neither context? What if both contexts play it most of the time?",
            "Leave W at zero and change one entry of b. Try a few values and print the cosine each time.",
        ),
        right="Positive transfer: both contexts make the same mistake, and the shared bias can cure it for "
        "both at once.",
        task=POSITIVE,
    ),
    Exercise(
        id="02.5",
        title="What W carries, what b carries",
        difficulty=2,
        minutes=10,
        hints=(
            "An inner product is a sum over parameters, so over the columns of G. Where does W end and b begin?",
            "K is the number of rows of G. The first n K columns belong to W, the last n to b.",
        ),
        right="The two parts add up to the whole. For the bandit the first one is zero off the diagonal: two "
        "contexts use "
        "two different columns of W.",
        task=SPLIT,
    ),
    Exercise(
        id="02.6",
        title="A shared strength",
        difficulty=3,
        minutes=8,
        hints=(
            "Which parameter is shared? Differentiate J₁ and J₂ by it.",
            "∂Jₖ/∂β = aₖ θₖ with aₖ > 0. The inner product of the two gradients is the product of these two.",
        ),
        right="The same two goals, the same shared parameter: they help each other at one point and fight at "
        "another. "
        "The sign belongs to the place, not to the pair.",
        task=SIGNS,
    ),
    Exercise(
        id="02.7",
        title="How much is shared",
        difficulty=2,
        minutes=8,
        hints=(
            "∇J₁ = a₁ (1, 0, c). And ∇J₂?",
            "The inner product is −a₁a₂c². Each squared length is aₖ²(1 + c²).",
        ),
        right="The cosine is minus the share of the squared length that lies in the shared parameter: 0 for c "
        "= 0, −1/2 for "
        "c = 1, and it tends to −1.",
        task=STRENGTH,
    ),
    Exercise(
        id="02.8",
        title="A probe that needs no gradients",
        difficulty=3,
        minutes=15,
        hints=(
            "Column i says what a small shift of parameter i alone does to all components.",
            "Shift by +h and by −h, take the difference, divide by 2h. h = 1e-5 is a good size: the error "
            "of the formula falls with h², the rounding error grows with 1/h.",
            "`np.eye(len(theta))[i] * h` is a shift of parameter i alone. `theta + shift` makes a new "
            "array, of floats.",
        ),
        right="A probe for anything that has parameters and components, gradients or not.",
        task=PROBE,
    ),
    Exercise(
        id="02.9",
        title="As negative as it can be",
        difficulty=2,
        minutes=6,
        hints=(
            "Add up the 26 unit vectors. What do you know about the squared length of the sum?",
            "0 ≤ 26 + 26 · 25 · (mean cosine).",
        ),
        right="−1/25. A mean cosine of −0.04 among 26 goals is all the conflict that there can be.",
        task=FLOOR,
    ),
)
