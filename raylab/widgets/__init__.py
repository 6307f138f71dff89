"""Things to bet on, drag and slide. Each one ends in a sentence with numbers; none computes what it shows."""

from raylab.widgets.ask import predict, quiz
from raylab.widgets.square import square

__all__ = ["predict", "quiz", "square"]
