"""The compiled loop over steps for any K, n and step rule."""

from functools import cache
from typing import Any

import numpy as np

from raylab.ensembles.arithmetic import GOLDEN, LOG2E, compiled, power, uniform
from raylab.ensembles.atomic import look
from raylab.ensembles.lanes import (
    BEFORE_TOP,
    CHUNK,
    COUNT,
    FREE,
    GATE,
    HALTED,
    LIVE,
    SLOWEST,
    STREAM,
    TOP,
    TOTAL,
    memory,
    refill,
)
from raylab.ensembles.vectors import LANES, load, root, store, where

PLAIN, MOMENTUM, RMSPROP, ADAM = range(4)


@cache
def loop(contexts: int, actions: int, rule: int) -> Any:
    """The loop for K contexts, n actions and one of the rules, which are constants to the compiler.

    Its arguments: start (N, n, K); counter (1,), the next run to be taken; out, where to write (`lanes.refill`);
    numbers (rate; c0, c1 of the chance c0 + c1 J; weights of a move of W and of the common b; two decays, epsilon);
    limit, the most steps; sampled or not; seed.
    """
    K, n, RULE = contexts, actions, rule
    D, REST = K * n, K * n + K
    E = REST + FREE  # rows of e[k, a], with -s_k in the place of the right action
    G, H, W = E + D, E + D + K, E + D + 2 * K  # what -e is multiplied by: gradient, expected and drawn direction
    B = W + K  # the drawn direction of each bias, then its move
    T1, T2 = B + n, B + n + 1  # 1 - decay^t
    M1 = T2 + 1  # a rule's memory: means of the direction and of its square, for W and then for b
    M2 = M1 + (D + n if RULE in (MOMENTUM, ADAM) else 0)
    ROWS = M2 + (D + n if RULE in (RMSPROP, ADAM) else 0)

    @compiled(nogil=True, error_model="numpy")  # Python's check for a zero divisor would be a branch
    def runs(start, counter, out, numbers, limit, sampled, seed):
        rate, c0, c1, own, common, first, second, epsilon = numbers
        rate = rate * LOG2E
        off_policy = c0 != 0.0 or c1 != 1.0
        bits = memory(ROWS)
        f, run, most = bits.view(np.float64), np.full(LANES, -1), float(limit)
        zero = load(f, 0)
        looks = 0
        while refill(f, bits, run, start, counter, seed, out) > 0:
            looks += 1
            if looks % 64 == 0 and look(counter) >= HALTED:
                break
            live, count, J = load(f, REST + LIVE), load(f, REST + COUNT), zero
            slowest, gate, z = load(f, REST + SLOWEST), load(f, REST + GATE), load(bits, REST + STREAM)
            for _ in range(CHUNK):
                J = in_weights = in_biases = zero  # J, and <grad J, expected direction> in two parts
                for k in range(K):
                    s = s2 = zero
                    for a in range(n):
                        if a != k:
                            e = power(load(f, k * n + a))
                            store(f, E + k * n + a, e)
                            s = s + e
                            s2 = s2 + e * e
                    store(f, E + k * n + k, 0.0 - s)
                    p = 1.0 / (1.0 + s)
                    chance = c0 + c1 * p
                    g, h = p * p, chance * p
                    z = z + GOLDEN
                    hit = uniform(z) < chance
                    w = where(hit, p, 0.0) if sampled else h
                    store(f, D + k, p)
                    store(f, G + k, g)
                    store(f, H + k, h)
                    store(f, W + k, w)
                    in_weights = in_weights + g * h * (s2 + s * s)
                    J = J + p
                on = (live > 0.0) & (J < K - TOP) & (count < most)
                live = where(on, 1.0, 0.0)  # an ended run stays where it is: its moves are multiplied by this
                count = count + live
                for a in range(n):
                    g = h = w = zero
                    for k in range(K):
                        e = load(f, E + k * n + a)
                        g = g + load(f, G + k) * e
                        w = w + load(f, W + k) * e
                        if off_policy:
                            h = h + load(f, H + k) * e
                    in_biases = in_biases + g * (h if off_policy else g)
                    store(f, B + a, w)
                speed = own * in_weights + common * in_biases
                speed = where(speed < 0.0, 0.0 - speed, speed)
                gate = where(gate <= J, -1.0, gate)  # once open, it stays so
                slower = on & (gate <= J) & (J < K - BEFORE_TOP) & (speed < slowest)
                slowest = where(slower, speed, slowest)
                if RULE == PLAIN:
                    for a in range(n):
                        store(f, B + a, load(f, B + a) * (rate * common * live))
                    for k in range(K):
                        w = load(f, W + k) * (rate * own * live)
                        right = w * load(f, E + k * n + k) + load(f, B + k)
                        for a in range(n):
                            if a != k:
                                moved = right - (w * load(f, E + k * n + a) + load(f, B + a))
                                store(f, k * n + a, load(f, k * n + a) + moved)
                else:
                    store(f, T1, 1.0 - first * (1.0 - load(f, T1)))
                    store(f, T2, 1.0 - second * (1.0 - load(f, T2)))
                    for j in range(D + n):  # every parameter: weights, then biases
                        k, a = j // n, j % n
                        place = E + j if j < D else B + a
                        d = load(f, W + k) * load(f, place) if j < D else load(f, place)
                        d = x = 0.0 - d
                        if RULE == MOMENTUM:
                            x = first * load(f, M1 + j) + d
                            store(f, M1 + j, x)
                        else:
                            decay = first if RULE == RMSPROP else second
                            v = decay * load(f, M2 + j) + (1.0 - decay) * (d * d)
                            store(f, M2 + j, v)
                            if RULE == ADAM:
                                x = first * load(f, M1 + j) + (1.0 - first) * d
                                store(f, M1 + j, x)
                                x, v = x / load(f, T1), v / load(f, T2)
                            scale = root(v) + epsilon
                            x = where(scale > 0.0, x / scale, 0.0)
                        store(f, place, (rate * (own if j < D else common)) * (x * live))
                    for k in range(K):
                        right = load(f, E + k * n + k) + load(f, B + k)
                        for a in range(n):
                            if a != k:
                                moved = (load(f, E + k * n + a) + load(f, B + a)) - right
                                store(f, k * n + a, load(f, k * n + a) + moved)
            store(f, REST + TOTAL, J)
            store(f, REST + LIVE, live)
            store(f, REST + COUNT, count)
            store(f, REST + SLOWEST, slowest)
            store(f, REST + GATE, gate)
            store(bits, REST + STREAM, z)

    return runs
