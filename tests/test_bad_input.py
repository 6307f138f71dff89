"""No public function turns bad input into NaN or into an error that does not name the argument.

Public is what a package's `__all__` names; where a package re-exports nothing, what its modules define without
an underscore; and the public methods of these classes and of the objects that the functions return.
Every function is found by walking the package; its valid example stands in tests/example_calls.py.
"""

import dataclasses
import importlib
import importlib.util
import inspect
import pkgutil
import re
import warnings
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import malformed
import matplotlib.pyplot as plt
import numpy as np
import pytest
from example_calls import CALLS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import raylab

AT_LEAST = 1000

# An argument that takes anything: it is spoiled too, and then nothing may be raised but a named error.
ANYTHING = {
    ("raylab.arguments.sequence", "value"): "it looks at the list, not at its entries",
    ("raylab.arguments.mapping", "value"): "it looks at the dict, not at its entries",
    ("raylab.ensembles.Ensemble", "flatness"): "infinite where no step counted; NaN and the rest are refused",
    ("raylab.ensembles.Ensemble", "arrived"): "truth values are what it wants; numbers are refused",
    ("raylab.ensembles.Ensemble", "finished"): "as above",
    ("raylab.workspace.record", "exercise"): "never raises: a check must not fail for the sake of its record",
    ("raylab.workspace.record", "state"): "never raises, as above",
    ("raylab.check", "answer"): "whatever a learner writes is judged, not refused",
}
# Arguments of the door itself, written in our own sources and never by a caller of raylab.
OURS = {"raylab.arguments.array": ("name", "shape"), "raylab.arguments.number": ("name", "low", "high")}
OURS |= {"raylab.arguments.count": ("name", "minimum")}
OURS |= {f"raylab.arguments.{door}": ("name",) for door in ("generator", "function", "flag", "text", "mapping")}
OURS |= {f"raylab.arguments.{door}": ("name", "length") for door in ("sequence", "texts")}
# A public name that callers do not call themselves.
NOT_CALLED = {
    "raylab.ensembles.Flows": "what flow returns",
    "raylab.nets.Flows": "what flow returns",
    "raylab.workspace.Message": "what start, progress and reset return",
    "raylab.checks.Result": "what check returns",
    "raylab.remedies.Row": "what league returns",
    "raylab.checks.Hint": "what hint returns",
    "raylab.plateaus.Plateau": "what find returns",
    "raylab.plateaus.Skeleton": "what skeleton returns",
    "raylab.plateaus.Stage": "what stages lists",
}
# Other names under which a message may speak of an argument.
ALSO_CALLED = {
    "start": ("parameters",),  # the learner speaks of its own argument
    "parameters": ("theta",),
}


def modules(package: ModuleType = raylab) -> Iterator[ModuleType]:
    """The package's modules; those behind a package that re-exports their names are not public."""
    yield package
    if package is not raylab and _reexports(package):
        return
    for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if found.name.rpartition(".")[2].startswith("_"):
            continue
        if _without_torch(found.name):
            continue
        module = importlib.import_module(found.name)
        yield from modules(module) if found.ispkg else [module]


def _without_torch(name: str) -> bool:
    """raylab.nets needs torch; everything else runs where it is missing."""
    return name.startswith("raylab.nets") and importlib.util.find_spec("torch") is None


def _reexports(package: ModuleType) -> bool:
    names = getattr(package, "__all__", ())
    return any(getattr(getattr(package, name), "__module__", "") != package.__name__ for name in names)


def _names(module: ModuleType) -> list[str]:
    own = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    ]
    return list(getattr(module, "__all__", own))


@cache
def public() -> dict[str, Any]:
    """name -> function, class or method, for all that raylab offers."""
    found: dict[str, Any] = {}
    for module in modules():
        for name in _names(module):
            value = getattr(module, name)
            if value in found.values():
                continue  # check is raylab.check and raylab.checks.check
            known = inspect.isfunction(value) or (inspect.isclass(value) and not _is_protocol(value))
            if known and value.__module__.startswith("raylab"):
                found[f"{module.__name__}.{name}"] = value
    for name, value in list(found.items()):
        if inspect.isclass(value):
            found |= _methods(name, value)
    for name, value in list(found.items()):
        kind = _returned(value)
        if kind.__module__.startswith("raylab") and kind not in found.values():
            found |= _methods(f"{name}()", kind)
    return found


def _returned(function: Any) -> type:
    """The class that a function says it returns; `object` where it names none."""
    said = inspect.signature(function).return_annotation if inspect.isfunction(function) else object
    said = vars(inspect.getmodule(function)).get(said) if isinstance(said, str) else said
    return said if inspect.isclass(said) else object


def _methods(name: str, kind: type) -> dict[str, Any]:
    return {
        f"{name}.{method}": value
        for base in kind.__mro__
        if base.__module__.startswith("raylab")
        for method, value in vars(base).items()
        if inspect.isfunction(value) and not method.startswith("_") and method not in _fields(kind)
    }


