"""The learner searches for a setting that has a property."""

from dataclasses import dataclass

from raylab.checks.verdict import Law


@dataclass(frozen=True)
class Explore:
    """Values of the given shapes on which every law holds."""

    names: str
    laws: tuple[Law, ...]
    shapes: tuple[tuple[int, ...], ...] | None = None
