"""The figures of chapter 08 show the arrays that they are given, and no others."""

import matplotlib
import numpy as np
import pytest
from example_figures import FIGURES
from on_axes import coloured, words

from raylab import plots
from raylab.palette import EARTH, INK, PLATEAU, QUIET


def drawn(lines, x, y):
    return any(len(line.get_xdata()) == len(x) and np.allclose(line.get_data(), (x, y)) for line in lines)


def circles(ax):
    return [line for line in ax.lines if line.get_marker() == "o" and line.get_linestyle() == "None"]


# ------------------------------------------------------------------------------------------------------ mode curves
def test_each_mode_has_its_curve_theory_is_dashed_and_half_times_are_circles_at_half_height():
    given = FIGURES["mode_curves"]()
    with_theory, without = plots.mode_curves(**given).axes
    t, curves, theory, halves = given["panels"]["with theory"]
    dashed = [line for line in coloured(with_theory, INK) if line.get_linestyle() == "--"]
    assert len(dashed) == 2
    for k, colour in enumerate(plots.ramp(2)):
        assert drawn(coloured(with_theory, colour), t, curves[:, k]) and drawn(dashed, t, theory[:, k])
    assert drawn(circles(with_theory), halves, curves[-1] / 2)
    assert not circles(without) and not [line for line in coloured(without, INK) if line.get_linestyle() == "--"]
    assert with_theory.get_title() == "with theory" and words(with_theory) + words(without) == given["names"]
    assert with_theory.get_xlim() == (0, 5) and with_theory.get_xscale() == "linear"


def test_names_stand_on_the_way_where_all_curves_end_together():
    t = np.arange(5.0)
    curves = np.stack([np.minimum(t / 2, 1), np.minimum(t / 4, 1)], -1)
    panels = {name: (t, curves, None, None) for name in ("one", "two")}
    first, second = plots.mode_curves(panels, "12", "A finding", "How it was made.").axes
    assert words(first) == ["1", "2"] and words(second) == []
    assert [text.xy for text in first.texts] == [(1.0, 0.5), (2.0, 0.5)]


def test_names_of_curves_that_end_near_the_top_stay_within_the_axes_and_apart():
    t = np.arange(3.0)
    curves = t[:, None] * np.linspace(1.0, 0.6, 9)
    (ax,) = plots.mode_curves({"": (t, curves, None, None)}, "123456789", "A finding", "How it was made.").axes
    heights = [text.xy[1] for text in ax.texts]
    low, high = ax.get_ylim()
    assert max(heights) <= high + 1e-9 and min(heights) >= low
    assert sorted(words(ax), reverse=True) == [word for _, word in sorted(zip(heights, words(ax), strict=True))]
    assert np.diff(sorted(heights)).min() > 0.07 * (high - low)


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (2, 1), (3, 1), (4, 2)])
def test_panels_do_not_cover_each_other(count, rows):
    t = np.arange(3.0)
    panels = {f"panel {n}": (t, t[:, None], None, None) for n in range(count)}
    boxes = [ax.get_position() for ax in plots.mode_curves(panels, "1", "A finding", "How.").axes]
    assert len({round(box.y0, 6) for box in boxes}) == rows
    assert not any(one.overlaps(other) for n, one in enumerate(boxes) for other in boxes[:n])


def test_thin_lines_stand_at_their_levels_in_every_panel():
    t = np.arange(3.0)
    panels = {name: (t, t[:, None], None, None) for name in "ab"}
    for ax in plots.mode_curves(panels, "1", "A finding", "How.", levels=[0.5, 1.5]).axes:
        (lines,) = [lines for lines in ax.collections if len(lines.get_segments()) == 2]
        assert [segment.tolist() for segment in lines.get_segments()] == [[[0, y], [2, y]] for y in (0.5, 1.5)]


def test_a_window_shows_its_stretch_of_time_and_names_stand_beside_the_circles():
    t = np.arange(9.0)
    curves, halves = np.stack([t, t / 2, t / 4], -1), [4.0, 4.1, 5.0]
    (ax,) = plots.mode_curves({"": (t, curves, None, halves)}, "abc", "A finding", "How.", window=(3, 7)).axes
    assert ax.get_xlim() == (3, 7) and drawn(circles(ax), halves, curves[-1] / 2)
    assert {text.get_text(): text.xy for text in ax.texts} == {"a": (4, 4), "b": (4.1, 2), "c": (5, 1)}
    sides = {text.get_text(): (text.get_ha(), text.get_va()) for text in ax.texts}
    assert sides == {"a": ("right", "bottom"), "b": ("left", "top"), "c": ("right", "bottom")}  # b is close to a, below


def test_of_two_circles_the_higher_one_has_its_name_above():
    t = np.arange(9.0)
    (ax,) = plots.mode_curves({"": (t, np.stack([t, t / 2], -1), None, [4.1, 4.0])}, "ab", "f", "m", None, (3, 7)).axes
    assert {text.get_text(): (text.get_ha(), text.get_va()) for text in ax.texts} == {
        "a": ("left", "bottom"),
        "b": ("right", "top"),
    }


@pytest.mark.parametrize(
    ("window", "halves", "said"),
    [
        ((2, 1), [1.0], "expected two times from 0 to 2, the first before the last, found 2 and 1"),
        ((1, 3), [1.0], "expected two times from 0 to 2"),
        ((0, 1), None, "window: expected circles in every panel"),
        ((0,), [1.0], "window: expected 2"),
    ],
)
def test_a_window_beyond_the_record_or_without_circles_is_refused(window, halves, said):
    t = np.arange(3.0)
    with pytest.raises(ValueError, match=said):
        plots.mode_curves({"a": (t, t[:, None], None, halves)}, "1", "f", "m", window=window)


