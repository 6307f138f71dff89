"""Where a set of goals pulls once they all but agree: the shortest step that serves each of them by 1."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

Real = NDArray[np.float64]
_NOUGHT = 1e-9  # of the largest weight: what rounding leaves of none
_NONE = 1e-12  # of a residual that is 1 where any step serves them


def margin(rows: Real) -> Real | None:
    """Weights (M,) >= 0 of the rows (M, d) in the shortest u = weights @ rows with rows @ u >= 1; None if none.

    By least squares with weights >= 0: Lawson & Hanson, Solving Least Squares Problems, ch. 23, least distance.
    """
    longest = float(np.linalg.norm(rows, axis=-1).max())
    V = rows / longest
    raw, _ = nnls(np.vstack([V.T, np.ones(len(V))]), np.append(np.zeros(V.shape[1]), 1.0), maxiter=100 * len(V))
    if 1 - raw.sum() < _NONE:
        return None
    tight = raw > _NOUGHT * raw.max()
    weights = np.zeros(len(V))
    weights[tight] = np.linalg.lstsq(V[tight] @ V[tight].T, np.ones(tight.sum()))[0]  # to the last digit
    return weights / longest**2
