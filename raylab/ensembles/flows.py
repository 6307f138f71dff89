"""The flow itself in logits, for many starts at once: no sampling, no step size, and waits of any length."""

import math
from dataclasses import dataclass, fields
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments
from raylab.ensembles.arithmetic import compiled
from raylab.ensembles.atomic import look, take
from raylab.ensembles.chances import chance
from raylab.ensembles.crew import conduct, cores
from raylab.ensembles.events import CROSSES, PASSES, TURNS, guess, put, queue, settle
from raylab.ensembles.lanes import HALTED
from raylab.ensembles.stepper import SLOWEST, STAGES, advance, estimate, progress, rates, scratch
from raylab.records import Performance
from raylab.systems.bandit import SHARED_BIAS, Coupling, on_policy

LANES = 32
_LOOKS = 8  # steps between two looks for lanes that are free
_MOST_ATTEMPTS = 100_000  # hundreds are usual
_ENDED, _FAILED = 1, 2


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth: two records are equal if they are one
class Flows:
    """One entry for each of N runs; the arrays cannot be written to. Times are those of x_k' = sum_j gram[k, j] f(J_j).

    flatness (N,): the smallest |J'| from the first J >= J0 + .05 on and where J < K - .2; inf if the run has no such
    stretch. It may lie at an end of the stretch, where no plateau is. time_of_slowest (N,): when; inf if never.
    waiting (N, K): first times at which J_k >= level; inf if that did not happen before the run's end.
    arrived (N,): whether J >= K - .1 was reached. components (N, K): the J_k at the end, which is the integrator's
    first step by which J >= K - .1 and every J_k has been at the level, or the first one beyond the horizon.
    finished (N,): False for a run that an interrupt kept from its end, whose other entries say nothing: no arrival,
    infinite flatness and times, components 0.
    """

    flatness: Performance
    time_of_slowest: Performance
    waiting: Annotated[NDArray[np.float64], "N K"]
    arrived: Annotated[NDArray[np.bool_], "N"]
    components: Annotated[NDArray[np.float64], "N K"]
    finished: Annotated[NDArray[np.bool_], "N"]

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).flags.writeable = False


