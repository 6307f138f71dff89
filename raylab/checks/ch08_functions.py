"""The four functions of chapter 08: each with its reference, its instances and what people write instead."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from raylab.checks.engine import Further, Implement, Law, Mistake, numbers

# 08.1 mode_strength -------------------------------------------------------------------------------------------


def _strength(t: Any, s: float, u0: float, tau: float) -> Any:
    faded = np.exp(-2 * s * np.asarray(t, dtype=float) / tau)
    return s * u0 / (u0 + (s - u0) * faded)


def _modes(rng: np.random.Generator) -> Iterator[Any]:
    yield np.array([0.0, 1.0, 2.0]), 3.0, 1e-3, 1.0
    yield np.array([0.0, 0.5, 4.0]), 1.5, 0.02, 2.5
    for _ in range(8):
        s, tau = rng.uniform(0.3, 5), rng.uniform(0.4, 3)
        yield np.sort(rng.uniform(0, 4 * tau / s, 5)), float(s), float(s * rng.uniform(1e-4, 0.4)), float(tau)
    late = "Right where e^(2st/τ) is a number that a float can hold. At st = 1000 it is not: use e to negative powers."
    yield Further((np.array([0.0, 2.0, 1000.0]), 2.0, 1e-4, 1.0), late)
    above = "Right from below. A mode may also start above its goal, and then it sinks to s."
    yield Further((np.array([0.0, 0.3, 1.0]), 1.2, 3.0, 0.7), above)


STRENGTH = Implement(
    signature="mode_strength(t, s, u0, tau)",
    reference=_strength,
    instances=_modes,
    describe=lambda t, s, u0, tau: f"t = {numbers(t)}, s = {numbers(s)}, u0 = {numbers(u0)}, tau = {numbers(tau)}",
    mistakes=(
        Mistake(
            lambda t, s, u0, tau: _strength(t / 2, s, u0, tau),
            "A factor 2 is missing: the log odds rise at 2s/τ, because both layers learn.",
        ),
        Mistake(
            lambda t, s, u0, tau: _strength(t, s, u0, 1.0),
            "τ is missing. Right only where it is 1.",
        ),
        Mistake(
            lambda t, s, u0, tau: _strength(t, s, u0, 1 / tau),
            "τ is on the wrong side: a larger time scale makes it slower.",
        ),
        Mistake(
            lambda t, s, u0, tau: _strength(t, s, u0, tau) / s,
            "This is the strength over its goal. It should end at s, not at 1.",
        ),
        Mistake(
            lambda t, s, u0, tau: u0 * np.exp(2 * s * t / tau),
            "This is the growth near 0, which never ends. Near s the factor s − w counts.",
        ),
        Mistake(
            lambda t, s, u0, tau: s + (u0 - s) * np.exp(-2 * s * t / tau),
            "This relaxes, as if the speed were 2s(s − w). A mode of two layers begins slowly: the speed is 2w(s − w).",
        ),
        Mistake(
            lambda t, s, u0, tau: s + (u0 - s) * np.exp(-t / tau),
            "This is a single layer: it does not wait. With two layers the speed has the factor 2w.",
        ),
        Mistake(
            lambda t, s, u0, tau: s / (1 + (s / u0) * np.exp(-2 * s * t / tau)),
            "Nearly: at t = 0 it should be u₀. The odds at the start are u₀/(s − u₀), not u₀/s.",
        ),
        Mistake(
            lambda t, s, u0, tau: 1 / (1 + (1 / u0 - 1) * np.exp(-2 * s * t / tau)),
            "A goal of 1 has crept in. The goal is s: the odds are w/(s − w).",
        ),
        Mistake(
            lambda t, s, u0, tau: _strength(t, s, np.sqrt(u0), tau),
            "u₀ is the strength at the start, the product of both layers, and not the weight of one of them.",
        ),
        Mistake(
            lambda t, s, u0, tau: _strength(t, s, u0, tau)[-1] if np.ndim(t) else _strength(t, s, u0, tau),
            "Asked for: the strength at every time in `t`, not only at the last one.",
        ),
    ),
)

# 08.2 flow_rates ----------------------------------------------------------------------------------------------


def _rates(W1: Any, W2: Any, Sxy: Any, Sxx: Any) -> Any:
    error = Sxy - W2 @ W1 @ Sxx
    return W2.T @ error, error @ W1.T


def _networks(rng: np.random.Generator) -> Iterator[Any]:
    yield _network(rng, 2, 2, 2)
    for ins, hidden, outs in ((3, 2, 4), (4, 5, 2), (2, 3, 3), (3, 3, 3), (5, 1, 2), (3, 4, 1)):
        yield _network(rng, ins, hidden, outs)


def _network(rng: np.random.Generator, ins: int, hidden: int, outs: int) -> Any:
    x = rng.normal(size=(ins, 3 * ins)) * rng.uniform(0.5, 2, (ins, 1))
    mixed = (x + 0.5 * x.mean(axis=0)) / np.sqrt(x.shape[1])
    return (
        rng.normal(size=(hidden, ins)),
        rng.normal(size=(outs, hidden)),
        rng.normal(size=(outs, ins)),
        mixed @ mixed.T,
    )


def _exchanged(W1: Any, W2: Any, Sxy: Any, Sxx: Any) -> Any:
    first, second = _rates(W1, W2, Sxy, Sxx)
    return second, first


def _one_after_the_other(W1: Any, W2: Any, Sxy: Any, Sxx: Any) -> Any:
    first = _rates(W1, W2, Sxy, Sxx)[0]
    return first, (Sxy - W2 @ (W1 + first) @ Sxx) @ (W1 + first).T


RATES = Implement(
    signature="flow_rates(W1, W2, Sxy, Sxx)",
    reference=_rates,
    instances=_networks,
    describe=lambda W1, W2, Sxy, Sxx: (
        f"W1 of shape {np.shape(W1)}, W2 of shape {np.shape(W2)}, Sxy of shape {np.shape(Sxy)}"
    ),
    mistakes=(
        Mistake(
            lambda W1, W2, Sxy, Sxx: _rates(W1, W2, Sxy, np.eye(len(Sxx))),
            "Σ_xx is missing: right for white inputs only.",
        ),
        Mistake(
            lambda W1, W2, Sxy, Sxx: tuple(-rate for rate in _rates(W1, W2, Sxy, Sxx)),
            "The sign: the loss goes down, so that the rates are minus its gradient.",
        ),
        Mistake(
            lambda W1, W2, Sxy, Sxx: tuple(2 * rate for rate in _rates(W1, W2, Sxy, Sxx)),
            "Twice too fast: the loss is *half* the mean squared error.",
            "almost",
        ),
        Mistake(_exchanged, "Both are right, in the other order: first dW₁, then dW₂.", "almost"),
        Mistake(
            lambda W1, W2, Sxy, Sxx: (W2.T @ Sxy, Sxy @ W1.T),
            "These are the rates where nothing has been learned. Subtract what the network does already, W₂W₁Σ_xx.",
        ),
        Mistake(
            _one_after_the_other,
            "dW₁ is right. dW₂ must be taken at the same W₁, not at one that has already moved.",
        ),
        Mistake(
            lambda W1, W2, Sxy, Sxx: (
                np.linalg.pinv(W2) @ (Sxy - W2 @ W1 @ Sxx),
                (Sxy - W2 @ W1 @ Sxx) @ np.linalg.pinv(W1),
            ),
            "That solves for a layer. A gradient has the transpose in this place, and no inverse.",
        ),
        Mistake(
            lambda W1, W2, Sxy, Sxx: (
                W2.T @ (Sxy @ np.linalg.pinv(Sxx) - W2 @ W1),
                (Sxy @ np.linalg.pinv(Sxx) - W2 @ W1) @ W1.T,
            ),
            "This compares the network with the best linear map. In the gradient the error is weighted with Σ_xx.",
        ),
        Mistake(
            lambda W1, W2, Sxy, Sxx: tuple(np.sign(rate) for rate in _rates(W1, W2, Sxy, Sxx)),
            "These are the signs of the rates alone.",
        ),
        Mistake(
            lambda W1, W2, Sxy, Sxx: (_rates(W1, W2, Sxy, Sxx)[0], (Sxy - W2 @ W1 @ Sxx) @ Sxx @ W1.T),
            "dW₁ is right. In dW₂ there is one Σ_xx too many: it is in the error already.",
        ),
    ),
)

# 08.4 track_modes ---------------------------------------------------------------------------------------------


def _track(path: Any, target: Any) -> Any:
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    return np.einsum("ia,tij,aj->ta", U, path, Vt)


def _paths(rng: np.random.Generator) -> Iterator[Any]:
    for outs, ins, T in ((2, 2, 3), (3, 4, 5), (4, 3, 6), (3, 3, 4), (2, 5, 3)):
        target = _distinct(rng, outs, ins)
        U, s, Vt = np.linalg.svd(target, full_matrices=False)
        ramp = np.linspace(0, 1, T)[:, None] ** rng.permutation(1 + np.arange(len(s)))
        aligned = np.einsum("ia,ta,aj->tij", U, s * ramp * (0.3 + 0.9 * rng.random(len(s))), Vt)
        yield aligned + 0.15 * rng.normal(size=aligned.shape), target
    turned = _distinct(rng, 3, 4)
    yield np.linspace(0.1, 0.9, 4)[:, None, None] * -turned, turned  # every mode the wrong way to the end


def _distinct(rng: np.random.Generator, outs: int, ins: int) -> Any:
    """A target with well separated singular values: the vectors of equal ones would be anybody's choice."""
    r = min(outs, ins)
    U, V = (np.linalg.qr(rng.normal(size=(n, r)))[0] for n in (outs, ins))
    return (U * (3.0 * 0.55 ** np.arange(r))) @ V.T


