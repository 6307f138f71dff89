"""What a coupling is to compiled code: the chance c0 + c1 J that a sample teaches."""

from typing import Any

import numpy as np

from raylab import arguments
from raylab.systems.bandit import Coupling

_PLACES = np.array([0.0, 1e-9, 1e-3, 0.1, 0.25, 0.5, 0.6, 0.75, 0.9, 0.99])


def chance(coupling: Coupling, contexts: int) -> tuple[float, float]:
    """(c0, c1) with f(J) = (c0 + c1 J)(1 - J): (0, 1) on-policy, (1, 0) supervised.  [Schaul19 Fig. 6]

    Compiled loops cannot call a function of the caller's, so it is asked at ten places between 0 and 1, once with
    all `contexts` at the same place and once with each somewhere else, and two numbers take its place.
    Raises TypeError if the coupling is no function; ValueError if f(J) / (1 - J) is not a straight line in J that is
    the same for every context and stays within [0, 1].
    """
    arguments.function(coupling, "coupling")
    K = arguments.count(contexts, "contexts")
    together = np.repeat(_PLACES[:, None], K, axis=1)
    apart = np.stack([np.roll(_PLACES, k) for k in range(K)], axis=1)
    c0 = float(_factors(coupling, together)[0, 0])
    c1 = float(2 * (_factors(coupling, np.full((1, K), 0.5))[0, 0] * 2 - c0))
    for J in (together, apart):
        wanted, found = (c0 + c1 * J) * (1 - J), _factors(coupling, J)
        worst = np.abs(found - wanted).argmax()
        if abs(found.flat[worst] - wanted.flat[worst]) > 1e-12:
            raise ValueError(
                "coupling: expected a chance f(J) / (1 - J) that is a straight line in J, the same for every context, "
                f"found f = {found.flat[worst]:.6g} at J = {J.flat[worst]:.3g}, where the line has "
                f"{wanted.flat[worst]:.6g}; use on_policy, supervised or Mixed, or dynamics.flow, which takes any."
            )
    if not (-1e-12 <= c0 <= 1 + 1e-12 and -1e-12 <= c0 + c1 <= 1 + 1e-12):
        raise ValueError(
            f"coupling: expected a chance f(J) / (1 - J) within [0, 1], found {c0:.6g} at J = 0 and {c0 + c1:.6g} at "
            "J = 1; a sample cannot be rewarded more than always."
        )
    return c0, c1


def _factors(coupling: Any, J: np.ndarray) -> np.ndarray:
    found = arguments.array(coupling(J.copy()), "coupling(J)", "... K")
    if found.shape != J.shape:
        raise ValueError(f"coupling: expected f(J) of shape {J.shape}, as J, found {found.shape}; one factor for each.")
    return found
