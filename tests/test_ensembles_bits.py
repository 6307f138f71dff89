"""The compiled loops against the same algebra in plain Python floats: equal to the last bit.

No compiler may therefore reorder, fuse or approximate an operation, and neither lanes nor refills leave a trace.
"""

import math
import struct

import numpy as np
import pytest
from test_ensembles import uniforms

from raylab import ensembles
from raylab.ensembles import arithmetic
from raylab.optimisers import Adam, Momentum, Plain, RMSProp
from raylab.systems.bandit import Mixed, on_policy, supervised

LOG2E, ROUND = 1 / math.log(2), 1.5 * 2.0**52
C = [getattr(arithmetic, f"_A{i}") for i in range(1, 12)]


def power(x):
    """2^x in the order of operations of arithmetic.power."""
    x = max(min(x, 430.0), -430.0)
    j = (x + ROUND) - ROUND
    r = x - j
    q = r * r
    s = q * q
    low, middle = (C[0] + r * C[1]) + q * (C[2] + r * C[3]), (C[4] + r * C[5]) + q * (C[6] + r * C[7])
    return math.ldexp(1.0 + r * (low + s * (middle + s * ((C[8] + r * C[9]) + q * C[10]))), int(j))


def pair(y, u, weights, c, rate, sampled):
    """One step of two actions: (y, J_k, |J'|) from y = (y[0, 1], y[1, 0]) and two random numbers."""
    own, common = weights
    both, other = 2.0 * (own + common), 2.0 * common
    far, near = rate * LOG2E * both, rate * LOG2E * other
    e1, e2 = power(y[0]), power(y[1])
    d1, d2 = 1.0 + e1, 1.0 + e2
    r = 1.0 / (d1 * d2)
    p1, p2 = r * d2, r * d1
    q1, q2 = e1 * p1, e2 * p2
    chance1, chance2 = c[0] + c[1] * p1, c[0] + c[1] * p2
    h1, h2 = chance1 * q1, chance2 * q2
    g1, g2 = p1 * q1, p2 * q2
    speed = both * (g1 * h1 + g2 * h2) - other * (g1 * h2 + g2 * h1)
    w1, w2 = (q1 if u[0] < chance1 else 0.0, q2 if u[1] < chance2 else 0.0) if sampled else (h1, h2)
    return [y[0] + (near * w2 - far * w1), y[1] + (near * w1 - far * w2)], [p1, p2], abs(speed)


def general(y, u, weights, c, rate, sampled, rule, memory):
    """One step of K contexts and n actions; memory is the rule's: [1 - decay^t, same, first means, second means]."""
    own, common = weights
    K, n = len(y), len(y[0])
    rate *= LOG2E
    p, e, g, h, w, in_weights = [], [], [], [], [], 0.0
    for k in range(K):
        row = [power(y[k][a]) if a != k else None for a in range(n)]
        s = s2 = 0.0
        for x in row:
            if x is not None:
                s, s2 = s + x, s2 + x * x
        row[k] = 0.0 - s
        e.append(row)
        p.append(1.0 / (1.0 + s))
        chance = c[0] + c[1] * p[k]
        g.append(p[k] * p[k])
        h.append(chance * p[k])
        w.append((p[k] if u[k] < chance else 0.0) if sampled else h[k])
        in_weights += g[k] * h[k] * (s2 + s * s)
    b, in_biases = [], 0.0
    for a in range(n):
        sums = [0.0, 0.0, 0.0]
        for k in range(K):
            sums = [x + f[k] * e[k][a] for x, f in zip(sums, (g, h, w), strict=True)]
        b.append(sums[2])
        in_biases += sums[0] * sums[1]
    speed = abs(own * in_weights + common * in_biases)
    if type(rule) is Plain:
        b = [x * (rate * common * 1.0) for x in b]
        for k in range(K):
            v = w[k] * (rate * own * 1.0)
            right = v * e[k][k] + b[k]
            y[k] = [y[k][a] + (right - (v * e[k][a] + b[a])) if a != k else 0.0 for a in range(n)]
        return y, p, speed
    decays = (rule.first, rule.second) if type(rule) is Adam else (rule.decay, 0.0)
    memory[:2] = [1.0 - decay * (1.0 - t) for decay, t in zip(decays, memory, strict=False)]
    directions = [0.0 - w[k] * e[k][a] for k in range(K) for a in range(n)] + [0.0 - x for x in b]
    moves = []
    for j, d in enumerate(directions):
        x = move(rule, d, j, memory)
        moves.append((rate * (own if j < K * n else common)) * (x * 1.0))
    m = [moves[k * n : k * n + n] for k in range(K)] + [moves[K * n :]]
    for k in range(K):
        right = m[k][k] + m[K][k]
        y[k] = [y[k][a] + ((m[k][a] + m[K][a]) - right) if a != k else 0.0 for a in range(n)]
    return y, p, speed