def _transposed(path: Any, target: Any) -> Any:
    U, s, Vt = np.linalg.svd(target, full_matrices=False)
    return np.array([np.diagonal(U.T @ W @ Vt)[: len(s)] for W in path])


def _order_of_the_product(path: Any, target: Any) -> Any:
    return np.linalg.svd(path, compute_uv=False)


TRACK = Implement(
    signature="track_modes(path, target)",
    reference=_track,
    instances=_paths,
    describe=lambda path, target: f"path of shape {np.shape(path)}, target of shape {np.shape(target)}",
    rtol=1e-8,
    atol=1e-10,
    mistakes=(
        Mistake(
            _order_of_the_product,
            "These are the singular values of each product, sorted: names are swapped where two of them cross. Use the "
            "vectors of the target.",
        ),
        Mistake(
            lambda path, target: _track(path, target)[:, ::-1],
            "The order: the target's strongest mode comes first.",
            "almost",
        ),
        Mistake(
            lambda path, target: np.abs(_track(path, target)),
            "No absolute values: a mode that points the wrong way has a negative strength.",
        ),
        Mistake(
            lambda path, target: _track(path, target) * np.sign(_track(path, target)[-1]),
            "No sign has to be mended: those of u and v cancel. A strength that ends below zero is below zero.",
        ),
        Mistake(
            lambda path, target: _track(path, target) / np.linalg.svd(target, compute_uv=False),
            "These are shares of the goals. Asked for: the strengths themselves.",
            "almost",
        ),
        Mistake(
            lambda path, target: np.sort(_track(path, target), axis=-1)[:, ::-1],
            "Projected, and sorted after that: it brings the swaps back. Column a belongs to mode a at all times.",
        ),
        Mistake(
            lambda path, target: _track(path, target).T,
            "Turned by ninety degrees: one row for each time, one column for each mode.",
            "almost",
        ),
        Mistake(
            lambda path, target: np.stack([np.diagonal(W)[: min(W.shape)] for W in path]),
            "This is the diagonal of the product. Turn it into the target's own axes first: uᵀ W v.",
        ),
        Mistake(
            lambda path, target: _track(path, path[-1]),
            "These are the vectors of the last product. Its order, and its axes where learning is not over, are others "
            "than the target's.",
        ),
        Mistake(
            lambda path, target: np.linalg.norm(
                np.einsum("ia,tij->taj", np.linalg.svd(target, full_matrices=False)[0], path), axis=-1
            ),
            "The length of uᵀW also holds what goes to other inputs. Project on v as well.",
        ),
        Mistake(
            _transposed,
            "numpy's third result is Vᵀ: its *rows* are the vectors v.",
        ),
    ),
)

