"""Things to bet on, drag and slide. Each one ends in a sentence with numbers; none computes what it shows."""

from raylab.widgets.ask import predict, quiz
from raylab.widgets.dots import dots
from raylab.widgets.draw import draw
from raylab.widgets.square import square
from raylab.widgets.transfer import transfer

__all__ = ["dots", "draw", "predict", "quiz", "square", "transfer"]