def move(rule, d, j, memory):
    t1, t2, first, second = memory
    if type(rule) is Momentum:
        first[j] = rule.decay * first[j] + d
        return first[j]
    decay = rule.decay if type(rule) is RMSProp else rule.second
    second[j] = decay * second[j] + (1.0 - decay) * (d * d)
    v = second[j]
    if type(rule) is Adam:
        first[j] = rule.first * first[j] + (1.0 - rule.first) * d
        d, v = first[j] / t1, v / t2
    scale = math.sqrt(v) + rule.epsilon
    return d / scale if scale > 0.0 else 0.0


def alone(logits, i, seed, limit, rate, weights, c, sampled, rule):
    """Run i in plain Python: (flatness, steps, components)."""
    n, K = logits.shape
    given = logits.tolist()
    y = [[(given[a][k] - given[k][k]) * LOG2E for a in range(n)] for k in range(K)]
    two = K == n == 2 and type(rule) is Plain
    J0 = 0.0
    for k in range(K):
        J0 += 1.0 / (1.0 + sum(power(y[k][a]) for a in range(n) if a != k))
    if two:
        y = [y[0][1], y[1][0]]
    memory = [0.0, 0.0, [0.0] * (K * n + n), [0.0] * (K * n + n)]
    u, gate, slowest = uniforms(seed, i, K * (limit + 1)), J0 + 0.05, math.inf
    for t in range(limit + 1):
        draws = u[K * t : K * t + K]
        if two:
            y, p, speed = pair(y, draws, weights, c, rate, sampled)
        else:
            y, p, speed = general(y, draws, weights, c, rate, sampled, rule, memory)
        J = p[0]
        for x in p[1:]:
            J += x
        if J >= K - 0.1 or t == limit:
            return slowest, t, p
        gate = -1.0 if gate <= J else gate
        if gate <= J and J < K - 0.2:
            slowest = min(slowest, speed)
    raise AssertionError


CASES = [
    (2, 2, "shared", on_policy, True, Plain()),
    (2, 2, "shared", on_policy, False, Plain()),
    (2, 2, "separate", Mixed(0.25), True, Plain()),  # c0 and c1 are found without rounding
    (2, 2, "tabular", supervised, False, Plain()),
    (3, 4, "shared", on_policy, True, Plain()),
    (3, 4, "separate", supervised, False, Plain()),
    (3, 4, "shared", Mixed(0.5, 4), True, Plain()),
    (3, 4, "shared", on_policy, True, Momentum(0.7)),
    (3, 4, "shared", Mixed(0.5, 4), False, RMSProp(0.9, 0.0)),
    (3, 4, "tabular", on_policy, True, Adam()),
]
WEIGHTS = {"shared": (1.0, 1.0), "tabular": (1.0, 0.0), "separate": (2.0, 0.0)}


@pytest.mark.parametrize(("K", "n", "features", "coupling", "sampled", "rule"), CASES)
def test_a_run_is_to_the_last_bit_the_one_that_python_computes(K, n, features, coupling, sampled, rule):
    N, limit, seed, rate = 40, 150, 2**40 + 3, 0.3 if isinstance(rule, Plain | Momentum) else 0.03
    start = ensembles.starts("gauss", N, K, n, scale=1.5, seed=1)
    start[3, 0, 0] += 700.0  # beyond the reach of the power of two
    found = ensembles.run(start, rate, limit, sampled, coupling, features, rule, seed)
    exact = {on_policy: (0.0, 1.0), supervised: (1.0, 0.0)}
    c = (coupling.share / n, 1.0 - coupling.share) if isinstance(coupling, Mixed) else exact[coupling]
    for i in range(0, N, 3):
        flatness, steps, components = alone(start[i], i, seed, limit, rate, WEIGHTS[features], c, sampled, rule)
        assert steps == found.steps[i]
        assert bits(flatness) == bits(found.flatness[i])
        assert [bits(x) for x in components] == [bits(x) for x in found.components[i]]
    assert len(set(found.steps)) > 3 and found.arrived.any() and np.isfinite(found.flatness).any()


def bits(x):
    return struct.pack("<d", float(x))


def test_the_power_of_two_is_right_to_a_rounding_or_two():
    x = np.concatenate([np.random.default_rng(0).uniform(-429, 429, 2000), np.arange(-20, 20) / 2, [0.0, 1e-300]])
    exact = np.exp2(x.astype(np.longdouble))
    for compiled in (arithmetic.power, power):
        found = np.array([compiled(float(v)) for v in x])
        assert np.abs(found / exact - 1).max() < 3.5e-16
    assert power(0.0) == 1.0 and arithmetic.power(1e9) == 2.0**430 and arithmetic.power(-1e9) == 2.0**-430
