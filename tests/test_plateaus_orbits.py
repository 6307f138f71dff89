"""The closed form of orbits and their flatness, against twenty digits and against an integrator."""

import mpmath as mp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from raylab import plateaus
from raylab.plateaus import integral

COSINES = (-0.999, -0.9, -0.5, -1e-3, -1e-9, 0.0, 1e-9, 0.25, 0.5, 0.8, 0.999)
AWKWARD = [
    (0.3, 0.3 + 1e-12), (1e-3, 1e-3 * (1 + 1e-6)), (1e-6, 1.01e-6), (1e-9, 0.5), (1e-3, 1 - 1e-9), (0.6, 0.999_999_9),
    (0.999, 0.9989), (1e-12, 1 - 1e-12),
]  # fmt: skip
NEAR_THE_CROSSING = [(p, 1 - p - far) for p in (0.05, 0.3) for far in (1e-5, 0.01, 0.03)]
STARTS = np.concatenate([10 ** np.random.default_rng(1).uniform(-4, -1e-4, (4, 2)), AWKWARD, NEAR_THE_CROSSING])


@pytest.fixture(autouse=True)
def twenty_digits():
    with mp.workdps(20):
        yield


def by_quadrature(s, d, k):
    """I by quadrature; for k < 1 with sinh u = y^(1/k) in its second term, which takes the singularity away."""
    top = mp.sinh(d) ** k
    if k >= 1:
        begin = max(d - 80 * mp.tanh(d) / k, 0)  # all before is below e^-80 of it
        rest = k * top / mp.sinh(d) * mp.quad(lambda u: (mp.sinh(u) / mp.sinh(d)) ** (k - 1), mp.linspace(begin, d, 5))
    else:
        cuts = [y for y in (mp.exp(k * w) for w in (-40, -12, -4, -2, 0, 2, 4, 12, 40)) if y < top]
        rest = mp.quad(lambda y: 1 / mp.sqrt(1 + y ** (2 / k)), [0, *cuts, top])
    return mp.cosh(s) * top + rest


def logits(J):
    return [mp.log(mp.mpf(float(p)) / (1 - mp.mpf(float(p)))) for p in J]


def half_difference(slope, c):
    """d at the crossing, from the slope 4 (1 + c) a^2 there and a = 1 / (2 + 2 cosh d)."""
    a = mp.sqrt(slope / (4 * (1 + c)))
    return mp.acosh((1 / a - 2) / 2)


@pytest.mark.parametrize("cosine", COSINES)
def test_flatness_is_right_to_nine_digits_down_to_1e_12_for_every_cosine(cosine):
    c = mp.mpf(cosine)
    k = (1 + c) / (1 - c)
    tried = 0
    flattest, steepest = mp.mpf("1e-12"), (1 + c) / 4 * (1 - mp.mpf("1e-9"))  # nearer to the diagonal all is lost
    low, high = (by_quadrature(0, half_difference(slope, c), k) for slope in (steepest, flattest))
    for J, found in zip(STARTS, plateaus.flatness(STARTS, cosine), strict=True):
        x, y = logits(J)
        wanted = by_quadrature((x + y) / 2, abs(x - y) / 2, k)
        if not low < wanted < high:
            continue
        # I falls with the slope: the right slope lies between these two
        between = [by_quadrature(0, half_difference(found * (1 + sign * mp.mpf("1e-11")), c), k) for sign in (1, -1)]
        assert between[0] < wanted < between[1], J
        tried += 1
    assert tried >= 4


@pytest.mark.parametrize("k", [1e-3, 1 / 3, 0.97, 1.0, 1 + 1e-12, 2.0, 3.0, 3.01, 12.5, 29.9, 30.0, 2000.0])
def test_the_remainder_keeps_fourteen_digits_on_both_sides_of_every_seam(k):
    seam = integral._SPLIT_W
    w = np.concatenate([np.linspace(-30, 14, 12), seam + np.array([-1e-9, 0, 1e-9])])
    found, sech = integral.remainder(w, k)
    for u, R, S in zip(w, found, sech, strict=True):
        z = mp.exp(mp.mpf(float(u)))
        wanted = mp.hyp2f1(mp.mpf(1) / 2, mp.mpf(k) / 2, 1 + mp.mpf(k) / 2, -(z**2))
        assert abs(R - wanted) < 1e-14 * wanted
        assert abs(S - 1 / mp.sqrt(1 + z**2)) < 1e-15 * S


@pytest.mark.parametrize("k", [1e-3, 0.05, 1 / 3, 1.0, 3.0, 100.0])
@pytest.mark.parametrize("cosh", [1.0, 30.0, 1e12])
def test_newtons_method_arrives_from_everywhere(k, cosh):
    goal = np.linspace(-700, 700, 20_001) * max(k, 1.0)
    heights = np.full(goal.shape, cosh)
    w = integral.on_orbit(goal, heights, k)
    R, _ = integral.remainder(w, k)
    np.testing.assert_allclose(k * w + np.log(heights + R), goal, rtol=2e-15, atol=2e-15 * (1 + np.log(cosh)))
    assert (np.diff(w) > 0).all()