def test_five_panels_and_curves_without_their_names_are_refused():
    t = np.arange(3.0)
    panels = {f"panel {n}": (t, t[:, None], None, None) for n in range(5)}
    with pytest.raises(ValueError, match="expected at most 4 entries, found 5"):
        plots.mode_curves(panels, "1", "A finding", "How.")
    with pytest.raises(ValueError, match="curves"):
        plots.mode_curves({"one": (t, t[:, None], None, None)}, "12", "A finding", "How.")
    with pytest.raises(ValueError, match="none before the last"):
        plots.mode_curves({"one": (-t, t[:, None], None, None)}, "1", "A finding", "How.")


# ------------------------------------------------------------------------------------------------------ both clocks
def test_waits_are_marks_and_laws_dashed_lines_over_one_over_the_start():
    given = FIGURES["both_clocks"]()
    (ax,) = plots.both_clocks(**given).axes
    assert ax.get_xscale() == ax.get_yscale() == "log"
    for name, law in given["laws"].items():
        assert drawn(coloured(ax, INK), 1 / given["start"], law)
        assert drawn(ax.lines, 1 / given["places"], given["waits"][name])
    (apart,) = coloured(ax, PLATEAU)
    assert np.allclose(apart.get_ydata(), given["waits"]["bandit"]) and apart.get_marker() == "s"
    assert sorted(words(ax)) == ["bandit", "two layers"]


def test_names_that_would_cover_each_other_are_moved_apart():
    start = np.array([0.1, 0.01])
    laws = {name: np.array([1.0, 10.0 + n]) for n, name in enumerate("abc")}
    (ax,) = plots.both_clocks(start, laws, laws, start, "c").axes
    heights = np.sort(np.log10([text.xy[1] for text in ax.texts]))
    assert np.diff(heights).min() > 0.05 * np.ptp(np.log10(ax.get_ylim()))


def test_laws_for_others_than_the_waits_are_refused():
    given = FIGURES["both_clocks"]()
    with pytest.raises(ValueError, match="laws: expected the names of waits"):
        plots.both_clocks(**(given | {"laws": {"another": given["start"]}}))
    with pytest.raises(ValueError, match="apart one of them"):
        plots.both_clocks(**(given | {"apart": "nobody"}))


# ---------------------------------------------------------------------------------------------------------- cosines
def test_a_row_of_bars_for_each_split_and_its_share_of_negative_ones_in_words():
    values = np.array([-0.4, -0.1, -0.2, 0.3])
    figure = plots.spread_of_cosines({"zeros": np.zeros(5), "some": values}, "A finding", "How.")
    zeros, some = figure.axes
    assert [text.get_text() for text in figure.texts][2:] == ["zeros\nnegative: 0 %", "some\nnegative: 75 %"]
    heights = {bar.get_x() + bar.get_width() / 2: bar for bar in zeros.patches if bar.get_height() > 0}
    ((middle, bar),) = heights.items()
    assert abs(middle) < 1e-12 and matplotlib.colors.same_color(bar.get_facecolor(), QUIET)
    found = [(bar.get_x() + bar.get_width() / 2, bar.get_facecolor()) for bar in some.patches if bar.get_height() > 0]
    assert len(found) == 4
    for x, colour in found:
        assert matplotlib.colors.same_color(colour, PLATEAU if x < 0 else EARTH)
        assert np.abs(values - x).min() < 0.02


def test_a_number_that_is_no_cosine_is_refused():
    with pytest.raises(ValueError, match=r"within \[-1, 1\], found 1.5"):
        plots.spread_of_cosines({"some": np.array([0.1, 1.5])}, "A finding", "How.")


# ----------------------------------------------------------------------------------------------------------- images
def test_each_picture_is_shown_as_it_is_with_zero_in_the_middle_of_its_colours():
    given = FIGURES["mode_images"]()
    axes = plots.mode_images(**given).axes
    for ax, image, word in zip(axes, given["images"], given["words"], strict=True):
        (shown,) = ax.images
        assert np.array_equal(shown.get_array(), image) and ax.get_title() == word
        low, high = shown.get_clim()
        assert low == -high and high == np.abs(image).max()


# ------------------------------------------------------------------------------------------------------ bad input
def test_lists_are_drawn_as_arrays_are():
    t, curves = [0.0, 1.0, 2.0], [[0.0, 0.0], [1.0, 0.4], [1.0, 1.0]]
    first, _ = plots.mode_curves(dict.fromkeys("ab", (t, curves, curves, [0.5, 1.5])), "12", "A finding", "How.").axes
    assert words(first) == ["1", "2"] and drawn(circles(first), [0.5, 1.5], [0.5, 0.5])


def test_a_row_that_is_zero_but_for_a_few_reaches_to_the_largest_of_these():
    (ax,) = plots.spread_of_cosines({"few": np.append(np.zeros(1000), -0.5)}, "A finding", "How.").axes
    assert ax.get_xlim() == pytest.approx((-0.525, 0.525))


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (
            lambda: plots.mode_curves({"a": (np.ones(3), np.ones((3, 1)), None, None)}, "1", "f", "m"),
            "found 3 from 1 to",
        ),
        (
            lambda: plots.mode_curves({"a": ([0, 1], [[-1e308], [1e308]], None, None)}, "1", "f", "m"),
            "curves: .* 1e100",
        ),
        (lambda: plots.mode_curves({"a": ([0, 1], [[0], [1]], None, [1e308])}, "1", "f", "m"), "circles: .* 1e100"),
        (lambda: plots.mode_images(np.full((1, 2, 2), 1e308), ["a"], "f", "m"), "images: expected numbers up to 1e100"),
    ],
)
def test_what_no_axis_can_hold_is_refused(draw, said):
    with pytest.raises(ValueError, match=said):
        draw()
