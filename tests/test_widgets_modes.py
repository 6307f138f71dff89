"""The widget of chapter 08 without a browser: modes. See tests/browser for hands."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from raylab import dynamics, widgets
from raylab.systems import deep_linear
from raylab.widgets import curves, growth, words

sys.path.insert(0, str(Path(__file__).parent / "browser"))
import widget_oracles as oracles
from test_widgets import press

GROWTHS = [
    ((3.0, 2.0, 1.0), 1e-3, 2, 0.0),
    ((3.0, 2.0, 1.0), 1e-3, 1, 0.0),
    ((5.0, 1.2), 1e-5, 3, 0.0),
    ((4.0, 3.0, 2.0, 1.0), 1e-2, 4, 0.0),
    ((2.5,), 1e-4, 5, 0.0),
    ((0.3,), 0.1, 2, 0.0),
    ((3.0, 2.0, 1.0), 1e-3, 2, 0.6),
    ((4.0, 1.5), 1e-2, 3, 0.4),
    ((3.0, 1.0), 1e-3, 2, 1.0),
]


def hear(widget, handle, x, y):
    """What the browser sends when a handle is dragged to a place of the picture."""
    widget.stage._hear(widget.stage, {"id": 1, "handle": handle, "x": x, "y": y}, [])


def shown(strengths, start, depth, tilt=0.0, seed=0, logarithmic=False):
    """(picture, sentence) of one net; no widget is needed for it."""
    setting = growth.Setting(strengths, start, depth, tilt, seed)
    front, said = curves.render(setting, growth.compute(setting), logarithmic)
    return front, words.plain(said)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: widgets.modes(3.0), ValueError),
        (lambda: widgets.modes("strong"), TypeError),
        (lambda: widgets.modes(()), ValueError),
        (lambda: widgets.modes((5, 4, 3, 2, 1)), ValueError),
        (lambda: widgets.modes((3, 0.1)), ValueError),
        (lambda: widgets.modes(start=0.0), ValueError),
        (lambda: widgets.modes(start=0.2), ValueError),
        (lambda: widgets.modes(depth=0), ValueError),
        (lambda: widgets.modes(depth=6), ValueError),
        (lambda: widgets.modes(depth=2.0), TypeError),
        (lambda: widgets.modes(tilt=1.5), ValueError),
        (lambda: widgets.modes(logarithmic=1), TypeError),
        (lambda: widgets.modes().put(strengths=(3, 2)), ValueError),
        (lambda: widgets.modes().put(start="low"), TypeError),
        (lambda: widgets.modes().put(depth=2.5), TypeError),
        (lambda: widgets.modes().put(tilt=np.nan), ValueError),
        (lambda: widgets.modes().put(logarithmic="log"), TypeError),
        (lambda: widgets.modes().choose("five layers"), ValueError),
        (lambda: widgets.modes().choose(3), TypeError),
    ],
)
def test_bad_input_is_refused_with_expected_found_and_remedy(make, error):
    with pytest.raises(error, match=r"expected .* found .*[;,]"):
        make()


@pytest.mark.parametrize("at", GROWTHS, ids=str)
def test_half_times_are_what_quadrature_and_runge_kutta_on_the_weights_find(at):
    strengths, start, depth, tilt = at
    _, said = shown(*at)
    theory = oracles.listed(said, "aligned layers" if tilt else "exact theory")
    assert theory == pytest.approx([oracles.grows(s, start, depth) for s in strengths], rel=6e-3)
    told, expected = oracles.listed(said, "half learned at t ="), oracles.grown(strengths, start, depth, tilt)
    assert told == pytest.approx([t for t in expected if t < np.inf], rel=6e-3)
    assert said.count("not by") == expected.count(np.inf)


@pytest.mark.parametrize("at", [at for at in GROWTHS if not at[3]], ids=str)
def test_the_simulated_net_runs_along_the_theory_where_its_layers_are_aligned(at):
    setting = growth.Setting(*at)
    found = growth.compute(setting)
    exact = deep_linear.mode(found.times[:, None], np.array(at[0]), at[1], at[2])
    late = deep_linear.mode(found.times[:, None] * (1 + 1e-4), np.array(at[0]), at[1], at[2])
    assert (np.abs(found.net - exact) < 1e-4 + np.abs(late - exact)).all()  # right to 1e-4, or to 1e-4 of the time
    assert found.measured == pytest.approx(found.halves, rel=1e-3)  # three digits are told


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_the_motion_of_a_tilted_net_is_that_of_the_package(depth):
    setting = growth.Setting((3.0, 1.0), 0.05, depth, 0.7, seed=3)
    learner = deep_linear.DeepLinear(np.diag(setting.strengths), (2,) * (depth - 1))
    start = learner.parameters(list(growth.begin(setting)))
    np.testing.assert_array_equal(start, growth.begin(setting).ravel())
    np.testing.assert_allclose(
        growth.motion(np.array(setting.strengths), depth)(0.0, start), learner.updates(start).sum(axis=0), atol=1e-14
    )
    found = growth.compute(setting)
    times = np.append(0.0, found.times[found.times > 0][::10])
    run = dynamics.flow(learner, start, times)
    there = np.stack([np.interp(times, found.times, u) for u in found.net.T], axis=-1)
    np.testing.assert_allclose(there, learner.strengths(run.parameters), atol=5e-3)


# Where straight lines between records would be off by a part in a thousand, or the solver's steps are the longest.
SHARP = [
    ((5.0, 3.433, 1.867, 0.3), 0.1, 5, 0.3, 2),
    ((5.0, 0.3, 0.3, 0.3), 0.1, 3, 1.0, 0),
    ((0.3, 0.3, 0.3), 0.1, 1, 0.3, 2),
    ((5.0, 5.0, 5.0, 0.3), 1e-6, 3, 1.0, 0),
    ((5.0, 5.0, 0.3), 1e-6, 4, 1.0, 0),
]


@pytest.mark.parametrize("at", SHARP, ids=str)
def test_half_times_are_right_to_the_three_digits_that_are_told(at):
    strengths, start, depth, tilt, seed = at
    measured = growth.compute(growth.Setting(*at)).measured
    assert measured == pytest.approx(oracles.grown(strengths, start, depth, tilt, seed), rel=5e-4)


@pytest.mark.parametrize("depth", curves.DEPTHS)
def test_the_solver_is_given_the_jacobian_of_the_motion(depth):
    strengths = np.array([3.0, 1.0, 0.4])
    motion = growth.motion(strengths, depth)
    flat = growth.begin(growth.Setting(tuple(strengths), 0.05, depth, 0.7, seed=3)).ravel()
    steps = 1e-5 * np.eye(len(flat))
    columns = np.stack([(motion(0.0, flat + h) - motion(0.0, flat - h)) / 2e-5 for h in steps], axis=-1)
    np.testing.assert_array_equal(motion(0.0, flat + steps), [motion(0.0, flat + h) for h in steps])
    np.testing.assert_allclose(growth.jacobian_of(motion)(0.0, flat), columns, atol=1e-6)


def test_the_dearest_picture_asks_for_few_velocities(monkeypatch):
    asked, motion = [], growth.motion

    def counted(*given):
        velocity = motion(*given)
        return lambda t, flat: asked.append(1) or velocity(t, flat)

    monkeypatch.setattr(growth, "motion", counted)
    growth.compute.__wrapped__(growth.Setting((5.0, 3.433, 1.867, 0.3), 1e-6, 5, 0.3))
    assert len(asked) < 3000  # ten thousand if the solver took its 80 differences one by one


@pytest.mark.parametrize(
    ("depth", "law"), [(1, "never more than log 2"), (2, "the logarithm"), (3, "power 0.333"), (4, "0.5")]
)
def test_a_start_ten_times_lower_takes_as_much_longer_as_is_said(depth, law):
    widget = widgets.modes(depth=depth)
    factor = oracles.said(widget.sentence, "the weakest takes")
    assert law in widget.sentence
    first = oracles.listed(widget.sentence, "half learned at t =")
    press(widget, "a tenth of the start")
    then = oracles.listed(widget.sentence, "half learned at t =")
    assert oracles.said(widget.sentence, "from") == 1e-4
    assert then[-1] / first[-1] == pytest.approx(factor, rel=0.02)


def test_a_mode_that_stays_away_is_not_said_to_be_learned():
    """Layers whose product has the wrong orientation keep it: balanced or not, a mirrored net waits for long."""
    at = ((5.0, 3.0, 1.0, 0.3), 1e-5, 3, 1.0)
    front, said = shown(*at)
    found = growth.compute(growth.Setting(*at))
    assert np.isinf(found.measured).sum() == said.count("not by") == front.count("not yet") == 1
    assert found.last < found.end, "the picture does not show a long flat line"


def test_a_single_mode_that_stays_away_is_said_to_be_not_half_learned():
    at = ((2.05,), 3.85e-6, 4, 0.8, 2)
    _, said = shown(*at)
    assert np.isinf(growth.compute(growth.Setting(*at)).measured).all()
    assert "tilted by 80 %: not half learned by t = 498; theory" in said
    assert "By theory, from a start ten times lower it takes 3.16 times" in said


def test_a_hand_far_outside_the_picture_moves_the_start_to_the_edge():
    widget = widgets.modes()
    for x, start in ((-1e9, curves.LOWEST), (1e9, curves.HIGHEST)):
        hear(widget, 0, x, 0.0)
        assert widget.setting.start == start


@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("at", GROWTHS[::2], ids=str)
def test_half_times_are_marked_where_they_are(at, logarithmic):
    front, _ = shown(*at, logarithmic=logarithmic)
    found, (left, top, width, height) = growth.compute(growth.Setting(*at)), curves.BOX
    first = found.halves.min() / 10
    circles = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="5"', front)
    x = (np.array([float(x) for x, _ in circles]) - left) / width
    expected = found.halves / found.last
    if logarithmic:
        expected = np.log(found.halves / first) / np.log(found.last / first)
    assert x == pytest.approx(expected, abs=0.06 / width)
    assert {float(y) for _, y in circles} == {top + height / 2}


def test_the_theory_is_dashed_and_lies_over_the_net():
    front, _ = shown((3.0, 2.0, 1.0), 1e-3, 2)
    lines = re.findall(
        r'<polyline points="([^"]+)"[^>]*stroke-width="([\d.]+)"[^>]*?(stroke-dasharray="6 5")?/>', front
    )
    net = [points for points, wide, _ in lines if wide == "3.4"]
    theory = [points for points, _, dash in lines if dash]
    assert len(net) == len(theory) == 3
    for one, other in zip(net, theory, strict=True):
        (x, y), (a, b) = (np.array([p.split(",") for p in line.split()], float).T for line in (one, other))
        assert np.abs(np.interp(np.linspace(60, 600, 200), x, y) - np.interp(np.linspace(60, 600, 200), a, b)).max() < 2


def test_handle_dials_switch_and_presets_move_the_same_net():
    widget = widgets.modes()
    hear(widget, 0, float(curves.WAITS.x(-2.0)), 0.0)
    assert widget.setting.start == 0.01 == widget.dials["start"].value and "from 0.01:" in widget.sentence
    hear(widget, 0, 1e4, 0.0)
    assert widget.setting.start == 0.1
    widget.strengths[1].box.value = 2.5
    assert widget.setting.strengths == (3.0, 2.5, 1.0) and "strengths 3, 2.5 and 1" in widget.sentence
    widget.dials["depth"].box.value = 3
    widget.dials["tilt"].slider.value = 400
    assert (widget.setting.depth, widget.setting.tilt) == (3, 1.0) and "in 3 layers" in widget.sentence
    once = widget.sentence
    press(widget, "another draw")
    assert widget.setting.seed == 1 and widget.sentence != once
    widget.switch.value = True
    assert widget.logarithmic and "log scale" in widget.stage.front
    press(widget, "two layers")
    assert (widget.setting.start, widget.setting.depth, widget.setting.tilt) == (1e-3, 2, 0.0)
    widget.put(strengths=(9, 1e-3, 1), start=1.0, depth=9, tilt=-2.0, logarithmic=False)
    assert widget.setting == growth.Setting((5.0, 0.3, 1.0), 0.1, 5, 0.0, 1)
    assert not widget.switch.value and "log scale" not in widget.stage.front


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_each_mode_has_a_colour_of_its_own_and_its_number(number):
    strengths = (4.0, 3.0, 2.0, 1.0)[:number]
    front, said = shown(strengths, 1e-3, 2)
    assert len(set(curves.ramp(number))) == number
    for a, colour in enumerate(curves.ramp(number), 1):
        assert re.search(rf'fill="{colour}"[^>]*><tspan font-weight="700">{a}<', front)
    assert said.startswith("One mode of strength 4 " if number == 1 else f"{number} modes of strengths 4")
