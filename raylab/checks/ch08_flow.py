"""Exercises 08.1 and 08.2: how one mode grows, and how two layers move."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from raylab.checks.engine import Further, Implement, Law, Mistake, numbers
from raylab.checks.values import same

# 08.1 mode_strength -------------------------------------------------------------------------------------------

CLOSE = 0.25  # relative; a hundred steps of Euler are off by 0.14
SOON, LEAVES = 1e-3, 0.05  # of the time, and of the way made by then: another rate is off by u0/s there, steps are not


def _strength(t: Any, s: float, u0: float, tau: float) -> Any:
    faded = np.exp(-2 * s * np.asarray(t, dtype=float) / tau)
    return s * u0 / (u0 + (s - u0) * faded)


def _plain_modes(rng: np.random.Generator) -> Iterator[Any]:
    yield np.array([0.0, 1.0, 2.0]), 3.0, 1e-3, 1.0
    yield np.array([0.0, 0.5, 4.0]), 1.5, 0.02, 2.5
    for _ in range(8):
        s, tau = rng.uniform(0.3, 5), rng.uniform(0.4, 3)
        yield np.sort(rng.uniform(0, 4 * tau / s, 5)), float(s), float(s * rng.uniform(1e-4, 0.4)), float(tau)


def _modes(rng: np.random.Generator) -> Iterator[Any]:
    yield from _plain_modes(rng)
    late = (
        "Right where e^(2st/τ) is a number that a float can hold. At st/τ = 2000 it is not: use e to negative powers."
    )
    yield Further((np.array([0.0, 2.0, 1000.0]), 2.0, 1e-4, 1.0), late)
    above = "Right from below. A mode may also start above its goal, and then it sinks to s."
    yield Further((np.array([0.0, 0.3, 1.0]), 1.2, 3.0, 0.7), above)
    low = "Right for ordinary starts. From 1e-30 the wait is longer: has something been cut off or rounded before it?"
    yield Further((np.array([0.0, 16.0, 17.5, 19.0]), 2.0, 1e-30, 1.0), low)


def _is_no_integration(answer: Callable[..., Any], t: Any, s: float, u0: float, tau: float) -> bool | str:
    """Steps begin exactly at u0, leave it at the right speed and stay near the curve: here, and wherever one looks."""
    given = answer(t, s, u0, tau)
    if np.shape(given) != np.shape(t) or same(given, _strength(t, s, u0, tau), STRENGTH.rtol, STRENGTH.atol):
        return True
    if t[0] > 0 or not np.isclose(given[0], u0, 1e-6, 0):
        return True
    others = ((np.unique(np.append(0, times)), *rest) for times, *rest in _plain_modes(np.random.default_rng(0)))
    looks: list[Any] = [(t, s, u0, tau), *others]
    off = [_off(answer, *look) for look in looks]
    steps = all(o < CLOSE for o in off) and all(_off_at_first(answer, *look) < LEAVES for look in looks)
    return f"off by {off[0]:.1g} of the strength, at most" if steps else True


def _off(answer: Callable[..., Any], t: Any, s: float, u0: float, tau: float) -> float:
    """The largest error, as a share of the strength."""
    given = answer(t, s, u0, tau)
    return float(np.abs(given / _strength(t, s, u0, tau) - 1).max()) if np.shape(given) == np.shape(t) else np.inf


def _off_at_first(answer: Callable[..., Any], t: Any, s: float, u0: float, tau: float) -> float:
    """The error soon after the start, as a share of the way that has been made by then."""
    soon = SOON * np.array([0.0, t[-1]])
    given, exact = answer(soon, s, u0, tau), _strength(soon, s, u0, tau)
    return float(abs((given[1] - u0) / (exact[1] - u0) - 1)) if np.shape(given) == (2,) else np.inf


STRENGTH = Implement(
    signature="mode_strength(t, s, u0, tau)",
    reference=_strength,
    instances=_modes,
    describe=lambda t, s, u0, tau: f"t = {numbers(t)}, s = {numbers(s)}, u0 = {numbers(u0)}, tau = {numbers(tau)}",
    rtol=1e-11,
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
            lambda t, s, u0, tau: _strength(-t, s, u0, tau),
            "It sinks from its start: this is the law back in time. Look at the sign of the exponent.",
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
            lambda t, s, u0, tau: np.minimum(s, u0 * np.exp(2 * s * t / tau)),
            "This is the growth near 0, cut off at s. A mode has no corner: on the way the factor s − w slows it down "
            "more and more.",
        ),
        Mistake(
            lambda t, s, u0, tau: s / (1 + (s / u0 - 1) * np.exp(-2 * (s - u0) * t / tau)),
            "Almost the whole law, but the rate: the log odds rise at 2s/τ from the first moment to the last, wherever "
            "the mode begins. There is no u₀ in the exponent.",
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
            lambda t, s, u0, tau: s / (1 + (u0 / s - 1) * np.exp(-2 * s * t / tau)),
            "Upside down: it is s/u₀ that stands beside the 1. Put t = 0 in: it should be u₀.",
        ),
        Mistake(
            lambda t, s, u0, tau: s * np.exp(2 * s * t / tau) / np.exp(2 * s * t / tau) - 1 + s / u0,
            "Brackets: all of e^(2st/τ) − 1 + s/u₀ is the denominator.",
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
            lambda t, s, u0, tau: np.log(u0 / (s - u0)) + 2 * s * t / tau,
            "These are the log odds, log(w/(s − w)). Solve for w.",
        ),
        Mistake(
            lambda t, s, u0, tau: u0 / (s - u0) * np.exp(2 * s * t / tau),
            "These are the odds, w/(s − w). Solve for w.",
        ),
        Mistake(
            lambda t, s, u0, tau: _strength(t, s, u0, tau)[-1] if np.ndim(t) else _strength(t, s, u0, tau),
            "Asked for: the strength at every time in `t`, not only at the last one.",
        ),
    ),
    laws=(
        Law(
            _is_no_integration,
            "Near the curve, and not on it: is this an integration in steps? The equation has an exact solution: write "
            "it in closed form.",
            "almost",
        ),
    ),
)

# 08.2 flow_rates ----------------------------------------------------------------------------------------------


def rates(W1: Any, W2: Any, Sxy: Any, Sxx: Any) -> Any:
    """(dW1, dW2) of gradient descent on half the mean squared error."""
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


def _one_after_the_other(W1: Any, W2: Any, Sxy: Any, Sxx: Any) -> Any:
    first = rates(W1, W2, Sxy, Sxx)[0]
    return first, (Sxy - W2 @ (W1 + first) @ Sxx) @ (W1 + first).T


def _with(error: Callable[..., Any]) -> Callable[..., Any]:
    """The rates that come from another error."""

    def wrong(W1: Any, W2: Any, Sxy: Any, Sxx: Any) -> Any:
        found = error(W1, W2, Sxy, Sxx)
        return W2.T @ found, found @ W1.T

    return wrong


def _times(factor: Callable[[Any], float]) -> Callable[..., Any]:
    """The rates times a number that may depend on Sxy."""
    return lambda W1, W2, Sxy, Sxx: tuple(factor(Sxy) * rate for rate in rates(W1, W2, Sxy, Sxx))


_PER_OUTPUT = "Divided by the number of outputs, as `mse_loss` of torch does it. Here their squares are added up."

RATES = Implement(
    signature="flow_rates(W1, W2, Sxy, Sxx)",
    reference=rates,
    instances=_networks,
    describe=lambda W1, W2, Sxy, Sxx: (
        f"W1 of shape {np.shape(W1)}, W2 of shape {np.shape(W2)}, Sxy of shape {np.shape(Sxy)}"
    ),
    mistakes=(
        Mistake(
            lambda W1, W2, Sxy, Sxx: rates(W1, W2, Sxy, np.eye(len(Sxx))),
            "Σ_xx is missing: right for white inputs only.",
        ),
        Mistake(
            _times(lambda Sxy: -1),
            "The sign: the loss goes down, so that the rates are minus its gradient.",
        ),
        Mistake(
            _times(lambda Sxy: 2),
            "Twice too fast: the loss is *half* the mean squared error.",
            "almost",
        ),
        Mistake(
            _times(lambda Sxy: 0.5),
            "Half as fast as it should be: the derivative of a square brings a 2, which takes away the half.",
            "almost",
        ),
        Mistake(
            _times(lambda Sxy: -2),
            "This is the gradient of the whole squared error. Take half of it, and go down.",
        ),
        Mistake(_times(lambda Sxy: 2 / len(Sxy)), _PER_OUTPUT),
        Mistake(_times(lambda Sxy: 1 / len(Sxy)), _PER_OUTPUT),
        Mistake(
            lambda *given: rates(*given)[::-1],
            "Both are right, in the other order: first dW₁, then dW₂.",
            "almost",
        ),
        Mistake(
            lambda *given: tuple(rate.T for rate in rates(*given)),
            "Both are transposed. A rate has the shape of its layer.",
            "almost",
        ),
        Mistake(
            _with(lambda W1, W2, Sxy, Sxx: Sxy),
            "These are the rates where nothing has been learned. Subtract what the network does already, W₂W₁Σ_xx.",
        ),
        Mistake(
            _with(lambda W1, W2, Sxy, Sxx: Sxy.T - W2 @ W1 @ Sxx),
            "Σ_xy is E[yxᵀ], of shape (out, in), as it comes: leave its transpose out.",
        ),
        Mistake(
            _with(lambda W1, W2, Sxy, Sxx: Sxy - W1 @ W2 @ Sxx),
            "An input meets W₁ first, so that W₁ stands next to it: the map is W₂W₁.",
        ),
        Mistake(
            _with(lambda W1, W2, Sxy, Sxx: Sxy - Sxx @ W2 @ W1),
            "Σ_xx stands on the side of the inputs, behind W₁.",
        ),
        Mistake(
            lambda W1, W2, Sxy, Sxx: (W2.T * (Sxy - W2 * W1 * Sxx), (Sxy - W2 * W1 * Sxx) * W1.T),
            "`*` multiplies entry by entry. The product of matrices is `@`.",
        ),
        Mistake(
            lambda W1, W2, Sxy, Sxx: (W1.T @ (Sxy - W2 @ W1 @ Sxx), (Sxy - W2 @ W1 @ Sxx) @ W2.T),
            "The layers are exchanged: the rate of one has the transpose of the *other* beside the error.",
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
            _with(lambda W1, W2, Sxy, Sxx: Sxy @ np.linalg.pinv(Sxx) - W2 @ W1),
            "This compares the network with the best linear map. In the gradient the error is weighted with Σ_xx.",
        ),
        Mistake(
            lambda *given: tuple(np.sign(rate) for rate in rates(*given)),
            "These are the signs of the rates alone.",
        ),
        Mistake(
            lambda W1, W2, Sxy, Sxx: (rates(W1, W2, Sxy, Sxx)[0], (Sxy - W2 @ W1 @ Sxx) @ Sxx @ W1.T),
            "dW₁ is right. In dW₂ there is one Σ_xx too many: it is in the error already.",
        ),
    ),
)
