"""Basins of plateaus without simulation, against flatness point by point."""

from itertools import pairwise

import numpy as np
import pytest

from raylab import plateaus

LEVELS = (1e-12, 1e-6, 1e-4, 1e-2, 0.09, 49 / 512 - 1e-6, 49 / 512 + 1e-6, 0.1, 0.1088)


@pytest.mark.parametrize("cosine", [-0.95, -0.5, 0.0, 0.5, 0.97])
def test_on_the_line_the_point_at_the_share_has_just_that_flatness(cosine):
    lines = np.array([1e-6, 0.01, 0.2, 0.5, 0.99])[:, None]
    epsilon = np.geomspace(1e-100, plateaus.steepest_slope(cosine) * 0.999, 60)
    share = plateaus.basin_share(lines, epsilon, cosine)
    assert ((share > 0) & (share <= 1)).all() and (np.diff(share, axis=1) >= 0).all()
    J = np.stack([lines * share / 2, lines * (1 - share / 2)], axis=-1)
    found = plateaus.flatness(J, cosine, log=True)
    told = share < 1 - 1e-3  # closer to the middle the digits of J do not tell points apart
    assert told.any()
    error = np.abs(found - np.log(epsilon))[told]
    assert (error < 1e-10 * np.abs(np.log(epsilon)).max() / np.minimum(1, (1 + cosine) / (1 - cosine))).all()


def test_the_share_is_that_of_an_even_grid_on_the_line():
    p = 0.2 * (np.arange(200_000) + 0.5) / 200_000
    J = np.stack([p, 0.2 - p], axis=-1)
    for epsilon in (1e-6, 1e-4, 1e-2, 0.2):
        assert abs(plateaus.in_basin(J, epsilon).mean() - plateaus.basin_share(0.2, epsilon)) < 1.1e-5


def test_a_slope_that_no_plateau_has_adds_nothing():
    most = plateaus.steepest_slope()
    assert plateaus.basin_share(0.3, 1.0) == plateaus.basin_share(0.3, most)
    J = np.random.default_rng(0).uniform(0, 0.5, (2000, 2))
    np.testing.assert_array_equal(plateaus.in_basin(J, 1.0), plateaus.flatness(J) < most)


def test_behind_the_crossing_and_on_the_edges_there_is_no_basin():
    one = np.nextafter(1, 0)
    J = [(0.6, 0.7), (0.99, 0.02), (0.0, 0.4), (0.4, 0.0), (1.0, 0.0), (0.0, 0.0), (2e-16, one), (1e-16, one)]
    np.testing.assert_array_equal(plateaus.in_basin(J, 0.1), [False] * 7 + [True])


@pytest.mark.parametrize("epsilon", LEVELS)
def test_along_the_boundary_flatness_is_epsilon_and_it_ends_on_the_crossing(epsilon):
    boundary = plateaus.basin_boundary(epsilon, 101)
    assert boundary.shape == (101, 2) and (boundary[:, 0] > boundary[:, 1]).all()
    # a digit that J1 - J2 lacks is a digit that flatness lacks, four times over and more
    np.testing.assert_allclose(plateaus.flatness(boundary), epsilon, rtol=1e-5)
    assert boundary[0].sum() < 2e-3 and abs(boundary[-1].sum() - 1) < 1e-14
    beside = boundary[(boundary[:, 0] - boundary[:, 1] > 1e-3) & (boundary.sum(axis=1) < 1 - 1e-6)]
    down = np.array([0, 1e-5 * epsilon])
    assert plateaus.in_basin(beside - down, epsilon).all() and not plateaus.in_basin(beside + down, epsilon).any()


@pytest.mark.parametrize("epsilon", LEVELS)
def test_the_polygon_lies_inside_the_basin(epsilon):
    corners = plateaus.polygon(epsilon)
    assert len(corners) == (5 if epsilon < 49 / 512 else 4)
    # the triangles between (1, 0), which sees the whole polygon, and its sides
    rng = np.random.default_rng(1)
    fan = [(1, i, (i + 1) % len(corners)) for i in range(2, len(corners))]
    points = np.concatenate([rng.dirichlet(np.ones(3), 4000) @ corners[list(triangle)] for triangle in fan])
    assert plateaus.in_basin(points, epsilon).all()
    on_the_sides = np.concatenate([np.linspace(a, b, 203)[1:-1] for a, b in pairwise(corners[2:])])
    assert plateaus.in_basin(on_the_sides, epsilon).all()


def test_the_corners_of_the_polygon_are_what_they_are_called():
    for epsilon in LEVELS:
        corners = plateaus.polygon(epsilon)
        (crossing, exit_) = corners[2:4]
        assert np.isclose(2 * crossing.prod() ** 2, epsilon, rtol=1e-12) and np.isclose(crossing.sum(), 1)
        a = exit_ * (1 - exit_)
        assert np.isclose(2 * a[1], a[0], rtol=1e-9)
        assert np.isclose(*(crossing - exit_), atol=1e-15)
        if len(corners) == 5:
            np.testing.assert_allclose(corners[4], [1 - exit_[0], exit_[1]])


@pytest.mark.parametrize("f", [plateaus.basin_boundary, plateaus.polygon])
@pytest.mark.parametrize("epsilon", [0.0, -1.0, plateaus.steepest_slope(), 1.0])
def test_a_slope_without_a_basin_is_refused(f, epsilon):
    with pytest.raises(ValueError, match="epsilon: expected a slope inside"):
        f(epsilon)


def test_shares_are_asked_before_the_crossing_and_for_shapes_that_fit():
    with pytest.raises(ValueError, match="performance: expected values inside"):
        plateaus.basin_share(1.0, 1e-4)
    with pytest.raises(ValueError, match="epsilon: expected positive slopes"):
        plateaus.basin_share(0.2, 0.0)
    with pytest.raises(ValueError, match="epsilon: expected a shape that fits"):
        plateaus.basin_share([0.1, 0.2], [1e-4, 1e-3, 1e-2])