def flow(
    start: ArrayLike,
    gram: ArrayLike | None = None,
    coupling: Coupling = on_policy,
    level: float = 0.9,
    rtol: float = 1e-9,
    horizon: float = 1e200,
    threads: int | None = None,
) -> Flows:
    """Many runs of x_k' = sum_j gram[k, j] f(J_j), J_k = sigmoid(x_k), until all is learned.  [Schaul19 Eq. 5]

    start (N, K): logits at time 0. gram (K, K): inner products of the features v_k, [[2, -1], [-1, 2]] if None, the
    2 x 2 bandit in reduced parameters. coupling: any whose chance f(J) / (1 - J) is a straight line in J, such as
    on_policy, supervised, Mixed. level: that of the waiting times. A run ends when J >= K - .1 and every J_k has been
    at the level, or after time `horizon`, or when it all but stands still (sum_j f_j < 1e-250).
    rtol bounds what one step of the integrator (Dormand and Prince, order 8) may add to the error of a logit, and to
    the relative error of the time; flatness and waiting times are located within a step to rounding. J and 1 - J keep
    their digits down to 1e-250, J' down to 1e-300. A run depends neither on the others nor on `threads` (None: all
    cores).
    An interrupt (Ctrl-C, or the kernel's stop button) ends it early and returns what is done, with a warning.
    Raises TypeError or ValueError for malformed arguments and for couplings of another form; RuntimeError if the
    integrator gives up.
    """
    start = arguments.array(start, "start", "N K")
    N, K = start.shape
    law = (_gram(gram, K), *chance(coupling, K))
    level, rtol = _inside(level, "level"), arguments.number(rtol, "rtol", 1e-13, 1e-2)
    horizon = arguments.number(horizon, "horizon", 0.0)
    workers = cores() if threads is None else arguments.count(threads, "threads")
    if np.abs(start).max() > 1e6:
        raise ValueError(
            f"start: expected logits within +-1e6, found {start[np.abs(start) > 1e6][0]:.4g}; begin nearer."
        )
    slowest, waiting = np.full((N, 2), np.inf), np.full((N, K), np.inf)
    final, ended, arrived = np.zeros((N, K)), np.zeros(N, np.int8), np.zeros(N, bool)
    start = np.require(start, requirements=["C", "A", "W"])  # any other layout in memory would be compiled anew
    limits = (np.log(level) - np.log1p(-level), horizon, rtol)

    def work(counter: Any) -> None:
        _runs(start, counter, law, limits, slowest, waiting, final, arrived, ended)

    conduct(work, N, min(workers, -(-N // LANES)))
    if (ended == _FAILED).any():
        raise RuntimeError(
            f"rtol: expected steps that become as exact as {rtol:.1e}, found {(ended == _FAILED).sum()} of {N} runs "
            f"where none does, the first from logits {start[(ended == _FAILED).argmax()].tolist()}; loosen rtol."
        )
    finished = ended == _ENDED
    for unsaid in (slowest, waiting):
        unsaid[~finished] = np.inf
    J = np.where(finished[:, None], 1 / (1 + np.exp(-np.clip(final, -700, 700))), 0.0)
    return Flows(slowest[:, 0], slowest[:, 1], waiting, arrived & finished, J, finished)


def _gram(gram: ArrayLike | None, K: int) -> NDArray[np.float64]:
    if gram is None:
        if K != 2:
            raise ValueError(f"gram: expected inner products ({K}, {K}), found None, which stands for two contexts.")
        return SHARED_BIAS @ SHARED_BIAS.T
    found = np.require(arguments.array(gram, "gram", "K K"), requirements=["C", "A", "W"])
    if len(found) != K:
        raise ValueError(
            f"gram: expected shape ({K}, {K}) for starts of {K} logits, found {found.shape}; make them agree."
        )
    if not (found == found.T).all() or (np.diagonal(found) <= 0).any() or not 1e-6 <= np.abs(found).max() <= 1e6:
        raise ValueError(
            "gram: expected a symmetric matrix with a positive diagonal and its largest entry between 1e-6 and 1e6, "
            f"found {found.tolist()}; take features @ features.T, and let the step size scale the time."
        )
    return found


def _inside(level: float, name: str) -> float:
    found = arguments.number(level, name, 0.0, 1.0)
    if found in (0.0, 1.0):
        raise ValueError(f"{name}: expected a performance inside (0, 1), found {found}; the ends are never reached.")
    return found


@compiled(nogil=True, error_model="numpy")
def _runs(start, counter, law, limits, slowest, waiting, final, arrived, ended):
    """Take runs from the counter until there are none; a lane whose run has ended takes the next one."""
    N, K = start.shape
    level, horizon, rtol = limits
    many, located, line = scratch(K, LANES), scratch(K, LANES), queue(K, LANES)
    f, stages, y, new, h, error, slopes, now = many
    was, ends = np.zeros((3, LANES)), np.zeros((2, LANES))
    run, begun, fresh = np.full(LANES, N), np.zeros(LANES, np.bool_), np.zeros(LANES, np.bool_)
    error_before, attempts = np.ones(LANES), np.zeros(LANES, np.int64)
    learned = np.zeros((K, LANES), np.bool_)
    gentle = 0.4 / np.abs(law[0]).max()
    looks, more = 0, True
    while True:
        looks += 1
        if looks % 16 == 0 and look(counter) >= HALTED:
            break
        busy, refilled = 0, False
        for i in range(LANES):
            if run[i] >= N and more:
                run[i] = take(counter)
                more = run[i] < N
                if more:
                    for k in range(K):
                        y[k, i] = start[run[i], k]
                        learned[k, i] = y[k, i] >= level
                        if learned[k, i]:
                            waiting[run[i], k] = 0.0
                    y[K, i], h[i], error_before[i], attempts[i] = 0.0, gentle, 1.0, 0
                    begun[i], fresh[i], refilled = False, True, True
            busy += run[i] < N
        if busy == 0:
            break
        if refilled:
            rates(y, law, f, new)
            progress(y, new, law, slopes, now)
            for i in range(LANES):
                if fresh[i]:
                    fresh[i] = False
                    for m in range(K + 1):
                        stages[0, m, i] = new[m, i]
                    for m in range(3):
                        was[m, i] = now[m, i]
                    ends[0, i], ends[1, i] = now[0, i] + 0.05, K - 0.2
        for _ in range(_LOOKS):
            advance(y, h, law, f, stages, new)
            estimate(h, rtol, f, stages, new, error)
            progress(new, stages[STAGES], law, slopes, now)
            for i in range(LANES):
                r, taken, bad = run[i], h[i], error[i]
                if r >= N:
                    continue
                attempts[i] += 1
                if not bad <= 1.0:
                    h[i] = taken * (max(0.2, 0.9 * bad ** (-1.0 / 8)) if bad < np.inf else 0.2)
                    if h[i] < 1e-10 * gentle or attempts[i] > _MOST_ATTEMPTS:
                        ended[r], run[i] = _FAILED, N
                    continue
                for k in range(K):
                    tops = stages[0, k, i] > 0.0 > stages[STAGES, k, i]
                    if not learned[k, i] and (new[k, i] >= level or tops):
                        if line[4][0] == LANES:
                            settle(line, law, rtol, located, slowest, waiting)
                        learned[k, i] = _learn(k, i, r, level, y, new, stages, taken, line)
                if _quiet(i, begun[i], was, now, ends, taken):
                    if begun[i] and abs(now[1, i]) < slowest[r, 0] and now[0, i] < ends[1, i]:
                        slowest[r, 0], slowest[r, 1] = abs(now[1, i]), new[K, i]
                else:
                    if line[4][0] > LANES - 3:
                        settle(line, law, rtol, located, slowest, waiting)
                    begun[i] = _watch(i, r, begun[i], was, now, ends, y, new, stages, taken, line, slowest)
                for m in range(K + 1):
                    y[m, i], stages[0, m, i] = new[m, i], stages[STAGES, m, i]
                complete = now[0, i] >= K - 0.1
                for m in range(3):
                    was[m, i] = now[m, i]
                for k in range(K):
                    complete = complete and learned[k, i]
                if complete or y[K, i] > horizon or stages[0, K, i] > 1.0 / SLOWEST:
                    ended[r], arrived[r], run[i] = _ENDED, now[0, i] >= K - 0.1, N
                    for k in range(K):
                        final[r, k] = y[k, i]
                # Gustafsson's controller: the error of the step before keeps the sizes from swinging
                h[i] = taken * min(6.0, max(0.2, 0.9 * max(bad, 1e-10) ** -0.0875 * error_before[i] ** 0.05))
                error_before[i] = max(bad, 1e-4)
    settle(line, law, rtol, located, slowest, waiting)


@compiled(error_model="numpy")
def _learn(k, i, r, level, y, new, stages, h, line):
    """Put in the queue that this step brings x_k to the level, or may bring it there for a moment; True if to stay."""
    before, after = stages[0, k, i], stages[STAGES, k, i]
    low, high = y[k, i] - level, new[k, i] - level
    stays = high >= 0.0
    trial = guess(low, high, before, after, h) if stays else _top(high - low, before * h, after * h)
    put(line, k, r, -1, -1, level, h, low, high, trial, y[:, i], stages[0, :, i])
    return stays


@compiled(error_model="numpy")
def _top(rise, slope, slope_now):
    """Where the cubic with these slopes, up and down, is highest."""
    a, b = 3.0 * (slope + slope_now) - 6.0 * rise, 6.0 * rise - 4.0 * slope - 2.0 * slope_now
    return 2.0 * slope / (math.sqrt(max(b * b - 4.0 * a * slope, 0.0)) - b)


@compiled(error_model="numpy", inline="always")
def _quiet(i, begun, was, now, ends, h):
    """True if a step neither meets an end of the window nor, within it, a smallest |J'| but at its ends."""
    if not begun:
        return now[0, i] < ends[0, i] or ends[0, i] >= ends[1, i]
    inside = now[0, i] < ends[1, i]
    if (was[0, i] < ends[1, i]) != inside:
        return False
    p, p_now, q, q_now = was[1, i], now[1, i], was[2, i], now[2, i]
    if not inside:
        return True
    return (p < 0.0) == (p_now < 0.0) and _turn(p, p_now, q * h, q_now * h) <= 0.0


@compiled(error_model="numpy")
def _watch(i, r, begun, was, now, ends, y, new, stages, h, line, slowest):
    """Look for the smallest |J'| of this step within the protocol's window, and say whether that has begun.

    It opens for good at the first J >= ends[0] and is closed while J >= ends[1].
    """
    K = len(y) - 1
    begin, end = ends[0, i], ends[1, i]
    J, p, q, clock = was[0, i], was[1, i], was[2, i], stages[0, K, i]
    J_now, p_now, q_now, clock_now = now[0, i], now[1, i], now[2, i], stages[STAGES, K, i]
    after, before = -1, -1
    if not begun:
        trial = guess(J - begin, J_now - begin, p * clock, p_now * clock_now, h)
        after = put(line, K + PASSES, r, -1, -1, begin, h, J - begin, J_now - begin, trial, y[:, i], stages[0, :, i])
    if J < end <= J_now or J_now < end <= J:
        trial = guess(J - end, J_now - end, p * clock, p_now * clock_now, h)
        gate = put(line, K + PASSES, r, after, -1, end, h, J - end, J_now - end, trial, y[:, i], stages[0, :, i])
        after, before = (after, gate) if end > J else (gate, before)
    if J_now < end and abs(p_now) < slowest[r, 0]:
        slowest[r, 0], slowest[r, 1] = abs(p_now), new[K, i]
    if (p < 0.0) != (p_now < 0.0):
        put(line, K + CROSSES, r, after, before, 0.0, h, p * clock, p_now * clock_now, 0.5, y[:, i], stages[0, :, i])
        return True
    trial = _turn(p, p_now, q * h, q_now * h)
    if trial > 0.0:
        low, high = q / p, q_now / p_now  # d log |J'| / dtau
        put(line, K + TURNS, r, after, before, 0.0, h, low, high, trial, y[:, i], stages[0, :, i])
    return True


@compiled(error_model="numpy")
def _turn(p, p_now, slope, slope_now):
    """Where to look first for a smallest |J'| inside a step, from J' and its slopes at both ends; -1 if there is none.

    Where both slopes have one sign, the cubic through them may still turn twice: then where its slope is farthest.
    """
    if p == 0.0 or p_now == 0.0:  # below 1e-308
        return -1.0
    low, high = slope / p, slope_now / p_now
    if low < 0.0 < high:
        return low / (low - high)
    rise, slope, slope_now = p_now / p - 1.0, low, slope_now / p
    bend = 6.0 * (slope + slope_now) - 12.0 * rise
    if slope * slope_now <= 0.0 or bend == 0.0:
        return -1.0
    u = (4.0 * slope + 2.0 * slope_now - 6.0 * rise) / bend
    there = 6.0 * u * (1.0 - u) * rise + (1.0 - u) * (1.0 - 3.0 * u) * slope + u * (3.0 * u - 2.0) * slope_now
    return u if 0.0 < u < 1.0 and there * slope < 0.0 else -1.0
