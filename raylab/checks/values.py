"""Reading what came back, comparing it with what should have, and putting both into words."""

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

from raylab.checks.verdict import Verdict

SINGLE = 1e-4  # relative agreement that single precision can promise


def numbers(value: Any, digits: int = 4) -> str:
    """Numbers as text, `(0.5, 0.2)` or `((1, 0), (0, 1))`, to `digits` significant digits; long axes are cut."""
    array = np.asarray(value)
    if array.ndim == 0:
        return f"{array.item():.{digits}g}" if array.dtype.kind in "iufc" else str(array.item())
    parts = [numbers(part, digits) for part in (array if len(array) <= 8 else array[:4])]
    if len(array) > 8:
        parts.append("...")
    return "(" + ", ".join(parts) + ("," if len(parts) == 1 else "") + ")"


def untouched(value: Any) -> bool:
    """True for what a stub leaves: None or `...`, alone or among others."""
    return value is None or value is Ellipsis or (isinstance(value, tuple | list) and any(map(untouched, value)))


def library(value: Any) -> str:
    """Name of the library that the value's type comes from: "torch", "sympy", "numpy", "builtins" ..."""
    return (type(value).__module__ or "").split(".")[0]


def read(value: Any, truth: Any, whose: str = "It") -> tuple[Any, str]:
    """`value` as arrays in the structure of `truth`, and what is wrong with its form although it can be read.

    The second is "" or a sentence: then right numbers are "almost" right. What cannot be read as numbers at
    all raises the Verdict that says so. `whose` begins the sentences: "velocity returns".
    """
    if isinstance(truth, tuple | list):
        if not isinstance(value, tuple | list | np.ndarray) or len(np.atleast_1d(_counted(value))) != len(truth):
            raise Verdict("wrong", f"{whose} {_thing(value)}; asked for: {len(truth)} things, as a {_type(truth)}.")
        parts = [read(v, t, whose) for v, t in zip(value, truth, strict=True)]
        return tuple(part for part, _ in parts), next((say for _, say in parts if say), "")
    if isinstance(truth, str):
        return (value, "") if isinstance(value, str) else _refuse(whose, value, "asked for: a text")
    array, complaint = _array(value, whose)
    if truth is None and isinstance(value, list | tuple):
        complaint = ""  # where no shape is stated, nobody has asked for an array
    return _of_kind(array, complaint, truth, whose)


def _counted(value: Any) -> Any:
    return np.empty(len(value)) if isinstance(value, tuple | list) else value


def _refuse(whose: str, value: Any, remedy: str) -> Any:
    raise Verdict("wrong", f"{whose} {_thing(value)}; {remedy}.")


def _array(value: Any, whose: str) -> tuple[Any, str]:
    """The value as an array of any dtype, with a complaint about its clothes."""
    if value is None or value is Ellipsis:
        where = "Is there a branch without `return`?"
        raise Verdict("wrong", f"{whose} {'None' if value is None else '...'} here. {where}")
    if inspect.isgenerator(value):
        _refuse(whose, value, "a function with `yield` in it hands out a recipe: collect the values and `return` them")
    if inspect.isawaitable(value) or inspect.isasyncgen(value):
        _refuse(whose, value, "leave out `async`")
    if isinstance(value, str | bytes | dict | set | frozenset | Iterator) or callable(value):
        _refuse(whose, value, "asked for: numbers, as an array")
    complaint = ""
    if library(value) == "torch":
        tensor: Any = value  # by its methods, so that torch need not be there
        value = tensor.detach().cpu().numpy()
        complaint = "The numbers are right, but they come as a torch tensor. Hand back numpy: `x.detach().numpy()`."
    elif library(value) == "sympy":
        value = _floats(np.asarray(value, dtype=object), whose)
        complaint = "The numbers are right, but they come as sympy objects. Hand back floats: `float(x)`."
    elif isinstance(value, list | tuple):
        complaint = f"The numbers are right, but they come as a {_type(value)}. Hand back `np.array(...)` of it."
    elif isinstance(value, np.matrix):
        complaint = "The numbers are right, but they come as `np.matrix`, whose `*` is another product: use arrays."
    try:
        return np.asarray(value), complaint
    except Exception as error:
        raise Verdict("wrong", f"{whose} {_thing(value)} that is no array: do its rows differ in length?") from error


def _floats(array: Any, whose: str) -> Any:
    """An array of objects as one of floats, or the Verdict that says why it is none."""
    try:
        return array.astype(float)
    except Exception as error:
        symbols = {str(s) for entry in array.flat for s in getattr(entry, "free_symbols", ())}
        text = f"{whose} objects that are not numbers (dtype object)."
        if symbols:
            text = f"{whose} an expression in {', '.join(sorted(symbols))}, not a number. No symbol may be left."
        raise Verdict("wrong", text) from error


