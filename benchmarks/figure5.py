"""Figure 5 three ways: exactly, start by start in closed form, and by integrating the flow; deterministic, reduced.

The truth for one start is the closed form of `plateaus.flatness` in arithmetic of fifty digits. An ODE solver of this
job follows a run in logits and says how slow it was; each gets the loosest tolerance of a ladder at which the largest
relative error of its answers is within the bound that its row names. The peers stop where J1 + J2 = 1 and give J'
there, written out by hand, in plain time and in a clock that follows the run, whichever is quicker for them;
`ensembles.flow` follows each run to its end and finds where it was slowest, its waiting times besides.
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
SLOPES = np.geomspace(1e-10, 1e-1, 50)  # epsilon
STARTS = 100_000  # of a curve
PROBES, FEW = 2000, 20  # starts on which tolerances are matched; those given to a loop
LADDER = 10.0 ** np.arange(-3.0, -13.5, -0.5)
MATCHED, LARGER = 1e-8, 1e-7
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
    seconds = interleaved({"exact": exact, "solver": by_solver}, repeats=3)
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
    """The quickest form of each peer: (name, solver, note, starts that it is timed on)."""
    found = []
    for name, forms, runs in (
        ("diffrax vmap", _diffrax_forms, PROBES * 5),
        ("solve_ivp loop", _scipy_forms, FEW),
    ):
        try:
            tried = []
            for form, make in forms().items():
                some = probes[:: PROBES // FEW] if runs == FEW else probes
                solver, rtol = _matched(make, some, MATCHED)
                begin = time.perf_counter()
                solver(some)
                tried.append((time.perf_counter() - begin, solver, f"{form}, rtol {rtol:.0e}"))
        except ImportError as missing:
            left_out(f"Figure 5 against {name}", missing)
            continue
        _, solver, note = min(tried, key=lambda one: one[0])
        found.append((name, solver, note, runs))
    return found


def _against(matched: tuple[Solver, float], probes: np.ndarray, peer: tuple[str, Solver, str, int]) -> Row:
    """Both on a curve's worth of starts; a peer that is too slow for it on fewer, and its time scaled."""
    ours, rtol = matched
    name, theirs, note, runs = peer
    start = logits(on_the_line(0.2, runs))
    many = logits(on_the_line(0.2, PROBES * 5))
    seconds = interleaved({"ours": lambda: ours(many), "peer": lambda: theirs(start)}, repeats=5)
    scaled = seconds["peer"] * len(many) / runs
    note = f"rtol {rtol:.0e} against {note}" + (f", timed on {runs} starts" if runs < len(many) else "")
    return Row(f"Figure 5 by the flow, {len(many)} starts", seconds["ours"], name, scaled, MATCHED, note)


def _matched(make: Callable[[float], Solver], x: np.ndarray, bound: float) -> tuple[Solver, float]:
    """The solver at the loosest tolerance of the ladder whose largest relative error is within the bound."""
    exact = plateaus.flatness(1 / (1 + np.exp(-x)))
    flat = exact < 1e-2  # there J' is smallest at the crossing, and not at an end of the protocol's window
    for rtol in LADDER:
        solver = make(rtol)
        if relative(solver(x)[flat], exact[flat]) <= bound:
            return solver, rtol
    raise RuntimeError(f"no tolerance down to {LADDER[-1]:.0e} brings the error down to {bound:.0e}")


def _scipy_forms() -> dict[str, Callable[[float], Solver]]:
    methods = ("DOP853", "LSODA")
    return {f"{m}, {clock}": partial(_scipy, m, clock) for m in methods for clock in ("plain time", "own clock")}


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


def _diffrax_forms() -> dict[str, Callable[[float], Solver]]:
    import diffrax

    solvers = (diffrax.Dopri8, diffrax.Tsit5)
    return {
        f"{s.__name__}, {clock}, compilation left out": partial(_diffrax, s, clock)
        for s in solvers
        for clock in ("plain time", "own clock")
    }


def _diffrax(method: Callable, clock: str, rtol: float) -> Solver:
    import jax

    jax.config.update("jax_enable_x64", True)
    import diffrax
    import jax.numpy as jnp
    import optimistix

    gram = jnp.asarray(GRAM)

    def velocity(t, x, args):
        a = slopes(jnp, x)
        return gram @ a if clock == "plain time" else gram @ a / a.sum()

    event = diffrax.Event(lambda t, y, args, **_: y[0] + y[1], optimistix.Newton(rtol, rtol))

    def one(start):
        a = slopes(
            jnp,
            diffrax.diffeqsolve(
                diffrax.ODETerm(velocity),
                method(),
                0.0,
                1e300 if clock == "plain time" else 1e4,
                0.1,
                start,
                stepsize_controller=diffrax.PIDController(rtol=rtol, atol=rtol),
                event=event,
                saveat=diffrax.SaveAt(t1=True),
                max_steps=10_000,
            ).ys[0],
        )
        return a @ gram @ a

    together = jax.jit(jax.vmap(one))
    return lambda starts: np.asarray(together(jnp.asarray(starts)))


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
