"""Make the tables of raylab/tables, the numbers behind Figures 3, 4, 5, 7, 8 and 9 of Schaul et al., and behind App. A.

    python tools/tables.py                           make all of them
    python tools/tables.py figure3 figure9           make these
    python tools/tables.py --keep FOLDER [...]       keep ensembles there; a command that was stopped goes on from them
    python tools/tables.py --to FOLDER [...]         write the tables there, and leave the committed ones alone

The same seed gives the same runs on every machine; the last digits of a table depend on its mathematical library.
"""

import argparse
import csv
import io
import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scaling import RUNS, SEED, Row, Table, figure4, figure7  # noqa: E402

from raylab import plateaus  # noqa: E402  (a script finds the package beside it, installed or not)
from raylab.ensembles import Ensemble, Job, flow, starts, sweep  # noqa: E402
from raylab.optimisers import Adam, Momentum, Plain, RMSProp  # noqa: E402
from raylab.systems.bandit import Mixed, on_policy, supervised  # noqa: E402

EPSILONS = tuple(float(f"{a}e-{b}") for b in range(6, 0, -1) for a in (1, 3))[:-1]  # 1e-6, 3e-6, ... 1e-1

SETTINGS = {
    "shared": ("shared", on_policy),
    "tabular": ("tabular", on_policy),
    "separate": ("separate", on_policy),
    "uniform": ("shared", Mixed(1.0)),
    "supervised": ("shared", supervised),
}
NINE = ("simplex", "angle", *(f"reject {s:g}" for s in (1, 1.5, 2, 2.5, 3, 4, 5)))  # all with J0 = K / 10
ELSEWHERE = ("gauss 1", "gauss 3")  # no J0 of their own: beside the nine, for comparison
RULES = {"plain": Plain(), "momentum": Momentum(), "rmsprop": RMSProp(), "adam": Adam()}
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
STARTS = 100_000
PERFORMANCES = tuple(round(0.05 * i, 2) for i in range(1, 11))
ENDS = ((0.2, 1.8), (0.1, 1.9), (0.02, 1.98), (0.2, 1.9))


def figure3(keep: Path | None, runs: int = RUNS) -> Table:
    """Who meets slow progress: five settings, initial laws, exact and sampled."""
    cases = [(s, law, sampled) for s in SETTINGS for law in (*NINE, *ELSEWHERE) for sampled in (False, True)]
    jobs = [
        Job(*_law(law, runs), sampled=sampled, features=SETTINGS[s][0], coupling=SETTINGS[s][1], seed=SEED)
        for s, law, sampled in cases
    ]
    rows: list[Row] = []
    for (setting, law, sampled), found in zip(cases, sweep(jobs, keep), strict=True):
        shares = _shares(found)
        rows += [(setting, law, int(sampled), runs, found.censored, e, *shares[e]) for e in EPSILONS]
    about = {
        "what": "share of runs whose slowest expected progress |J'| is at most epsilon (Schaul et al. 2019, Figure 3)",
        "parametrisation": "full (W, b); J' per unit step size, twice that of the reduced parameters",
        "law": "nine with J0 = 0.2 (simplex; angle; reject s: Gaussian weights and biases of standard deviation s, "
        "kept where J is within 5 % of J0), and gauss s, which fixes no J0",
        "end points": "|J'| from the first J >= J0 + 0.05 on and where J < 1.8; runs end at J >= 1.9 or after 50000 "
        "steps of 0.1",
        "settings": "on-policy: shared, tabular (W alone), separate (a W and a b for each context); with the shared "
        "bias: uniform behaviour, supervised",
        "columns": "sampled: 1 one sample per context and step, 0 the mean; censored: share that did not arrive; "
        "error: standard error of share",
    }
    return about, ("setting", "law", "sampled", "runs", "censored", "epsilon", "share", "error"), rows


