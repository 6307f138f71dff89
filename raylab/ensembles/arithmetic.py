"""The arithmetic of the compiled loops: a power of two and a stream of random bits, both free of calls and branches.

They take single numbers as well as vectors. No fused multiply-add, no reordering: Python's own floats, doing the
same operations one by one, arrive at the same bits, on every machine.
"""

import math
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from numba.core.dispatcher import Dispatcher

from raylab.ensembles.vectors import to_bits, to_floats, where

LOG2E = 1 / math.log(2)
_ROUND = 1.5 * 2.0**52  # x + _ROUND has no bits left for a fraction: it holds round(x), in its lowest bits
_FAR = 430.0  # 2^430 squared is still a float64
# 2^r = 1 + r (A1 + r (A2 + ...)) on |r| <= 1/2, through Chebyshev's nodes: 2e-17 of its value, rounding apart
_A1, _A2, _A3, _A4 = 0.6931471805599453, 0.24022650695910097, 0.0555041086648216, 0.009618129107606888
_A5, _A6, _A7, _A8 = 0.0013333558146416936, 0.0001540353044173605, 1.525273382983612e-05, 1.321544258792169e-06
_A9, _A10, _A11 = 1.0178062445845774e-07, 7.072585949269223e-09, 4.4549605981865186e-10

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, made odd: counting in it visits all 2^64 numbers
_MUL1, _MUL2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S12, _S27, _S30, _S31, _S52 = (np.uint64(s) for s in (12, 27, 30, 31, 52))
_ONE = np.uint64(0x3FF0000000000000)  # the bits of 1.0


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Dispatcher]:
    """numba.njit whose machine code is kept on disk where the disk allows it, and made anew where it does not.

    What is kept counts as old as soon as any file of this package changes: numba itself looks at one file only,
    while the code of several is compiled into one loop.
    """

    def decorate(function: Callable[..., Any]) -> Dispatcher:
        try:
            made = njit(cache=True, **options)(function)
        except RuntimeError:  # no folder to write to: neither beside this file nor in the user's own cache
            return njit(**options)(function)
        kept: Any = getattr(getattr(made, "_cache", None), "_cache_file", None)
        if hasattr(kept, "_source_stamp"):
            kept._source_stamp = (kept._source_stamp, _stamp())
        return made

    return decorate


@cache
def _stamp() -> int:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return zlib.crc32(b"".join(source.read_bytes() for source in sources))


@njit(inline="always")
def power(x):
    """2^x to 3e-16 of its value for |x| <= 430; what lies beyond counts as 430."""
    x = where(x > -_FAR, x, -_FAR)
    x = where(x < _FAR, x, _FAR)
    t = x + _ROUND
    r = x - (t - _ROUND)  # exact
    q = r * r
    s = q * q  # in quarters, so that little waits for what comes before it
    low = (_A1 + r * _A2) + q * (_A3 + r * _A4)
    middle = (_A5 + r * _A6) + q * (_A7 + r * _A8)
    high = (_A9 + r * _A10) + q * _A11
    p = 1.0 + r * (low + s * (middle + s * high))
    return to_floats(to_bits(p) + (to_bits(t) << _S52))  # round(x) added to the exponent


@njit(inline="always")
def scramble(z):
    """The finaliser of splitmix64: 64 bits to 64 bits, one to one, each bit out of all bits in."""
    z = (z ^ (z >> _S30)) * _MUL1
    z = (z ^ (z >> _S27)) * _MUL2
    return z ^ (z >> _S31)


@njit(inline="always")
def uniform(z):
    """A multiple of 2^-52 in [0, 1) out of the counter z."""
    return to_floats((scramble(z) >> _S12) | _ONE) - 1.0
