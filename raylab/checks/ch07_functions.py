"""The functions of chapter 07 that have one right value: saddles, exponents of waits, the height where a wait ends."""

from collections.abc import Callable, Iterator
from math import comb, perm
from typing import Any

import numpy as np

from raylab.checks.engine import Implement, Mistake, numbers

# 07.1 count_saddles -------------------------------------------------------------------------------------------


def _saddles(K: int, n: int) -> int:
    return n**K - (n - 1) ** K - 1


def _sizes(rng: np.random.Generator) -> Iterator[Any]:
    yield 2, 2
    yield 2, 3
    yield 3, 3
    yield 3, 5
    yield 1, 4
    yield 4, 4
    yield 5, 7
    for _ in range(4):
        K = int(rng.integers(2, 6))
        yield K, int(rng.integers(K, 8))


SADDLES = Implement(
    signature="count_saddles(K, n)",
    reference=_saddles,
    instances=_sizes,
    describe=lambda K, n: f"K = {K}, n = {n}",
    mistakes=(
        Mistake(
            lambda K, n: 2**K - 2,
            "These are the corners of the cube of performances. Which wrong action a context plays makes no difference "
            "to Jₖ, but it makes another policy.",
        ),
        Mistake(
            lambda K, n: n**K,
            "These are all deterministic policies, and all of them are critical. Some are tops, some are bottoms.",
        ),
        Mistake(
            lambda K, n: n**K - 1,
            "Without the optimum, yes. But a policy that is wrong in every context is no saddle: from there every "
            "direction leads up, or nowhere.",
        ),
        Mistake(
            lambda K, n: n**K - 2,
            "There is one optimum, but more than one policy that is wrong everywhere: each context has n − 1 wrong "
            "actions.",
        ),
        Mistake(
            lambda K, n: n**K - (n - 1) ** K,
            "These are right in at least one context. One of them is right in all: the optimum, and it is no saddle.",
            "almost",
        ),
        Mistake(
            lambda K, n: n**K - (n - 1) - 1,
            "The policies that are wrong everywhere: each of the K contexts chooses among n − 1 wrong actions, on its "
            "own.",
        ),
        Mistake(
            lambda K, n: K**n - (K - 1) ** n - 1,
            "K and n have changed places: K contexts, and each of them chooses one of n actions.",
        ),
        Mistake(
            lambda K, n: K * (n - 1) ** (K - 1),
            "These are right in exactly one context. Right in two or three, and wrong in one, is a saddle as well.",
        ),
        Mistake(
            lambda K, n: comb(n, K) if n > K else 1,
            "You have chosen K of the n actions. Here each context chooses one action, and two may choose the same.",
        ),
        Mistake(
            lambda K, n: perm(n, K) - 1,
            "Two contexts may play the same action: then at least one of them is wrong, and that is a policy, too.",
        ),
        Mistake(
            lambda K, n: (n - 1) ** K,
            "These are wrong in every context: the bottoms. Saddles are right in some context and wrong in another.",
        ),
    ),
)

# 07.2 stage_exponent ------------------------------------------------------------------------------------------


def _law(top: Callable[[float, int], float], pull: Callable[[float, int], float]) -> Callable[[float, int], float]:
    """top / (1 - pull), and infinity where the pull reaches 1."""

    def exponent(r: float, m: int) -> float:
        return top(r, m) / (1 - pull(r, m)) if pull(r, m) < 1 else np.inf

    return exponent


def _exponent(r: float, m: int) -> float:
    return (1 + r) / (1 - (2 * m - 1) * r) if r * (2 * m - 1) < 1 else np.inf


def _product(r: float, m: int) -> float:
    """All exponents up to the m-th one multiplied."""
    return float(np.prod([_exponent(r, j) for j in range(1, m + 1)]))


def _stages(rng: np.random.Generator) -> Iterator[Any]:
    yield 0.3, 1
    yield 0.3, 2
    yield 1 / 8, 3
    yield 0.0, 2
    yield 0.34, 2
    yield 0.9, 1
    yield 0.25, 4
    yield 1 / 3 + 0.01, 2
    yield 0.2, 3  # an edge where no way to write the denominator comes out above zero, as at 1/3 with m = 2
    for _ in range(8):
        m = int(rng.integers(1, 7))
        yield float(rng.uniform(0, 1.3 / (2 * m - 1)) if m > 1 else rng.uniform(0, 0.95)), m


