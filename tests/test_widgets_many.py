"""The widgets of chapters 06 and 07 without a browser: shape and staircase. See tests/browser for hands."""

import re
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from raylab import palette, plateaus, widgets
from raylab.systems.factored import Shape, labels, on_policy, power
from raylab.widgets import bends, chase, climbs, stairs, words

sys.path.insert(0, str(Path(__file__).parent / "browser"))
import widget_oracles as oracles
from test_widgets import below, endless, press

shape_module = sys.modules["raylab.widgets.shape"]  # the package's own name is the function
STUBS = [None, ..., lambda *_: None, lambda *_: ..., lambda *_: (_ for _ in ()).throw(NotImplementedError)]
SMOOTH = ["rewards u (1 − u)", "labels 1 − u", "u² (1 − u)"]


def hear(widget, handle, x, y):
    """What the browser sends when a handle is dragged to a place of the picture."""
    widget.stage._hear(widget.stage, {"id": 1, "handle": handle, "x": x, "y": y}, [])


def shown(name, cosine=-0.5, start=(0.1, 0.02)):
    """(picture, sentence) of the f of one button; no widget is needed for it."""
    bend = bends.preset(name)
    front, said = shape_module.render(bend, cosine, chase.compute(bend, cosine, start))
    return front, words.plain(said)


def climbing(K, r, start=1e-3, ratio=2.0, labels=False):
    """(picture, sentence) of one staircase."""
    place = climbs.Place(K, float(r), start, ratio, labels)
    front, said = stairs.render(place, climbs.compute(place), None)
    return front, words.plain(said)


def times(sentence):
    """The times at which components are learned, in order."""
    return oracles.listed(sentence, "learned at t =")


# ------------------------------------------------------------------------------------------------- the door
@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: widgets.shape(3), TypeError),
        (lambda: widgets.shape("u"), TypeError),
        (lambda: widgets.shape(Shape(lambda u: u * (2 - u), lambda u: 2 - 2 * u, 2.0)), ValueError),
        (lambda: widgets.shape(cosine=-1.0), ValueError),
        (lambda: widgets.shape(cosine="opposite"), TypeError),
        (lambda: widgets.shape(start=(0.1, 0.0)), ValueError),
        (lambda: widgets.shape(start=(0.1,)), ValueError),
        (lambda: widgets.shape().lift(5, 0.2), ValueError),
        (lambda: widgets.shape().lift(-1, 0.2), ValueError),
        (lambda: widgets.shape().lift(1, np.nan), ValueError),
        (lambda: widgets.shape().turn(np.inf), ValueError),
        (lambda: widgets.shape().move(0.1, None), TypeError),
        (lambda: widgets.shape().choose("your f"), ValueError),
        (lambda: widgets.shape().choose(1), TypeError),
        (lambda: widgets.staircase(1), ValueError),
        (lambda: widgets.staircase(7), ValueError),
        (lambda: widgets.staircase(2.0), TypeError),
        (lambda: widgets.staircase(3, -0.5), ValueError),  # the three features would lie in a plane
        (lambda: widgets.staircase(3, 0.1), ValueError),
        (lambda: widgets.staircase(start=0.0), ValueError),
        (lambda: widgets.staircase(ratio=1.0), ValueError),
        (lambda: widgets.staircase(supervised=1), TypeError),
        (lambda: widgets.staircase().put(components=2.5), TypeError),
        (lambda: widgets.staircase().put(r=np.nan), ValueError),
        (lambda: widgets.staircase().put(start="low"), TypeError),
        (lambda: widgets.staircase().put(ratio=-1.0), ValueError),
        (lambda: widgets.staircase().put(supervised="yes"), TypeError),
    ],
)
def test_bad_input_is_refused_with_expected_found_and_remedy(make, error):
    with pytest.raises(error, match=r"expected .* found .*[;,]"):
        make()


