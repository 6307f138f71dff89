"""The command line of the benchmarks; no time is looked at."""

import json
import sys
import types

import pytest

from benchmarks import __main__ as command
from benchmarks.rows import Row, interleaved


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["benchmarks", *words])
    command.main()


@pytest.fixture
def toy(monkeypatch):
    """One job of two rows, without a peer and with one."""
    rows = [Row("alone", 0.5), Row("beside", 0.5, "peer", 1.0, 1e-9, "a note")]
    monkeypatch.setattr(command, "JOBS", ("toy",))
    monkeypatch.setitem(sys.modules, "benchmarks.toy", types.SimpleNamespace(rows=lambda: rows))


def test_the_rows_are_printed_and_written(toy, monkeypatch, tmp_path, capsys):
    run(monkeypatch, "toy", "--json", str(tmp_path / "rows.json"))
    written = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))
    assert [set(row) >= {"job", "ours_s", "peer", "peer_s", "ratio", "error"} for row in written] == [True, True]
    assert written[0]["ratio"] is None and written[1]["ratio"] == 2
    assert "beside  500 ms  peer  1e+03 ms" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("flow", "tooy"), ("toy", "--json", "nowhere/rows.json")])
def test_a_slip_on_the_command_line_is_told_before_anything_runs(toy, monkeypatch, tmp_path, capsys, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, *words)
    said = capsys.readouterr()
    assert "expected" in said.err and "found" in said.err and said.out == ""


def test_a_missing_peer_leaves_the_other_rows_alone(monkeypatch, capsys):
    from benchmarks import flow

    monkeypatch.setitem(sys.modules, "jax", None)  # what import sees where it is not installed
    monkeypatch.setattr(flow, "interleaved", lambda jobs: dict.fromkeys(jobs, 1.0))
    assert [row.peer for row in flow.rows()] == ["scipy"]
    assert "flow against diffrax: left out" in capsys.readouterr().out


def test_the_rows_of_figure_5_match_errors_and_scale_the_time_of_a_slow_peer(monkeypatch, capsys):
    from benchmarks import figure5

    for name, small in {"STARTS": 500, "PROBES": 40, "FEW": 2}.items():
        monkeypatch.setattr(figure5, name, small)
    monkeypatch.setitem(sys.modules, "diffrax", None)
    monkeypatch.setattr(figure5, "interleaved", lambda jobs, repeats: dict.fromkeys(jobs, 1.0))
    shares, given, *flows = figure5.rows()
    assert shares.error <= 1 / 500 and given.error < 1e-9
    assert [row.peer for row in flows] == ["solve_ivp loop"] * 2 and {row.peer_s for row in flows} == {100.0}
    assert all(row.error < 1e-7 for row in flows)
    assert "diffrax vmap: left out" in capsys.readouterr().out


def test_the_rows_of_eight_contexts_match_errors_and_scale_the_time_of_a_slow_peer(monkeypatch, capsys):
    from benchmarks import contexts

    for name, small in {"RUNS": 40, "PROBES": 20, "FEW": 2}.items():
        monkeypatch.setattr(contexts, name, small)
    monkeypatch.setitem(sys.modules, "diffrax", None)
    monkeypatch.setattr(contexts, "interleaved", lambda jobs, repeats: dict.fromkeys(jobs, 1.0))
    contexts._together.cache_clear()
    rows = contexts.rows()
    assert {row.peer for row in rows} == {"solve_ivp loop"} and all(row.error < 1e-5 for row in rows)
    times = {(row.job, "own clock" in row.note): row.peer_s for row in rows}
    assert {time for (_, own), time in times.items() if own} == {20.0}
    late = [row for row in rows if "10^30" in row.job and "plain time" in row.note]
    assert late and all(row.peer_s is None and "does not get there" in row.note for row in late)
    assert "diffrax vmap: left out" in capsys.readouterr().out


def test_a_solver_in_plain_or_log_time_stops_short_of_10_to_the_36_and_one_in_the_own_clock_does_not(
    monkeypatch, capsys
):
    from benchmarks import staircase

    monkeypatch.setitem(sys.modules, "jax", None)
    monkeypatch.setattr(staircase, "METHODS", ("Radau", "DOP853"))
    monkeypatch.setattr(staircase, "interleaved", lambda jobs, repeats: dict.fromkeys(jobs, 1.0))
    staircase._KEPT.clear()
    rows = staircase.rows()
    for row in rows:
        there = "10^13" in row.job or "own clock" in row.note
        assert (row.peer_s is not None) == there, row
        assert there or "does not get there" in row.note
        assert row.error < 1e-5
    assert len(rows) == 2 * (2 + 3) and "staircase against diffrax" in capsys.readouterr().out


def test_the_rows_of_deep_linear_networks_match_errors_and_scale_the_time_of_the_loop(monkeypatch, capsys):
    from benchmarks import deep_linear

    for name, small in {"NETS": 12, "PROBES": 6, "FEW": 2, "SIZE": 4}.items():
        monkeypatch.setattr(deep_linear, name, small)
    monkeypatch.setattr(deep_linear, "interleaved", lambda jobs, repeats: dict.fromkeys(jobs, 1.0))
    rows = deep_linear.rows()
    assert {row.peer: row.peer_s for row in rows if "torch" not in row.peer} == {
        "numpy, flow": 1,
        "dynamics.flow loop": 6,
    }
    assert all(row.error <= deep_linear.MATCHED for row in rows)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert [row.peer for row in deep_linear.rows()] == ["numpy, flow", "dynamics.flow loop"]
    assert "by torch, autograd: left out" in capsys.readouterr().out


def test_every_job_is_called_once_more_than_it_is_timed():
    calls = []
    found = interleaved({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, repeats=3)
    assert calls == ["a", "b"] * 4 and set(found) == {"a", "b"}
