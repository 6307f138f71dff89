"""Ways to combine one update per component into a single step: (..., K, d) -> (..., d)."""

from raylab import arguments
from raylab.records import Jacobian, Parameters


def total(updates: Jacobian) -> Parameters:
    """The plain sum over components, (..., K, d) -> (..., d): ascent on J = sum_k J_k.  [Schaul19 Sec. 1]

    Raises TypeError or ValueError if `updates` is not a finite array with at least two axes.
    """
    return arguments.array(updates, "updates", "... K d").sum(axis=-2)
