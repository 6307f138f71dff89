"""What exercises share that ask for a power and one more number."""

from collections.abc import Callable

from raylab.checks.engine import Mistake

POWER_IS_RIGHT = "The power is right. "


def wrong_power(beside: float) -> Callable[..., tuple[Mistake, Mistake]]:
    """Mistakes from a wrong power: `beside` the right second number, and beside the one that the same slip leads to."""

    def both(power: float, second: float, message: str, state: str = "wrong") -> tuple[Mistake, Mistake]:
        return Mistake((power, beside), message, state), Mistake((power, second), message, state)

    return both
