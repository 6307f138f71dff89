"""One staircase with a stage of 10^13, or 10^36: `dynamics.climb` against stiff solvers in plain and in log time.

Three contexts with features of cosine -.3, in logits for the peers, whose right-hand side is written out by hand; in
log time t = e^s. What is asked for is when the last context is at J = 1/2. Each peer gets the loosest tolerance of a
ladder at which that is no further off than ours; the truth is our flow at its tightest tolerance. A peer that does not
get there at any tolerance has no time, and its note says how it ended.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.integrate import solve_ivp

from benchmarks.rows import Row, interleaved, left_out
from raylab.dynamics import climb
from raylab.ensembles import flow
from raylab.systems.bandit import Bandit

GRAM = 1.3 * np.eye(3) - 0.3
STARTS = {"10^13": (0.06, 0.03, 0.0163), "10^36": (1e-3, 5e-4, 2.5e-4)}
LADDER = 10.0 ** np.arange(-4.0, -11.5, -1.0)
PATIENCE = 3  # tolerances in a row at which a peer may stop short
METHODS, COMPILED = ("Radau", "BDF", "LSODA", "DOP853"), ("Kvaerno5", "Tsit5")
IMPLICIT = ("Radau", "BDF", "Kvaerno5")
CLOCKS = ("plain time", "log time", "own clock")

Solver = Callable[[], float]  # the time at which the last context is at 1/2


class Stopped(Exception):
    """A solver did not get there; the text says how it ended."""


@dataclass(frozen=True)
class Case:
    """start (3,): logits. truth: the time asked for."""

    name: str
    start: np.ndarray
    truth: float

    def error(self, found: float) -> float:
        return abs(found / self.truth - 1)


def rows() -> list[Row]:
    return [row for name, J in STARTS.items() for row in _rows(_case(name, np.array(J)))]


def _case(name: str, J: np.ndarray) -> Case:
    x = np.log(J) - np.log1p(-J)
    return Case(name, x, float(flow(x[None], GRAM, level=0.5, rtol=1e-13).waiting.max()))


def _rows(case: Case) -> list[Row]:
    found = []
    ours = partial(_ours, case)
    bound = case.error(ours())
    for name, clock, make in _peers(case):
        try:
            peer, rtol = _matched(make, case, bound)
        except ImportError as missing:
            left_out(f"staircase against {name}", missing)
            continue
        except Stopped as end:
            found.append(
                Row(_job(case), _alone(ours), name, None, bound, f"{clock}: the peer does not get there, {end}")
            )
            continue
        seconds = interleaved({"ours": ours, "peer": peer}, repeats=7)
        compiled = ", compilation left out" if "diffrax" in name else ""
        note = f"rtol 1e-8 against {rtol:.0e}, {clock}{compiled}"
        found.append(Row(_job(case), seconds["ours"], name, seconds["peer"], max(bound, case.error(peer())), note))
    return found


def _job(case: Case) -> str:
    return f"one staircase, K = 3, to {case.name}"


def _alone(ours: Solver) -> float:
    return interleaved({"ours": ours}, repeats=7)["ours"]


def _peers(case: Case) -> list[tuple[str, str, Callable[[float], Solver]]]:
    """(name, clock, what makes it). In the own clock nothing is stiff, so implicit methods stay without it."""
    found = []
    for library, methods, make in (("scipy", METHODS, _scipy), ("diffrax", COMPILED, _diffrax)):
        for method in methods:
            clocks = CLOCKS[: 2 if method in IMPLICIT else 3]
            found += [(f"{library} {method}", clock, partial(make, case, method, clock)) for clock in clocks]
    return found


def _matched(make: Callable[[float], Solver], case: Case, bound: float) -> tuple[Solver, float]:
    """The peer at the loosest tolerance of the ladder that is as exact as ours; `Stopped` if there is none."""
    ends: list[Stopped] = []
    for rtol in LADDER:
        peer = make(rtol)
        try:
            if case.error(peer()) <= bound:
                return peer, rtol
        except Stopped as end:
            ends.append(end)
            if len(ends) == PATIENCE:  # it stops for want of digits: more exact steps stop in the same place
                raise
    raise Stopped(f"or at no tolerance down to {LADDER[-1]:.0e} as exactly as ours")


# ------------------------------------------------------------------------------ solvers


def _ours(case: Case) -> float:
    values, vectors = np.linalg.eigh(GRAM)
    features = vectors * np.sqrt(values) @ vectors.T  # the symmetric root: rows with these inner products
    run = climb(Bandit(features), np.linalg.solve(features, case.start), level=0.6)
    k = int(case.start.argmin())
    i = int(np.argmax(run.components[:, k] >= 0.5))
    return float(np.interp(0.5, run.components[i - 1 : i + 1, k], run.times[i - 1 : i + 1]))


def _slopes(np_, x):
    """a = J (1 - J) by logits, with numpy or with jax's."""
    e = np_.exp(-abs(x))
    return e / (1 + e) ** 2