# 08.8 seeds ---------------------------------------------------------------------------------------------------


def _both(W1: Any, W2: Any, target: Any) -> Any:
    """W_1 v_a and W_2^T u_a as columns, the strongest mode first."""
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    return W1 @ Vt.T, W2.T @ U


def _squares(columns: Any) -> Any:
    return (columns * columns).sum(axis=0)


def _left_over(columns: Any) -> Any:
    """Squares of what is left of each column without the directions of those before it."""
    found = []
    for a in range(columns.shape[1]):
        before = np.linalg.qr(columns[:, :a])[0]
        rest = columns[:, a] - before @ (before.T @ columns[:, a])
        found.append(rest @ rest)
    return np.array(found)


def _means(W1: Any, W2: Any, target: Any) -> Any:
    into, out = _both(W1, W2, target)
    return (into + out) / 2


def _seeds(W1: Any, W2: Any, target: Any) -> Any:
    return _left_over(_means(W1, W2, target))


def _starts(rng: np.random.Generator) -> Iterator[Any]:
    for ins, hidden, outs in ((2, 3, 2), (4, 6, 3), (3, 5, 4), (5, 4, 3), (3, 3, 3)):
        scale = 10 ** rng.uniform(-3, -1)
        W1, W2 = scale * rng.normal(size=(hidden, ins)), scale * rng.normal(size=(outs, hidden))
        yield W1, W2, _distinct(rng, outs, ins)


