"""One trajectory of the 2 x 2 bandit across its plateau, against scipy and diffrax at matched error.

The peers get the right-hand side written out by hand, and the loosest tolerance of a ladder at which their largest
error in J is no larger than ours. The truth is the same flow at a far tighter tolerance, integrated in logits.
"""

from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp

from benchmarks.rows import Row, interleaved, left_out
from raylab.dynamics import flow
from raylab.systems.bandit import SHARED_BIAS, Bandit

START_J = np.array([0.1, 0.02])
START = np.append(np.log(START_J) - np.log1p(-START_J), 0.0)
TIMES = np.append(0.0, np.geomspace(1.0, 3000.0, 199))
LADDER = 10.0 ** np.arange(-4.0, -12.5, -0.5)


def rows() -> list[Row]:
    truth = _truth()

    def error(theta: np.ndarray) -> float:
        return float(np.abs(1 / (1 + np.exp(-theta @ SHARED_BIAS.T)) - truth).max())

    def ours() -> np.ndarray:
        return flow(Bandit(), START, TIMES).parameters

    largest = error(ours())
    found = []
    for name, make in (("scipy", _scipy), ("diffrax", _diffrax)):
        try:
            peer, rtol = _matched(make, error, largest)
        except ImportError as missing:
            left_out(f"flow against {name}", missing)
            continue
        seconds = interleaved({"ours": ours, "peer": peer})
        note = f"rtol 1e-9 against {rtol:.0e}" + (", compilation left out" if name == "diffrax" else "")
        found.append(
            Row("flow, one trajectory", seconds["ours"], name, seconds["peer"], max(largest, error(peer())), note)
        )
    return found


def _truth() -> np.ndarray:
    def logits(_: float, x: np.ndarray) -> np.ndarray:
        a = 1 / ((1 + np.exp(-x)) * (1 + np.exp(x)))
        return 2 * a - a[::-1]

    x0 = SHARED_BIAS @ START
    x = solve_ivp(logits, (0, TIMES[-1]), x0, "DOP853", TIMES, rtol=1e-13, atol=1e-15).y.T
    return 1 / (1 + np.exp(-x))


def _matched(make: Callable, error: Callable, largest: float) -> tuple[Callable, float]:
    """The peer at the loosest tolerance of the ladder that is as exact as ours, and that tolerance."""
    for rtol in LADDER:
        peer = make(rtol)
        if error(peer()) <= largest:
            return peer, rtol
    raise RuntimeError(f"no tolerance down to {LADDER[-1]:.0e} reaches our error {largest:.1e}")


def _scipy(rtol: float) -> Callable[[], np.ndarray]:
    def velocity(_: float, theta: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):  # trial steps may go far; the controller takes them back
            J = 1 / (1 + np.exp(-SHARED_BIAS @ theta))
        return (J * (1 - J)) @ SHARED_BIAS

    def run() -> np.ndarray:
        return solve_ivp(velocity, (0, TIMES[-1]), START, "DOP853", TIMES, rtol=rtol, atol=rtol * 1e-3).y.T

    return run


def _diffrax(rtol: float) -> Callable[[], np.ndarray]:
    import jax

    jax.config.update("jax_enable_x64", True)
    import diffrax
    import jax.numpy as jnp

    V, times, start = jnp.asarray(SHARED_BIAS), jnp.asarray(TIMES), jnp.asarray(START)

    def velocity(t, theta, args):
        J = jax.nn.sigmoid(V @ theta)
        return (J * (1 - J)) @ V

    @jax.jit
    def solve(y0):
        return diffrax.diffeqsolve(
            diffrax.ODETerm(velocity),
            diffrax.Dopri8(),
            0.0,
            TIMES[-1],
            0.01,
            y0,
            saveat=diffrax.SaveAt(ts=times),
            stepsize_controller=diffrax.PIDController(rtol=rtol, atol=rtol * 1e-3),
            max_steps=100_000,
        ).ys

    return lambda: np.asarray(solve(start))