def figure5(keep: Path | None, runs: int = STARTS) -> Table:
    """Basins: the share of starts with a plateau of slope <= epsilon before them, exactly and by the flow."""
    del keep  # seconds
    rows: list[Row] = []
    for J0 in PERFORMANCES:
        logits = starts("simplex", runs, performance=J0, seed=SEED)
        x = logits[:, [0, 1], [0, 1]] - logits[:, [1, 0], [0, 1]]
        slowest, ends = flow(x).flatness, min(_slowest_on_line(J0 + 0.05), _slowest_on_line(1.8))
        for epsilon in EPSILONS:
            met = float((slowest <= epsilon).mean())
            exact = float(plateaus.basin_share(J0, epsilon))
            rows.append((J0, epsilon, exact, met, _error(exact, runs), runs, int(epsilon < ends)))
    about = {
        "what": "share of starts whose orbit meets a plateau of slope <= epsilon (Schaul et al. 2019, Figure 5)",
        "parametrisation": "reduced theta in R^3, feature norm squared 2",
        "law": "simplex: uniform on J1 + J2 = performance",
        "end points": "flow: smallest |J'| from the first J >= J0 + 0.05 on and where J < 1.8; exact: no end points",
        "columns": "exact: plateaus.basin_share; flow: share of that many starts; error: standard error of flow, from "
        "exact; comparable: 1 where no run is as slow as epsilon at the window's ends, so that flow estimates exact",
    }
    return about, ("performance", "epsilon", "exact", "flow", "error", "starts", "comparable"), rows


def figure8(keep: Path | None, points: int = 49) -> Table:
    """Waiting time against the slope of the plateau that is crossed, and against the diagonal's time."""
    del keep
    rows: list[Row] = []
    for first, last in ENDS:
        slopes = np.geomspace(1e-10, 0.1, points)
        smaller = plateaus.basin_share(first, slopes) * first / 2
        low = np.append(smaller, first / 2)
        times = _travel(np.stack([first - low, low], axis=-1), last)
        for name, faster in (("reduced", 1), ("full", 2)):
            for epsilon, J2, time in zip(slopes * faster, smaller, times[:-1] / faster, strict=True):
                diagonal = times[-1] / faster
                law = 4 * math.sqrt(2) / 3 / math.sqrt(epsilon / faster) / faster
                rows.append(
                    (name, first, last, epsilon, J2, time, diagonal, time / diagonal, time * math.sqrt(epsilon), law)
                )
    about = {
        "what": "time from J = first to J = last of the exact flow across a plateau of slope epsilon (Schaul et al. "
        "2019, Figure 8)",
        "parametrisation": "reduced: theta in R^3, feature norm squared 2; full: (W, b), the same curve twice as fast",
        "law": "starts (first - smaller, smaller) on J1 + J2 = first, chosen so that the crossing has slope epsilon",
        "end points": "J = first and J = last; in steps of size eta: time / eta",
        "columns": "diagonal: the time from J1 = J2; ratio: time / diagonal; scaled: time x sqrt(epsilon); "
        "asymptote: 4 sqrt(2) / 3 / sqrt(epsilon) reduced, 4 / 3 / sqrt(epsilon) full",
    }
    found = ("time", "diagonal", "ratio", "scaled", "asymptote")
    return about, ("parametrisation", "first", "last", "epsilon", "smaller", *found), rows


def figure9(keep: Path | None, runs: int = RUNS) -> Table:
    """Step sizes and optimisers, exact and sampled."""
    cases = [
        (sampled, name, rate, law)
        for law in ("simplex", "angle", "reject 2")
        for sampled in (False, True)
        for name in RULES
        for rate in RATES
    ]
    jobs = [Job(*_law(law, runs), rate=r, sampled=s, rule=RULES[name], seed=SEED) for s, name, r, law in cases]
    rows: list[Row] = []
    for (sampled, name, rate, law), found in zip(cases, sweep(jobs, keep), strict=True):
        steps = np.where(found.arrived, found.steps, np.inf)
        waits = [float(q) for q in np.quantile(steps, (0.1, 0.5, 0.9), method="inverted_cdf")]
        late = found.censored
        shares = [number for e in (1e-5, 1e-4, 1e-3) for number in found.share(e)]
        rows.append(
            ("sampled" if sampled else "exact", name, rate, law, runs, *waits, late, _error(late, runs), *shares)
        )
    about = {
        "what": "steps until J >= 1.9 for step sizes and optimisers (Schaul et al. 2019, Figure 9)",
        "parametrisation": "full (W, b); momentum 0.9; RMSProp decay 0.99, epsilon 1e-8; Adam 0.9, 0.999, epsilon 1e-8",
        "law": "simplex, angle, reject 2, each at J0 = 0.2",
        "end points": "J >= 1.9 or 50000 steps; one sample per context and step, or the mean",
        "columns": "steps_10, _50, _90: quantiles over all runs, inf where that run did not arrive; censored: share "
        "that did not; error: its standard error; share_E: share of runs whose smallest |grad J|^2 is at most E, which "
        "is a speed for plain alone; error_E: its standard error",
    }
    levels = tuple(f"{kind}_{e}" for e in ("1e-5", "1e-4", "1e-3") for kind in ("share", "error"))
    steps = ("steps_10", "steps_50", "steps_90")
    return about, ("gradient", "rule", "rate", "law", "runs", *steps, "censored", "error", *levels), rows