def _turned_twice(W1: Any, W2: Any, target: Any) -> Any:
    into, out = _both(W1, W2, target)
    return _left_over(into) / 4 + _left_over(out) / 4


SEEDS = Implement(
    signature="seeds(W1, W2, target)",
    reference=_seeds,
    instances=_starts,
    describe=lambda W1, W2, target: f"W1 of shape {np.shape(W1)}, W2 of shape {np.shape(W2)}",
    rtol=1e-7,
    atol=1e-25,
    mistakes=(
        Mistake(
            lambda W1, W2, target: _squares(_means(W1, W2, target)),
            "Right for the first mode. From every other seed, take away what lies in the directions of those before.",
        ),
        Mistake(
            lambda W1, W2, target: 4 * _seeds(W1, W2, target),
            "A factor 4: the seed is the *mean* of reading and writing, and its square is asked for.",
            "almost",
        ),
        Mistake(
            lambda W1, W2, target: np.sqrt(_seeds(W1, W2, target)),
            "This is the length of what is left. The strength of a mode is the product of two weights: its square.",
            "almost",
        ),
        Mistake(
            lambda W1, W2, target: (_both(W1, W2, target)[0] * _both(W1, W2, target)[1]).sum(axis=0),
            "This is the strength at the start, uᵀW₂W₁v. It may even be negative; what grows is the mean of the two "
            "vectors.",
        ),
        Mistake(
            lambda W1, W2, target: np.abs((_both(W1, W2, target)[0] * _both(W1, W2, target)[1]).sum(axis=0)),
            "The size of the strength at the start is not what grows. The mean of W₁v and W₂ᵀu does.",
        ),
        Mistake(
            lambda W1, W2, target: _left_over(_means(W1, W2, target)[:, ::-1])[::-1],
            "The other way round: the strongest mode chooses first, so that it loses nothing.",
        ),
        Mistake(
            lambda W1, W2, target: _left_over((_both(W1, W2, target)[0] - _both(W1, W2, target)[1]) / 2),
            "The difference is the half that dies out. The sum grows.",
        ),
        Mistake(
            lambda W1, W2, target: _left_over(_both(W1, W2, target)[0]),
            "This looks at the first layer alone. A mode is read in by W₁ and written out by W₂.",
        ),
        Mistake(
            _turned_twice,
            "Add the two vectors first, then project and square: they may help or cancel each other.",
        ),
        Mistake(
            lambda W1, W2, target: np.linalg.svd(_means(W1, W2, target), compute_uv=False) ** 2,
            "Singular values mix all seeds. Go through the modes in their order, one by one.",
        ),
    ),
)

