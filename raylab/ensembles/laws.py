"""Where runs begin: the initial laws, by name. The papers do not state theirs, and results differ with it."""

from collections.abc import Callable
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from raylab import arguments

Logits = Annotated[NDArray[np.float64], "N n K"]

LAWS = ("simplex", "angle", "gauss", "reject", "equal")
_BATCH = 1 << 21  # numbers drawn at a time, 16 MB: a million runs fit into little memory
_PATIENCE = 2_000_000  # proposals before anybody judges how many of them will do
_MOST_NUMBERS = 10**12  # that all starts may take at this rate: hours


def starts(
    law: str,
    runs: int,
    contexts: int = 2,
    actions: int = 2,
    performance: float | None = None,
    scale: float = 1.0,
    seed: int = 0,
) -> Logits:
    """Logits (runs, n, K) of that many starts; column k is the policy in context k, as in `SoftmaxBandit`.

    law, with J0 = `performance` (K / 10 if None), J = sum_k J_k, right action of context k: action k:

    - "simplex": J_1 ... J_K uniform on the part of the plane J = J0 inside the open unit cube;
    - "angle": the direction of (J_1 ... J_K) uniform on the sphere's positive orthant (K = 2: the angle uniform in
      (0, 90) degrees), the length such that J = J0, directions that would leave the unit cube left out;
    - "equal": every J_k = J0 / K, the same start for every run;
    - "gauss": every weight and bias normal with mean 0 and standard deviation `scale`, logits W[a, k] + b[a];
    - "reject": as "gauss", kept where |J - J0| < J0 / 20.

    In the first three the wrong actions of a context are equally likely, and `scale` plays no part. The first starts
    of a longer list are those of a shorter one.
    Raises TypeError or ValueError for malformed arguments; ValueError unless 0 < J0 < K, if "gauss" is given a
    performance, and if of two million proposals so few will do that all `runs` would take hours.
    """
    if arguments.text(law, "law") not in LAWS:
        raise ValueError(f"law: expected one of {', '.join(LAWS)}, found {law!r}; the text of starts tells them apart.")
    runs, K = arguments.count(runs, "runs"), arguments.count(contexts, "contexts")
    n = arguments.count(actions, "actions", 2)
    if n < K:
        raise ValueError(f"contexts: expected at most as many contexts as actions, found {K} > {n}; add actions.")
    if law == "gauss" and performance is not None:
        raise ValueError(
            f"performance: expected None for the law 'gauss', which fixes none, found {performance!r}; "
            "take 'reject' for Gaussian starts of a given performance."
        )
    J0 = K / 10 if performance is None else arguments.number(performance, "performance", 0.0, K)
    if not 0 < J0 / K < 1:  # nor so near an end that a float does not tell it from there
        raise ValueError(f"performance: expected J between 0 and K = {K}, both left out, found {J0}; move it inside.")
    scale, rng = arguments.number(scale, "scale", 0.0, 1e100), np.random.default_rng(arguments.count(seed, "seed", 0))
    if law == "equal":
        return _wrong_arms_equal(np.full((runs, K), J0 / K), n)
    if law == "simplex":
        return _wrong_arms_equal(_kept(lambda size: _on_the_plane(rng, size, K, J0), runs, K), n)
    if law == "angle":
        return _wrong_arms_equal(_kept(lambda size: _by_angle(rng, size, K, J0), runs, K), n)
    if law == "gauss":
        return _kept(lambda size: _gaussian(rng, size, K, n, scale), runs, n * (K + 1))
    return _kept(lambda size: _near(_gaussian(rng, size, K, n, scale), J0), runs, n * (K + 1))


def _kept(propose: Callable[[int], NDArray[np.float64]], runs: int, width: int) -> NDArray[np.float64]:
    """The first `runs` of the starts that `propose` makes, batch after batch, `width` numbers each, less what it drops.

    The generator gives the same numbers in whatever batches, so that the batch does not show in the result.
    """
    found, count, tried = [], 0, 0
    batch = max(1, min(_BATCH // width, max(runs, 1024)))
    while count < runs:
        found.append(propose(batch)[: runs - count])
        count, tried = count + len(found[-1]), tried + batch
        if tried >= _PATIENCE and runs * width * tried > _MOST_NUMBERS * count:
            raise ValueError(
                f"performance: expected one that the law can meet, found {count} of {tried} starts that do; "
                "choose another `performance` or `scale`, or fewer runs."
            )
    return np.concatenate(found)


def _on_the_plane(rng: np.random.Generator, size: int, K: int, J0: float) -> NDArray[np.float64]:
    """Uniform where the J_k sum to J0: exponentials over their sum, those outside the cube dropped."""
    turned = 2 * J0 > K  # the cube is its own mirror image: the smaller side of it has more room
    e = rng.standard_exponential((size, K))
    J = (K - J0 if turned else J0) * e / e.sum(axis=1, keepdims=True)
    return _inside(1 - J if turned else J)


def _by_angle(rng: np.random.Generator, size: int, K: int, J0: float) -> NDArray[np.float64]:
    g = np.abs(rng.standard_normal((size, K)))
    return _inside(J0 * g / g.sum(axis=1, keepdims=True))


def _inside(J: NDArray[np.float64]) -> NDArray[np.float64]:
    return J[((J > 0) & (J < 1)).all(axis=1)]


def _gaussian(rng: np.random.Generator, size: int, K: int, n: int, scale: float) -> Logits:
    drawn = scale * rng.standard_normal((size, n, K + 1))
    return drawn[:, :, :K] + drawn[:, :, K:]


def _near(logits: Logits, J0: float) -> Logits:
    K = logits.shape[2]
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    J = (weights[:, range(K), range(K)] / weights.sum(axis=1)).sum(axis=1)
    return logits[np.abs(J - J0) < J0 / 20]


def _wrong_arms_equal(J: NDArray[np.float64], n: int) -> Logits:
    """Logits log pi(a | k) with pi(k | k) = J_k and the rest shared out evenly."""
    K = J.shape[1]
    logits = np.repeat(np.log((1 - J) / (n - 1))[:, None, :], n, axis=1)
    logits[:, range(K), range(K)] = np.log(J)
    return logits
