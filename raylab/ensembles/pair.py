"""The compiled loop over steps for K = n = 2 and plain ascent: the state of sixteen steps stays in registers."""

import numpy as np

from raylab.ensembles import lanes
from raylab.ensembles.arithmetic import GOLDEN, LOG2E, compiled, power, uniform
from raylab.ensembles.atomic import look
from raylab.ensembles.lanes import BEFORE_TOP, CHUNK, FREE, HALTED, TOP, memory, refill
from raylab.ensembles.vectors import LANES, load, store, where

_Y1, _Y2, _P1, _P2 = 1, 2, 4, 5  # rows of the logits of the wrong actions, and of J_1 and J_2
_TOTAL, _LIVE, _COUNT, _SLOWEST, _GATE, _STREAM = range(6, 12)


@compiled(nogil=True, error_model="numpy")  # Python's check for a zero divisor would be a branch
def pair(start, counter, out, numbers, limit, sampled, seed):
    """Runs until none is left to take; the arguments are those of `general.loop`.

    With two actions, both entries of the score of the right action are 1 - J_k = q_k, up to their signs.
    """
    rate, c0, c1, own, common = numbers[:5]
    both, other = 2.0 * (own + common), 2.0 * common  # the logit differences have the Gram matrix (both, -other)
    far, near = rate * LOG2E * both, rate * LOG2E * other
    bits = memory(6 + FREE)
    f, run, most = bits.view(np.float64), np.full(LANES, -1), float(limit)
    looks = 0
    while refill(f, bits, run, start, counter, seed, out) > 0:
        looks += 1
        if looks % 64 == 0 and look(counter) >= HALTED:
            break
        y1, y2, p1, p2, J = load(f, _Y1), load(f, _Y2), load(f, _P1), load(f, _P2), load(f, _TOTAL)
        live, count, slowest, gate = load(f, _LIVE), load(f, _COUNT), load(f, _SLOWEST), load(f, _GATE)
        z = load(bits, _STREAM)
        for _ in range(CHUNK):
            e1, e2 = power(y1), power(y2)
            d1, d2 = 1.0 + e1, 1.0 + e2
            r = 1.0 / (d1 * d2)  # one division for two
            p1, p2 = r * d2, r * d1
            q1, q2 = e1 * p1, e2 * p2
            J = p1 + p2
            chance1, chance2 = c0 + c1 * p1, c0 + c1 * p2
            g1, g2 = p1 * q1, p2 * q2  # sizes of the gradients, and of the expected directions
            h1, h2 = chance1 * q1, chance2 * q2
            speed = both * (g1 * h1 + g2 * h2) - other * (g1 * h2 + g2 * h1)
            speed = where(speed < 0.0, 0.0 - speed, speed)
            on = (live > 0.0) & (J < 2.0 - TOP) & (count < most)
            gate = where(gate <= J, -1.0, gate)  # once open, it stays so
            slower = on & (gate <= J) & (J < 2.0 - BEFORE_TOP) & (speed < slowest)
            slowest = where(slower, speed, slowest)
            live = where(on, 1.0, 0.0)
            count = count + live
            z = z + GOLDEN
            hit1 = uniform(z) < chance1
            z = z + GOLDEN
            hit2 = uniform(z) < chance2
            if sampled:
                w1, w2 = where(on & hit1, q1, 0.0), where(on & hit2, q2, 0.0)  # an ended run stays where it is
            else:
                w1, w2 = where(on, h1, 0.0), where(on, h2, 0.0)
            y1 = y1 + (near * w2 - far * w1)
            y2 = y2 + (near * w1 - far * w2)
        store(f, _Y1, y1)
        store(f, _Y2, y2)
        store(f, _P1, p1)
        store(f, _P2, p2)
        store(f, _TOTAL, J)
        store(f, _LIVE, live)
        store(f, _COUNT, count)
        store(f, _SLOWEST, slowest)
        store(f, _GATE, gate)
        store(bits, _STREAM, z)


assert (_TOTAL, _STREAM) == (6 + lanes.TOTAL, 6 + lanes.STREAM)
