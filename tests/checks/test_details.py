"""What stands below some messages: numbers that must be those of the answer."""

import numpy as np
import sympy as sp

from raylab.checks import check

u = sp.Symbol("u")


def test_of_a_start_in_any_order_the_detail_speaks_of_the_first_and_the_last_learned():
    start = [0.01, 0.1, 0.5]
    told = {check("07.4", (3, 1 / 3, order)).detail for order in (start, start[::-1])}
    assert len(told) == 1 and "(1 − J of the first learned)/(J of the last)" in told.pop()


def test_a_value_too_small_for_a_float_is_shown_as_it_is():
    f = sp.exp(-1 / u) * (1 + sp.sin(1 / u**2) + u - sp.Rational(1, 200))
    place, _, value = check("06.3", f).detail.removeprefix("at u = ").partition(" it is ")
    size = float(sp.log(-sp.Float(value)))  # e^(-1/u) times something below 1, and no double can hold it
    assert -1 / float(place) - 20 < size < -1 / float(place) < -1000


def test_the_place_where_it_touches_zero_is_shown():
    for zero in (sp.Rational(1, 200), sp.Rational(1, 2000)):
        f = sp.exp(-1 / u) * (2 + sp.sin(1 / u**2)) * (u - zero) ** 2
        assert np.isclose(float(check("06.3", f).detail.removeprefix("near u = ")), float(zero), rtol=1e-5)