def _of_kind(array: Any, complaint: str, truth: Any, whose: str) -> tuple[Any, str]:
    kind, wants_bool = array.dtype.kind, truth is not None and np.asarray(truth).dtype.kind == "b"
    if kind == "O":
        if any(untouched(x) for x in array.flat):
            raise Verdict("wrong", f"{whose} an array with None in it. Is every entry filled in?")
        array = _floats(array, whose)
        one = "they come as objects (dtype object). Hand back floats: `float(x)`, or `x.astype(float)` of an array."
        complaint = complaint or f"The numbers are right, but {one}"
    elif kind == "c":
        if np.any(array.imag != 0):
            raise Verdict("wrong", f"{whose} complex numbers; everything here is real.")
        array, complaint = array.real, complaint or "The numbers are right, but complex; hand back the real part."
    elif kind not in "biuf":
        raise Verdict("wrong", f"{whose} text (dtype {array.dtype}); asked for: numbers.")
    if wants_bool and array.dtype.kind != "b":
        if not np.isin(array, (0, 1)).all():
            raise Verdict("wrong", f"{whose} numbers; asked for: True or False (dtype bool).")
        array, complaint = array == 1, complaint or "Right, if 1 means True. Hand back bool: `x > 0`, not 1.0."
    elif truth is not None and not wants_bool and array.dtype.kind == "b":
        raise Verdict("wrong", f"{whose} True and False; asked for: numbers.")
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        complaint = complaint or "Right to single precision. The course computes in float64; so should this."
    return array, complaint


def _type(value: Any) -> str:
    return type(value).__name__


def _thing(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"a {_type(value)} of {len(value)}"
    return f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else f"a value of type {_type(value)}"


def shape_of(value: Any) -> Any:
    """The shape, or the shapes of the parts."""
    return tuple(map(shape_of, value)) if isinstance(value, tuple | list) else np.shape(value)


def same(value: Any, truth: Any, rtol: float, atol: float) -> bool:
    """Equal structure, shapes and numbers: |value - truth| <= atol + rtol |truth|; NaN equals NaN.

    Single precision is granted 1e-4 relative; the reader has noted it down as a complaint by then.
    """
    if isinstance(value, tuple) or isinstance(truth, tuple | list):
        pair = isinstance(value, tuple | list) and isinstance(truth, tuple | list) and len(value) == len(truth)
        return pair and all(same(v, t, rtol, atol) for v, t in zip(value, truth, strict=True))
    if isinstance(value, str) or isinstance(truth, str):
        return isinstance(value, str) and value == truth
    value, truth = np.asarray(value), np.asarray(truth)
    if value.shape != truth.shape:
        return False
    if value.dtype.kind == "b" or truth.dtype.kind == "b":
        return bool(np.array_equal(value, truth))  # read as bool, or refused, by now
    if value.dtype.kind == "f" and value.dtype.itemsize < 8:
        rtol, atol = max(rtol, SINGLE), max(atol, 1e-7)
    return bool(np.allclose(value, truth, rtol=rtol, atol=atol, equal_nan=True))


def finite(value: Any) -> bool:
    """True if there is neither NaN nor infinity in it."""
    if isinstance(value, tuple | list):
        return all(map(finite, value))
    return isinstance(value, str) or bool(np.isfinite(value).all())


def difference(value: Any, truth: Any, rtol: float, atol: float) -> str:
    """Both, side by side; of tuples the first part that differs, of long arrays the first entry."""
    if isinstance(value, tuple):
        i = next(i for i, (v, t) in enumerate(zip(value, truth, strict=True)) if not same(v, t, rtol, atol))
        return f"part {i}: {difference(value[i], truth[i], rtol, atol)}"
    value, truth = np.asarray(value), np.asarray(truth)
    where = ""
    if value.size > 8:
        exact = truth.dtype.kind not in "iuf"
        gap = value != truth if exact else ~np.isclose(value, truth, rtol, atol, equal_nan=True)
        index = tuple(int(i) for i in np.argwhere(gap)[0])
        where, value, truth = f"entry {list(index)}: ", value[index], truth[index]
    digits = 4 if numbers(value, 4) != numbers(truth, 4) else 12
    return f"{where}yours {numbers(value, digits)}, expected {numbers(truth, digits)}"


def factor(values: list[Any], truths: list[Any]) -> float | None:
    """The one number by which all values differ from the truths, if there is one; for plain arrays of floats."""
    if any(np.asarray(t).dtype.kind not in "iuf" for t in truths if not isinstance(t, tuple | list)):
        return None
    if any(isinstance(t, tuple | list) for t in truths) or list(map(np.shape, values)) != list(map(np.shape, truths)):
        return None
    v, t = (np.concatenate([np.ravel(x).astype(float) for x in side]) for side in (values, truths))
    used = t != 0
    if used.sum() < 3 or np.any(v[~used] != 0) or not np.isfinite([v, t]).all():
        return None
    ratios = v[used] / t[used]
    ratio = float(ratios[np.argmax(np.abs(t[used]))])
    return ratio if ratio != 0 and np.allclose(ratios, ratio, rtol=1e-9, atol=0) else None
