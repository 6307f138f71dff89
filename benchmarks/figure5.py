"""Figure 5 three ways: exactly, start by start in closed form, and by integrating the flow; deterministic, reduced.

The truth for one start is the closed form of `plateaus.flatness` in arithmetic of fifty digits. An ODE solver of this
job follows a run in logits and says how slow it was; each gets the loosest tolerance of a ladder at which the largest
relative error of its answers is within the bound that its row names. The peers stop where J1 + J2 = 1 and give J'
there, written out by hand, in plain time, and once more with the clock lent to them that `ensembles.flow` runs by;
that follows each run to its end, about twice as far, and finds where it was slowest, and its waiting times besides.
"""

import time
from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.integrate import solve_ivp

from benchmarks.rows import Row, interleaved, left_out
from raylab import plateaus
from raylab.ensembles import flow

CURVES = np.linspace(0.05, 0.5, 10)  # J0
SLOPES = np.geomspace(1e-10, 1e-3, 50)  # epsilon; from 4e-3 on, a run is as slow at the ends of its window
STARTS = 100_000  # of a curve
PROBES, FEW = 2000, 20  # starts on which tolerances are matched; those given to a loop
LADDER = 10.0 ** np.arange(-5.0, -13.5, -0.5)
MATCHED, LARGER = 1e-8, 1e-7
CLOCKS = ("plain time", "own clock")
GRAM = np.array([[2.0, -1.0], [-1.0, 2.0]])

Solver = Callable[[np.ndarray], np.ndarray]  # logits (N, 2) -> flatness (N,)


def rows() -> list[Row]:
    probes = logits(on_the_line(0.2, PROBES))
    matched, peers = _matched(_ours, probes, MATCHED), _peers(probes)
    exactly, larger = _exact_rows(probes)
    return [*exactly, *larger, *[_against(matched, probes, peer) for peer in peers]]


# ------------------------------------------------------------------------------ exactly, and start by start