EXPONENT = Implement(
    signature="stage_exponent(r, m)",
    reference=_exponent,
    instances=_stages,
    describe=lambda r, m: f"r = {numbers(r)}, m = {m}",
    mistakes=(
        *(
            Mistake(
                like,
                "Right as long as the wait ends. Beyond r = 1/(2m − 1) your exponent is negative: a wait that gets "
                "shorter as the start gets lower. There it grows without bound: `inf`.",
                "almost",
            )
            for like in (
                lambda r, m: (1 + r) / (1 - (2 * m - 1) * r) if r * (2 * m - 1) != 1 else np.inf,
                lambda r, m: (1 + r) / (1 - (2 * m - 1) * r),
            )
        ),
        Mistake(
            lambda r, m: (1 + r) / (1 - (2 * m - 1) * r) if r * (2 * m - 1) <= 1 else np.inf,
            "Right but for r = 1/(2m − 1) itself. There the wait grows faster than any power: `inf` belongs there, and "
            "no division by zero.",
            "almost",
        ),
        Mistake(
            lambda r, m: abs((1 + r) / (1 - (2 * m - 1) * r)) if r * (2 * m - 1) != 1 else np.inf,
            "Right as long as the wait ends. Beyond r = 1/(2m − 1) the law has no meaning, with or without its sign: "
            "there the wait is endless, `inf`.",
            "almost",
        ),
        Mistake(
            lambda r, m: (1 - (2 * m - 3) * r) / (1 - (2 * m - 1) * r) if r * (2 * m - 1) < 1 else np.inf,
            "This is the factor from the wait before to this one. Multiply all of them, from the first start on.",
        ),
        Mistake(
            lambda r, m: (1 - (m - 1) * r) / (1 - (2 * m - 1) * r) if r * (2 * m - 1) < 1 else np.inf,
            "This is the power if all m had just been learned together, at 0.9. Here they came one after the other.",
        ),
        Mistake(
            lambda r, m: (1 + m * r) / (1 - (2 * m - 1) * r) if r * (2 * m - 1) < 1 else np.inf,
            "The denominator is right. On top only the first riser counts; what the others did is in the denominator.",
        ),
        Mistake(
            _law(lambda r, m: 1 + r, lambda r, m: 2 * m * r),
            "With m = 1 the denominator is 1 − r, yours 1 − 2r: a goal does not push itself down.",
        ),
        Mistake(
            _law(lambda r, m: 1 + r, lambda r, m: (2 * m + 1) * r),
            "One stage too late: m counts those that are learned. With m = 1 the denominator is 1 − r.",
        ),
        Mistake(
            _law(lambda r, m: 1 + r, lambda r, m: (2 * m - 3) * r),
            "One stage too early: m counts those that are learned. With m = 1 the denominator is 1 − r.",
        ),
        Mistake(
            _law(lambda r, m: 1 + r, lambda r, m: m * r),
            "The denominator loses 2r from stage to stage, not r: one more that pushes down, and one more that pushes "
            "the learned ones back.",
        ),
        Mistake(
            _law(lambda r, m: 1.0, lambda r, m: (2 * m - 1) * r),
            "The first riser is forgotten: while it climbs, the others sink from L to (1 + r)L before any wait begins.",
        ),
        Mistake(
            _law(lambda r, m: 1 - r, lambda r, m: (2 * m - 1) * r),
            "While the first one rises the others *fall* by r: the numerator is 1 + r.",
        ),
        Mistake(
            lambda r, m: (1 - r) / (1 + (2 * m - 1) * r),
            "This is the law with r = +cosine. The cosine is −r, so r is positive where goals conflict.",
        ),
        Mistake(
            lambda r, m: (1 + r) / (1 - r),
            "This is the first wait, m = 1. With more of them learned, more push the rest down.",
        ),
        Mistake(
            lambda r, m: ((1 + r) / (1 - r)) ** m,
            "The waits do not grow by one and the same factor: the m-th factor is (1 − (2m − 3)r)/(1 − (2m − 1)r).",
        ),
        Mistake(
            _product,
            "Your exponents are multiplied over the stages. The law already counts from the first start p, not from "
            "the stage before.",
        ),
        Mistake(
            lambda r, m: -_exponent(r, m),
            "The size is right. Asked for: the power of 1/p, which is positive; the power of p is its negative.",
        ),
        Mistake(
            lambda r, m: _exponent(r, m) if np.isfinite(_exponent(r, m)) else np.nan,
            "Right where it is finite. A wait without end is `inf` (`float('inf')` or `np.inf`), not NaN.",
            "almost",
        ),
        Mistake(lambda r, m: 3.0, "3 is the two by two bandit: m = 1 and r = 1/2."),
    ),
)

