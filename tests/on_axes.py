"""What stands on a pair of axes: shared by the tests of figures."""

import matplotlib.colors
import numpy as np
from matplotlib.colors import to_hex

from raylab.palette import INK


def dashed(ax):
    """Lines of theory, which is black."""
    return [line for line in ax.lines if line.get_color() == INK and line.get_linestyle() != "None"]


def coloured(ax, colour):
    return [line for line in ax.lines if matplotlib.colors.same_color(line.get_color(), colour)]


def words(ax):
    return [text.get_text() for text in ax.texts]


def drawn(ax):
    return [line.get_xydata() for line in ax.lines]


def holds(ax, points):
    """Is there a line through exactly these points?"""
    return any(np.array_equal(found, points) for found in drawn(ax))


def colour_at(ax, J1, J2):
    """The colour that the picture has at a point of the square."""
    ax.figure.canvas.draw()
    x, y = ax.transData.transform((J1, J2))
    picture = np.asarray(ax.figure.canvas.buffer_rgba())
    return to_hex(picture[picture.shape[0] - 1 - round(y), round(x)] / 255).upper()
