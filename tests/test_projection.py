"""The sum of the rows is ascent on the sum of the components."""

import numpy as np

from raylab import projection


def test_total_is_the_sum_over_components_for_any_runs():
    updates = np.random.default_rng(0).normal(size=(4, 3, 5))
    found = projection.total(updates)
    assert found.shape == (4, 5)
    np.testing.assert_allclose(found, updates[:, 0] + updates[:, 1] + updates[:, 2], rtol=1e-14)
