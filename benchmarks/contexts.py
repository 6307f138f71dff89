"""The flow of eight contexts of cosine -1/14 for many starts: when is the last one at J = 1/2?

`ensembles.flow` against a vmap of diffrax and a loop over scipy's `solve_ivp`, in logits, written out by hand, in plain
time and in the clock that ours runs by. Each gets the loosest tolerance of a ladder at which its largest relative error
is within MATCHED. Starts of J = .8 take up to 10^12; those of J = .2 more than 10^16, which in plain time no solver can
cross: the last riser takes a time of 1, and is shorter than the spacing of the numbers there. Ours finds all eight
waiting times, and where the run was slowest, besides.
"""

import warnings
from collections.abc import Callable
from functools import cache, partial

import numpy as np
from scipy.integrate import solve_ivp

from benchmarks.rows import Row, interleaved, left_out
from raylab.ensembles import flow, starts

K = 8
GRAM = 15 / 14 * np.eye(K) - 1 / 14
RUNS, PROBES, FEW = 2000, 200, 10  # timed; on which tolerances are matched; given to a loop
MATCHED = 1e-6
LADDER = 10.0 ** np.arange(-4.0, -12.5, -1.0)
WAITS = {"10^12": (0.8, 1e7, 1e12), "10^30": (0.2, 1e16, 1e30)}  # J0, and between which the last arrival lies
CLOCKS = ("plain time", "own clock")

Solver = Callable[[np.ndarray], np.ndarray]  # logits (N, K) -> time of the last arrival (N,), NaN where it stopped


def rows() -> list[Row]:
    return [row for name in WAITS for row in _rows(name)]


def _rows(name: str) -> list[Row]:
    x, truth = _given(name)
    ours, rtol = _matched(_ours, x, truth)
    found = []
    for peer, form, clock, make, many in _peers():
        some = slice(0, RUNS if many else FEW)
        try:
            solver, loose = _matched(make, x[: PROBES if many else FEW], truth[: PROBES if many else FEW])
        except ImportError as missing:
            left_out(f"eight contexts against {peer}", missing)
            continue
        if solver is None:
            seconds, error = {"ours": interleaved({"ours": lambda: ours(x)}, repeats=3)["ours"]}, _error(ours, x, truth)
            note = f"{form}, {clock}: does not get there within {MATCHED:.0e} at any tolerance"
            found.append(Row(_job(name), seconds["ours"], peer, None, error, note))
            continue
        seconds = interleaved({"ours": lambda: ours(x), "peer": partial(solver, x[some])}, repeats=3)
        scaled = seconds["peer"] * RUNS / len(x[some])
        error = max(_error(ours, x, truth), _error(solver, x[some], truth[some]))
        note = f"rtol {rtol:.0e} against {form}, rtol {loose:.0e}, {clock}" + (
            "" if many else f", timed on {FEW} starts"
        )
        found.append(Row(_job(name), seconds["ours"], peer, scaled, error, note))
    return found


def _job(name: str) -> str:
    return f"flow of 8 contexts, waits to {name}, {RUNS} starts"


def _given(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Logits (RUNS, K) and the last arrival of each, by our flow at its tightest tolerance."""
    J0, least, most = WAITS[name]
    logits = starts("simplex", 4 * RUNS, K, K, J0, seed=3)
    J = np.exp(logits[:, range(K), range(K)])
    x = np.log(J) - np.log1p(-J)
    truth = _ours(1e-13)(x)
    kept = (truth > least) & (truth < most)
    return x[kept][:RUNS], truth[kept][:RUNS]


def _matched(make: Callable[[float], Solver], x: np.ndarray, truth: np.ndarray) -> tuple[Solver | None, float]:
    """The solver at the loosest tolerance of the ladder that is as exact as asked; None where none is."""
    for rtol in LADDER:
        solver = make(rtol)
        error = _error(solver, x, truth)
        if error <= MATCHED:
            return solver, rtol
        if np.isnan(error):  # it stopped for want of digits: more exact steps stop in the same place
            break
    return None, rtol


def _error(solver: Solver, x: np.ndarray, truth: np.ndarray) -> float:
    return float(np.abs(solver(x) / truth - 1).max())


# ------------------------------------------------------------------------------ solvers


def _ours(rtol: float) -> Solver:
    return lambda x: flow(x, GRAM, level=0.5, rtol=rtol).waiting.max(axis=1)


def _peers() -> list[tuple[str, str, str, Callable[[float], Solver], bool]]:
    diffrax = [
        ("diffrax vmap", f"{m} compiled", c, partial(_diffrax, m, c), True) for c in CLOCKS for m in ("Dopri8", "Tsit5")
    ]
    scipy = [("solve_ivp loop", m, c, partial(_scipy, m, c), False) for c in CLOCKS for m in ("DOP853", "LSODA")]
    return diffrax + scipy


def _velocity(np_: object, gram: np.ndarray, clock: str) -> Callable:
    """Of x in plain time; of (x, t) in the own clock."""

    def slopes(x):
        e = np_.exp(-abs(x))
        return e / (1 + e) ** 2

    def plain(t, x, *_):
        return gram @ slopes(x)

    def own(_, y, *__):
        a = slopes(y[:-1])
        return np_.append(gram @ a, 1.0) / a.sum()

    return plain if clock == "plain time" else own


def _scipy(method: str, clock: str, rtol: float) -> Solver:
    law, end = _velocity(np, GRAM, clock), 1e300 if clock == "plain time" else 1e5

    def there(_, y):
        return y[:K].min()

    there.terminal = True

    def one(start: np.ndarray) -> float:
        y = start if clock == "plain time" else np.append(start, 0.0)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                found = solve_ivp(law, (0, end), y, method, events=there, rtol=rtol, atol=rtol, first_step=0.1)
        except ValueError:  # its search for the event, where the time no longer tells two steps apart
            return np.nan
        if not len(found.t_events[0]):
            return np.nan
        return found.t_events[0][0] if clock == "plain time" else found.y_events[0][0, -1]

    return lambda x: np.array([one(start) for start in x])


def _diffrax(method: str, clock: str, rtol: float) -> Solver:
    together = _together(method, clock)

    def solve(x: np.ndarray) -> np.ndarray:
        y = x if clock == "plain time" else np.append(x, np.zeros((len(x), 1)), axis=1)
        return np.asarray(together(y, rtol))

    return solve


@cache
def _together(method: str, clock: str) -> Callable:
    """All starts at once, compiled; the tolerance is an argument, so that one compilation does for the ladder."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import diffrax
    import jax.numpy as jnp
    import optimistix

    law, end = _velocity(jnp, jnp.asarray(GRAM), clock), 1e300 if clock == "plain time" else 1e5
    # in plain time Newton's method asks for digits that the time does not have; the end of a step of 1 will do in 10^7
    finder = optimistix.Newton(1e-10, 1e-10) if clock == "own clock" else None
    event = diffrax.Event(lambda t, y, args, **_: y[:K].min(), finder)

    def one(start, rtol):
        steps = diffrax.PIDController(rtol=rtol, atol=rtol)
        found = diffrax.diffeqsolve(
            diffrax.ODETerm(law),
            getattr(diffrax, method)(),
            0.0,
            end,
            0.1,
            start,
            stepsize_controller=steps,
            event=event,
            saveat=diffrax.SaveAt(t1=True),
            max_steps=5000,
            throw=False,
        )
        last = found.ts[0] if clock == "plain time" else found.ys[0, -1]
        return jnp.where(diffrax.is_event(found.result), last, jnp.nan)

    return jax.jit(jax.vmap(one, in_axes=(0, None)))
