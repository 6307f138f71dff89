"""Where within a step something happens: a component learned, the window of the protocol, the slowest place.

What a step of the integrator brackets is put in a queue, and located there for as many runs side by side as there
are lanes. A trial is a step of the integrator itself, from the trial before; nothing is interpolated.
"""

import numpy as np

from raylab.ensembles.arithmetic import compiled
from raylab.ensembles.stepper import STAGES, advance, progress

SMALL = 0.1  # in sqrt(rtol), by tau: what a step of Newton's or the secant's method that small leaves is its square
_TRIALS = 60

# Kinds: k < K for x_k at the level, then these, counted from K.
PASSES = 0  # J at an end of the window
TURNS = 1  # J' neither rises nor falls: |J'| is smallest
CROSSES = 2  # J' = 0
VOID = -1  # located, and nothing was there


@compiled(error_model="numpy")
def queue(K, lanes):
    """Room for as many events as lanes, as a tuple of arrays.

    (4, lanes): kind, run, the place of the event after which it counts, and of that before which; -1 for none.
    (5, lanes): target, step size h, values at both ends, first trial. Then states, their rates, and how many there are.
    """
    n = K + 1
    count = np.zeros(1, np.int64)
    return np.zeros((4, lanes), np.int64), np.zeros((5, lanes)), np.zeros((n, lanes)), np.zeros((n, lanes)), count


@compiled(error_model="numpy")
def put(waiting_line, kind, run, after, before, target, h, low, high, trial, y, by_tau):
    """Add one event, at its place in the queue, which is returned; after, before: places of gates that confine it."""
    whole, real, states, speeds, size = waiting_line
    i = size[0]
    whole[0, i], whole[1, i], whole[2, i], whole[3, i] = kind, run, after, before
    real[0, i], real[1, i], real[2, i], real[3, i], real[4, i] = target, h, low, high, trial
    for m in range(len(y)):  # a slice set to an array brings numba's error message with it: seconds of compiling
        states[m, i], speeds[m, i] = y[m], by_tau[m]
    size[0] += 1
    return i


@compiled(error_model="numpy")
def guess(low, high, slope_low, slope_high, h):
    """Where g = 0, from its values of different sign and its slopes at both ends: by a cubic of the place in g.

    Where that need not be monotone, by the chord.
    """
    share = low / (low - high)
    first, last = (high - low) / (slope_low * h), (high - low) / (slope_high * h)
    if 0.0 < first < 3.0 and 0.0 < last < 3.0:
        rest = 1.0 - share
        share = share * (share * (3.0 - 2.0 * share) + rest * (first * rest - last * share))
    return share


@compiled(error_model="numpy")
def _value(kind, K, target, i, y, by_tau, seen):
    """(g, dg / dtau) whose root is looked for; the slope is NaN where it is not known."""
    if kind < K:
        return y[kind, i] - target, by_tau[kind, i]
    if kind == K + PASSES:
        return seen[0, i] - target, seen[1, i] * by_tau[K, i]
    if kind == K + TURNS:
        return seen[2, i] / seen[1, i], np.nan  # d log |J'| / dtau is nearly straight
    return seen[1, i] * by_tau[K, i], np.nan


@compiled(error_model="numpy")
def settle(waiting_line, law, rtol, work, slowest, waiting):
    """Locate all events of the queue, write what they say into slowest (N, 2) and waiting (N, K), and empty it."""
    whole, real, states, speeds, size = waiting_line
    f, stages, y, new, step, _, slopes, seen = work
    K, count = len(law[0]), size[0]
    lanes = y.shape[1]
    low, high = np.zeros(lanes), np.ones(lanes)
    place, last, g_last = np.zeros(lanes), np.zeros(lanes), np.zeros(lanes)
    goal, tried = np.zeros(lanes), np.zeros(lanes, np.int64)
    for m in range(K + 1):
        for i in range(lanes):
            y[m, i], stages[0, m, i] = states[m, i], speeds[m, i]
    for i in range(count):
        goal[i], last[i], g_last[i] = real[4, i], 1.0, real[3, i]
        if whole[0, i] < K and real[3, i] < 0.0:  # below the level at both ends: first to the top, where the rate is 0
            last[i], g_last[i] = 0.0, speeds[whole[0, i], i]
    close, moving = SMALL * np.sqrt(rtol), count
    for _ in range(_TRIALS):
        if moving == 0:
            break
        for i in range(lanes):
            step[i] = (goal[i] - place[i]) * real[1, i]
        advance(y, step, law, f, stages, new)
        for m in range(K + 1):
            for i in range(lanes):
                if step[i] != 0.0:
                    y[m, i], stages[0, m, i] = new[m, i], stages[STAGES, m, i]
        progress(y, stages[0], law, slopes, seen)
        moving = 0
        for i in range(count):
            place[i] = goal[i]
            sure = tried[i] > 0 or real[2, i] * real[3, i] <= 0.0
            if whole[0, i] == VOID or (sure and abs(step[i]) < close):
                continue
            g, slope = _value(whole[0, i], K, real[0, i], i, y, stages[0], seen)
            if tried[i] == 0 and not _bracketed(i, K, g, whole, real, low, high, last, g_last):
                if whole[0, i] < K and _climb(i, stages[0, whole[0, i], i], close, real, goal, last, g_last):
                    moving += 1
                else:
                    whole[0, i] = VOID
                continue
            tried[i] += 1
            if g * real[2, i] > 0.0:
                low[i] = place[i]
            else:
                high[i] = place[i]
            slope = slope * real[1, i] if slope == slope else (g - g_last[i]) / (place[i] - last[i])
            last[i], g_last[i] = place[i], g
            goal[i] = place[i] - g / slope
            if not low[i] <= goal[i] <= high[i]:
                goal[i] = 0.5 * (low[i] + high[i])
            moving += 1
    _write(count, K, whole, place, y, seen, slowest, waiting)
    real[1, :] = 0.0  # lanes without an event stay where they are
    size[0] = 0


@compiled(error_model="numpy")
def _bracketed(i, K, g, whole, real, low, high, last, g_last):
    """Whether the event is between two known signs; where both ends had one sign, the first trial must have the other.

    Of its two roots the one is kept at which x_k comes to the level, or at which |J'| is smallest and not largest.
    """
    if real[2, i] * real[3, i] <= 0.0:
        return True
    if g * real[2, i] > 0.0:
        return False
    if whole[0, i] < K or real[2, i] < 0.0:
        high[i], last[i], g_last[i] = real[4, i], 0.0, real[2, i]
    else:
        low[i] = real[4, i]
        real[2, i] = g
    return True


@compiled(error_model="numpy")
def _climb(i, rate, close, real, goal, last, g_last):
    """Nearer to the top of x_k, by the secant's method for its rate; False where that moves no more."""
    here = goal[i]
    goal[i] = min(max(here - rate * (here - last[i]) / (rate - g_last[i]), 0.0), 1.0)
    last[i], g_last[i], real[4, i] = here, rate, goal[i]
    return abs(goal[i] - here) * real[1, i] > close


@compiled(error_model="numpy")
def _write(count, K, whole, place, y, seen, slowest, waiting):
    for i in range(count):
        kind, run, after, before = whole[:, i]
        shut = (after >= 0 and place[i] < place[after]) or (before >= 0 and place[i] > place[before])
        if kind == VOID or shut:
            continue
        if kind < K:
            waiting[run, kind] = min(waiting[run, kind], y[K, i])
            continue
        size = 0.0 if kind == K + CROSSES else abs(seen[1, i])
        if size < slowest[run, 0]:
            slowest[run, 0], slowest[run, 1] = size, y[K, i]
