"""The learner writes a function."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from raylab.checks.verdict import Further, Law, Mistake


@dataclass(frozen=True)
class Implement:
    """A function, judged on instances against a reference, named mistakes and laws."""

    signature: str
    instances: Callable[[np.random.Generator], Iterable[tuple[Any, ...] | Further]]
    reference: Callable[..., Any] | None = None
    mistakes: tuple[Mistake, ...] = ()
    laws: tuple[Law, ...] = ()
    shape: Callable[..., tuple[int, ...]] | None = None
    describe: Callable[..., str] | None = None
    rtol: float = 1e-9
    atol: float = 1e-12