# 07.7 where the wait ends -------------------------------------------------------------------------------------


def _meet(pull: Callable[[float, int], float]) -> Callable[..., float]:
    """Height at which the learned ones meet the others, if these sink `pull` per unit of rise."""

    def meeting(r: float, m: int, height: float, depth: float) -> float:
        sink = pull(r, m)
        return height + (depth - height) / (1 - sink) if sink < 1 else np.inf

    return meeting


def _together(r: float, m: int) -> float:
    """How far an unlearned one sinks while m learned ones rise together by one unit."""
    return m * r / (1 - (m - 1) * r)


_meeting = _meet(_together)


def _heights(rng: np.random.Generator) -> Iterator[Any]:
    yield 0.3, 1, 0.0, 10.0
    yield 0.3, 2, 5.0, 20.0
    yield 0.1, 3, 2.0, 12.0
    yield 0.0, 2, 3.0, 7.0
    yield 0.4, 2, 5.0, 20.0
    yield 0.125, 4, 1.5, 30.0
    for _ in range(8):
        m = int(rng.integers(1, 6))
        r = rng.uniform(0.02, 0.9 / m)
        height = rng.uniform(0, 20)
        yield float(r), m, float(height), float(height + rng.uniform(5, 40))


MEETING = Implement(
    signature="meeting_height(r, m, height, depth)",
    reference=_meeting,
    instances=_heights,
    describe=lambda r, m, height, depth: f"r = {numbers(r)}, m = {m}, height {numbers(height)}, depth {numbers(depth)}",
    mistakes=(
        Mistake(
            _meet(lambda r, m: m * r),
            "Each of the m sinks the others by r, but they push each other back, too. For a rise of one unit each has "
            "to push 1/(1 − (m − 1)r) units.",
        ),
        Mistake(
            _meet(lambda r, m: r),
            "Only one of the m pushes here. All of them rise together, so all of them push.",
        ),
        Mistake(
            _meet(lambda r, m: m * r / (1 + (m - 1) * r)),
            "A sign: the learned ones conflict among themselves as well. Each rises more slowly than alone, by "
            "1 − (m − 1)r.",
        ),
        Mistake(
            _meet(lambda r, m: m * r / (1 - m * r)),
            "Each learned one is pushed back by the m − 1 others, not by m.",
        ),
        Mistake(
            lambda r, m, height, depth: (depth - height) / (1 - _together(r, m)) if _together(r, m) < 1 else np.inf,
            "This is how far they rise. Asked for is the height where they arrive: they begin at `height`.",
            "almost",
        ),
        Mistake(
            lambda r, m, height, depth: (
                height + (depth - height) / (1 - (2 * m - 1) * r) if (2 * m - 1) * r < 1 else np.inf
            ),
            "By 1 − (2m − 1)r the gap closes with every push; by 1 − (m − 1)r they rise with every push. The rise has "
            "both in it.",
        ),
        Mistake(
            lambda r, m, height, depth: depth + _together(r, m) * (depth - height),
            "So deep are the others when the learned ones have come to their *old* depth. They sink on meanwhile.",
        ),
        Mistake(
            lambda r, m, height, depth: _meeting(r, m, height, depth) if _together(r, m) < 1 else np.nan,
            "Right where they meet. Where they never do, return infinity (`np.inf`), not NaN.",
            "almost",
        ),
        Mistake(
            lambda r, m, height, depth: depth,
            "The others do not stand still while the learned ones rise: they sink, so the meeting is deeper.",
        ),
        Mistake(
            lambda r, m, height, depth: depth / (1 - _together(r, m)) if _together(r, m) < 1 else np.inf,
            "The learned ones begin at `height`, not at 0: the gap to be closed is depth − height.",
        ),
        Mistake(
            lambda r, m, height, depth: height + (depth - height) / (1 + _together(r, m)),
            "They do not come towards each other. Depth counts downwards, and the others go on sinking: 1 minus, not "
            "1 plus.",
        ),
        Mistake(
            lambda r, m, height, depth: height + (depth - height) / (1 - _together(r, m)),
            "Right where they meet. If the others sink as fast as the learned ones rise, or faster, nobody ever "
            "catches up: return infinity there.",
            "almost",
        ),
        Mistake(
            lambda r, m, height, depth: -_meeting(r, m, height, depth),
            "The size is right. Heights and depths are both counted as positive distances from the border.",
            "almost",
        ),
    ),
)
