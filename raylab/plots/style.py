"""One style for every figure of the course."""

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from raylab import arguments
from raylab.palette import FLATNESS, INK, PAPER, QUIET, TEXT

WIDTH = 7.2  # inches: the width of a notebook's column
FLATNESS_MAP = LinearSegmentedColormap.from_list("flatness", FLATNESS)  # from moving to frozen

# Fonts that travel with matplotlib, so that a figure looks the same everywhere.
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "cm",
    "font.size": 9.5,
    "text.color": TEXT,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": TEXT,
    "axes.labelsize": 9.5,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": TEXT,
    "ytick.labelcolor": TEXT,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "figure.facecolor": PAPER,
    "figure.dpi": 100,
}


def use_style() -> None:
    """Set the course's style for this session; the first cell of every notebook calls it."""
    plt.rcParams.update(STYLE)
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:  # outside a notebook
        return
    # "retina" doubles the pixels; without a tight box 7.2 inches stay 7.2 inches
    set_matplotlib_formats("retina", bbox_inches=None)


def show(figure: Figure) -> None:
    """Display `figure` now, so that the facts printed after it stand under it, and close it.

    Raises TypeError if it is no matplotlib Figure.
    """
    if not isinstance(figure, Figure):
        raise TypeError(f"figure: expected a matplotlib Figure, found {type(figure).__name__}; pass ax.figure.")
    from IPython.display import display

    display(figure)
    plt.close(figure)


def title(figure: Figure, finding: str, made: str = "", left: float = 0.058, top: float = 0.985) -> None:
    """Write the finding in bold at the top left of `figure` and, under it, how the picture was made.

    left, top: position in fractions of the figure. Raises TypeError if `finding` or `made` is no text.
    """
    arguments.text(finding, "finding")
    arguments.text(made, "made")
    inches = figure.get_size_inches()[1]
    figure.text(left, top, finding, fontsize=12.5, fontweight="bold", color=INK, va="top")
    figure.text(left, top - 0.235 / inches, made, fontsize=9.5, va="top")


def axes(ax: Any) -> Axes:
    """`ax` itself; raises TypeError for anything that is not matplotlib Axes."""
    if not isinstance(ax, Axes):
        raise TypeError(f"ax: expected matplotlib Axes, found {type(ax).__name__}; make some with plt.subplots().")
    return ax
