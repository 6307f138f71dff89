"""Deep linear networks: learners, starts, and the exact law of a mode.  [Schaul19 Sec. 3.4] [ledger N13]"""

from raylab.systems.deep_linear.laws import half_time, mode, solution
from raylab.systems.deep_linear.learner import DeepLinear
from raylab.systems.deep_linear.starts import balanced, balanced_random, lazy, orthogonal, small

__all__ = [
    "DeepLinear",
    "balanced",
    "balanced_random",
    "half_time",
    "lazy",
    "mode",
    "orthogonal",
    "small",
    "solution",
]