# ------------------------------------------------------------------------------------------------- shape f
@pytest.mark.parametrize(
    ("cosine", "start"),
    [(-0.5, (0.10, 0.02)), (-0.5, (0.06, 0.06)), (-0.35, (0.02, 0.4)), (0.0, (0.3, 0.11)), (0.5, (0.10, 0.02))],
)
@pytest.mark.parametrize("name", SMOOTH)
def test_the_wait_is_what_runge_kutta_in_performance_finds(name, cosine, start):
    _, said = shown(name, cosine, start)
    assert said.startswith(f"With {name} and cosine {'−' if cosine < 0 else ''}{abs(cosine):g}, ")
    wait, _, _ = oracles.chased(oracles.NAMED[name], cosine, start)
    assert oracles.said(said, "learned at t =") == pytest.approx(wait, rel=6e-3)  # it tells three digits
    falls, law = re.search("J([₁₂]) falls to", said), oracles.law_of(name, cosine)
    for k in (0, 1):
        low = oracles.lowest(start, k, law)
        if falls and k == "₁₂".index(falls[1]):
            assert oracles.said(said, "falls to") == pytest.approx(low, rel=0.05)
        elif not falls:
            assert "neither loses ground" in said and low > 0.998 * start[k]


@pytest.mark.parametrize("start", [(0.10, 0.02), (0.06, 0.06), (0.3, 0.01)])
def test_rewards_at_minus_one_half_are_the_square_of_the_bandit(start):
    mine, page = widgets.shape(start=start).sentence, widgets.square(start=start).sentence
    assert oracles.said(mine, "learned at t =") == pytest.approx(oracles.said(page, "learned at t ="), rel=2e-3)
    assert ("falls to" in mine) == ("falls to" in page)


@pytest.mark.parametrize(("cosine", "start"), [(-0.5, (0.1, 0.02)), (-0.8, (0.02, 0.1)), (-0.95, (0.3, 0.2))])
def test_with_a_mix_who_is_pushed_to_zero_waits_there_and_leaves(cosine, start):
    _, said = shown("a 10 % mix", cosine, start)
    wait, comes, leaves = oracles.chased(oracles.NAMED["a 10 % mix"], cosine, start)
    assert f"J{'₁₂'[int(start[0] > start[1])]} is down to 0" in said
    for before, expected in (("0 at t =", comes), ("leaves it at t =", leaves), ("learned at t =", wait)):
        assert oracles.said(said, before) == pytest.approx(expected, rel=6e-3)


def test_where_f_is_steep_at_zero_the_wait_never_ends():
    _, said = shown("√u (1 − u)")
    _, comes, leaves = oracles.chased(oracles.NAMED["√u (1 − u)"], -0.5, (0.1, 0.02))
    assert oracles.said(said, "0 at t =") == pytest.approx(comes, rel=6e-3) and leaves == np.inf
    assert said.endswith("stays there: the wait never ends.")


@pytest.mark.parametrize("cosine", [-0.9, -0.5, -0.35, -0.2, -0.1])
@pytest.mark.parametrize(
    "heights", [(0.0, 0.6, 0.4, 0.15, 0.04), (0.0, 0.16, 0.24, 0.24, 0.05), (0.0, 0.1, 0.24, 0.24, 0.16)]
)
def test_a_corner_is_called_a_trap_where_it_keeps_an_open_set(heights, cosine):
    widget, f = widgets.shape(cosine=cosine, start=(0.97, 0.001)), oracles.through(heights)
    for i, height in enumerate(heights):
        widget.lift(i, height)
    trap = oracles.sinks(f, cosine)
    assert ("is a trap" in widget.sentence) == trap == (f"{-cosine:g} f′(0) is above |f′(1)|" in widget.sentence)
    assert ("is a saddle" in widget.sentence) == ("10,0z" in widget.stage.front) == (not trap)
    wait, _, _ = oracles.chased(f, cosine, (0.97, 0.001))
    lost = widget.sentence.endswith("sinks for ever: the wait never ends.")
    assert lost == (trap and not np.isfinite(wait)) and (not lost or "learned at t =" not in widget.sentence)


