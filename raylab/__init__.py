"""raylab: how reinforcement learning gets stuck, one small module for each idea.

`import raylab` is cheap. What needs a heavy library is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from raylab.checks import check, hint
    from raylab.workspace import progress, reset, start

__all__ = ["check", "hint", "progress", "reset", "start"]
__version__ = "0.1.0"

_HOME = {
    "check": "raylab.checks",
    "hint": "raylab.checks",
    "start": "raylab.workspace",
    "progress": "raylab.workspace",
    "reset": "raylab.workspace",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'raylab' has no attribute {name!r}; its public names are {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
