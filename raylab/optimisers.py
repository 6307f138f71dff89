"""Step rules: what an optimiser makes of the direction that it is given.  Each is a function and a record of numbers.

A rule takes (direction, state), the state being None at first, and returns (move, next state); the parameters then
change by rate x move. Directions point uphill: the rules are torch.optim's with the sign turned.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from raylab import arguments
from raylab.records import Parameters


@dataclass(frozen=True)
class Plain:
    """Gradient ascent: go where the direction points."""

    def __call__(self, direction: Parameters, state: Any) -> tuple[Parameters, Any]:
        """(direction, state) as they are."""
        return direction, state


@dataclass(frozen=True)
class Momentum:
    """A decaying sum of directions: m <- decay m + direction; move by m.  [torch.optim.SGD, dampening 0]

    With decay in [0, 1) a constant direction ends up 1 / (1 - decay) times as fast; decay = 1 forgets nothing.
    Raises TypeError or ValueError unless decay is a number in [0, 1].
    """

    decay: float = 0.9

    def __post_init__(self) -> None:
        object.__setattr__(self, "decay", arguments.number(self.decay, "decay", 0.0, 1.0))

    def __call__(self, direction: Parameters, state: Any) -> tuple[Parameters, Any]:
        """(m, m) after one more direction."""
        kept = direction if state is None else self.decay * state + direction
        return kept, kept


@dataclass(frozen=True)
class RMSProp:
    """v <- decay v + (1 - decay) direction^2; move by direction / (sqrt v + epsilon).  [torch.optim.RMSprop]

    Every parameter moves by about the rate, however small its direction is. v starts at 0.
    Raises TypeError or ValueError unless decay is a number in [0, 1] and epsilon one of at least 0.
    """

    decay: float = 0.99
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        object.__setattr__(self, "decay", arguments.number(self.decay, "decay", 0.0, 1.0))
        object.__setattr__(self, "epsilon", arguments.number(self.epsilon, "epsilon", 0.0))

    def __call__(self, direction: Parameters, state: Any) -> tuple[Parameters, Any]:
        """(move, v) after one more direction; no move where a parameter has never had one."""
        v = (1 - self.decay) * direction**2 + (0.0 if state is None else self.decay * state)
        scale = np.sqrt(v) + self.epsilon
        return np.divide(direction, scale, out=np.zeros_like(direction), where=scale > 0), v


@dataclass(frozen=True)
class Adam:
    """Means of the direction and of its square, both freed of their start at 0.  [torch.optim.Adam]

    m <- b1 m + (1 - b1) g, v <- b2 v + (1 - b2) g^2; move by m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon).
    Raises TypeError or ValueError unless both decays lie in [0, 1) and epsilon is a number of at least 0.
    """

    first: float = 0.9
    second: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        for name in ("first", "second"):
            found = arguments.number(getattr(self, name), name, 0.0, 1.0)
            if found == 1:
                raise ValueError(f"{name}: expected a decay in [0, 1), found 1.0; a mean that forgets nothing is 0/0.")
            object.__setattr__(self, name, found)
        object.__setattr__(self, "epsilon", arguments.number(self.epsilon, "epsilon", 0.0))

    def __call__(self, direction: Parameters, state: Any) -> tuple[Parameters, Any]:
        """(move, (m, v, t)) after one more direction."""
        m, v, t = (np.zeros_like(direction), np.zeros_like(direction), 0) if state is None else state
        m = self.first * m + (1 - self.first) * direction
        v, t = self.second * v + (1 - self.second) * direction**2, t + 1
        scale = np.sqrt(v / (1 - self.second**t)) + self.epsilon
        move = np.divide(m / (1 - self.first**t), scale, out=np.zeros_like(direction), where=scale > 0)
        return move, (m, v, t)
