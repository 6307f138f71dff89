"""One step of the flow for many runs side by side: Dormand and Prince's method of order 8, in compiled loops.

A run is a lane: arrays carry runs in their last axis and the inner loops go over it without branches, so that they
become vector instructions; each lane has its own step size, and its result does not depend on its neighbours.
The state of a run is (x_1 ... x_K, t). Its own clock tau runs at dt / dtau = 1 / sum_j f_j: the logits then move
about one unit in one unit of tau whether J is 0.1 or 1e-100, and a wait of e^100 takes no more steps than another.
"""

import math

import numpy as np
from scipy.integrate import DOP853

from raylab.ensembles.arithmetic import LOG2E, compiled, power

STAGES = 12
SLOWEST = 1e-250  # sum_j f_j at which a run is given up: e^-|x| is exact down to 1e-258, and J' down to its square
_A, _B, _E3, _E5 = (np.ascontiguousarray(x, dtype=np.float64) for x in (DOP853.A, DOP853.B, DOP853.E3, DOP853.E5))
_HALF = LOG2E / 2


@compiled(error_model="numpy")
def scratch(K, lanes):
    """f, stages, states, new states, step sizes, errors, slopes, and J, J', dJ' / dtau."""
    n = K + 1
    return (
        np.zeros((n + 1, lanes)),
        np.zeros((STAGES + 1, n, lanes)),
        np.zeros((n, lanes)),
        np.zeros((n, lanes)),
        np.zeros(lanes),
        np.zeros(lanes),
        np.zeros((2 * K, lanes)),
        np.zeros((3, lanes)),
    )


@compiled(error_model="numpy")
def rates(y, law, f, out):
    """out = d (x, t) / dtau at the states y (K + 1, lanes), law = (gram, c0, c1); f is overwritten."""
    gram, c0, c1 = law
    K, lanes = len(gram), y.shape[1]
    total = f[K]
    total[:] = 0.0
    for k in range(K):
        for i in range(lanes):
            x = y[k, i]
            e = power(-_HALF * abs(x))
            e = e * e  # e^-|x|; squaring doubles the range
            large = 1.0 / (1.0 + e)
            small = e * large
            J = large if x >= 0.0 else small
            f[k, i] = (c0 + c1 * J) * (small if x >= 0.0 else large)
            total[i] += f[k, i]
    for i in range(lanes):
        out[K, i] = 1.0 / max(total[i], 1e-300)  # nothing is divided by 0 where all stands still
    for k in range(K):
        for i in range(lanes):
            out[k, i] = 0.0
        for j in range(K):
            g = gram[k, j]
            for i in range(lanes):
                out[k, i] += g * f[j, i]
        for i in range(lanes):
            out[k, i] *= out[K, i]


@compiled(error_model="numpy")
def progress(y, by_tau, law, slopes, out):
    """out (3, lanes) = J, J' = dJ / dt and dJ' / dtau at the states y and their rates; slopes is overwritten."""
    gram, c0, c1 = law
    K, lanes = len(gram), y.shape[1]
    out[:] = 0.0
    for k in range(K):
        for i in range(lanes):
            x = y[k, i]
            e = power(-_HALF * abs(x))
            e = e * e
            large = 1.0 / (1.0 + e)
            small = e * large
            bend = (e - 1.0) * large if x >= 0.0 else (1.0 - e) * large  # 1 - 2 J
            slope, v = large * small, by_tau[k, i]
            slopes[k, i] = slope
            slopes[K + k, i] = slope * (c1 * bend - c0) * v  # df / dtau
            out[0, i] += large if x >= 0.0 else small
            out[1, i] += slope * (v / by_tau[K, i])
            out[2, i] += slope * bend * (v / by_tau[K, i]) * v
    for k in range(K):
        for j in range(K):
            g = gram[k, j]
            for i in range(lanes):
                out[2, i] += slopes[k, i] * (g * slopes[K + j, i])


@compiled(error_model="numpy")
def advance(y, h, law, f, stages, new):
    """new = the states one step of h (lanes,) from y on; stages[0] holds the rates at y, [12] gets the new ones."""
    n, lanes = y.shape
    for s in range(1, STAGES + 1):
        for m in range(n if s == STAGES else n - 1):  # the rates do not depend on the time
            for i in range(lanes):
                new[m, i] = 0.0
            for j in range(s):
                c = _B[j] if s == STAGES else _A[s, j]
                if c != 0.0:
                    for i in range(lanes):
                        new[m, i] += c * stages[j, m, i]
            for i in range(lanes):
                new[m, i] = y[m, i] + h[i] * new[m, i]
        rates(new, law, f, stages[s])


@compiled(error_model="numpy")
def estimate(h, rtol, f, stages, new, error):
    """error (lanes,) of that step over what is allowed, which is rtol in a logit and rtol t in the time t.

    The estimate of Hairer, Norsett and Wanner, from two embedded methods of orders 5 and 3.
    """
    n, lanes = new.shape
    fifth, third, three = f[0], f[1], f[n]
    fifth[:] = 0.0
    third[:] = 0.0
    for m in range(n):
        for i in range(lanes):
            error[i] = 0.0
            three[i] = 0.0
        for j in range(STAGES):
            if _E5[j] != 0.0:
                for i in range(lanes):
                    error[i] += _E5[j] * stages[j, m, i]
                    three[i] += _E3[j] * stages[j, m, i]
        for i in range(lanes):
            scale = h[i] / (rtol * new[m, i] if m == n - 1 else rtol)
            fifth[i] += (error[i] * scale) ** 2
            third[i] += (three[i] * scale) ** 2
    for i in range(lanes):
        error[i] = fifth[i] / math.sqrt((fifth[i] + 0.01 * third[i] + 1e-60) * n)
