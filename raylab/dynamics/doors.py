"""What a law of motion has to be, asked for before and while it is followed."""

from collections.abc import Callable
from typing import Any

import numpy as np

from raylab import arguments
from raylab.records import Jacobian, Learner, Parameters

Combine = Callable[[Jacobian], Parameters]


def a_learner(learner: Any) -> Learner:
    """`learner` itself; TypeError for anything without components and updates."""
    if isinstance(learner, type):
        raise TypeError(f"learner: expected a learner, found the class {learner.__name__}; make one by calling it.")
    for method in ("components", "updates"):
        if not callable(getattr(learner, method, None)):
            raise TypeError(
                f"learner: expected an object with components, gradients and updates, found a value of type "
                f"{type(learner).__name__} without {method}; pass for example Bandit()."
            )
    return learner


def numbers_like(found: Any, like: np.ndarray, name: str) -> None:
    """ValueError unless `found` has finite numbers and the shape of `like`; TypeError if it has none."""
    same_shape(found, like, name)
    arguments.array(found, name, "d")


def same_shape(found: Any, like: np.ndarray, name: str) -> None:
    """ValueError unless `found` has the shape of `like`."""
    if np.shape(found) != like.shape:
        raise ValueError(f"{name}: expected shape {like.shape}, found {np.shape(found)}; one entry for each.")
