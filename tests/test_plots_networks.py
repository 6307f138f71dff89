"""The figures of policies that are networks show the arrays that they are given, and no others."""

import matplotlib
import numpy as np
import pytest
from example_figures import FIGURES
from matplotlib.transforms import Bbox
from on_axes import coloured, dashed, holds, words

from raylab import plots

# As chapter 08 has them: most bars cross.
NAMES = ["no hidden layer", "He, 64", "torch, 64", "torch, 64-64", "torch, 16-16"]
OVERLAPS = np.array([[0.5, 0.5, 0.5], [0.2, 0.3, 0.43], [0.49, 0.58, 0.64], [0.33, 0.46, 0.57], [0.28, 0.55, 0.75]])
WAITS = np.array([[8, 87, 3e3], [2, 18, 200], [40, 2e3, 6e5], [5, 130, 7e3], [30, 650, 3e7]])


# ----------------------------------------------------------------------------------------------------------- overlap
def test_each_network_has_its_mark_its_two_bars_and_its_name_and_the_linear_policy_a_dashed_line():
    given = FIGURES["waits_by_overlap"]()
    (ax,) = plots.waits_by_overlap(**given).axes
    assert ax.get_yscale() == "log" and words(ax) == ["overlap without hidden layers", *given["names"]]
    colours = []
    for x, y in zip(given["overlaps"], given["waits"], strict=True):
        bars = np.stack([x[[0, 2]], y[[1, 1]]], -1), np.stack([x[[1, 1]], y[[0, 2]]], -1), np.array([[x[1], y[1]]])
        assert all(holds(ax, points) for points in bars)
        colours.append(
            {line.get_color() for line in ax.lines if any(np.array_equal(line.get_xydata(), p) for p in bars)}
        )
    assert all(len(own) == 1 for own in colours) and colours[0] != colours[1]
    (alone,) = dashed(ax)
    assert list(alone.get_xdata()) == [0.5, 0.5]


def test_names_stand_beside_what_they_name_and_nothing_crosses_them():
    figure = plots.waits_by_overlap(NAMES, OVERLAPS, WAITS, 0.5, "A finding", "How.")
    (ax,) = figure.axes
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    lines = [line.get_transform().transform(line.get_xydata()) for line in ax.lines]
    crossed = [path for path in lines for box in boxes if Bbox([path.min(0), path.max(0)]).padded(1).overlaps(box)]
    assert not crossed and not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[:n])
    assert all(box.x0 >= ax.bbox.x0 and box.x1 <= ax.bbox.x1 for box in boxes)
    for middle, box in zip(OVERLAPS[:, 1], boxes[1:], strict=True):
        x = ax.transData.transform((middle, 1))[0]
        assert min(abs(box.x0 - x), abs(box.x1 - x)) < 12


def test_ends_in_the_wrong_order_and_what_no_axis_can_hold_are_refused():
    given = FIGURES["waits_by_overlap"]()
    for wrong, told in (
        ({"waits": given["waits"][:, ::-1]}, "low end, middle and high end"),
        ({"overlaps": np.array([[0, 1, 1e308]] * 2)}, "overlaps: .* up to 1e100"),
        ({"alone": 1e308}, "alone: expected a finite number in"),
    ):
        with pytest.raises(ValueError, match=told):
            plots.waits_by_overlap(**(given | wrong))


# ----------------------------------------------------------------------------------------------------- sunk contexts
def panels():
    given = FIGURES["sunk_contexts"]()
    return given, *plots.sunk_contexts(**given).axes


def test_both_axes_are_logarithms_and_the_dashed_line_is_one_over_time():
    given, sinking, _ = panels()
    for times, J in given["curves"].values():
        assert holds(sinking, np.log10(np.stack([times, J], axis=-1)))
    (line,) = dashed(sinking)
    assert line.get_linestyle() == "--" and np.array_equal(line.get_xydata(), [[0, 0], [4, -4]])
    assert words(sinking) == ["$1/t$", *given["curves"]]
    places = {text.get_text(): text.xy for text in sinking.texts}
    assert places["one"] == (3, -6) and places["two"] == (3, -9)  # where each is lowest


def test_times_before_one_and_performances_that_have_lost_their_digits_are_left_out():
    times, J = np.array([0.0, 0.7, 1.0, 10.0, 100.0]), np.array([0.1, 0.1, 0.1, 1e-299, 1e-310])
    sinking, _ = plots.sunk_contexts({"one": (times, J)}, {"a": np.zeros(1)}, ["late"], "A finding", "How.").axes
    assert holds(sinking, np.log10(np.stack([times, J], axis=-1)[2:4]))


def test_each_network_has_a_mark_of_its_own_kind_for_each_moment():
    given, _, counts = panels()
    marks = [line for line in counts.lines if line.get_marker() != "None" and len(line.get_xdata())]
    assert len(marks) == 6
    for row, values in enumerate(given["shares"].values()):
        assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in marks[2 * row : 2 * row + 2]] == [
            (x, row) for x in values
        ]
    for first, second in zip(marks[::2], marks[1::2], strict=True):
        assert first.get_marker() == marks[0].get_marker() != second.get_marker()
        assert not matplotlib.colors.same_color(first.get_color(), second.get_color())
    assert [text.get_text() for text in counts.get_legend().get_texts()] == given["moments"]
    assert [label.get_text() for label in counts.get_yticklabels()] == list(given["shares"])
    assert len(coloured(counts, marks[0].get_color())) == 4  # three networks, and the legend


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"curves": {"one": (np.array([1.0, 2.0]), np.array([0.1, 1.5]))}}, r"within \[0, 1\]"),
        ({"curves": {"one": (np.array([2.0, 1.0]), np.array([0.1, 0.5]))}}, "none before the last"),
        ({"curves": {"one": (np.array([1.0, 2.0]), np.array([0.1]))}}, "as many times"),
        ({"curves": {"one": (np.array([0.1, 0.2]), np.array([0.1, 0.2]))}}, "two times from 1 on"),
        ({"curves": {"one": (np.array([1.0, 1.0]), np.array([0.1, 0.2]))}}, "the last one later"),
        ({"shares": {"a": np.array([0.5])}}, "shares"),
        ({"shares": {"a": np.array([0.5, 1.2])}}, r"within \[0, 1\]"),
        ({"moments": list("abcde")}, "expected one to 4, found 5"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        plots.sunk_contexts(**(FIGURES["sunk_contexts"]() | wrong))
