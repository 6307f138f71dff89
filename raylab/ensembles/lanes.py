"""What the compiled loops over steps share: lanes, which runs they hold, and how a lane goes from run to run.

A run is a lane: a column of an array `f`, whose rows are the vectors of the loop. A lane whose run has ended takes
the next run that no other lane, of any thread, has taken, so that all lanes stay busy.

What matters of the logits of context k is kept in powers of two: y[k, a] = (l[a, k] - l[k, k]) / log 2. With
e[k, a] = 2^y[k, a] and s_k = sum_{a != k} e[k, a], J_k = 1 / (1 + s_k), and the score of the right action is J_k
times s_k for that action and -e[k, a] for another.
"""

import numpy as np
from numba import njit

from raylab.ensembles.arithmetic import GOLDEN, LOG2E, power, scramble
from raylab.ensembles.atomic import take
from raylab.ensembles.vectors import LANES

CHUNK = 16  # steps between two looks for runs that have ended
HALTED = 1 << 62  # a counter of runs that stands here stops everything
AFTER_START, BEFORE_TOP, TOP = 0.05, 0.2, 0.1  # where flatness begins and ends to count, and where a run ends
# Rows of f: first K n of y, then K of J_k, then these; what a loop needs beyond them follows.
TOTAL, LIVE, COUNT, SLOWEST, GATE, STREAM, FREE = range(7)


@njit
def memory(rows):
    """Zeros (rows, LANES) as 64-bit integers, beginning where a vector does not lie across two lines of the cache."""
    room = np.zeros((rows + 1) * LANES, np.uint64)
    first = (-room.ctypes.data % 64) // 8
    return room[first : first + rows * LANES].reshape((rows, LANES))


@njit(error_model="numpy")
def refill(f, bits, run, start, counter, seed, out):
    """Write down the runs that have ended and give their lanes new ones; how many lanes are at work then.

    bits: f as 64-bit integers, for the row of counters that the random numbers come from. run (LANES,): which run
    a lane holds, -1 for none yet, past the last where none is left.
    """
    flatness, steps, arrived, components, finished = out
    runs, n, K = start.shape
    rest = K * n + K
    busy = 0
    for i in range(LANES):
        if f[rest + LIVE, i] == 0.0 and run[i] < runs:
            j = run[i]
            if j >= 0:
                flatness[j], steps[j] = f[rest + SLOWEST, i], np.int64(f[rest + COUNT, i])
                arrived[j], finished[j] = f[rest + TOTAL, i] >= K - TOP, True
                for k in range(K):
                    components[j, k] = f[K * n + k, i]
            j = run[i] = take(counter)
            if j < runs:
                J = 0.0
                for k in range(K):
                    s = 0.0
                    for a in range(n):
                        f[k * n + a, i] = (start[j, a, k] - start[j, k, k]) * LOG2E
                        if a != k:
                            s += power(f[k * n + a, i])
                    J += 1.0 / (1.0 + s)
                for row in range(rest + LIVE, len(f)):  # the memory of a rule too
                    f[row, i] = 0.0
                f[rest + LIVE, i], f[rest + SLOWEST, i], f[rest + GATE, i] = 1.0, np.inf, J + AFTER_START
                bits[rest + STREAM, i] = scramble(seed + GOLDEN * np.uint64(j + 1))  # the run's own, whatever its lane
        busy += f[rest + LIVE, i] != 0.0
    return busy