# 08.6 an initialisation without plateaus ----------------------------------------------------------------------

GOAL = np.diag([3.0, 1.0, 0.4]) @ np.eye(3, 4)  # the target that the page states; hidden width 5


def run_from(W1: Any, W2: Any, until: float = 40.0) -> Any:
    """Times (T,), J (T,) and strengths (T, 3) of the network that starts from these layers, by the flow."""
    from scipy.integrate import solve_ivp

    cut = W1.size

    def motion(_: float, state: Any) -> Any:
        rates = _rates(state[:cut].reshape(W1.shape), state[cut:].reshape(W2.shape), GOAL, np.eye(4))
        return np.concatenate([rate.ravel() for rate in rates])

    times = np.r_[np.linspace(0, 4, 801), np.linspace(4, until, 721)[1:]]
    found = solve_ivp(motion, (0, until), np.r_[W1.ravel(), W2.ravel()], "LSODA", times, rtol=1e-9, atol=1e-12)
    first, second = found.y[:cut].T.reshape(-1, *W1.shape), found.y[cut:].T.reshape(-1, *W2.shape)
    product = second @ first
    J = (GOAL**2).sum() / 2 - ((GOAL - product) ** 2).sum(axis=(1, 2)) / 2
    return times, J, product[:, range(3), range(3)]


def _knows_nothing(W1: Any, W2: Any) -> Any:
    size = np.abs(W2 @ W1).max()
    return True if size <= 0.05 else f"The largest entry of W₂W₁ is {size:.3g}."


def _moderate(W1: Any, W2: Any) -> Any:
    size = max(np.abs(W1).max(), np.abs(W2).max())
    return True if size <= 4 else f"The largest weight is {size:.3g}."


def _moves(W1: Any, W2: Any) -> Any:
    speed = sum(float((rate**2).sum()) for rate in _rates(W1, W2, GOAL, np.eye(4)))
    return True if speed > 1e-8 else f"J' at the start: {speed:.2g}."


def _arrives(W1: Any, W2: Any) -> Any:
    strengths = run_from(W1, W2)[2][-1]
    return True if (strengths > 0.9 * np.diagonal(GOAL)).all() else f"Strengths at t = 40: {numbers(strengths)}."


def _never_bends_up(W1: Any, W2: Any) -> Any:
    """J' has no minimum inside the run, and is not small at the beginning: it falls from the first moment on."""
    times, J, _ = run_from(W1, W2)
    slopes = np.diff(J) / np.diff(times)
    rise = (slopes[1:] - np.minimum.accumulate(slopes)[:-1]).max() / slopes.max()
    if rise <= 1e-3:
        return True
    row = int(np.argmax(slopes[1:] - np.minimum.accumulate(slopes)[:-1]))
    return f"Up to t = {times[row + 1]:.2f} it speeds up, by {rise:.1%} of its largest slope."


START_LAWS = (
    Law(_knows_nothing, "It must not know the answer: no entry of W₂W₁ above 0.05 in size."),
    Law(_moderate, "No weight above 4 in size: very large weights only turn the clock."),
    Law(_moves, "Here both gradients are zero or next to it: from such a place the flow waits for ever, or nearly."),
    Law(
        _arrives,
        "Not all modes are learned by t = 40. Is there a mode that no hidden unit reads or writes, or are the weights "
        "too small?",
    ),
    Law(_never_bends_up, "There is a stretch on which the learning curve speeds up. That is a wait."),
)
