"""The door: what a public function accepts, and what it says when it does not.

Every message has three parts: expected, found, remedy. Wrong kinds raise TypeError, wrong values ValueError.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray


def array(value: Any, name: str, shape: str) -> NDArray[np.float64]:
    """`value` as a float64 array of the named shape; no copy where none is needed.

    shape: axis names separated by blanks, as in "... K d". A leading "..." stands for any number of axes,
    a number for that exact length, and a name that occurs twice for equal lengths. No axis may be empty.

    Raises TypeError for anything but real numbers (text, booleans, complex, ragged lists, tensors that need
    gradients), ValueError for the wrong shape, an empty axis, NaN or infinity.
    """
    found = _numbers(value, name, shape)
    _match(found, name, shape)
    if not np.isfinite(found).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(found))[0])
        raise ValueError(
            f"{name}: expected finite numbers, found {found[where]} at index {where}; "
            "look at the step that made it, or leave that row out."
        )
    return found


def _numbers(value: Any, name: str, shape: str) -> NDArray[np.float64]:
    if type(value) is np.ndarray and value.dtype == np.float64:
        return value
    try:
        found = np.asarray(value)
    except Exception as error:
        raise TypeError(
            f"{name}: expected numbers of shape ({shape}), found {_kind(value)} which numpy cannot read "
            f"({type(error).__name__}); pass a numpy array or equally long nested lists "
            "(a torch tensor: x.detach().numpy())."
        ) from error
    if found.dtype.kind not in "iuf":
        what = "booleans" if found.dtype.kind == "b" else f"dtype {found.dtype}"
        raise TypeError(
            f"{name}: expected real numbers of shape ({shape}), found {_kind(value)} with {what}; "
            "pass floats, for example np.asarray(x, dtype=float)."
        )
    return found.astype(np.float64)


def _match(found: NDArray[np.float64], name: str, shape: str) -> None:
    free, axes = _axes(shape)
    wrong = found.ndim < len(axes) if free else found.ndim != len(axes)
    sizes: dict[str, int] = {}
    for axis, length in zip(axes, found.shape[found.ndim - len(axes) :] if not wrong else (), strict=False):
        wrong |= length != (int(axis) if axis.isdigit() else sizes.setdefault(axis, length))
    if wrong:
        raise ValueError(
            f"{name}: expected shape ({', '.join(shape.split())}), found {found.shape}; "
            "reshape it, or look at the order of its axes."
        )
    if found.size == 0:
        raise ValueError(
            f"{name}: expected at least one entry on every axis of ({', '.join(shape.split())}), "
            f"found shape {found.shape}; pass something that is not empty."
        )


@cache  # the same few shapes are asked for at every step of an integration
def _axes(shape: str) -> tuple[bool, tuple[str, ...]]:
    axes = tuple(shape.split())
    free = axes[:1] == ("...",)
    return free, axes[1:] if free else axes


def number(value: Any, name: str, low: float | None = None, high: float | None = None) -> float:
    """`value` as a finite float within [low, high], ends included.

    Raises TypeError for anything but one real number, ValueError for NaN, infinity or a value out of range.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name}: expected one real number, found {_kind(value)}; pass a float.")
    try:
        found = float(value)
    except OverflowError:  # an int beyond float64
        found = np.inf
    below, above = low is not None and found < low, high is not None and found > high
    if not np.isfinite(found) or below or above:
        bounds = f" in [{-np.inf if low is None else low}, {np.inf if high is None else high}]"
        raise ValueError(f"{name}: expected a finite number{bounds}, found {found}; choose a value in that range.")
    return found


def count(value: Any, name: str, minimum: int = 1) -> int:
    """`value` as an int of at least `minimum`.

    Raises TypeError for anything but an integer, ValueError if it is too small, or too large for any array.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise TypeError(f"{name}: expected a whole number, found {_kind(value)}; pass an int.")
    found = int(value)
    if found < minimum:
        raise ValueError(f"{name}: expected at least {minimum}, found {found}; choose {minimum} or more.")
    if found > np.iinfo(np.int64).max:
        raise ValueError(f"{name}: expected a number of 64 bits, found one of {found.bit_length()}; choose less.")
    return found


def flag(value: Any, name: str) -> bool:
    """`value` as a bool; TypeError for anything but True or False, since text and arrays would count as true."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name}: expected True or False, found {_kind(value)}; pass a bool.")
    return bool(value)


def text(value: Any, name: str) -> str:
    """`value` itself if it is text; TypeError if not."""
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected text, found {_kind(value)}; put it in quotes.")
    return value


def sequence(value: Any, name: str, length: int | None = None) -> Sequence[Any]:
    """`value` itself if it is a list, tuple or array (no text), of the given length where there is one.

    Raises TypeError for anything else, ValueError for another length.
    """
    listed = isinstance(value, Sequence) or (isinstance(value, np.ndarray) and value.ndim > 0)
    if isinstance(value, str | bytes) or not listed:
        raise TypeError(f"{name}: expected a list or tuple, found {_kind(value)}; put it in a list.")
    if length is not None and len(value) != length:
        raise ValueError(f"{name}: expected {length} entries, found {len(value)}; give one for each.")
    return value  # pyright: ignore[reportReturnType]  (an array is as good as a list here)


def texts(value: Any, name: str, length: int | None = None) -> Sequence[str]:
    """`value` itself if it is a sequence of texts, of the given length where there is one.

    Raises TypeError if it is something else or holds something else, ValueError for another length.
    """
    for n, entry in enumerate(sequence(value, name, length)):
        text(entry, f"{name}[{n}]")
    return value


def mapping(value: Any, name: str) -> Mapping[Any, Any]:
    """`value` itself if it is a mapping with at least one entry; TypeError if it is none, ValueError if empty."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{name}: expected a dict, found {_kind(value)}; write {{name: value}}.")
    if not value:
        raise ValueError(f"{name}: expected at least one entry, found none; give it one.")
    return value


def generator(value: Any, name: str = "rng") -> np.random.Generator:
    """`value` itself if it is a numpy Generator; chance is an argument here, never a global state.

    Raises TypeError for anything else, a seed included: a seed passed on silently would repeat its draws.
    """
    if not isinstance(value, np.random.Generator):
        raise TypeError(
            f"{name}: expected a numpy Generator, found {_kind(value)}; make one with np.random.default_rng(seed)."
        )
    return value


def function(value: Any, name: str) -> Callable[..., Any]:
    """`value` itself if it can be called; TypeError if not."""
    if not callable(value):
        raise TypeError(
            f"{name}: expected a function, found {_kind(value)}; pass the function itself, without calling it."
        )
    return value


def _kind(value: Any) -> str:
    return "None" if value is None else f"a value of type {type(value).__name__}"
