"""Widgets without a browser: what they compute, what they say, and what they refuse. See tests/browser for hands."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from raylab import widgets
from raylab.widgets import words
from raylab.widgets.ask import nearest
from raylab.widgets.dial import Dial

sys.path.insert(0, str(Path(__file__).parent / "browser"))
import widget_oracles as oracles

modules = {name: sys.modules[f"raylab.widgets.{name}"] for name in ("dots", "draw", "laws", "square", "transfer")}
BET = {"twice": 2.0, "ten times": 10.0, "a hundred times": 100.0}
CHOICES = [("so", True, "Because."), ("not so", False, "It tempts.")]
MAKE = {
    "predict": lambda: widgets.predict("How much?", BET),
    "quiz": lambda: widgets.quiz("Why?", CHOICES),
    "square": widgets.square,
    "dots": widgets.dots,
    "draw": widgets.draw,
    "transfer": widgets.transfer,
    "ruler": widgets.ruler,
    "basin": widgets.basin,
    "causes": widgets.causes,
    "shape": widgets.shape,
    "staircase": widgets.staircase,
    "modes": widgets.modes,
}
PICTURES = [kind for kind in MAKE if kind not in ("predict", "quiz")]


def velocity(J):
    a = J * (1 - J)
    return a * (2 * a - a[..., ::-1])


def one_point(J):
    x, y = J
    return np.array(oracles.shared_bias((x, y)))


def endless(J):
    while True:
        with contextlib.suppress(Exception):
            sum(range(1000))


def press(widget, name):
    """Press the button of that name."""
    found = [w for w in below(widget) if getattr(w, "description", "") == name and hasattr(w, "click")]
    assert len(found) == 1, name
    found[0].click()


def below(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from below(child)


# ------------------------------------------------------------------------------------------------- all of them
@pytest.mark.parametrize("kind", MAKE)
def test_a_widget_is_stored_as_its_sentence_and_nothing_else(kind):
    widget = MAKE[kind]()
    bundle = widget._repr_mimebundle_()
    assert bundle["text/plain"] == widget.sentence == repr(widget)
    assert set(bundle) == {"text/plain", "application/vnd.jupyter.widget-view+json"}
    assert widget.sentence and not re.search("[<>&]", widget.sentence)


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_640_wide_and_has_no_small_print(kind):
    stage = MAKE[kind]().stage
    assert stage.view.startswith("0 0 640 ")
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', stage.back + stage.front)]
    assert len(sizes) >= 5 and min(sizes) >= 13
    assert "<script" not in stage.back + stage.front and "nan" not in stage.back + stage.front


@pytest.mark.parametrize("kind", PICTURES)
def test_every_handle_has_a_number_box_and_every_box_has_a_name(kind):
    widget = MAKE[kind]()
    boxes = [w for w in below(widget) if type(w).__name__.startswith("Bounded")]
    assert len(boxes) >= max(1, len(widget.stage.labels))
    assert all(box.description for box in boxes) and all(widget.stage.labels)
    assert len(widget.stage.handles) == len(widget.stage.labels) == len(widget.stage.readings)


def test_the_javascript_holds_no_formula():
    source = (Path(widgets.__file__).parent / "drag.js").read_text(encoding="utf-8")
    assert set(re.findall(r"Math\.(\w+)", source)) <= {"min", "max", "round", "floor", "random"}


def test_a_picture_of_the_wrong_law_would_be_noticed():
    right = widgets.square(velocity).sentence
    assert widgets.square(lambda J: 0.9 * velocity(J)).sentence != right


# ------------------------------------------------------------------------------------------------- words
@pytest.mark.parametrize("value", [0.0, 1.0, -0.25, 0.02, 0.000442, 2613.0, 41_200.0, 1_616_000.0, 5.3e-7, 1e-5, 1e8])
def test_a_number_can_be_read_back_from_its_words(value):
    assert oracles.number(words.number(value, 4)) == pytest.approx(value, rel=1e-3)


def test_infinity_has_a_sign_and_no_digits():
    assert [words.number(x) for x in (np.inf, -np.inf)] == ["∞", "−∞"]


# ------------------------------------------------------------------------------------------------- bet and quiz
@pytest.mark.parametrize(
    ("truth", "best"),
    [(1.0, "twice"), (4.4, "twice"), (4.5, "ten times"), (31.0, "ten times"), (1e9, "a hundred times")],
)
def test_positive_numbers_are_compared_by_ratio(truth, best):
    assert nearest(BET, truth) == best


@pytest.mark.parametrize(("truth", "best"), [(-0.3, "down"), (-0.2, "same"), (0.0, "same"), (0.4, "up"), (0.2, "same")])
def test_numbers_of_any_sign_are_compared_by_difference(truth, best):
    assert nearest({"down": -0.5, "same": 0.0, "up": 0.5}, truth) == best


def test_for_ever_may_be_bet_on_and_may_be_true():
    assert nearest({"soon": 10.0, "never": np.inf}, np.inf) == "never"
    assert nearest({"soon": 10.0, "never": np.inf}, 1e12) == "soon"
    assert nearest({"soon": 10.0, "late": 1e6}, np.inf) == "late"


def test_the_first_bet_stands_and_an_empty_one_is_refused(capsys):
    bet = widgets.predict("How much?", BET)
    press(bet, "This is my bet")
    assert bet.bet is None and "Choose a line first" in bet.answer.sentence
    bet.choice.value = "twice"
    press(bet, "This is my bet")
    bet.choice.value = "ten times"
    press(bet, "This is my bet")
    assert bet.bet == "twice" and bet.sentence == "Your first bet stands: twice. Now run the next cell."
    bet.against(9.2)
    assert capsys.readouterr().out == "It is 9.2. Nearest choice: ten times. You bet: twice.\n"


def test_a_page_that_nobody_bet_on_says_so(capsys):
    assert widgets.predict("How much?", BET).against(2.2) is None
    assert capsys.readouterr().out == "It is 2.2. Nearest choice: twice. (No bet was placed.)\n"


def test_every_choice_of_a_quiz_is_answered_and_shown_as_text():
    quiz = widgets.quiz("Why?", [*CHOICES, ("<i>", False, "<b>bold</b> & more")])
    quiz.choice.value = "not so"
    assert quiz.sentence == "✕ Not this one. It tempts."
    quiz.choice.value = "<i>"
    assert quiz.sentence == "✕ Not this one. <b>bold</b> & more" and "&lt;b&gt;" in quiz.answer.sentence
    quiz.choice.value = "so"
    assert quiz.sentence == "● Right. Because."


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: widgets.predict(3, BET), TypeError),
        (lambda: widgets.predict(" ", BET), ValueError),
        (lambda: widgets.predict("Q", ["a", "b"]), TypeError),
        (lambda: widgets.predict("Q", {"a": 1.0}), ValueError),
        (lambda: widgets.predict("Q", {"a": 1.0, "b": "2"}), TypeError),
        (lambda: widgets.predict("Q", {"a": 1.0, "b": True}), TypeError),
        (lambda: widgets.predict("Q", {"a": 1.0, "b": np.nan}), ValueError),
        (lambda: widgets.predict("Q", {"a": 1.0, 2: 2.0}), TypeError),
        (lambda: widgets.predict("Q", BET).against(np.nan), ValueError),
        (lambda: widgets.predict("Q", BET).against("much"), TypeError),
        (lambda: widgets.quiz("", CHOICES), ValueError),
        (lambda: widgets.quiz("Q", "so"), TypeError),
        (lambda: widgets.quiz("Q", CHOICES[:1]), ValueError),
        (lambda: widgets.quiz("Q", [("a", True), ("b", False)]), TypeError),
        (lambda: widgets.quiz("Q", [("a", 1, "w"), ("b", False, "w")]), TypeError),
        (lambda: widgets.quiz("Q", [("a", False, "w"), ("b", False, "w")]), ValueError),
        (lambda: widgets.quiz("Q", [("a", True, "w"), ("a", False, "w")]), ValueError),
        (lambda: widgets.quiz("Q", [("a", True, ""), ("b", False, "w")]), ValueError),
        (lambda: widgets.square(3), TypeError),
        (lambda: widgets.square(start=(0.1, 0.2, 0.3)), ValueError),
        (lambda: widgets.square(start=(0.1, np.nan)), ValueError),
        (lambda: widgets.square(start=(0.1, 1.0)), ValueError),
        (lambda: widgets.square(start="low"), TypeError),
        (lambda: widgets.dots("law"), TypeError),
        (lambda: widgets.draw((0.1, 0.0)), ValueError),
        (lambda: widgets.draw((0.1, 1j)), TypeError),
        (lambda: widgets.transfer(1, 3), ValueError),
        (lambda: widgets.transfer(4, 3), ValueError),
        (lambda: widgets.transfer(2.0, 3), TypeError),
        (lambda: widgets.transfer(2, 17), ValueError),
    ],
)
def test_bad_input_is_refused_with_expected_found_and_remedy(make, error):
    with pytest.raises(error, match=r"expected .* found .*[;,]"):
        make()


# ------------------------------------------------------------------------------------------------- the square
@pytest.mark.parametrize("start", [(0.10, 0.02), (0.06, 0.06), (0.3, 0.11), (0.02, 0.4), (0.004, 0.003)])
@pytest.mark.parametrize("law", [None, velocity, one_point], ids=["page", "batched", "one point"])
def test_the_square_says_what_runge_kutta_in_performance_finds(start, law):
    said = widgets.square(law, start).sentence
    assert oracles.said(said, "learned at t =") == pytest.approx(
        oracles.waiting(start), rel=6e-3
    )  # it tells three digits
    assert oracles.said(said, "progress is J′ =") == pytest.approx(oracles.slowest(start), rel=0.05)
    falls = re.search("J([₁₂]) falls to", said)
    if falls:
        assert oracles.said(said, "falls to") == pytest.approx(oracles.lowest(start, "₁₂".index(falls[1])), rel=0.05)
    else:
        assert "neither loses ground" in said


@pytest.mark.parametrize(
    "stub", [None, ..., lambda J: None, lambda J: ..., lambda J: (_ for _ in ()).throw(NotImplementedError)]
)
def test_while_there_is_no_velocity_the_pages_own_law_is_drawn_and_named(stub):
    assert widgets.square(stub).sentence == widgets.square().sentence
    assert widgets.square(stub).sentence.startswith("Under the page's law, from J₁ = 0.100 and J₂ = 0.020")


def test_any_law_is_obeyed():
    assert "neither loses ground" in widgets.square(lambda J: (J * (1 - J)) ** 2).sentence
    assert "they are not both learned" in widgets.square(lambda J: -velocity(J)).sentence
    assert "they are not both learned" in widgets.square(lambda J: 0 * J).sentence


def test_the_regions_are_where_exactly_one_component_improves():
    law = modules["laws"].obeyed(velocity)
    regions = [region for _, region, _ in modules["square"].landscape(law)]
    assert all(len(region) == 2 for region in regions)  # two for each winner, four in all
    nothing = modules["laws"].obeyed(lambda J: (J * (1 - J)) ** 2)
    assert all(region == [] for _, region, _ in modules["square"].landscape(nothing))


@pytest.mark.parametrize(
    ("law", "said"),
    [
        (lambda J: J * "<img src=x>", "stopped with UFuncTypeError"),
        (lambda J: J.sum(-1), "returned shape () for J of shape (2,)"),
        (lambda J: J * np.nan, "returned NaN or infinity"),
        (lambda J: [J, "x"], "expected two numbers"),
        (lambda J: 1 / 0, "stopped with ZeroDivisionError: division by zero"),
    ],
)
def test_what_goes_wrong_in_a_learners_function_is_told_kindly(law, said):
    for widget in (widgets.square(law), widgets.dots(law)):
        assert widget.sentence.startswith("Your velocity ") and said in widget.sentence
        assert widget.sentence.endswith("Mend it, run its cell and then this one again.")
        assert "<img" not in widget.stage.sentence


@pytest.mark.parametrize(
    ("law", "said"),
    [
        (lambda J: np.stack([J[..., 1] - 0.5, 0.5 - J[..., 0]], -1), "does it go round"),
        (lambda J: J * 1e305, "cannot be followed"),
    ],
)
def test_a_law_that_no_integrator_can_follow_is_told_kindly(monkeypatch, law, said):
    monkeypatch.setattr("raylab.dynamics.stepping._MOST_STEPS", 300)
    widget = widgets.square(law)
    assert widget.sentence.startswith("Your velocity cannot be followed: ") and said in widget.sentence


@pytest.mark.parametrize("law", [None, velocity])
def test_an_error_of_ours_is_never_swallowed(monkeypatch, law):
    def broken(*_):
        raise ZeroDivisionError("ours")

    widget = widgets.square(law)
    monkeypatch.setattr(modules["square"].plateaus, "waiting_time", broken)
    with pytest.raises(ZeroDivisionError, match="ours"):
        widget.move(0.123, 0.045)


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no time limit without POSIX signals: interrupt the kernel")
def test_a_velocity_that_never_ends_is_stopped_and_leaves_no_alarm(monkeypatch):
    before = signal.getsignal(signal.SIGALRM)
    monkeypatch.setattr(modules["laws"].patience.__wrapped__, "__defaults__", (0.3,))
    assert "took longer than 0.3 s" in widgets.square(endless).sentence
    assert signal.getsignal(signal.SIGALRM) == before and signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_handle_box_and_slider_move_the_same_start():
    widget = widgets.square()
    places = []
    for act in (
        lambda: widget.stage._hear(widget.stage, {"id": 1, "handle": 0, "x": 44 + 262 * 0.3, "y": 30 + 262 * 0.8}, []),
        lambda: setattr(widget.dials[0].box, "value", 0.25),
        lambda: setattr(widget.dials[1].slider, "value", 100),
        lambda: press(widget, "far behind"),
    ):
        act()
        places.append(widget.start)
        assert (widget.dials[0].value, widget.dials[1].value) == widget.start
        assert f"J₁ = {widget.start[0]:.3f} and J₂ = {widget.start[1]:.3f}" in widget.sentence
    assert places[0] == (0.3, 0.2) and places[1] == (0.25, 0.2) and places[3] == (0.1, 0.005)
    assert places[2][0] == 0.25 and 0.001 < places[2][1] < 0.02


def test_an_empty_message_only_carries_an_acknowledgement():
    widget = widgets.square()
    frame = widget.stage.frame
    widget.stage._hear(widget.stage, {}, [])
    assert widget.stage.frame == frame


# ------------------------------------------------------------------------------------------------- dial
def test_a_dial_answers_a_user_and_not_its_own_program():
    heard = []
    dial = Dial("t", 1.0, 1.0, 1e6, 1.0, heard.append, by_ratio=True)
    dial.put(1000.0)
    assert heard == [] and dial.box.value == 1000.0 and dial.slider.value == 200
    dial.slider.value = 300
    assert heard == [31600.0] and dial.box.value == 31600.0
    dial.box.value = 10.0
    assert heard == [31600.0, 10.0] and dial.slider.value == 67


def test_a_dial_of_whole_numbers_stays_whole():
    heard = []
    dial = Dial("K", 2, 2, 8, 1, heard.append)
    dial.slider.value = 3
    assert heard == [5] and isinstance(dial.value, int) and dial.box.value == 5


def test_new_limits_of_a_dial_move_what_lies_outside_and_are_kept_by_both_twins():
    heard = []
    dial = Dial("r", 0.8, 0.0, 0.999, 0.001, heard.append)
    dial.limit(0.0, 0.5)
    assert heard == [] and dial.value == dial.box.value == dial.box.max == 0.5 and dial.slider.value == 400
    dial.slider.value = 200
    assert heard == [0.25] and dial.box.value == 0.25
    dial.limit(0.6, 0.999)
    assert dial.value == dial.box.value == dial.box.min == 0.6 and dial.slider.value == 0
    dial.limit(0.1, 0.2)
    assert (dial.box.min, dial.value, dial.box.max) == (0.1, 0.2, 0.2) and heard == [0.25]


# ------------------------------------------------------------------------------------------------- dots
def test_dots_count_what_runge_kutta_in_performance_counts():
    widget = widgets.dots()
    starts = [(one, two) for two in modules["dots"].STARTS for one in modules["dots"].STARTS]
    done = np.array([[oracles.learned(start, k) for k in (0, 1)] for start in starts])
    for t in (1.0, 12.0, 90.0, 1500.0, 1e6):
        assert np.abs(done / t - 1).min() > 1e-3, "a time at which somebody is just learned decides nothing"
        has = done <= t
        widget.put(100, t)
        expected = [
            has.all(1).sum(),
            (has[:, 0] & ~has[:, 1]).sum(),
            (~has[:, 0] & has[:, 1]).sum(),
            (~has).all(1).sum(),
        ]
        told = re.search(r"(\d+) have learned both, (\d+) only J₁, (\d+) only J₂, and (\d+) neither", widget.sentence)
        assert [int(n) for n in told.groups()] == expected


def test_pictures_shrink_into_points_and_points_leave_trails():
    widget = widgets.dots()
    assert widget.stage.front.count("<rect") >= 25 and "scale(1.000)" in widget.stage.front
    press(widget, "25 points")
    assert "scale(" not in widget.stage.front and widget.stage.front.count("<circle") >= 25
    first = widget.stage.front
    press(widget, "and later")
    assert len(widget.stage.front) > len(first)


# ------------------------------------------------------------------------------------------------- draw
def flat(widget, height):
    for i in range(len(widget.handles)):
        widget.move(i, height)


@pytest.mark.parametrize("start", [(0.10, 0.02), (0.05, 0.05), (0.2, 0.03)])
def test_the_real_curve_is_what_runge_kutta_in_performance_finds(start, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    widget = widgets.draw(start)
    flat(widget, 0.0)
    press(widget, "Show what happened")
    for level in (0.5, 1.5):
        assert oracles.said(widget.sentence, f"passes {level} at t =") == pytest.approx(
            oracles.passes(start, level), rel=0.01
        )
    assert oracles.said(widget.sentence, "At most they are") == 2.0
    flat(widget, 1.0)
    assert oracles.said(widget.sentence, "At most they are") == pytest.approx(1.0, abs=0.01)


def test_a_bent_curve_passes_through_its_handles_and_has_no_bumps():
    handles = (0.1, 0.1, 1.0, 1.0, 1.0, 1.8, 2.0, 2.0)[: modules["draw"].LAST + 1]
    curve = modules["draw"].bend(handles)
    assert np.allclose(np.interp(np.arange(len(handles)), modules["draw"].GRID, curve.heights), handles)
    assert (np.diff(curve.heights) >= -1e-12).all() and curve.heights.max() <= 2.0
    assert 10 < curve.passed[0] < 100 and 1e4 < curve.passed[1] < 1e5


def test_before_the_button_nothing_is_revealed_and_nothing_is_saved(monkeypatch, tmp_path):
    (tmp_path / "work").mkdir(), (tmp_path / "chapters").mkdir()
    monkeypatch.chdir(tmp_path / "chapters")
    widget = widgets.draw()
    widget.move(2, 1.5)
    assert widget.sentence.startswith("You say:") and "what happens" not in widget.stage.front
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize("here", ["chapters", "work", "work/00", "."])
def test_the_first_drawn_curve_is_kept_beside_the_chapters(monkeypatch, tmp_path, here):
    (tmp_path / "work" / "00").mkdir(parents=True), (tmp_path / "chapters").mkdir()
    monkeypatch.chdir(tmp_path / here)
    widget = widgets.draw()
    widget.move(1, 1.25)
    press(widget, "Show what happened")
    widget.move(1, 0.5)
    press(widget, "Show what happened")
    kept = json.loads((tmp_path / "work" / "drawn_curve.json").read_text(encoding="utf-8"))
    assert kept["performance"][1] == 1.25 and kept["times"][:2] == [1, 10] and kept["start"] == list(widget.first)


def test_where_there_is_no_course_nothing_is_written(monkeypatch, tmp_path):
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path)
    press(widgets.draw(), "Show what happened")
    assert list(tmp_path.rglob("*.json")) == []


def test_a_curve_that_cannot_be_saved_stops_nothing(monkeypatch, tmp_path):
    (tmp_path / "work" / "drawn_curve.json").mkdir(parents=True), (tmp_path / "chapters").mkdir()
    monkeypatch.chdir(tmp_path)
    widget = widgets.draw()
    press(widget, "Show what happened")
    assert "At most they are" in widget.sentence


# ------------------------------------------------------------------------------------------------- transfer
@pytest.mark.parametrize(("contexts", "actions"), [(2, 3), (2, 7), (3, 5), (5, 5), (8, 16)])
def test_cosines_at_the_uniform_policy_and_at_both_ends_have_their_closed_forms(contexts, actions):
    spurious = actions - contexts
    uniform = modules["transfer"].uniform_share(contexts, actions)
    shares = (1e-4, uniform, 100 - 1e-4) if spurious else (0.0,)
    found = modules["transfer"].compute(contexts, actions, shares).cosines[:, 0, 1]
    exact = (
        [-1 / (2 * (contexts - 1)), -1 / (2 * (actions - 1)), 1 / (2 * (spurious + 1))]
        if spurious
        else [-1 / (2 * (actions - 1))]
    )
    assert found == pytest.approx(exact, abs=1e-5)


@pytest.mark.parametrize(("contexts", "actions", "share"), [(2, 3, 12.0), (2, 3, 80.0), (4, 9, 55.0), (3, 3, 50.0)])
def test_transfer_says_what_finite_differences_find(contexts, actions, share):
    widget = widgets.transfer(contexts, actions)
    widget.put(share=share)
    cosine, J, rate = oracles.cosine(contexts, actions, share / 100 if actions > contexts else 0.0)
    assert oracles.said(widget.sentence, "cosine is") == pytest.approx(cosine, rel=0.01, abs=1e-4)
    assert oracles.said(widget.sentence, "has J =") == pytest.approx(J, rel=0.01)
    assert oracles.said(widget.sentence, "at J′ =") == pytest.approx(rate, rel=0.01)
    alone = rate / (1 + (contexts - 1) * cosine)
    faster = 100 * abs(rate / alone - 1)
    assert oracles.said(widget.sentence, f"{words.number(rate)},") == pytest.approx(faster, rel=0.1)


def test_there_are_never_more_contexts_than_actions():
    widget = widgets.transfer(2, 3)
    widget.contexts.box.value = 5
    assert (widget.contexts.value, widget.actions.value) == (5, 5)
    widget.actions.box.value = 2
    assert (widget.contexts.value, widget.actions.value) == (2, 2)
    assert "none is spurious" in widget.sentence


# ------------------------------------------------------------------------------------------------- without anywidget
def test_without_anywidget_the_boxes_still_work_and_the_card_says_so():
    script = """
import sys
sys.modules["anywidget"] = None
from raylab import widgets
made = [widgets.square(), widgets.dots(), widgets.draw(), widgets.transfer(), widgets.ruler(), widgets.causes()]
made += [widgets.basin(), widgets.basin(bet=False)]
for widget in made:
    assert all(part in widget.stage.value for part in ("<svg", 'aria-label="', 'role="status"'))
    assert "anywidget is not installed" in widget.children[-1].value
first, square = made[0].stage.value, made[0]
square.dials[0].box.value = 0.3
assert square.stage.value != first and "0.300" in square.sentence
quiz = widgets.quiz("Why?", [("so", True, "Because."), ("no", False, "It tempts.")])
quiz.choice.value = "no"
assert "It tempts." in quiz.answer.value
print("done")
"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    assert run.stdout.strip() == "done", run.stderr
