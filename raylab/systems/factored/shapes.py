"""What couples learning to performance: the f of Eq. (5), with its derivative, and the J = S(phi) that it makes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments
from raylab.records import Components
from raylab.systems.factored.levels import Levels

Real = NDArray[np.float64]
_INSIDE = np.concatenate([[0.02, 0.04], np.linspace(0.07, 0.93, 13), [0.96, 0.98]])  # where the door looks, as J / top
_NOUGHT = 1e-12  # of the largest f: what is less is 0 but for rounding
_LOOSE = 1e-4  # a slope that is off by this share of f / distance to the nearer end is wrong, not rounded


@dataclass(frozen=True)
class Shape:
    """One coupling f with f(J_k) v_k = grad J_k: nonnegative on [0, top], 0 at top, positive between.  [Schaul19 Eq. 5]

    f, slope: J (...) -> f(J), f'(J), for arrays of any shape; slope may be infinite at an end. top: largest J.
    Both are tried at the door, the slope against differences of f. No finite number of trials proves f > 0.
    Raises TypeError if f or slope is no function of numbers, ValueError where they are not as said above.
    """

    f: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    top: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "top", arguments.number(self.top, "top", 1e-6, 1e6))
        for name in ("f", "slope"):
            arguments.function(getattr(self, name), name)
        _look_at_values(self.f, self.top)
        _look_at_slopes(self.f, self.slope, self.top)

    def __call__(self, J: Components) -> Components:
        """f(J), (...) -> (...); TypeError or ValueError unless J is an array of performances in [0, top]."""
        return self.f(inside(J, self.top))

    def performance(self, phi: ArrayLike) -> Components:
        """J = S(phi), (...) -> (...), where S' = f(S) and S(0) = top / 2, right to one part in 10^10 of J and top - J.

        (At an end that is reached at a finite phi the error is rounding of phi.) Where f(0) = 0 but 0 is reached at
        a finite phi (`ends`), J stays 0 below; the same at the top.
        Raises TypeError or ValueError for anything but finite numbers up to 1e30 in size, and ValueError below the
        lower end where f(0) > 0: such a component falls through its own minimum.
        """
        return self.levels.at(arguments.array(phi, "phi", "..."))[0]

    def potential(self, J: ArrayLike) -> Components:
        """phi at which S(phi) = J, (...) -> (...): the inverse of `performance`; at 0 and top the `ends`.

        J < 1e-304 top counts as 0. Raises TypeError or ValueError unless J is an array of performances in [0, top],
        ValueError where phi would be beyond 1e30.
        """
        return self.levels.of(inside(J, self.top))

    @property
    def ends(self) -> tuple[float, float]:
        """phi at which J = 0 and J = top: -inf and inf, or finite where f rises faster than linearly.  [ledger S28]"""
        return self.levels.ends

    @property
    def slopes(self) -> tuple[float, float]:
        """f'(0) and f'(top); infinite for u^c with c < 1."""
        with np.errstate(all="ignore"):
            low, high = np.asarray(self.slope(np.array([0.0, self.top])), dtype=float)
        return float(low), float(high)

    @property
    def starts_at_rest(self) -> bool:
        """f(0) = 0, but for rounding: at the bottom there is no learning.  [Schaul19 Sec. 3.1]"""
        return bool(self.f(np.zeros(1))[0] <= _NOUGHT * self.f(_INSIDE * self.top).max())

    @cached_property
    def levels(self) -> Levels:
        """The table behind `performance` and `potential`, made when first asked for."""
        return Levels(self.f, self.slope, self.top, self.starts_at_rest)


def inside(J: Any, top: float) -> Components:
    """J as float64 performances in [0, top]; TypeError or ValueError for anything else."""
    if type(J) is np.ndarray and J.dtype == np.float64 and J.size and J.min() >= 0 and J.max() <= top:
        return J  # NaN fails both comparisons
    found = arguments.array(J, "J", "...")
    if (found < 0).any() or (found > top).any():
        raise ValueError(
            f"J: expected performances in [0, {top:g}], found {found.min():.4g} to {found.max():.4g}; "
            "f is not defined outside."
        )
    return found


def each(shapes: Any, components: int) -> tuple[Shape, ...]:
    """`shapes` as one Shape for each of K components; TypeError or ValueError if it is neither one nor K of them."""
    if isinstance(shapes, Shape):
        return (shapes,) * components
    if not isinstance(shapes, list | tuple):
        raise TypeError(
            f"shapes: expected a Shape or a list of them, found a value of type {type(shapes).__name__}; "
            "write Shape(f, slope)."
        )
    found = tuple(shapes)
    for n, shape in enumerate(found):
        if not isinstance(shape, Shape):
            raise TypeError(
                f"shapes[{n}]: expected a Shape, found a value of type {type(shape).__name__}; write Shape(f, slope)."
            )
    if len(found) != components:
        raise ValueError(f"shapes: expected one, or {components} of them, found {len(found)}; give one for each.")
    return found


def by_component(of: Sequence[Shape], method: str, J: Components) -> Components:
    """That function of every shape at its own J_k, (..., K) -> (..., K), without a look at J."""
    if all(shape is of[0] for shape in of):
        return getattr(of[0], method)(J)
    found = np.empty(J.shape)
    for k, shape in enumerate(of):
        found[..., k] = getattr(shape, method)(J[..., k])
    return found


def called(function: Callable[[Any], Any], at: Real, name: str) -> Any:
    """function(at), and a TypeError that says so if it is no function of such arrays."""
    try:
        return function(at.copy())
    except Exception as error:
        raise TypeError(
            f"{name}: expected a function of arrays, found {type(error).__name__} for one of shape {at.shape}: "
            f"{error!s:.80}; use numpy's functions, and np.where in place of if."
        ) from error


def _look_at_values(f: Callable[[Any], Any], top: float) -> None:
    u = np.concatenate([[0.0], _INSIDE, [1.0]]) * top
    with np.errstate(all="ignore"):
        found = arguments.array(called(f, u, "f"), "f(J)", f"{len(u)}")
        arguments.array(called(f, u[:, None], "f"), "f(J) for J (M, 1)", f"{len(u)} 1")
    if (found[1:-1] <= 0).any() or found[0] < 0:
        k = int(np.argmin(np.append(found[0] + 1e-300, found[1:-1])))
        raise ValueError(
            f"f: expected f(0) >= 0 and f > 0 inside (0, {top:g}), found f({u[k]:.4g}) = {found[k]:.4g}; "
            "where learning is possible, f is positive."
        )
    if abs(found[-1]) > _NOUGHT * found.max():
        raise ValueError(
            f"f: expected f(top) = 0, found f({top:g}) = {found[-1]:.4g}; at the optimum nothing is left to learn."
        )


def _look_at_slopes(f: Callable[[Any], Any], slope: Callable[[Any], Any], top: float) -> None:
    """Differences of fourth order, close enough for f that turn many times."""
    u = _INSIDE * top
    near = np.minimum(u, top - u)
    h = 1e-5 * near

    def central(step: Real) -> Real:
        return (f(u + step) - f(u - step)) / ((u + step) - (u - step))

    with np.errstate(all="ignore"):
        given = arguments.array(called(slope, u, "slope"), "slope(J)", f"{len(u)}")
        arguments.array(called(slope, u[:, None], "slope"), "slope(J) for J (M, 1)", f"{len(u)} 1")
        wanted = arguments.array((4 * central(h) - central(2 * h)) / 3, "differences of f(J)", f"{len(u)}")
    wrong = np.abs(given - wanted) > _LOOSE * (np.abs(wanted) + f(u) / near)
    if wrong.any():
        k = int(np.argmax(np.where(wrong, np.abs(given - wanted), -1.0)))
        raise ValueError(
            f"slope: expected the derivative of f, {wanted[k]:.6g} at J = {u[k]:.4g} by differences, "
            f"found {given[k]:.6g}; look at the formula, or at jumps of f."
        )
