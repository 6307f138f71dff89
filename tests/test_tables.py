"""The committed tables: readable, honest about their making, and in agreement with theory and with a fresh run."""

import math
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import scaling
import tables as tool

from raylab import dynamics, plateaus, tables
from raylab.ensembles import Job, starts, sweep
from raylab.systems.bandit import Bandit, Mixed

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("figure3", "figure4", "figure5", "figure7", "figure8", "figure9", "mlp")


CASE = ("model", "contexts", "law", "performance")  # of Figure 4


def where(table, **kept):
    """The rows in which each of these columns has this value, as a table of their own."""
    chosen = np.ones(len(next(iter(table.values()))), bool)
    for column, value in kept.items():
        chosen &= np.array(table[column]) == value
    assert chosen.any(), kept
    return {column: np.array(values)[chosen] for column, values in table.items()}


def groups(table, *columns):
    """One table for each combination that occurs in these columns."""
    for key in dict.fromkeys(zip(*(table[column] for column in columns), strict=True)):
        yield key, where(table, **dict(zip(columns, key, strict=True)))


def committed(name):
    return (ROOT / "raylab" / "tables" / f"{name}.csv").read_text(encoding="utf-8").splitlines()


# Reading


def test_the_tables_are_those_that_the_command_makes():
    assert tables.names() == NAMES == tuple(sorted(tool.TABLES))


@pytest.mark.parametrize("name", NAMES)
def test_columns_are_equally_long_and_hold_numbers_or_text(name):
    columns = tables.load(name)
    assert len({len(values) for values in columns.values()}) == 1
    assert all(
        (isinstance(values, np.ndarray) and values.dtype == float and not np.isnan(values).any())
        or (isinstance(values, list) and all(isinstance(entry, str) and entry for entry in values))
        for values in columns.values()
    )


MEASURED = {  # columns that the head has to explain
    "figure3": {"censored", "error"},
    "figure4": {"quantity", "index", "q10", "q50", "q90", "share"},
    "figure5": {"exact", "flow", "error", "comparable"},
    "figure7": {"how", "censored", "error"},
    "figure8": {"time", "asymptote", "ratio", "scaled", "diagonal"},
    "figure9": {"steps_10", "censored", "error"},
    "mlp": {"index", "q10", "q50", "q90", "share"},
}