def mlp(keep: Path | None, **sizes: int) -> Table:
    """Policies that are networks; torch is wanted for this table alone."""
    import networks

    return networks.mlp(keep, **sizes)


TABLES: dict[str, Callable[[Path | None], Table]] = {
    "figure3": figure3,
    "figure4": figure4,
    "figure5": figure5,
    "figure7": figure7,
    "figure8": figure8,
    "figure9": figure9,
    "mlp": mlp,
}


def text(name: str, table: Table) -> str:
    """The table as it is written: a head of comment lines, the names of the columns, the rows."""
    about, columns, rows = table
    what, rest = about["what"], {key: said for key, said in about.items() if key != "what"}
    head = {"what": what, "command": f"python tools/tables.py {name}", "seed": str(SEED), **rest}
    written = io.StringIO()
    for key, said in head.items():
        written.write(f"# {key}: {said}\n")
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows([_entry(value) for value in row] for row in rows)
    return written.getvalue()


def _entry(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.9g}"


def _law(name: str, runs: int) -> tuple[str, int, int, int, None, float]:
    """ "reject 2" -> what `Job` takes: law, runs, contexts, actions, performance, scale."""
    law, _, scale = name.partition(" ")
    return law, runs, 2, 2, None, float(scale or 1)


def _shares(found: Ensemble) -> dict[float, tuple[float, float]]:
    return {epsilon: found.share(epsilon) for epsilon in EPSILONS}


def _slowest_on_line(J: float) -> float:
    """Smallest J' in reduced parameters on the line J1 + J2 = J inside the square."""
    J1 = np.linspace(max(0.0, J - 1), min(1.0, J), 10_001)
    a1, a2 = J1 * (1 - J1), (J - J1) * (1 - J + J1)
    return float((2 * (a1**2 + a2**2 - a1 * a2)).min())


def _error(share: float, runs: int) -> float:
    return math.sqrt(share * (1 - share) / runs)


def _travel(start: NDArray[np.float64], last: float) -> NDArray[np.float64]:
    """Time of the flow in reduced parameters from each start (N, 2) to J1 + J2 = last.

    With s = (x + y) / 2 and d = (x - y) / 2 in logits, s' = (a1 + a2) / 2 > 0 and d' = 3 (a1 - a2) / 2, so s serves as
    the clock: no step is wasted on the plateau.
    """

    def rates(s: float, state: NDArray[np.float64]) -> tuple[float, float]:
        a1, a2 = (1 / (2 + 2 * math.cosh(logit)) for logit in (s + state[0], s - state[0]))
        return 3 * (a1 - a2) / (a1 + a2), 2 / (a1 + a2)

    def there(s: float, state: NDArray[np.float64]) -> float:
        return 1 / (1 + math.exp(-s - state[0])) + 1 / (1 + math.exp(state[0] - s)) - last

    there.terminal = True
    x = np.log(start) - np.log1p(-start)
    s, d = x.mean(axis=-1), (x[:, 0] - x[:, 1]) / 2
    found = [
        solve_ivp(rates, (low, 50.0), (apart, 0.0), "DOP853", events=there, rtol=1e-12, atol=1e-13)
        for low, apart in zip(s, d, strict=True)
    ]
    return np.array([run.y_events[0][0][1] for run in found])


def main() -> None:
    """Read the command line, make the tables and say where they went."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TABLES))
    parser.add_argument("--keep", type=Path, help="folder for ensembles, so that a stopped command can go on")
    parser.add_argument("--to", type=Path, default=ROOT / "raylab" / "tables", help="folder for the tables")
    words = parser.parse_args()
    for name in words.names:
        if name not in TABLES:
            parser.error(f"expected names among {', '.join(TABLES)}, found {name!r}")
    words.to.mkdir(parents=True, exist_ok=True)
    for name in words.names or TABLES:
        said = text(name, TABLES[name](words.keep))
        path = words.to / f"{name}.csv"
        path.write_text(said, encoding="utf-8")
        print(f"{path}: {said.count(chr(10))} lines, {len(said) / 1000:.1f} kB")


if __name__ == "__main__":
    main()