@pytest.mark.parametrize(
    ("cosine", "start", "way"),
    [(-0.9, (0.01, 0.03), "J₁ falls to"), (-0.95, (0.001, 0.002), "J₁ is below 10⁻¹³ at t =")],
)
def test_a_wait_beyond_the_horizon_is_not_called_endless_where_no_corner_is_a_trap(cosine, start, way):
    """At the cosine -0.9 a low start waits for p^-19: long, and not for ever."""
    said = widgets.shape(lambda u: 4 * u * (1 - u), cosine, start).sentence
    assert "is a saddle" in said and "never ends" not in said and way in said
    assert said.endswith("and at t = 10⁸ they are not both learned.")


@pytest.mark.parametrize("cosine", [-0.95, -0.5, -0.1, 0.0, 0.4])
@pytest.mark.parametrize("name", oracles.NAMED)
def test_corner_and_strip_are_those_of_the_law(name, cosine):
    (drawn, said), f = shown(name, cosine), oracles.NAMED[name]
    trap = oracles.sinks(f, cosine)
    assert ("is a saddle" in said) == (f(0.0) == 0 and not trap) == ("0 0 0 10,0z" in drawn)  # half a disc
    assert ("is a trap" in said) == trap
    if f(0.0):
        assert oracles.said(said, "no saddle: there J₁′ =") == pytest.approx(oracles.coupled(f, cosine)([0.0, 1.0])[0])
    wide = oracles.strip(f, cosine)
    if wide == 0:
        assert "there is no strip that J₂ takes" in said
    else:
        assert oracles.said(said, "takes all in a strip") == pytest.approx(wide, rel=6e-3)
        rates = [oracles.coupled(f, cosine)([wide * share, chase.HALF]) for share in (0.98, 1.02)]
        assert rates[0][0] < 0 < rates[1][0] and rates[0][1] > 0


@pytest.mark.parametrize(
    "heights", [(0.0, 0.17, 0.24, 0.2, 0.16), (0.3, 0.01, 0.9, 0.05, 0.6), (1.0, 0.7, 0.4, 0.2, 0.1)]
)
def test_a_bent_f_runs_through_its_handles_and_the_flow_obeys_it(heights):
    widget = widgets.shape(start=(0.2, 0.1))
    for i, height in enumerate(heights):
        widget.lift(i, height)
    assert widget.handles == heights
    assert widget.bend(np.array([*bends.PLACES, 1.0])) == pytest.approx([*heights, 0.0], abs=1e-12)
    assert "With a bent f and" in widget.sentence
    wait, _, _ = oracles.chased(oracles.through(heights), -0.5, (0.2, 0.1))
    assert oracles.said(widget.sentence, "learned at t =") == pytest.approx(wait, rel=6e-3)


def test_handles_obey_their_limits_and_only_rise_and_fall():
    widget = widgets.shape()
    for i, low in enumerate((0.0, 0.01, 0.01, 0.01, 0.01)):
        for height, allowed in ((-3.0, low), (7.0, 1.0), (0.237, 0.24)):
            widget.lift(i, height)
            assert widget.handles[i] == widget.boxes[i].value == allowed
    corners = np.reshape(widget.stage.box, (6, 4))
    assert (corners[:5, 0] == corners[:5, 2]).all() and corners[5, 0] < corners[5, 2]
    assert corners[:5, 0] == pytest.approx([place[0] for place in widget.stage.handles[:5]])


def test_handles_boxes_sliders_and_start_move_the_same_numbers():
    widget, plane = widgets.shape(), shape_module.PLANE
    hear(widget, 0, 0.0, shape_module.COUPLING.y(0.3))
    assert widget.handles[0] == widget.boxes[0].value == 0.3 and "f(0) = 0.3" in widget.sentence
    assert widget.stage.readings[0] == "f(0) = 0.3"
    widget.boxes[0].value = 0.0
    assert widget.handles[0] == 0.0 and "is a saddle" in widget.sentence
    hear(widget, 5, plane.x(0.3), plane.y(0.2))
    assert widget.start == (0.3, 0.2) == tuple(dial.value for dial in widget.dials)
    widget.dials[1].box.value = 0.05
    assert widget.start == (0.3, 0.05) and "J₂ = 0.050" in widget.sentence
    widget.dial.box.value = -0.8
    assert widget.cosine == -0.8 and "cosine −0.8" in widget.sentence
    widget.dial.slider.value = 0
    assert widget.cosine == -0.95
    hear(widget, 5, plane.x(2.0), plane.y(-1.0))
    assert widget.start == (0.97, 0.001)


