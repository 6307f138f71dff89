"""A thousand deep linear networks of sizes 16-16-16: by the exact solution, by numpy, by torch's autograd.

White inputs, targets and balanced aligned starts of its own for each network; what is asked for are the strengths of
all 16 modes at 50 times. The exact solution is a formula for each mode; the two peers integrate all weights by steps of
Runge and Kutta, of order 4, all networks together: numpy with the gradient written out, torch with the gradient that
its autograd finds. Their step is the largest of a ladder at which they are as exact as MATCHED. A third peer takes the
networks one by one through `dynamics.flow`. The truth is the exact solution, which is itself compared, for FEW of the
networks, with an integration at a far tighter tolerance.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.rows import Row, interleaved, left_out
from raylab import dynamics
from raylab.systems import deep_linear

Array = NDArray[np.float64]
NETS, SIZE = 1000, 16
PROBES, FEW = 50, 3  # on which steps are matched; given to a loop
TIMES = np.linspace(0.0, 4.0, 50)
START = 1e-3
MATCHED = 1e-6
LADDER = (1, 2, 4, 8, 16, 32, 64)  # steps from one time to the next
Solver = Callable[[], Array]  # strengths (NETS, times, SIZE)


def rows() -> list[Row]:
    strengths, left, right = _given()
    truth = _exact(strengths)
    checked = float(np.abs(_one_by_one(strengths, left, right, 1e-12) - truth[:FEW]).max())
    ours, found = partial(_exact, strengths), []
    job = f"{NETS} networks {SIZE}-{SIZE}-{SIZE}"
    for peer, make in (("numpy, flow", _numpy), ("torch, autograd", _torch)):
        try:
            solver, steps = _matched(make, (strengths, left, right), truth)
        except ImportError as missing:
            left_out(f"deep linear networks by {peer}", missing)
            continue
        seconds = interleaved({"ours": ours, "peer": solver}, repeats=3)
        error = max(checked, float(np.abs(solver() - truth).max()))
        note = f"exact formula against {steps} Runge-Kutta steps to each of {len(TIMES)} times, all together"
        found.append(Row(job, seconds["ours"], peer, seconds["peer"], error, note))
    single = partial(_one_by_one, strengths, left, right, 1e-9)
    seconds = interleaved({"ours": ours, "peer": single}, repeats=3)
    error = max(checked, float(np.abs(single() - truth[:FEW]).max()))
    note = f"exact formula against DOP853 at rtol 1e-9, one by one, timed on {FEW} of them"
    found.append(Row(job, seconds["ours"], "dynamics.flow loop", seconds["peer"] * NETS / FEW, error, note))
    return found


def _given() -> tuple[Array, Array, Array]:
    """Singular values (NETS, SIZE), falling, and bases (NETS, SIZE, SIZE) of every target."""
    rng = np.random.default_rng(0)
    strengths = np.sort(rng.uniform(0.5, 4.0, (NETS, SIZE)), axis=1)[:, ::-1].copy()
    left, right = (np.linalg.qr(rng.normal(size=(NETS, SIZE, SIZE)))[0] for _ in range(2))
    return strengths, left, right


def _exact(strengths: Array) -> Array:
    return deep_linear.mode(TIMES[:, None], strengths[:, None, :], START)


def _one_by_one(strengths: Array, left: Array, right: Array, rtol: float) -> Array:
    """The first FEW of them, as a learner through the package's flow."""
    found = []
    for s, u, v in zip(strengths[:FEW], left[:FEW], right[:FEW], strict=True):
        learner = deep_linear.DeepLinear((u * s) @ v.T, (SIZE,))
        run = dynamics.flow(learner, deep_linear.balanced(learner, START), TIMES, rtol=rtol, atol=rtol * 1e-3)
        found.append(learner.strengths(run.parameters))
    return np.array(found)


def _matched(make: Callable, given: tuple[Array, Array, Array], truth: Array) -> tuple[Solver, int]:
    """The solver with the fewest steps of the ladder that is as exact as asked, and how many these are."""
    for steps in LADDER:
        solver = make(*(part[:PROBES] for part in given), steps)
        if np.abs(solver() - truth[:PROBES]).max() <= MATCHED / 2:  # the others may be a little worse
            return make(*given, steps), steps
    raise RuntimeError(f"no number of steps up to {LADDER[-1]} reaches {MATCHED:.0e}")


def _begin(strengths: Array, left: Array, right: Array) -> tuple[Array, Array, Array]:
    """Targets and both layers: W_1 = sqrt(START) V^T and W_2 = sqrt(START) U."""
    return (left * strengths[:, None]) @ right.swapaxes(1, 2), START**0.5 * right.swapaxes(1, 2), START**0.5 * left


def _numpy(strengths: Array, left: Array, right: Array, steps: int) -> Solver:
    target, first, second = _begin(strengths, left, right)

    def velocity(W: Array) -> Array:
        error = target - W[1] @ W[0]
        return np.stack([W[1].swapaxes(1, 2) @ error, error @ W[0].swapaxes(1, 2)])

    def seen(W: Array) -> Array:
        return ((left.swapaxes(1, 2) @ W[1]) * (W[0] @ right).swapaxes(1, 2)).sum(axis=2)

    return lambda: np.stack(_path(velocity, seen, np.stack([first, second]), steps), axis=1)


def _torch(strengths: Array, left: Array, right: Array, steps: int) -> Solver:
    import torch

    target, first, second = (torch.from_numpy(part.copy()) for part in _begin(strengths, left, right))
    U, V = torch.from_numpy(left), torch.from_numpy(right)

    def velocity(W: torch.Tensor) -> torch.Tensor:
        W = W.detach().requires_grad_()
        loss = (target - W[1] @ W[0]).square().sum() / 2
        return -torch.autograd.grad(loss, W)[0]

    def seen(W: torch.Tensor) -> torch.Tensor:
        return ((U.mT @ W[1]) * (W[0] @ V).mT).sum(dim=2)

    return lambda: torch.stack(_path(velocity, seen, torch.stack([first, second]), steps), dim=1).numpy()


def _path(velocity: Callable[[Any], Any], seen: Callable[[Any], Any], W: Any, steps: int) -> list[Any]:
    """What is `seen` at each of TIMES, by classical Runge-Kutta; arrays and tensors alike."""
    found, h = [seen(W)], float(TIMES[1] - TIMES[0]) / steps
    for _ in TIMES[1:]:
        for _ in range(steps):
            a = velocity(W)
            b = velocity(W + h / 2 * a)
            c = velocity(W + h / 2 * b)
            d = velocity(W + h * c)
            W = W + h / 6 * (a + 2 * b + 2 * c + d)
        found.append(seen(W))
    return found
