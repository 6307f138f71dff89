"""The exact flow of many networks at once, all on one axis, each with a step size of its own."""

from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from raylab import arguments
from raylab.nets.policies import Policy, alike
from raylab.records import Parameters

_MOST = 10_000  # steps of one call; hundreds are usual


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth
class Flows:
    """N runs, each recorded at its own steps; a run that has ended repeats its last record.

    times (N, T). components (N, T, K). inner (N, T, K, K): inner products of the grad J_k, so that their row sums are
    dJ_k/dt and their sum is J'. parameters (N, d): at the end.
    """

    times: Annotated[NDArray[np.float64], "N T"]
    components: Annotated[NDArray[np.float64], "N T K"]
    inner: Annotated[NDArray[np.float64], "N T K K"]
    parameters: Annotated[NDArray[np.float64], "N d"]

    @property
    def rates(self) -> Annotated[NDArray[np.float64], "N T K"]:
        """dJ_k/dt.  [Schaul19 Sec. 2.1]"""
        return self.inner.sum(axis=-1)


def flow(
    policy: Policy, start: Parameters, level: float = 0.95, horizon: float = 1e12, tolerance: float = 1e-3
) -> Flows:
    """d theta/dt = sum_k grad J_k from each `start` (N, d), until every J_k is at `level` or time is past `horizon`.

    The path that `dynamics.flow` takes, hundreds of runs in seconds; a plateau costs no more steps than a riser, and
    the log odds of a J_k move by about a quarter at most from one record to the next.
    tolerance: the largest local error of a parameter. Rectified units can hold a path at the edge between active and
    silent, where the gradient jumps and the steps needed grow as 1 / tolerance: the default is right to a per cent of
    a waiting time, and solvers of high order, `dynamics.climb` among them, may not get past such an edge at all.
    A run that stands still, or takes 10 000 steps, ends where it is.
    Raises TypeError or ValueError for malformed arguments.
    """
    if not isinstance(policy, Policy):
        raise TypeError(f"policy: expected a nets.Policy, found {type(policy).__name__}; make one with Policy(K, n).")
    theta, _ = policy._stacked(arguments.array(start, "start", "N d"), "start")
    level = arguments.number(level, "level", 0.0, 1.0 - 1e-6)
    horizon = arguments.number(horizon, "horizon", 0.0, 1e280)
    tolerance = arguments.number(tolerance, "tolerance", 1e-5, 0.1)
    now = _look(policy, theta)
    clock, step = torch.zeros(len(theta), dtype=torch.float64), torch.full((len(theta),), 1e-3, dtype=torch.float64)
    live, last = torch.arange(len(theta)), [clock.clone(), now.J.clone(), now.inner.clone(), theta.clone()]
    record = [[part.numpy().copy() for part in last[:3]]]
    for _ in range(_MOST):
        on = (now.J.amin(dim=1) < level) & (clock <= horizon) & (step * now.push.abs().amax(dim=1) > 1e-200)
        if not on.all():
            live, theta, clock, step = live[on], theta[on], clock[on], step[on]
            now = _Seen(*(part[on] for part in now))
        if not len(live):
            break
        step = torch.minimum(step, now.quarter)
        new, then, error = _advance(policy, theta, now.push, step)
        good = error <= tolerance
        theta, clock = torch.where(good[:, None], new, theta), torch.where(good, clock + step, clock)
        now = _Seen(*(_kept(good, after, before) for after, before in zip(then, now, strict=True)))
        step = step * (0.9 * (tolerance / error.clamp_min(1e-300)) ** (1 / 3)).clamp(0.2, 3.0)
        for kept, part in zip(last, (clock, now.J, now.inner, theta), strict=True):
            kept[live] = part
        record.append([part.numpy().copy() for part in last[:3]])
    times, J, inner = (np.stack(parts, axis=1) for parts in zip(*record, strict=True))
    return Flows(times, J, inner, last[3].numpy())


class _Seen(NamedTuple):
    """N runs at one moment: J (N, K), J_k (1 - J_k) with all its digits, inner products (N, K, K) of the grad J_k, and
    the sum of these, the push (N, d)."""

    J: torch.Tensor
    slope: torch.Tensor
    inner: torch.Tensor
    push: torch.Tensor

    @property
    def quarter(self) -> torch.Tensor:
        """The time (N,) in which the log odds of the quickest component move by a quarter."""
        quick = self.inner.sum(dim=-1).abs() / self.slope.clamp_min(1e-300)
        return 0.25 / quick.amax(dim=1).clamp_min(1e-300)


def _look(policy: Policy, theta: torch.Tensor) -> _Seen:
    """grad J_k reaches a layer as (by_k, seen_k): no row of d numbers is needed for their inner products."""
    now = policy._forward(theta)
    J, score = policy._right(now)
    push, inner = torch.empty_like(theta), torch.zeros(len(J), policy.contexts, policy.contexts, dtype=torch.float64)
    back = policy._backward(theta, now, J[..., None] * score)
    for layer, seen, by in zip(policy.layers, now.inputs, back, strict=True):
        layer.weights(push).copy_(torch.bmm(by.transpose(1, 2), seen))
        push[:, layer.b] = by.sum(dim=1)
        inner += torch.bmm(by, by.transpose(1, 2)) * alike(seen)
    missing = score.diagonal(dim1=-2, dim2=-1)  # 1 - J_k
    return _Seen(J, J * missing, inner, push)


def _advance(
    policy: Policy, theta: torch.Tensor, first: torch.Tensor, step: torch.Tensor
) -> tuple[torch.Tensor, _Seen, torch.Tensor]:
    """One step of Bogacki and Shampine: where it leads, what is seen there, and the largest error of a parameter."""
    h = step[:, None]
    second = _look(policy, theta + h / 2 * first).push
    third = _look(policy, theta + h * 3 / 4 * second).push
    new = theta + h * (2 / 9 * first + 1 / 3 * second + 4 / 9 * third)
    then = _look(policy, new)
    off = h * (-5 / 72 * first + 1 / 12 * second + 1 / 9 * third - 1 / 8 * then.push)
    return new, then, torch.nan_to_num(off.abs().amax(dim=1), nan=1e10, posinf=1e10)


def _kept(good: torch.Tensor, after: torch.Tensor, before: torch.Tensor) -> torch.Tensor:
    return torch.where(good.reshape(-1, *[1] * (after.ndim - 1)), after, before)