def test_a_preset_puts_the_handles_onto_its_f_and_is_exact_until_one_is_moved():
    widget = widgets.shape()
    press(widget, "labels 1 − u")
    assert widget.sentence == shown("labels 1 − u")[1]
    assert widget.handles == (1.0, 0.8, 0.6, 0.4, 0.2)
    exact = widget.sentence
    widget.lift(2, 0.6)  # it stands there already
    assert widget.sentence == exact
    widget.lift(2, 0.61)
    assert "With a bent f" in widget.sentence


@pytest.mark.parametrize(
    "f",
    [lambda u: u * (1 - u), lambda u: float(u) * (1 - float(u)), np.poly1d([-1, 1, 0])],
    ids=["arrays", "one number", "no hash"],
)
def test_a_learners_f_is_obeyed_and_named(f):
    own, page = widgets.shape(f), widgets.shape()
    assert own.sentence == page.sentence.replace("rewards u (1 − u)", "your f")
    press(own, "labels 1 − u")
    assert "your f" not in own.sentence
    press(own, "your f")
    assert own.sentence.startswith("With your f and") and own.handles == page.handles


def test_a_shape_of_the_chapter_is_taken_as_it_is():
    assert widgets.shape(on_policy).sentence == widgets.shape().sentence
    assert widgets.shape(labels).sentence == shown("labels 1 − u")[1]
    assert oracles.said(widgets.shape(power(2)).sentence, "learned at t =") == oracles.said(
        shown("u² (1 − u)")[1], "learned at t ="
    )


@pytest.mark.parametrize("stub", STUBS)
def test_a_stub_of_an_f_leaves_rewards(stub):
    assert widgets.shape(stub).sentence == widgets.shape().sentence
    assert not any(getattr(w, "description", "") == "your f" for w in below(widgets.shape(stub)))


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda u: 1 / 0, "stopped with ZeroDivisionError: division by zero"),
        (lambda u: "<img src=x>", "returned str at u ="),
        (lambda u: u, "is 1 at u = 1; expected 0"),
        (lambda u: (u - 0.5) * (1 - u), "expected f > 0 between 0 and 1"),
        (lambda u: (u - 1e-5) * (1 - u), "expected f > 0 between 0 and 1"),
        (lambda u: u * np.nan, "is nan at u ="),
        (lambda u: 0 * u, "is 0 at u ="),
    ],
)
def test_what_goes_wrong_in_a_learners_f_is_told_kindly(f, said):
    widget = widgets.shape(f)
    assert widget.sentence.startswith("Your f ") and said in widget.sentence
    assert widget.sentence.endswith("Mend it, run its cell and then this one again.")
    assert "<img" not in widget.stage.sentence and len(widget.stage.handles) == 6
    press(widget, "labels 1 − u")
    assert widget.sentence.startswith("With labels")


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no time limit without POSIX signals: interrupt the kernel")
def test_an_f_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(sys.modules["raylab.widgets.laws"].patience.__wrapped__, "__defaults__", (0.3,))
    assert "took longer than 0.3 s" in widgets.shape(endless).sentence


@pytest.mark.parametrize("f", [None, lambda u: u * (1 - u)])
def test_an_error_of_ours_is_never_swallowed(monkeypatch, f):
    def broken(*_):
        raise ZeroDivisionError("ours")

    widget = widgets.shape(f)
    monkeypatch.setattr(shape_module, "strip", broken)
    with pytest.raises(ZeroDivisionError, match="ours"):
        widget.move(0.123, 0.045)


def test_a_flow_that_goes_nowhere_ends_and_says_so():
    said = widgets.shape(lambda u: 1e-6 * u * (1 - u)).sentence
    assert "at t = 10⁸ they are not both learned" in said