def _exact_rows(probes: np.ndarray) -> tuple[list[Row], list[Row]]:
    """The best solver of all is our own flow, as the rows below show; it is the peer of both."""
    solver, rtol = _matched(_ours, probes, LARGER)
    curves = [logits(on_the_line(J0, STARTS)) for J0 in CURVES]

    def by_solver() -> np.ndarray:
        return np.array([(solver(x)[:, None] <= SLOPES).mean(axis=0) for x in curves])

    def exact() -> np.ndarray:
        return plateaus.basin_share(CURVES[:, None], SLOPES)

    def one_by_one() -> np.ndarray:
        return plateaus.flatness(given)

    given = on_the_line(0.2, STARTS)
    start = logits(given)
    seconds = interleaved({"exact": exact, "solver": by_solver}, repeats=2)
    apart = np.abs(exact() - by_solver()).max()
    note = (
        f"{len(CURVES)} curves of {len(SLOPES)} slopes; ensembles.flow, rtol {rtol:.0e}, on {STARTS:.0e} starts a curve"
    )
    shares = Row(
        "Figure 5, exactly", seconds["exact"], "best ODE solver", seconds["solver"], apart, f"{note}; error: apart"
    )
    seconds = interleaved({"closed form": one_by_one, "solver": lambda: solver(start)}, repeats=9)
    worst = relative(one_by_one()[:: STARTS // 50], _truth(given[:: STARTS // 50]))
    note = f"{STARTS:.0e} starts; the solver, ensembles.flow, is off by up to {LARGER:.0e}"
    return [shares], [
        Row("flatness of given starts", seconds["closed form"], "best ODE solver", seconds["solver"], worst, note)
    ]


def _truth(J: np.ndarray) -> np.ndarray:
    """N3 in fifty digits; sympy brings mpmath."""
    import mpmath as mp

    def one(p: float, q: float) -> float:
        x, y = (mp.log(v) - mp.log(1 - v) for v in (mp.mpf(p), mp.mpf(q)))
        s, d, k = (x + y) / 2, abs(x - y) / 2, mp.mpf(1) / 3

        def rest(z):
            return mp.hyp2f1(0.5, k / 2, 1 + k / 2, -(z**2))

        z = mp.sinh(d)
        goal = k * mp.log(z) + mp.log(mp.cosh(s) + rest(z))
        w = mp.findroot(lambda w: k * w + mp.log(1 + rest(mp.exp(w))) - goal, goal / k)
        return float(mp.sech(mp.asinh(mp.exp(w)) / 2) ** 4 / 8)

    with mp.workdps(50):
        return np.array([one(p, q) for p, q in J])


# ------------------------------------------------------------------------------ solvers


def _ours(rtol: float) -> Solver:
    return lambda x: flow(x, rtol=rtol).flatness


def _peers(probes: np.ndarray) -> list[tuple[str, Solver, str, int]]:
    """The quickest method of each peer, in plain time and in our clock lent to it: (name, solver, note, its starts)."""
    found = []
    for name, forms, runs in (("diffrax vmap", _diffrax_forms, PROBES * 5), ("solve_ivp loop", _scipy_forms, FEW)):
        some = probes[:: PROBES // FEW] if runs == FEW else probes
        for clock in CLOCKS:
            try:
                tried = [_timed(form, make, some) for form, make in forms(clock).items()]
            except ImportError as missing:
                left_out(f"Figure 5 against {name}", missing)
                break
            _, solver, note = min(tried, key=lambda one: one[0])
            found.append((name, solver, f"{note}, {clock}", runs))
    return found


def _timed(form: str, make: Callable[[float], Solver], x: np.ndarray) -> tuple[float, Solver, str]:
    solver, rtol = _matched(make, x, MATCHED)
    begin = time.perf_counter()  # compiled by now
    solver(x)
    return time.perf_counter() - begin, solver, f"{form}, rtol {rtol:.0e}"


def _against(matched: tuple[Solver, float], probes: np.ndarray, peer: tuple[str, Solver, str, int]) -> Row:
    """Both on a curve's worth of starts; a peer that is too slow for it on fewer, and its time scaled."""
    ours, rtol = matched
    name, theirs, note, runs = peer
    start = probes[:: PROBES // runs] if runs < PROBES else logits(on_the_line(0.2, runs))
    many = logits(on_the_line(0.2, PROBES * 5))
    seconds = interleaved({"ours": lambda: ours(many), "peer": lambda: theirs(start)}, repeats=5)
    scaled = seconds["peer"] * len(many) / runs
    note = f"rtol {rtol:.0e} against {note}" + (f", timed on {runs} starts" if runs < len(many) else "")
    error = max(_error(ours, probes), _error(theirs, start))
    return Row(f"Figure 5 by the flow, {len(many)} starts", seconds["ours"], name, scaled, error, note)


def _matched(make: Callable[[float], Solver], x: np.ndarray, bound: float) -> tuple[Solver, float]:
    """The solver at the loosest tolerance of the ladder whose largest relative error is within the bound."""
    for rtol in LADDER:
        solver = make(rtol)
        if _error(solver, x) <= bound:
            return solver, rtol
    raise RuntimeError(f"no tolerance down to {LADDER[-1]:.0e} brings the error down to {bound:.0e}")


def _error(solver: Solver, x: np.ndarray) -> float:
    """The largest relative error where J' is smallest at the crossing, and not at an end of the protocol's window."""
    exact = plateaus.flatness(1 / (1 + np.exp(-x)))
    return relative(solver(x)[exact < 1e-2], exact[exact < 1e-2])


def _scipy_forms(clock: str) -> dict[str, Callable[[float], Solver]]:
    return {method: partial(_scipy, method, clock) for method in ("DOP853", "LSODA")}


def _scipy(method: str, clock: str, rtol: float) -> Solver:
    def velocity(_: float, x: np.ndarray) -> np.ndarray:
        a = slopes(np, x)
        return GRAM @ a if clock == "plain time" else GRAM @ a / a.sum()

    def crossing(_: float, x: np.ndarray) -> float:
        return x[0] + x[1]

    crossing.terminal = True

    def one(start: np.ndarray) -> float:
        end = 1e300 if clock == "plain time" else 1e4
        found = solve_ivp(velocity, (0, end), start, method, events=crossing, rtol=rtol, atol=rtol, first_step=0.1)
        a = slopes(np, found.y_events[0][0])
        return float(a @ GRAM @ a)

    return lambda starts: np.array([one(start) for start in starts])


def _diffrax_forms(clock: str) -> dict[str, Callable[[float], Solver]]:
    import diffrax

    methods = (diffrax.Dopri8, diffrax.Tsit5)
    return {f"{m.__name__} compiled": partial(_diffrax, _together(m, clock)) for m in methods}


def _diffrax(together: Callable, rtol: float) -> Solver:
    return lambda starts: np.asarray(together(starts, rtol))


def _together(method: Callable, clock: str) -> Callable:
    """All starts at once, compiled; the tolerance is an argument, so that one compilation does for the ladder."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import diffrax
    import jax.numpy as jnp
    import optimistix

    gram, end = jnp.asarray(GRAM), 1e300 if clock == "plain time" else 1e4
    event = diffrax.Event(lambda t, y, args, **_: y[0] + y[1], optimistix.Newton(1e-10, 1e-10))

    def velocity(t, x, args):
        a = slopes(jnp, x)
        return gram @ a if clock == "plain time" else gram @ a / a.sum()

    def one(start, rtol):
        steps = diffrax.PIDController(rtol=rtol, atol=rtol)
        kept = diffrax.SaveAt(t1=True)
        law = diffrax.ODETerm(velocity)
        found = diffrax.diffeqsolve(
            law, method(), 0.0, end, 0.1, start, stepsize_controller=steps, event=event, saveat=kept, max_steps=10_000
        )
        a = slopes(jnp, found.ys[0])
        return a @ gram @ a

    return jax.jit(jax.vmap(one, in_axes=(0, None)))


# ------------------------------------------------------------------------------ starts


def on_the_line(J0: float, runs: int) -> np.ndarray:
    """That many starts on J1 + J2 = J0, evenly spaced: counted shares are off by 1 / runs at most."""
    p = J0 * (np.arange(runs) + 0.5) / runs
    return np.stack([p, J0 - p], -1)


def logits(J: np.ndarray) -> np.ndarray:
    return np.log(J) - np.log1p(-J)


def slopes(np_: object, x: np.ndarray) -> np.ndarray:
    """a = J (1 - J) by logits, with numpy or with jax's."""
    e = np_.exp(-abs(x))
    return e / (1 + e) ** 2


def relative(found: np.ndarray, exact: np.ndarray) -> float:
    return float(np.abs(found / exact - 1).max())
