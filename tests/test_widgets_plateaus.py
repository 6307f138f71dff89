"""The widgets of chapters 04 and 05 without a browser: ruler, basin and causes. See tests/browser for hands."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from raylab import plateaus, widgets
from raylab.widgets import board, paint
from raylab.widgets.laws import obeyed

sys.path.insert(0, str(Path(__file__).parent / "browser"))
import widget_oracles as oracles
from test_widgets import below, one_point, press, velocity

ruler_module = sys.modules["raylab.widgets.ruler"]  # the package's own name is the function
STUBS = [None, ..., lambda *_: None, lambda *_: ..., lambda *_: (_ for _ in ()).throw(NotImplementedError)]


def hear(widget, handle, x, y):
    """What the browser sends when a handle is dragged to a place of the picture."""
    widget.stage._hear(widget.stage, {"id": 1, "handle": handle, "x": x, "y": y}, [])


def closed_form(p, q):
    return float(plateaus.flatness(np.array([p, q])))


# ------------------------------------------------------------------------------------------------- the door
@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: widgets.ruler(3), TypeError),
        (lambda: widgets.ruler(start=(0.1, 0.0)), ValueError),
        (lambda: widgets.ruler(start="low"), TypeError),
        (lambda: widgets.ruler(epsilon=0.0), ValueError),
        (lambda: widgets.ruler(epsilon=True), TypeError),
        (lambda: widgets.ruler().measure(-1.0), ValueError),
        (lambda: widgets.ruler().move(np.nan, 0.1), ValueError),
        (lambda: widgets.basin("map"), TypeError),
        (lambda: widgets.basin(middle=(0.1, 0.02)), ValueError),  # a side of 0.2 does not fit there
        (lambda: widgets.basin(middle=(0.1,)), ValueError),
        (lambda: widgets.basin(side=0.9), ValueError),
        (lambda: widgets.basin(epsilon=1.0), ValueError),
        (lambda: widgets.basin(bet=1), TypeError),
        (lambda: widgets.basin().scale(0.0), ValueError),
        (lambda: widgets.causes((0.1, 0.99)), ValueError),
        (lambda: widgets.causes((0.1, 0.2, 0.3)), ValueError),
        (lambda: widgets.causes().choose("shared bias", "nobody's", "rewards"), ValueError),
        (lambda: widgets.causes().choose("shared bias", 1, "rewards"), TypeError),
    ],
)
def test_bad_input_is_refused_with_expected_found_and_remedy(make, error):
    with pytest.raises(error, match=r"expected .* found .*[;,]"):
        make()


# ------------------------------------------------------------------------------------------------- the ruler
@pytest.mark.parametrize("start", [(0.10, 0.005), (0.10, 0.02), (0.02, 0.4), (0.3, 0.11), (0.004, 0.003)])
@pytest.mark.parametrize("epsilon", [1e-6, 1e-4, 1e-2])
def test_the_ruler_measures_what_runge_kutta_in_performance_finds(start, epsilon):
    said = widgets.ruler(start=start, epsilon=epsilon).sentence
    assert oracles.said(said, "learned at t =") == pytest.approx(oracles.waiting(start), rel=6e-3)
    share = 100 * oracles.slow_share(start, epsilon)
    assert oracles.said(said.replace("more than ", ""), "; for") == pytest.approx(share, rel=0.01, abs=0.1)
    slope = oracles.crossing(start)
    assert oracles.said(said, "= 1 with J′ =") == pytest.approx(slope, rel=0.01)
    assert "(closed form)" in said and ("no plateau" in said) == (slope >= 49 / 450)
    if slope < 49 / 450:
        wait = oracles.said(said, "a wait of")
        assert wait == pytest.approx(4 * np.sqrt(2 / slope) / 3, rel=6e-3)
        assert oracles.said(said, f"{said.split('a wait of ')[1].split(',')[0]},") == pytest.approx(
            100 * wait / oracles.waiting(start), rel=0.01
        )


@pytest.mark.parametrize("law", [velocity, one_point], ids=["batched", "one point"])
def test_the_ruler_reads_a_learners_crossing_off_the_orbit(law):
    page, own = widgets.ruler().sentence, widgets.ruler(law).sentence
    assert own.startswith("Under your velocity") and "(read off the orbit)" in own
    for before in ("learned at t =", "; for", "= 1 with J′ =", "a wait of"):
        assert oracles.said(own, before) == pytest.approx(oracles.said(page, before), rel=6e-3)


def test_another_law_has_another_share_and_another_crossing():
    tabular = lambda J: (J * (1 - J)) ** 2
    said, start = widgets.ruler(tabular, (0.1, 0.005), 1e-3).sentence, (0.1, 0.005)
    assert oracles.said(said, "; for") == pytest.approx(100 * oracles.slow_share(start, 1e-3, tabular), rel=0.02)
    assert oracles.said(said, "= 1 with J′ =") == pytest.approx(oracles.crossing(start, tabular), rel=0.02)


@pytest.mark.parametrize("stub", STUBS)
def test_a_stub_of_a_velocity_leaves_the_pages_law(stub):
    assert widgets.ruler(stub).sentence == widgets.ruler().sentence


def test_time_below_is_exact_where_the_speed_is_a_power_of_e():
    t = np.linspace(0, 10, 11)
    found = ruler_module.time_below(t, np.exp(-np.abs(t - 4.3)), np.exp(-2.0), 9.0)
    assert found == pytest.approx(2.3 + (9 - 6.3), abs=0.2)  # the kink lies between two records
    assert ruler_module.time_below(t, np.exp(-t), np.exp(-2.5), 9.0) == pytest.approx(6.5)
    assert ruler_module.time_below(t, np.exp(-t), 2.0, 9.0) == pytest.approx(9.0)
    assert ruler_module.time_below(t, np.exp(-t), 1e-9, 9.0) == 0.0


def test_what_is_learned_already_or_never_is_said_so():
    assert "both are learned already" in widgets.ruler(start=(0.95, 0.95)).sentence
    assert "came through J₁ + J₂ = 1" in widgets.ruler(start=(0.7, 0.6)).sentence
    down = widgets.ruler(lambda J: -velocity(J)).sentence
    assert "both are not learned" in down and "never passes" in down
    assert "more than 99.9 %" in widgets.ruler(start=(0.001, 0.002)).sentence


def test_the_thick_part_of_the_antidiagonal_is_where_the_speed_is_at_most_epsilon():
    u, speed = ruler_module.LEVELS, ruler_module.antidiagonal(obeyed(None))
    assert speed == pytest.approx(2 * (u * (1 - u)) ** 2, rel=1e-6)


def test_handles_boxes_and_sliders_of_the_ruler_move_the_same_numbers():
    widget, strip = widgets.ruler(), ruler_module.STRIP
    hear(widget, 1, strip.right - 6, strip.y(-6))
    assert widget.epsilon == widget.dial.value == 1e-6 and "J′ ≤ 10⁻⁶" in widget.sentence
    hear(widget, 0, ruler_module.SQUARE.x(0.3), ruler_module.SQUARE.y(0.2))
    assert widget.start == (0.3, 0.2) == tuple(dial.value for dial in widget.dials)
    widget.dial.slider.value = 400
    assert widget.epsilon == 0.1 and "J′ ≤ 0.1" in widget.sentence
    widget.dials[1].box.value = 0.05
    assert widget.start == (0.3, 0.05)
    press(widget, "far behind")
    assert widget.start == (0.1, 0.005) and widget.epsilon == 0.1
    assert len(widget.stage.box) == 8 and widget.stage.box[4] == widget.stage.box[6]


@pytest.mark.parametrize(
    ("law", "said"), [(lambda J: J * np.nan, "NaN or infinity"), (lambda J: 1 / 0, "stopped with ZeroDivisionError")]
)
def test_what_goes_wrong_in_a_learners_velocity_is_told_kindly(law, said):
    assert said in widgets.ruler(law).sentence


# ------------------------------------------------------------------------------------------------- the basin
@pytest.mark.parametrize(
    ("middle", "side", "epsilon"),
    [
        ((0.1, 0.1), 0.2, 1e-4),
        ((0.05, 0.05), 0.1, 1e-6),
        ((0.3, 0.1), 0.2, 1e-3),
        ((0.5, 0.1), 0.2, 0.02),
        ((0.12, 0.6), 0.2, 0.05),
        ((0.45, 0.5), 0.3, 0.05),
        ((0.02, 0.013), 0.02, 1e-7),
    ],
)
def test_the_basins_share_is_what_orbits_followed_backwards_enclose(middle, side, epsilon):
    said = widgets.basin(None, middle, side, epsilon, bet=False).sentence
    sides = [(J - side / 2, J + side / 2) for J in middle]
    told = re.search(r", ([\d.]+) % are in the basin", said)
    assert float(told[1]) == pytest.approx(100 * oracles.share_of_square(*sides, epsilon), rel=6e-3, abs=0.1)
    line = oracles.said(said, "through its middle,")
    assert line == pytest.approx(100 * oracles.share_of_line(sum(middle), epsilon), rel=6e-3, abs=0.01)


def test_the_shares_agree_with_the_exact_basin_counted_start_by_start():
    u = (np.arange(700) + 0.5) / 700
    for middle, side, epsilon in (((0.2, 0.15), 0.3, 1e-3), ((0.4, 0.35), 0.5, 0.1)):
        J = np.stack(np.meshgrid(*(m + side * (u - 0.5) for m in middle)), axis=-1)
        counted = paint.compute(middle, side, epsilon)
        assert counted.square == pytest.approx(plateaus.in_basin(J, epsilon).mean(), abs=1e-3)


def test_the_edge_is_a_line_of_equal_flatness_on_both_sides_of_the_crossing():
    total = np.array([0.05, 0.3, 0.8, 1.2, 1.7])
    for epsilon in (1e-6, 1e-2):
        low = paint.smaller(total, epsilon)
        found = plateaus.flatness(np.stack([low, total - low], axis=-1))
        assert found == pytest.approx(np.full(5, epsilon), rel=0.02)


def test_nothing_is_told_or_painted_before_the_bet_and_the_first_bet_stands():
    widget = widgets.basin()
    assert "%" not in widget.sentence and "polygon" not in widget.stage.front + widget.stage.back
    press(widget, "This is my bet")
    assert widget.bet is None and widget.sentence.startswith("Choose a line first.")
    widget.move(0.15, 0.12)
    assert "%" not in widget.sentence and "from 0.05 to 0.25" in widget.sentence
    press(widget, "half as far"), press(widget, "twice as far")
    widget.choice.value = "70 %"
    press(widget, "This is my bet")
    first = 100 * oracles.share_of_square((0.05, 0.25), (0.02, 0.22), 1e-4)
    assert oracles.said(widget.sentence, "In the first square it was") == pytest.approx(first, rel=6e-3)
    assert widget.sentence.endswith("nearest to 20 %: you bet 70 %.") and "polygon" in widget.stage.front
    widget.choice.value = "5 %"
    press(widget, "This is my bet")
    assert widget.bet == "70 %" and "you bet 70 %" in widget.sentence


def test_towards_the_origin_all_starts_come_into_the_basin():
    widget, shares = widgets.basin(bet=False), []
    for _ in range(5):
        shares.append(paint.compute(widget.middle, widget.side, widget.epsilon).square)
        press(widget, "half as far")
    assert (np.diff(shares) > 0).all() and shares[-1] > 0.99


def test_handle_boxes_and_sliders_move_the_same_square_and_keep_it_inside():
    widget = widgets.basin(bet=False)
    hear(widget, 0, paint.SQUARE.x(0.5), paint.SQUARE.y(0.3))
    assert widget.middle == (0.5, 0.3) == tuple(dial.value for dial in widget.dials)
    hear(widget, 0, paint.SQUARE.x(0.99), paint.SQUARE.y(0.0))
    assert widget.middle == (0.9, 0.1)
    widget.width.box.value = 0.5
    assert widget.side == 0.5 and widget.middle == (0.75, 0.25)
    widget.dial.slider.value = 0
    assert widget.epsilon == 1e-8 and "ε = 10⁻⁸" in widget.sentence
    widget.dials[0].box.value = 0.4
    assert widget.middle == (0.4, 0.25)


def test_a_learners_flatness_is_painted_and_compared():
    right = widgets.basin(closed_form, bet=False)
    assert "your flatness" in right.stage.front and "differ by less than 0.01 %" in right.sentence
    assert oracles.said(right.sentence, "Your flatness at its middle is") == 0.125
    half = widgets.basin(lambda p, q: closed_form(p, q) / 2, (0.1, 0.05), 0.1, bet=False).sentence
    assert oracles.said(half, "a factor of up to") == 2.0
    mine, exact = oracles.said(half, "at its middle is"), oracles.said(half, "the closed form")
    assert exact == pytest.approx(oracles.crossing((0.1, 0.05)), rel=0.01) and mine == pytest.approx(
        exact / 2, rel=0.01
    )


def test_the_cells_stand_where_their_starts_are():
    widget = widgets.basin(lambda p, q: 1e-7 if p > 0.9 and q < 0.1 else 0.1, bet=False)
    dark = re.search(rf'<rect x="([\d.]+)" y="([\d.]+)"[^>]*fill="{paint.palette.FLATNESS[-1]}"', widget.stage.front)
    assert float(dark[1]) > paint.SQUARE.x(0.9) and float(dark[2]) > paint.SQUARE.y(0.1)


@pytest.mark.parametrize("stub", STUBS)
def test_a_stub_of_a_flatness_leaves_the_pages_map(stub):
    assert widgets.basin(stub, bet=False).sentence == widgets.basin(bet=False).sentence


@pytest.mark.parametrize(
    ("flatness", "said"),
    [
        (lambda p, q: 1 / 0, "stopped with ZeroDivisionError: division by zero"),
        (lambda p, q: "<img src=x>", "stopped with ValueError"),
        (lambda p, q: np.nan, "returned nan at"),
        (lambda p, q: -1.0, "returned -1 at"),
        (lambda p, q: [0.1, 0.2], "returned shape (2,) at"),
    ],
)
def test_what_goes_wrong_in_a_learners_flatness_is_told_kindly(flatness, said):
    widget = widgets.basin(flatness, bet=False)
    assert widget.sentence.startswith("Your flatness ") and said in widget.sentence
    assert widget.sentence.endswith("Mend it, run its cell and then this one again.")
    assert "<img" not in widget.stage.sentence


def test_an_error_of_ours_is_never_swallowed(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(sys.modules["raylab.widgets.basin"].plateaus, "flatness", broken)
    with pytest.raises(ZeroDivisionError, match="ours"):
        widgets.basin(lambda p, q: 0.1, bet=False)


# ------------------------------------------------------------------------------------------------- the causes
@pytest.mark.parametrize("start", [(0.10, 0.02), (0.3, 0.004), (0.05, 0.05)])
@pytest.mark.parametrize("row", board.BOARD, ids=str)
def test_every_wait_of_the_board_is_what_runge_kutta_in_performance_finds(row, start):
    widget = widgets.causes(start)
    widget.choose(row.features, row.data, row.taught)
    law = oracles.combined(*row.seen)
    assert widget.sentence.lower().startswith(str(row))
    assert oracles.said(widget.sentence, "learned at t =") == pytest.approx(oracles.waiting(start, law), rel=1e-3)
    run = board.compute(*row.seen, start)
    assert run.speed == pytest.approx(law(run.J.T).sum(axis=0), rel=1e-9)
    _, J = oracles.path(start, law)
    lowest = np.array([np.interp(x, J[0], J[1]) for x in run.J[:, 0]])  # J1 rises: it is ahead, or they move together
    assert np.abs(lowest - run.J[:, 1])[run.J.max(axis=1) < 0.9].max() < 0.01


@pytest.mark.parametrize("lesson", ["own data", "10 % mix", "uniform data", "labels"])
def test_the_clock_of_one_component_is_the_integral_of_its_law(lesson):
    x = np.linspace(-7, 3, 400_001)
    J = 1 / (1 + np.exp(-x))
    per = 1 / board.f(lesson)(J)
    area = np.sum((per[1:] + per[:-1]) / 2) * (x[1] - x[0])
    assert np.diff(board.clock(x[[0, -1]], lesson))[0] == pytest.approx(area, rel=1e-8)


@pytest.mark.parametrize(("lesson", "law"), [("own data", "on-policy"), ("labels", "supervised")])
def test_components_that_share_nothing_arrive_by_the_clocks_of_the_theory(lesson, law):
    start = (0.02, 0.3)
    for features, square in (("tabular", 1.0), ("separate biases", 2.0)):
        arrive = plateaus.arrival(np.array(start), 0.9, law, square).max()
        assert board.compute(features, lesson, start).learned == pytest.approx(arrive, rel=1e-12)


def test_the_board_has_every_combination_once():
    seen = {row.seen for row in board.BOARD}
    assert len(seen) == len(board.BOARD) == 12
    assert {features for features, _ in seen} == set(board.FEATURES)


def test_a_sentence_compares_with_the_combination_before():
    widget = widgets.causes((0.1, 0.005))
    assert "before" not in widget.sentence
    press(widget, "nothing shared")
    first, then = (oracles.waiting((0.1, 0.005), oracles.combined(f, "own data")) for f in ("shared bias", "tabular"))
    assert oracles.said(widget.sentence, "That is") == pytest.approx(first / then, rel=6e-3)
    assert "times as soon as" in widget.sentence and "(shared bias, own data, rewards: t =" in widget.sentence
    press(widget, "all three causes")
    assert oracles.said(widget.sentence, "That is") == pytest.approx(first / then, rel=6e-3)
    assert "times as long as" in widget.sentence


def test_waits_that_are_alike_are_called_so():
    widget = widgets.causes((0.97, 0.97))  # both are learned: nobody waits
    press(widget, "nothing shared")
    assert "That is as long as with the combination before" in widget.sentence


def test_bars_are_kept_and_follow_the_start_until_the_clock_is_cleared():
    widget = widgets.causes()
    for name in ("nothing shared", "labels"):
        press(widget, name)
    assert widget.stage.front.count("t = ") == 3
    first = widget.stage.front
    widget.move(0.2, 0.1)
    assert widget.stage.front.count("t = ") == 3 and widget.stage.front != first
    press(widget, "clear the clock")
    assert widget.stage.front.count("t = ") == 1 and "before" not in widget.sentence


def test_with_labels_the_data_switch_moves_nothing_and_the_sentence_says_why():
    widget = widgets.causes()
    press(widget, "labels")
    before = oracles.said(widget.sentence, "learned at t =")
    widget.switches[1].value = "uniform data"
    assert oracles.said(widget.sentence, "learned at t =") == before and "anybody's data" in widget.sentence
    assert len(widget.tried) == 2
    widget.switches[2].value = "rewards"
    assert widget.sentence.startswith("Shared bias, uniform data, rewards")


def test_presets_turn_the_switches_and_handle_and_dials_move_the_same_start():
    widget = widgets.causes()
    press(widget, "uniform data")
    assert [switch.value for switch in widget.switches] == ["shared bias", "uniform data", "rewards"]
    square = sys.modules["raylab.widgets.causes"].SQUARE
    hear(widget, 0, square.x(0.3), square.y(0.2))
    assert widget.start == (0.3, 0.2) == tuple(dial.value for dial in widget.dials)
    widget.dials[0].slider.value = 0
    assert widget.start == (0.001, 0.2)


def test_quiet_orbits_lie_on_the_flow():
    for features, lesson in (("shared bias", "own data"), ("shared bias", "labels"), ("tabular", "10 % mix")):
        J, law = board.quiet(features, lesson), oracles.combined(features, lesson)
        assert J.shape[0] == 9 and ((J > 0) & (J < 1)).all()
        x = np.log(J) - np.log1p(-J)
        along, middle = np.diff(x, axis=1), (x[:, 1:] + x[:, :-1]) / 2
        there = 1 / (1 + np.exp(-middle))
        rate = np.moveaxis(law(np.moveaxis(there, -1, 0)), 0, -1) / (there * (1 - there))
        across = along[..., 0] * rate[..., 1] - along[..., 1] * rate[..., 0]
        turn = across / np.linalg.norm(along, axis=-1) / np.linalg.norm(rate, axis=-1)
        assert np.median(np.abs(turn)) < 1e-3 and np.abs(turn).max() < 0.1


@pytest.mark.parametrize("kind", ["ruler", "basin", "causes"])
def test_every_box_and_switch_has_a_name(kind):
    widget = getattr(widgets, kind)()
    named = [w for w in below(widget) if type(w).__name__.startswith(("Bounded", "Radio", "Button"))]
    assert len(named) >= 6 and all(w.description for w in named)