@pytest.mark.parametrize("name", NAMES)
def test_the_head_says_how_the_table_was_made(name):
    said = tables.head(name)
    assert said["command"] == f"python tools/tables.py {name}" and int(said["seed"]) == tool.SEED
    assert all(said[key] for key in ("what", "parametrisation", "law", "end points", "columns"))
    named = re.findall(r"\w+", said["columns"])
    assert MEASURED[name] <= set(named) & set(tables.load(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_small_and_travels_with_the_package(name):
    assert (ROOT / "raylab" / "tables" / f"{name}.csv").stat().st_size < 100_000
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "**/*.csv" in setup["tool"]["setuptools"]["package-data"]["raylab"]


@pytest.mark.parametrize("read", [tables.load, tables.head])
def test_a_table_that_is_not_there_is_refused_with_the_names_of_those_that_are(read):
    for wrong in ("figure6", "../palette", "figure3.csv", ""):
        with pytest.raises(ValueError, match=rf"expected one of {', '.join(NAMES)}, found"):
            read(wrong)


# Figure 3


def test_every_setting_meets_every_law_once_at_every_epsilon():
    table = tables.load("figure3")
    cases = list(zip(*(table[c] for c in ("setting", "law", "sampled", "epsilon")), strict=True))
    assert len(cases) == len(set(cases)) == 5 * 11 * 2 * 11


def test_shares_rise_with_epsilon_and_carry_their_standard_error():
    for _, rows in groups(tables.load("figure3"), "setting", "law", "sampled"):
        assert (np.diff(rows["epsilon"]) > 0).all() and (np.diff(rows["share"]) >= 0).all()
        assert len(set(rows["censored"])) == 1 and (rows["runs"] == tool.RUNS).all()
        p = rows["share"]
        np.testing.assert_allclose(rows["error"], np.sqrt(p * (1 - p) / rows["runs"]), rtol=1e-5)


@pytest.mark.parametrize("law", ["simplex", "angle", "reject 3"])
@pytest.mark.parametrize("setting", ["shared", "tabular", "separate"])
def test_exact_runs_agree_with_the_closed_form_of_their_starts(setting, law):
    """J' where the orbit of each start crosses J1 + J2 = 1: no simulation, so a second road to the same share."""
    rows = where(tables.load("figure3"), setting=setting, law=law, sampled=0)
    logits = starts(*tool._law(law, tool.RUNS), seed=tool.SEED)
    x = logits[:, [0, 1], [0, 1]] - logits[:, [1, 0], [0, 1]]
    cosine, faster = {"shared": (-0.5, 2), "tabular": (0.0, 1), "separate": (0.0, 2)}[setting]
    slowest = faster * plateaus.flatness(1 / (1 + np.exp(-x)), cosine)
    low = rows["epsilon"] <= 1e-3  # above, the slow start and end of a run count too
    theory = (slowest <= rows["epsilon"][low, None]).mean(axis=-1)
    np.testing.assert_allclose(rows["share"][low], theory, rtol=0.015, atol=5e-4)  # steps of .1 are not quite a flow


def test_on_policy_with_a_shared_bias_is_the_worst_for_every_law():
    for _, rows in groups(tables.load("figure3"), "law", "sampled"):
        low = rows["epsilon"] <= 1e-3  # above, the slow start and end of a run count too
        shares = {name: rows["share"][low & (rows["setting"] == name)] for name in tool.SETTINGS}
        assert all((shares["shared"] > beside).all() for name, beside in shares.items() if name != "shared")


# Figure 4


def test_every_size_law_and_model_of_figure_4_says_everything_once():
    table = tables.load("figure4")
    assert len(list(groups(table, *CASE))) == 2 * (4 + 5 + 5)  # for K = 2, J = .2 is K / 10
    for (_, K, law, _), rows in groups(table, *CASE):
        said = list(zip(rows["quantity"], rows["index"], strict=True))
        ratios = [] if law == "equal" else range(1, int(K))  # who arrives together has no ratio
        wanted = {(what, share) for what in ("first", "plateaus") for share in scaling.SHARES}
        wanted |= {("wait", m) for m in range(1, int(K) + 1)} | {("ratio", m) for m in ratios}
        assert set(said) == wanted and len(said) == len(wanted)
    assert (table["q10"] <= table["q50"]).all() and (table["q50"] <= table["q90"]).all()
    assert (table["share"] >= 0).all() and (table["share"] <= 1).all()


def test_a_deeper_dip_is_met_by_fewer_runs_and_equals_meet_none():
    for (_, _, law, _), rows in groups(where(tables.load("figure4"), quantity="first"), *CASE):
        assert (np.diff(rows["index"]) < 0).all() and (np.diff(rows["share"]) <= 0).all()
        assert law != "equal" or not rows["share"].any()
    for _, rows in groups(where(tables.load("figure4"), quantity="wait", law="equal"), *CASE):
        assert rows["q90"][0] > 0 and not rows["q90"][1:].any()


def test_two_contexts_of_the_model_are_those_of_the_bandit():
    """For K = n = 2 the cosine is constant, so that the model of equal cosines is the bandit itself."""
    two = where(tables.load("figure4"), contexts=2)
    bandit, model = (where(two, model=name) for name in ("bandit", "equal cosines"))
    for column in ("q10", "q50", "q90", "share"):
        np.testing.assert_allclose(bandit[column], model[column], rtol=0.015)  # each has its own steps


# Figure 5


def test_the_flow_finds_the_exact_shares_within_its_error():
    table = where(tables.load("figure5"), comparable=1)
    assert set(table["performance"]) == set(tool.PERFORMANCES) and table["epsilon"].max() >= 0.003
    off = np.abs(table["flow"] - table["exact"]) / table["error"]
    assert off.max() < 5 and (off < 2).mean() > 0.85  # rows of one performance share their starts


def test_the_exact_shares_are_those_of_the_closed_form():
    table = tables.load("figure5")
    again = plateaus.basin_share(table["performance"], table["epsilon"])
    np.testing.assert_allclose(table["exact"], again, rtol=1e-5)
    np.testing.assert_allclose(table["error"], np.sqrt(again * (1 - again) / table["starts"]), rtol=1e-4)


def test_a_lower_start_and_a_larger_epsilon_make_a_larger_basin():
    table = tables.load("figure5")
    for column, other, sign in (("epsilon", "performance", 1), ("performance", "epsilon", -1)):
        for _, rows in groups(table, other):
            assert (np.diff(rows[column]) > 0).all() and (sign * np.diff(rows["exact"]) > 0).all()


# Figure 7


def test_every_grid_and_law_of_figure_7_is_there_once():
    table = tables.load("figure7")
    columns = ("contexts", "actions", "law", "performance", "how", "epsilon")
    cases = list(zip(*(table[c] for c in columns), strict=True))
    assert len(cases) == len(set(cases)) == (9 * 3 + 4 * 2) * 3 * len(scaling.SLOPES)
    for _, rows in groups(table, *columns[:-1]):
        assert (np.diff(rows["epsilon"]) > 0).all() and (np.diff(rows["share"]) >= 0).all()
        p = rows["share"]
        np.testing.assert_allclose(rows["error"], np.sqrt(p * (1 - p) / rows["runs"]), rtol=1e-4, atol=1e-9)


def test_figures_3_and_7_agree_where_they_ask_the_same():
    for law in ("simplex", "angle", "reject 2"):
        for how, sampled in (("exact", 0), ("sampled", 1)):
            seven = where(tables.load("figure7"), contexts=2, actions=2, law=law, how=how)
            three = where(tables.load("figure3"), setting="shared", law=law, sampled=sampled)
            common = [share for e, share in zip(three["epsilon"], three["share"], strict=True) if e in seven["epsilon"]]
            assert len(common) == len(seven["share"]) and (seven["share"] == common).all()


def test_exact_steps_meet_what_the_flow_meets_where_their_limit_ends_few_of_them():
    table = tables.load("figure7")
    for case, rows in groups(table, "contexts", "actions", "law", "performance"):
        exact, flow = (where(rows, how=how) for how in ("exact", "flow"))
        if exact["censored"][0] < 0.15:
            some = exact["epsilon"] >= 1e-5
            off = np.abs(exact["share"] - flow["share"])[some]
            assert (off < 4.5 * np.hypot(exact["error"], flow["error"])[some] + 0.01).all(), case


# Figure 8


def test_the_waiting_time_falls_with_the_slope_towards_its_asymptote():
    for (name, *_), rows in groups(tables.load("figure8"), "parametrisation", "first", "last"):
        limit = {"reduced": 4 * math.sqrt(2) / 3, "full": 4 / 3}[name]
        assert abs(rows["scaled"][0] / limit - 1) < 1e-3
        assert (np.diff(rows["epsilon"]) > 0).all() and (np.diff(rows["time"]) < 0).all()
        np.testing.assert_allclose(rows["asymptote"] * np.sqrt(rows["epsilon"]), limit, rtol=1e-5)
        np.testing.assert_allclose(rows["scaled"], rows["time"] * np.sqrt(rows["epsilon"]), rtol=1e-5)
        np.testing.assert_allclose(rows["ratio"], rows["time"] / rows["diagonal"], rtol=1e-5)


def test_full_parameters_take_half_the_time_at_twice_the_slope():
    table = tables.load("figure8")
    reduced, full = (where(table, parametrisation=name) for name in ("reduced", "full"))
    np.testing.assert_allclose(full["epsilon"], 2 * reduced["epsilon"], rtol=1e-5)
    np.testing.assert_allclose(full["time"], reduced["time"] / 2, rtol=1e-5)


@pytest.mark.parametrize(("first", "last"), tool.ENDS)
def test_the_times_are_those_of_the_flow_in_theta(first, last):
    """Integrated by another solver, in other coordinates; and the diagonal by its own clock."""
    rows = where(tables.load("figure8"), parametrisation="reduced", first=first, last=last)
    for i in (20, 35, 48):
        J = np.array([first - rows["smaller"][i], rows["smaller"][i]])
        x = np.log(J / (1 - J))
        end = dynamics.flow(Bandit(), [x[0], x[1], 0.0], [0.0, rows["time"][i]]).components[-1]
        speed = 2 * ((a := end * (1 - end)) ** 2).sum() - 2 * a.prod()
        assert abs(end.sum() - last) < 1e-6 * rows["time"][i] * speed  # as a time, to one part in a million
    clock = [x + math.sinh(x) for x in (math.log(J / (2 - J)) for J in (first, last))]
    np.testing.assert_allclose(rows["diagonal"], 2 * (clock[1] - clock[0]), rtol=1e-5)  # [ledger N7], c = 1


# Figure 9


def test_quantiles_shares_and_errors_of_the_optimisers_are_consistent():
    table = tables.load("figure9")
    cases = list(zip(*(table[c] for c in ("gradient", "rule", "rate", "law")), strict=True))
    assert len(cases) == len(set(cases)) == 2 * len(tool.RULES) * len(tool.RATES) * 3
    for low, high in pairwise(table[c] for c in ("steps_10", "steps_50", "steps_90")):
        assert (low <= high).all()
    for share, column in ((0.1, "steps_10"), (0.5, "steps_50"), (0.9, "steps_90")):
        assert (np.isinf(table[column]) == (1 - table["censored"] < share - 1e-9)).all()
    for p, error in (("censored", "error"), *((f"share_{e}", f"error_{e}") for e in ("1e-5", "1e-4", "1e-3"))):
        expected = np.sqrt(table[p] * (1 - table[p]) / table["runs"])
        np.testing.assert_allclose(table[error], expected, rtol=1e-4, atol=1e-9)


def test_figures_3_and_9_agree_where_they_ask_the_same():
    """Plain ascent at rate .1 is the protocol of Figure 3, with the same seed."""
    for law in ("simplex", "angle", "reject 2"):
        for gradient, sampled in (("exact", 0), ("sampled", 1)):
            nine = where(tables.load("figure9"), gradient=gradient, rule="plain", rate=0.1, law=law)
            three = where(tables.load("figure3"), setting="shared", law=law, sampled=sampled, epsilon=1e-5)
            assert nine["censored"] == three["censored"] and nine["share_1e-5"] == three["share"]


def test_exact_adaptive_runs_all_cross_and_sampled_rmsprop_gets_stuck():
    """[Schaul19 Fig. 9], as found here: the law of starts moves the numbers and not the order."""
    table = tables.load("figure9")
    for law in ("simplex", "angle", "reject 2"):
        for rate in (0.01, 0.1):
            late = {
                (g, r): float(where(table, gradient=g, rule=r, rate=rate, law=law)["censored"][0])
                for g in ("exact", "sampled")
                for r in tool.RULES
            }
            assert late["exact", "rmsprop"] == late["exact", "adam"] == 0 < late["exact", "plain"]
            assert late["sampled", "rmsprop"] > late["sampled", "adam"] + 0.05
            if rate == 0.1:
                assert late["sampled", "adam"] > late["sampled", "plain"] + 0.05


# Made again


UNIFORM = Job("reject", tool.RUNS, scale=3.0, sampled=False, coupling=Mixed(1.0), seed=tool.SEED)
SAMPLE = (
    ("shared", "simplex", 1, Job("simplex", tool.RUNS, seed=tool.SEED)),
    ("uniform", "reject 3", 0, UNIFORM),
    ("separate", "gauss 1", 1, Job("gauss", tool.RUNS, features="separate", seed=tool.SEED)),
)


@pytest.mark.parametrize(("setting", "law", "sampled", "job"), SAMPLE)
def test_a_line_of_figure_3_made_again_gives_the_committed_numbers(setting, law, sampled, job):
    rows = where(tables.load("figure3"), setting=setting, law=law, sampled=sampled)
    (found,) = sweep([job])
    shares = np.array([found.share(epsilon)[0] for epsilon in rows["epsilon"]])
    assert np.abs(shares - rows["share"]).max() <= 3 / tool.RUNS  # logarithms differ in their last digit
    assert abs(found.censored - rows["censored"][0]) <= 3 / tool.RUNS


def test_a_line_of_figure_9_made_again_gives_the_committed_numbers():
    rows = where(tables.load("figure9"), gradient="sampled", rule="adam", rate=0.03, law="angle")
    (found,) = sweep([Job("angle", tool.RUNS, rate=0.03, rule=tool.RULES["adam"], seed=tool.SEED)])
    assert abs(found.censored - rows["censored"][0]) <= 3 / tool.RUNS
    middle = np.quantile(np.where(found.arrived, found.steps, np.inf), 0.5)
    assert middle == pytest.approx(rows["steps_50"][0], rel=0.01)


def test_a_line_of_figure_4_made_again_gives_the_committed_numbers():
    rows = where(tables.load("figure4"), model="bandit", contexts=4, law="simplex", performance=0.4)
    logits = scaling.drawn("simplex", scaling.CLIMBS, 4, 4, 0.4)
    for (quantity, index, *numbers), *old in zip(
        scaling.stages_of(scaling.bandit_climbs(logits)),
        *(rows[column] for column in ("quantity", "index", "q10", "q50", "q90", "share")),
        strict=True,
    ):
        assert (quantity, index) == tuple(old[:2])
        np.testing.assert_allclose(numbers, old[2:], rtol=0.01)


def test_a_line_of_figure_7_made_again_gives_the_committed_numbers():
    rows = where(tables.load("figure7"), contexts=3, actions=3, law="simplex", performance=0.2)
    (found,) = sweep([Job("simplex", tool.RUNS, 3, 3, 0.2, seed=tool.SEED)])
    line = where(rows, how="sampled")
    shares = np.array([found.share(epsilon)[0] for epsilon in line["epsilon"]])
    assert np.abs(shares - line["share"]).max() <= 3 / tool.RUNS
    line = where(rows, how="flow")
    slowest = scaling.flatness((3, 3, "simplex", 0.2), scaling.FLOWS, None)
    shares = (slowest[:, None] <= line["epsilon"]).mean(axis=0)
    assert np.abs(shares - line["share"]).max() <= 2 / scaling.FLOWS


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_table_made_again_gives_the_committed_numbers(name, slow, tmp_path):
    """Some minutes each; `pytest tests/test_tables.py --slow`."""
    new = tool.text(name, tool.TABLES[name](tmp_path)).splitlines()
    old = committed(name)
    assert len(old) == len(new)
    for before, after in zip(old, new, strict=True):
        for a, b in zip(before.split(","), after.split(","), strict=True):
            if a != b:  # a run of 10^4 may fall on the other side of an epsilon; a quantile may be its neighbour
                assert not before.startswith("#")
                assert float(b) == pytest.approx(float(a), rel=0.01, abs=3e-4), (before, after)


# The command


def test_the_command_writes_where_it_is_told_to(tmp_path, monkeypatch, capsys):
    short = tool.figure8(None, points=2)
    monkeypatch.setitem(tool.TABLES, "figure8", lambda keep: short)
    monkeypatch.setattr("sys.argv", ["tables.py", "figure8", "--to", str(tmp_path)])
    tool.main()
    made = (tmp_path / "figure8.csv").read_text(encoding="utf-8")
    assert made == tool.text("figure8", short) and made.splitlines()[:8] == committed("figure8")[:8]
    assert "figure8.csv" in capsys.readouterr().out


# Policies that are networks


def test_a_line_of_networks_made_again_gives_the_committed_numbers():
    pytest.importorskip("torch")
    import networks

    from raylab.nets import Policy

    kept = dict(init="he", depth=1, width=64, contexts=2)
    rows, policy = where(tables.load("mlp"), **kept, law="simplex"), Policy(2, 2, (64,))
    made = networks.summary(policy, networks.placed(policy, "he", "simplex", networks.RUNS))
    for (quantity, index, *numbers), *old in zip(
        made, *(rows[column] for column in ("quantity", "index", "q10", "q50", "q90", "share")), strict=True
    ):
        assert (quantity, index) == tuple(old[:2])
        np.testing.assert_allclose(numbers, old[2:], rtol=0.02, atol=2 / networks.RUNS)


def test_the_linear_network_of_the_table_is_the_bandit_of_figure_4():
    rows = where(tables.load("mlp"), depth=0, contexts=4, law="simplex")
    old = where(tables.load("figure4"), model="bandit", contexts=4, law="simplex", performance=0.4)
    for quantity, index, column, within in (
        *(("plateaus", share, "share", 0.1) for share in (0.5, 0.1, 0.03)),  # two standard errors of 100 runs
        *(("wait", m, "share", 0.0) for m in (1, 2, 3, 4)),
    ):
        one, two = (where(table, quantity=quantity, index=index)[column] for table in (rows, old))
        assert abs(one - two) <= within
    medians = [where(table, quantity="wait")["q50"] for table in (rows, old)]
    np.testing.assert_allclose(np.log(medians[0]), np.log(medians[1]), atol=0.5)


def test_dips_are_counted_as_in_figure_4():
    pytest.importorskip("torch")
    import climbing
    import networks

    rng = np.random.default_rng(5)
    for share in networks.SHARES:
        slope = np.exp(np.cumsum(rng.normal(scale=0.5, size=(300, 20)), axis=0))
        found = climbing._Dips(share, 20, 50)
        for row in slope:
            found.look(np.arange(20), row, np.ones(20), np.ones(20))
        counts = [networks.dips(run, share) for run in slope.T]
        assert counts == found.count.tolist() and max(counts) > 1


def test_a_riser_shorter_than_the_spacing_of_the_numbers_at_its_time_is_kept():
    pytest.importorskip("torch")
    import networks

    from raylab.nets import Policy

    J, policy = np.array([1e-8, 5e-9]), Policy(2, 2)
    logits = np.tile(np.log1p(-J), (1, 2, 1))
    logits[:, [0, 1], [0, 1]] = np.log(J)
    (run,) = networks.followed(policy, networks.placed(policy, "he", "low", 1, logits))
    first, second = networks.waits_of(run)
    assert 1e7 < first < 1e9 and 1e22 < second < 1e25 and networks.below(run, 30) == 0


def test_networks_that_cannot_be_placed_are_refused_and_not_drawn_for_ever():
    pytest.importorskip("torch")
    import networks

    from raylab.nets import Policy

    for policy, init, logits, told in (
        (Policy(2, 2), "He", None, "init"),
        (Policy(2, 2), "he", np.zeros((1, 3, 2)), "logits: expected shape"),
        (Policy(3, 3, (1,)), "he", 9 * np.eye(3)[None], "tell its contexts apart, found none in 1000"),
    ):
        with pytest.raises(ValueError, match=told):
            networks.placed(policy, init, "simplex", 1, logits)


def test_every_network_has_every_quantity_once():
    table = tables.load("mlp")
    names = ("init", "depth", "width", "contexts", "law", "quantity", "index")
    cases = list(zip(*(table[name] for name in names), strict=True))
    assert len(cases) == len(set(cases)) and len({case[:3] for case in cases}) == 13
    for key, rows in groups(table, *names[:5]):
        measured = set(rows["quantity"])
        if key[4] == "reject 2" and not where(rows, quantity="kept")["share"][0]:
            assert measured == {"kept"}  # contexts that look alike: no such start was found
        else:
            assert {"overlap", "wait", "below", "halted"} <= measured and ("power" in measured) == (key[4] == "low")
    found = [where(table, quantity=name)[column] for name in ("cosine", "overlap") for column in ("q10", "q50", "q90")]
    assert all((np.abs(values) <= 1).all() for values in found)


def test_a_name_that_is_no_table_is_refused_before_anything_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["tables.py", "figure8", "figure33", "--to", str(tmp_path / "new")])
    with pytest.raises(SystemExit):
        tool.main()
    assert "figure33" in capsys.readouterr().err and not (tmp_path / "new").exists()


def test_a_stopped_command_goes_on_from_what_it_kept(tmp_path, monkeypatch):
    """With the ensembles on the shelf nothing is computed: a second call reads them, and gives the same table."""
    monkeypatch.setattr(tool, "RATES", (1.0,))
    once = tool.figure9(tmp_path, runs=2)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert len(kept) == len(once[2])
    assert tool.figure9(tmp_path, runs=2) == once
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == kept
