"""The figure of policies that are networks shows the arrays that it is given, and no others."""

import matplotlib
import numpy as np
import pytest
from example_figures import FIGURES
from on_axes import coloured, dashed, holds, words

from raylab import plots


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
        ({"shares": {"a": np.array([0.5])}}, "shares"),
        ({"shares": {"a": np.array([0.5, 1.2])}}, r"within \[0, 1\]"),
        ({"moments": list("abcde")}, "expected one to 4, found 5"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        plots.sunk_contexts(**(FIGURES["sunk_contexts"]() | wrong))