@pytest.mark.parametrize("ratio", [(0.3, 0.2), (0.3, 0.2999), (0.01, 0.5), (0.35, 0.34)])
def test_the_logarithm_falls_towards_the_origin_down_to_1e_150(ratio):
    scales = np.geomspace(1, 1e-150, 30_001)[:, None]
    found = plateaus.flatness(scales * np.array(ratio), log=True)
    assert (np.diff(found) < 0).all()
    for J, at in ((scales[-1] * np.array(ratio), found[-1]), (scales[20_000] * np.array(ratio), found[20_000])):
        low, high = sorted(J)
        law = np.log(128) + 4 * np.log(low) + 4 * np.log(high) - 2 * np.log(high - low)
        assert abs(at - law) < 1e-12 * abs(law)


@pytest.mark.parametrize("cosine", [-0.9, -0.5, 0.0, 0.5])
def test_no_start_however_extreme_gives_anything_but_a_number(cosine):
    one = np.nextafter(1, 0)
    ends = [5e-324, 1e-308, 1e-300, 1e-17, 0.5, 1 - 1e-9, one]
    J = np.array([(p, q) for p in ends for q in ends])
    found = plateaus.flatness(J, cosine, log=True)
    assert np.isfinite(found).all() and (found <= np.log((1 + cosine) / 4) + 1e-15).all()
    assert np.isfinite(plateaus.first_integral(J[J[:, 0] != J[:, 1]], cosine, log=True)).all()


def test_the_diagonal_crosses_at_an_eighth_and_the_edges_never():
    diagonal = np.array([1e-200, 1e-9, 0.3, 0.5, 0.999])[:, None] * np.ones(2)
    np.testing.assert_allclose(plateaus.flatness(diagonal), 1 / 8, rtol=1e-15)
    np.testing.assert_allclose(plateaus.flatness(diagonal, 0.2), 1.2 / 4, rtol=1e-15)
    assert (plateaus.first_integral(diagonal) == 0).all()
    edges = [(0, 0.3), (0.3, 0), (1, 0.3), (0.3, 1), (0, 0), (1, 1), (0, 1)]
    assert (plateaus.flatness(edges) == 0).all()
    assert np.isneginf(plateaus.flatness(edges, log=True)).all()
    assert np.isposinf(plateaus.first_integral(edges)).all()


def test_a_start_beyond_the_crossing_and_a_mirrored_one_have_the_same_value():
    J = np.random.default_rng(2).uniform(0.01, 0.99, (200, 2))
    for cosine in (-0.7, -0.5, 0.0, 0.4):
        found = plateaus.flatness(J, cosine)
        np.testing.assert_allclose(plateaus.flatness(1 - J, cosine), found, rtol=1e-11)
        np.testing.assert_allclose(plateaus.flatness(J[:, ::-1], cosine), found, rtol=1e-15)


@pytest.mark.parametrize("cosine", [-0.8, -0.5, 0.0, 0.3])
def test_integrated_orbits_keep_the_integral_and_cross_at_the_promised_slope(cosine):
    def velocity(_, x):
        a = 1 / (2 + 2 * np.cosh(x))
        return 2 * (a + cosine * a[::-1])

    def crossing(_, x):
        return x.sum()

    for J in np.random.default_rng(3).uniform(0.02, 0.4, (6, 2)):
        x0 = np.log(J / (1 - J))
        path = solve_ivp(velocity, (0, 1e12), x0, "DOP853", rtol=1e-12, atol=1e-13, events=crossing)
        (at,) = path.y_events[0]
        a = 1 / (2 + 2 * np.cosh(at))
        assert np.isclose(2 * (a @ a + 2 * cosine * a.prod()), plateaus.flatness(J, cosine), rtol=1e-9)
        kept = path.y[:, path.t < path.t_events[0][0]]  # beyond, the saddle has magnified the integrator's errors
        values = plateaus.first_integral(1 / (1 + np.exp(-kept.T)), cosine)
        np.testing.assert_allclose(values, values[0], rtol=1e-8)
        assert not np.isclose(plateaus.first_integral(J * [1, 0.9], cosine), values[0], rtol=1e-3)


def test_any_leading_axes_and_a_single_point_will_do():
    J = np.random.default_rng(4).uniform(size=(3, 4, 2))
    whole = plateaus.flatness(J)
    assert whole.shape == (3, 4)
    assert plateaus.flatness(J[1, 2]) == whole[1, 2]
    many = np.random.default_rng(5).uniform(size=(20_000, 2))  # more than one block
    np.testing.assert_array_equal(plateaus.flatness(many)[:30], plateaus.flatness(many[:30]))


@pytest.mark.parametrize("bad", [[0.2, 1.2], [-0.1, 0.5]])
def test_what_is_no_performance_is_refused(bad):
    with pytest.raises(ValueError, match="J: expected performances"):
        plateaus.flatness(bad)
    with pytest.raises(ValueError, match="cosine: expected"):
        plateaus.flatness([0.2, 0.3], -1.0)
