import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from raylab import palette, plots

RNG = np.random.default_rng(0)


def squares(ax):
    """The squares of a matrix by place: (row, column) -> patch."""
    found = [p for p in ax.patches if isinstance(p, Rectangle)]
    return {(round(p.get_y() + p.get_height() / 2), round(p.get_x() + p.get_width() / 2)): p for p in found}


def matrix(K):
    U = RNG.normal(0, 1, (K, 4))
    U /= np.linalg.norm(U, axis=1, keepdims=True)
    return np.clip(U @ U.T, -1, 1)


def drawn(C, **more):
    return plots.interference_matrix(C, plt.figure().add_subplot(), **more)


def test_negative_squares_are_filled_and_positive_ones_open():
    C = matrix(8)
    for (i, j), patch in squares(drawn(C)).items():
        if i != j:
            assert to_hex(patch.get_facecolor()).upper() == (palette.INK if C[i, j] < 0 else palette.PAPER)


def test_the_area_of_a_square_grows_like_the_size_of_the_cosine():
    C = matrix(9)
    found = squares(drawn(C))
    ratio = [found[i, j].get_width() ** 2 / abs(C[i, j]) for i, j in found if i != j]
    assert np.allclose(ratio, ratio[0]) and ratio[0] <= 1  # the largest cosine still fits its cell


def test_a_goal_that_pulls_on_nobody_leaves_its_row_empty():
    C = matrix(7)
    C[2], C[:, 2] = 0, 0
    assert not any(2 in place for place in squares(drawn(C)))


def test_a_small_matrix_carries_its_numbers_and_a_large_one_does_not():
    C = np.array([[1.0, -0.25], [-0.25, 1.0]])
    assert [t.get_text() for t in drawn(C).texts] == ["−0.25", "−0.25"]
    assert not drawn(matrix(10)).texts


def test_labels_are_the_names_that_were_given():
    ax = drawn(matrix(3), names=["a", "b", "c"])
    assert [t.get_text() for t in ax.get_xticklabels()] == ["a", "b", "c"]
    with pytest.raises(ValueError, match="names"):
        drawn(matrix(3), names=["a", "b"])


def test_a_matrix_that_is_not_square_is_refused():
    with pytest.raises(ValueError, match="expected shape"):
        drawn(np.zeros((2, 3)))


def test_a_table_has_a_panel_for_each_matrix_and_a_heading_for_each_column():
    rows = [[matrix(3), matrix(3), matrix(3)], [matrix(3), matrix(3), matrix(3)]]
    figure = plots.interference_matrices(rows, ["x", "y", "z"], "finding", "made", ["one", "two"])
    assert len(figure.axes) == 6 and [ax.get_title(loc="center") for ax in figure.axes[:3]] == ["x", "y", "z"]
    assert {"finding", "made", "one", "two"} <= {t.get_text() for t in figure.texts}
    with pytest.raises(ValueError, match="rows"):
        plots.interference_matrices([rows[0], rows[1][:2]], ["x", "y", "z"], "finding", "made")


def test_the_null_differs_from_the_real_labels_by_dash_as_well_as_by_colour():
    means, patterns = RNG.normal(0, 0.1, (2, 4, 3)), RNG.normal(0, 0.1, (2, 6, 3))
    figure = plots.real_and_null(np.array([0, 10, 100]), means, patterns, -1 / 9)
    thick = [line for line in figure.axes[0].lines if line.get_linewidth() > 2]
    assert len(thick) == 2 and len({line.get_color() for line in thick}) == 2
    assert {line.is_dashed() for line in thick} == {True, False}
    assert np.allclose(thick[0].get_ydata(), np.median(means[0], axis=0))


def test_the_floor_is_theory_black_and_dashed():
    means, patterns = RNG.normal(0, 0.1, (2, 4, 3)), RNG.normal(0, 0.1, (2, 6, 3))
    ax = plots.real_and_null(np.array([0, 10, 100]), means, patterns, -0.07).axes[0]
    (floor,) = [line for line in ax.lines if line.get_color() == palette.INK]
    assert floor.is_dashed() and set(floor.get_ydata()) == {-0.07}


def test_the_bars_of_a_stage_are_its_shares():
    shares = RNG.normal(0, 1, (2, 5))
    ax = plots.by_block(list("abcde"), shares, ["before", "after"], "finding", "made").axes[0]
    assert np.allclose([bar.get_width() for bar in ax.patches], shares.ravel())
    with pytest.raises(ValueError, match="stages"):
        plots.by_block(list("abcde"), np.zeros((3, 5)), ["a", "b", "c"], "finding", "made")
