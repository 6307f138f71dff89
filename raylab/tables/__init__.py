"""The numbers behind the paper's Figures 3, 4, 5, 7, 8 and 9 and its Appendix A: small tables from long runs.

Each is a CSV file beside this one, with a head of comment lines that names the command, the seed and the conventions.
`python tools/tables.py` makes them again.
"""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from raylab import arguments

Column = NDArray[np.float64] | list[str]

_FOLDER = Path(__file__).resolve().parent


def names() -> tuple[str, ...]:
    """The tables that there are, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.csv")))


def load(name: str) -> dict[str, Column]:
    """Columns by their names: float64 arrays (rows,) where every entry is a number, else lists of text.

    `inf` is a number, as in other tables of this course: a run that never arrives takes `inf` steps.
    Raises TypeError if the name is no text, ValueError if there is no such table.
    """
    rows = list(csv.reader(line for line in _lines(name) if not line.startswith("#")))
    return {column: _numbers([row[i] for row in rows[1:]]) for i, column in enumerate(rows[0])}


def head(name: str) -> dict[str, str]:
    """What a table says about itself: what, command, seed, parametrisation, law, end points, columns, ...

    Raises TypeError if the name is no text, ValueError if there is no such table.
    """
    pairs = (line[1:].split(":", 1) for line in _lines(name) if line.startswith("#"))
    return {key.strip(): said.strip() for key, said in pairs}


def _lines(name: str) -> list[str]:
    if arguments.text(name, "name") not in names():
        raise ValueError(f"name: expected one of {', '.join(names())}, found {name!r}; choose a table that is there.")
    return (_FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()


def _numbers(entries: list[str]) -> Column:
    try:
        return np.array([float(entry) for entry in entries])
    except ValueError:
        return entries