# ------------------------------------------------------------------------------------------------- the staircase
CLIMBS = [
    (3, 0.3, 1e-3, 2.0, False),
    (2, 0.5, 0.1, 1.1, False),
    (4, 0.25, 0.05, 3.0, False),
    (6, 0.1, 1e-5, 2.0, False),
    (5, 0.0, 0.01, 10.0, False),
    (3, 0.4, 1e-3, 2.0, False),
    (6, 0.15, 0.1, 1.1, False),
    (3, 0.499, 1e-3, 2.0, True),
    (6, 0.19, 1e-6, 7.0, True),
]


@pytest.mark.parametrize("at", CLIMBS, ids=str)
def test_the_times_are_what_runge_kutta_in_another_clock_finds(at):
    told, expected = times(climbing(*at)[1]), 10 ** np.array(oracles.climbed(*at))
    assert len(told) == len(expected)
    assert told == pytest.approx(expected, rel=6e-3)


@pytest.mark.parametrize("K", range(2, 7))
def test_the_powers_are_those_of_the_staircase_law(K):
    for r in np.round(np.linspace(0.1, 0.95, 4) * stairs.bound(K), 3):
        rising = [1 - (2 * m - 1) * r for m in range(1, K)]
        expected = [1.0, *((1 + r) / left if left > 0 else np.inf for left in rising)]
        assert oracles.listed(climbing(K, r, 0.01)[1], "to the powers") == pytest.approx(expected, rel=6e-3)


@pytest.mark.parametrize(("K", "r"), [(3, 0.2), (4, 0.12), (5, 0.08)])
def test_a_lower_start_measures_the_powers_of_the_theory(K, r):
    widget = widgets.staircase(K, -r, 1e-4)
    assert "Measured" not in widget.sentence
    press(widget, "a tenth of the start")
    first, then = (times(climbing(K, r, start)[1]) for start in (1e-4, 1e-5))
    measured = oracles.listed(widget.sentence, "Measured from p = 0.0001 to here:")
    assert measured == pytest.approx(np.log10(np.array(then) / first), abs=0.006, rel=6e-3)
    press(widget, "a tenth of the start")
    low = oracles.listed(widget.sentence, "Measured from p = 10⁻⁵ to here:")
    assert low == pytest.approx(oracles.listed(widget.sentence, "to the powers"), rel=0.02)
    widget.put(r=r / 2)
    assert "Measured" not in widget.sentence


@pytest.mark.parametrize("K", [3, 4, 5])
def test_never_is_said_where_a_corner_traps_and_nowhere_else(K):
    wall = 1 / (2 * K - 3)
    for r in np.round([0.9 * wall, 1.06 * wall, 0.97 / (K - 1)], 3):
        drawn, said = climbing(K, r)
        trapped = bool(plateaus.traps(climbs.Place(K, float(r), 1e-3, 2.0, False).gram))
        assert trapped == (r > wall) == ("never: with" in said) == (": never" in drawn)
        assert trapped == ("is a trap" in said)
        drawn, said = climbing(K, r, labels=True)
        assert "never" not in drawn + said and len(times(said)) == K, "labels walk out of the same place"


def test_at_the_very_border_of_a_trap_nobody_says_never():
    """At r = 1 / (2m - 1) the wait is finite, though no power of 1/p: see the row N11."""
    drawn, said = climbing(4, 0.2)
    assert "never" not in drawn + said and "the fourth not by t =" in said and "and ∞" in said


def test_two_components_are_never_trapped_but_may_wait_beyond_all_numbers():
    for r in (0.5, 0.9, 0.999):
        assert "never" not in climbing(2, r)[1]
    J = climbs.Place(2, 0.999, 1e-3, 2.0, False).J
    found = re.search("the second not by t = 10¹²⁰, but near 10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", climbing(2, 0.999)[1])
    waits = plateaus.skeleton(np.log(J / (1 - J)), [[1, -0.999], [-0.999, 1]]).waits
    assert int(found[1].translate(oracles._RAISED)) == round(waits[1] / np.log(10))