def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass: a function that is a default value is no method."""
    return tuple(getattr(kind, "__dataclass_fields__", ()))


def _is_protocol(kind: type) -> bool:
    return getattr(kind, "_is_protocol", False) or issubclass(kind, BaseException)


def _call(name: str, function: Any, /, **spoiled: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # matplotlib's, about axes of a single point
        warnings.simplefilter("error", RuntimeWarning)  # 0/0 on the way is a fault even where no NaN remains
        try:
            return function(**(malformed.fresh(CALLS[name]()) | spoiled))
        finally:
            plt.close("all")


def arguments_of(name: str) -> dict[str, Any]:
    """Every argument of the function, with the valid value that is to be spoiled."""
    given = CALLS[name]()
    signature = inspect.signature(public()[name])
    return {
        argument: given.get(argument, parameter.default)
        for argument, parameter in signature.parameters.items()
        if argument != "self" and argument not in OURS.get(name, ())
    }


def cases(name: str, argument: str) -> list[malformed.Case]:
    parameter = inspect.signature(public()[name]).parameters[argument]
    made = malformed.cases(arguments_of(name)[argument])
    return [case for case in made if not (case[1] is None and parameter.default is None)]


def verdict(name: str, argument: str, value: Any, wrong: bool) -> str:
    """What is wrong with the function's answer to a malformed argument; empty if nothing is."""
    try:
        found = _call(name, public()[name], **{argument: value})
    except (TypeError, ValueError) as error:
        said, words = str(error), (argument, *ALSO_CALLED.get(argument, ()), *arguments_of(name))
        if len(said) < 20 or not any(re.search(rf"\b{word.removesuffix('s')}s?\b", said) for word in words):
            return f"{type(error).__name__} that names no argument: {said[:160]!r}"
        if not re.search(r"\bexpected\b.*\bfound\b|\bhas \d+ rows but\b", said, re.DOTALL):
            return f"{type(error).__name__} without 'expected ..., found ...': {said[:160]!r}"
        return ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]
    if (name, argument) in ANYTHING:
        return ""
    if has_nan(found):
        return "a silent NaN"
    if wrong:
        return f"accepted, and returned {found!r:.80}"
    return ""


def has_nan(found: Any) -> bool:
    if isinstance(found, np.ndarray | np.generic | float | complex | int):
        found = np.asarray(found)
        return found.dtype.kind in "fc" and bool(np.isnan(found).any())
    if isinstance(found, dict):
        return any(has_nan(value) for value in found.values())
    if isinstance(found, list | tuple | set):
        return any(has_nan(value) for value in found)
    if dataclasses.is_dataclass(found):
        return any(has_nan(getattr(found, field.name)) for field in dataclasses.fields(found))
    if type(found).__module__.startswith("sympy"):
        import sympy

        return bool(found.has(sympy.nan))
    return False


EVERY = [(name, argument) for name in public() if name in CALLS for argument in arguments_of(name)]
ARRAYS = [
    (name, argument)
    for name, argument in EVERY
    if isinstance(arguments_of(name)[argument], np.ndarray) and "plots" not in name  # a figure takes its time
]


@pytest.fixture(autouse=True)
def _away_from_the_course(request, tmp_path, monkeypatch, capsys):
    """What a call writes goes to a folder of its own, what it prints to nobody."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAYLAB_WORK", str(tmp_path / "work"))
    if "reset" in request.node.name:
        raylab.start()


def test_every_public_function_has_a_valid_example():
    missing = sorted(set(public()) - set(CALLS) - set(NOT_CALLED))
    gone = sorted(name for name in (*CALLS, *NOT_CALLED) if name not in public() and not _without_torch(name))
    assert not missing, (
        "add a valid call to CALLS in tests/example_calls.py, as "
        f'"{missing[0]}": lambda: {{"argument": value, ...}}, for each of: {", ".join(missing)}'
    )
    assert not gone, f"these are no public functions any more; take them out of tests/example_calls.py: {gone}"


@pytest.mark.parametrize("name", [name for name in public() if name in CALLS])
def test_the_example_is_valid(name):
    assert not has_nan(_call(name, public()[name]))


@pytest.mark.parametrize(("name", "argument"), EVERY)
def test_a_malformed_argument_is_named_or_harmless(name, argument):
    made = cases(name, argument)
    found = {label: verdict(name, argument, value, wrong) for label, value, wrong in made}
    assert {label: fault for label, fault in found.items() if fault} == {}


def test_there_are_at_least_a_thousand_malformed_calls():
    calls = sum(len(cases(name, argument)) for name, argument in EVERY)
    print(f"\n{calls} malformed calls of {len({name for name, _ in EVERY})} functions")
    assert calls >= AT_LEAST


ANY_ARRAY = st.one_of(
    hnp.arrays(
        dtype=st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_, np.complex128, np.dtype("U3")]),
        shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
    )
)


@pytest.mark.parametrize(("name", "argument"), ARRAYS)
@settings(
    max_examples=30,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(value=ANY_ARRAY)
def test_any_array_at_all_is_named_or_harmless(name, argument, value):
    no_numbers = value.dtype.kind not in "iuf" or value.size == 0
    wrong = no_numbers or not np.isfinite(value).all()
    assert verdict(name, argument, value, wrong) == ""


# ------------------------------------------------------------------------------ the test itself is on trial


@pytest.mark.parametrize(
    ("function", "fault"),
    [
        (lambda G: np.asarray(G, dtype=float) * 2, "a silent NaN"),
        (lambda G: 0.0, "accepted"),
        (lambda G: {}[0], "KeyError"),
        (lambda G: (_ for _ in ()).throw(ValueError("no")), "names no argument"),
        (lambda G: np.log(np.asarray(-1.0)), "RuntimeWarning"),
    ],
)
def test_a_careless_function_is_found_out(monkeypatch, function, fault):
    name = "raylab.interference.cosine"
    monkeypatch.setitem(public(), name, function)
    found = {verdict(name, "G", value, wrong) for _, value, wrong in malformed.cases(np.ones((2, 3)))}
    assert any(fault in said for said in found)