def _law(np_, gram, clock: str) -> Callable:
    """The right-hand side of (x, t) in the own clock, of x in the others."""

    def plain(t, x, *_):
        return gram @ _slopes(np_, x)

    def log(s, x, *_):
        return np_.exp(s) * (gram @ _slopes(np_, x))

    def own(_, y, *__):
        a = _slopes(np_, y[:-1])
        return np_.concatenate([gram @ a, np_.ones(1)]) / a.sum()

    return dict(zip(CLOCKS, (plain, log, own), strict=True))[clock]


def _given(case: Case, clock: str) -> tuple[float, float, np.ndarray]:
    """Where the solver's variable begins and may end, and the state there."""
    if clock == "own clock":
        return 0.0, 1e5, np.append(case.start, 0.0)
    return (0.0, 1e300, case.start) if clock == "plain time" else (-5.0, 690.0, case.start)


def _time(clock: str, variable: float, state: np.ndarray) -> float:
    return float(
        {"plain time": lambda: variable, "log time": lambda: np.exp(variable), "own clock": lambda: state[-1]}[clock]()
    )


def _scipy(case: Case, method: str, clock: str, rtol: float) -> Solver:
    law, (begin, end, start) = _law(np, GRAM, clock), _given(case, clock)
    k = int(case.start.argmin())

    def there(_, y):
        return y[k]

    there.terminal = True
    how = {"events": there, "rtol": rtol, "atol": rtol, "first_step": 0.1}

    def run() -> float:
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                found = solve_ivp(law, (begin, end), start, method, **how)
        except ValueError as error:  # its search for the event, where the variable no longer tells two steps apart
            raise Stopped(str(error)) from error
        if not found.success or not len(found.t_events[0]):
            at = _time(clock, found.t[-1], found.y[:, -1])
            raise Stopped(f"at t = {at:.3g}, {abs(at / case.truth - 1):.0e} before the end: {found.message}")
        return float(_time(clock, found.t_events[0][0], found.y_events[0][0]))

    return run


def _diffrax(case: Case, method: str, clock: str, rtol: float) -> Solver:
    solve = _compiled(method, clock)
    begin, end, start = _given(case, clock)
    k = int(case.start.argmin())

    def run() -> float:
        variable, state, fine = solve(begin, end, start, np.arange(3) == k, rtol)
        if not fine:
            at = _time(clock, float(variable), np.asarray(state))
            raise Stopped(f"at t = {at:.3g}, {abs(at / case.truth - 1):.0e} before the end")
        return float(_time(clock, float(variable), np.asarray(state)))

    return run


_KEPT: dict[tuple[str, str], Callable] = {}


def _compiled(method: str, clock: str) -> Callable:
    if (method, clock) not in _KEPT:
        _KEPT[method, clock] = _compile(method, clock)
    return _KEPT[method, clock]


def _compile(method: str, clock: str) -> Callable:
    import jax

    jax.config.update("jax_enable_x64", True)
    import diffrax
    import jax.numpy as jnp
    import optimistix

    law = _law(jnp, jnp.asarray(GRAM), clock)
    # elsewhere Newton's method asks for digits that the time does not have; the end of a step of 1 will do in 10^13
    finder = optimistix.Newton(1e-10, 1e-10) if clock == "own clock" else None

    def there(t, y, args, **_):
        return y[:3] @ args

    @jax.jit
    def solve(begin, end, start, which, rtol):
        steps = diffrax.PIDController(rtol=rtol, atol=rtol)
        found = diffrax.diffeqsolve(
            diffrax.ODETerm(law),
            getattr(diffrax, method)(),
            begin,
            end,
            0.1,
            start,
            which.astype(float),
            stepsize_controller=steps,
            event=diffrax.Event(there, finder),
            saveat=diffrax.SaveAt(t1=True),
            max_steps=20_000,
            throw=False,
        )
        return found.ts[0], found.ys[0], diffrax.is_event(found.result)

    return solve