@pytest.mark.parametrize("r", [0.36, 0.4, 0.48])
@pytest.mark.parametrize(("factor", "caught"), [(0.98, True), (1.02, False)])
def test_the_open_set_of_a_trap_has_the_edge_that_the_theory_gives(r, factor, caught):
    """Beyond f_3 / f_1 = (3r - 1) / (1 - r), at f_1 = f_2, the third component is left behind for ever."""
    f = 1e-6 * np.array([1.0, 1.0, factor * (3 * r - 1) / (1 - r)])
    assert climbs._for_ever(climbs.Place(3, r, 1e-3, 2.0, False), [0, 1], f) == caught
    assert oracles.left_behind(r, -np.log(f) * [1, 1, -1]) == caught


@pytest.mark.parametrize("at", [CLIMBS[0], CLIMBS[3], CLIMBS[5]], ids=str)
def test_circles_stand_at_the_times_of_the_skeleton(at):
    place, (drawn, _) = climbs.Place(*at), climbing(*at)
    last = stairs.axis(place, climbs.compute(place))
    expected = plateaus.skeleton(np.log(place.J / (1 - place.J)), place.gram).waits / np.log(10)
    circles = [tuple(map(float, c)) for c in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="5"', drawn)]
    left, top, width, _ = stairs.BOX
    decades = [(x - left) / width * last for x, y in circles if y > top]  # the one above belongs to the key
    assert decades == pytest.approx(expected[expected <= last].tolist(), abs=0.06 / width * last)


def test_r_follows_its_bound_when_components_are_added():
    widget = widgets.staircase(2, -0.9)
    widget.dials["components"].box.value = 6
    assert widget.place.r == 0.199 == widget.dials["r"].value == widget.dials["r"].box.max
    widget.dials["components"].box.value = 3
    assert widget.place.r == 0.199 and widget.dials["r"].box.max == 0.499
    widget.put(r=0.4)
    assert widget.dials["r"].slider.value == round(400 * 0.4 / 0.499)


@pytest.mark.parametrize("K", range(2, 7))
def test_the_bound_of_r_still_leaves_a_valid_gram_matrix(K):
    r = stairs.bound(K)
    assert np.linalg.eigvalsh(climbs.Place(K, r, 0.1, 2.0, False).gram).min() > 0 > 1 - (K - 1) * (r + 0.0011)


def test_handle_dials_switch_and_presets_move_the_same_place():
    widget = widgets.staircase()
    hear(widget, 0, stairs.POWERS.x(0.5), 0.0)
    assert widget.place.r == 0.25 == widget.dials["r"].value and "cosine −0.25" in widget.sentence
    assert widget.stage.handles[0][0] == pytest.approx(stairs.POWERS.x(0.5))
    hear(widget, 0, 1e4, 0.0)
    assert widget.place.r == 0.499
    widget.dials["start"].box.value = 0.01
    widget.dials["ratio"].slider.value = 400
    assert (widget.place.start, widget.place.ratio) == (0.01, 10.0)
    widget.switch.value = True
    assert widget.place.labels and "taught by labels" in widget.sentence
    press(widget, "the last is a trap")
    assert not widget.place.labels and not widget.switch.value and "never" in widget.sentence
    widget.put(start=1.0, ratio=1e9, components=9)
    assert (widget.place.K, widget.place.start, widget.place.ratio) == (6, 0.1, 10.0)


def test_the_axis_stays_when_labels_take_the_place_of_rewards():
    place = climbs.Place(3, 0.3, 1e-3, 2.0, False)
    taught = climbs.Place(3, 0.3, 1e-3, 2.0, True)
    assert stairs.axis(place, climbs.compute(place)) == stairs.axis(taught, climbs.compute(taught)) > 36


@pytest.mark.parametrize("K", range(2, 7))
def test_the_stairs_run_from_dark_to_light_in_steps_that_can_be_seen(K):
    light = [0.2126 * int(c[1:3], 16) + 0.7152 * int(c[3:5], 16) + 0.0722 * int(c[5:7], 16) for c in stairs.ramp(K)]
    assert (np.diff(light) > 15).all()
    assert stairs.ramp(4) == list(palette.ORDERED)
