"""A stored notebook as the laws see it."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from blanking import tags
from nbformat import NotebookNode
from storing import PNG, WIDGET, read, visible_text

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("chapters", "exercises", "solutions")


@dataclass(frozen=True)
class Page:
    """A notebook and the place where it stands."""

    notebook: NotebookNode
    path: Path

    @property
    def folder(self) -> str:
        return self.path.parent.name

    @property
    def root(self) -> Path:
        return self.path.resolve().parent.parent

    @property
    def number(self) -> str:
        return self.path.name[:2]

    @cached_property
    def cells(self) -> list[NotebookNode]:
        return self.notebook.cells

    @cached_property
    def code(self) -> list[NotebookNode]:
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @cached_property
    def prose(self) -> list[NotebookNode]:
        return [cell for cell in self.cells if cell.cell_type == "markdown"]

    def place(self, cell: NotebookNode) -> str:
        """Where somebody finds the cell: counted from 1 among all cells."""
        return f"cell {next(n for n, other in enumerate(self.cells, 1) if other is cell)}"


@cache
def load(path: Path) -> Page:
    return Page(read(path), path)


def paths(*folders: str) -> list[Path]:
    """All notebooks of the folders, in order."""
    return [path for folder in folders or FOLDERS for path in sorted((ROOT / folder).glob("*.ipynb"))]


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def is_widget(output: NotebookNode) -> bool:
    return bool(output.get("metadata", {}).get(WIDGET))


def is_figure(output: NotebookNode) -> bool:
    return PNG in output.get("data", {}) and not is_widget(output)


def printed(cell: NotebookNode) -> str:
    """What the cell prints and shows in letters; the name of a figure is not a statement."""
    return "\n".join(re.sub(r"<Figure size .*?>", "", visible_text(output)) for output in cell.get("outputs", []))


def folded(cell: NotebookNode, what: str) -> bool:
    """Whether `outputs_hidden` or `source_hidden` is set."""
    return bool(cell.metadata.get("jupyter", {}).get(what))


def tagged(cell: NotebookNode, tag: str) -> bool:
    return tag in tags(cell)
