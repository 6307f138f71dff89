"""Many components: the stages of a staircase, and how its waits grow where all cosines are equal."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from raylab import arguments
from raylab.records import Components, Times


class Stage(NamedTuple):
    """One riser: `component` was at 10 % of its range at time t10, for the last time, and at 90 % at t90."""

    component: int
    t10: float
    t90: float


def stages(times: Times, components: Components) -> list[Stage]:
    """The risers of a staircase, one for each component that is learned, in the order in which they cross one half.

    times (T,), components (T, K). A component is learned if it is ever at .9; t90 is the first time that it is, t10 the
    last time before at which it is at .1 (times[0] if it begins above), and it crosses one half for the last time
    before t90: noise on the way down there does not count. Interpolated linearly between records.
    Raises TypeError or ValueError if the two do not fit together or time runs back.
    """
    t, J = arguments.array(times, "times", "T"), arguments.array(components, "components", "T K")
    if len(t) != len(J):
        raise ValueError(
            f"components: expected {len(t)} rows as times, found {len(J)}; give one row for each time (T, K)."
        )
    if (np.diff(t) < 0).any():
        raise ValueError("times: expected times that do not decrease, found a step back; sort them.")
    found = []
    for k, curve in enumerate(J.T):
        if (curve >= 0.9).any():
            end = int(np.argmax(curve >= 0.9))
            t10, half, t90 = (_last_crossing(t[: end + 1], curve[: end + 1], level) for level in (0.1, 0.5, 0.9))
            found.append((half, Stage(k, t10, t90)))
    return [stage for _, stage in sorted(found, key=lambda pair: (pair[0], pair[1].t90, pair[1].component))]


def _last_crossing(t: Times, curve: NDArray[np.float64], level: float) -> float:
    """The last time at which the curve comes up to the level; t[0] if it is never below."""
    below = np.flatnonzero(curve < level)
    if not len(below):
        return float(t[0])
    i = below[-1]
    share = (level - curve[i]) / (curve[i + 1] - curve[i])
    return float(t[i] + share * (t[i + 1] - t[i]))


def wait_exponent(cosine: float, learned: int) -> float:
    """The power of 1/p in the wait that begins when `learned` components are there: all cosines equal, starts ~ p.

    (1 + r) / (1 - (2 learned - 1) r) for r = -cosine, and inf from r = 1 / (2 learned - 1) on; 1 for the first stage,
    learned = 0, which waits for nobody.  [ledger N10]
    Raises TypeError or ValueError unless cosine is in (-1, 0] and learned a whole number from 0 on.
    """
    r, m = -arguments.number(cosine, "cosine", -1.0, 0.0), arguments.count(learned, "learned", 0)
    if r == 1:
        raise ValueError("cosine: expected more than -1, found -1.0; goals that are exact opposites share no solution.")
    if m == 0:
        return 1.0
    return (1 + r) / (1 - (2 * m - 1) * r) if (2 * m - 1) * r < 1 else float("inf")
