"""Things to bet on, drag and slide. Each one ends in a sentence with numbers; none computes what it shows."""

from raylab.widgets.ask import predict, quiz
from raylab.widgets.basin import basin
from raylab.widgets.causes import causes
from raylab.widgets.dots import dots
from raylab.widgets.draw import draw
from raylab.widgets.modes import modes
from raylab.widgets.ruler import ruler
from raylab.widgets.shape import shape
from raylab.widgets.square import square
from raylab.widgets.staircase import staircase
from raylab.widgets.transfer import transfer

__all__ = [
    "basin",
    "causes",
    "dots",
    "draw",
    "modes",
    "predict",
    "quiz",
    "ruler",
    "shape",
    "square",
    "staircase",
    "transfer",
]
