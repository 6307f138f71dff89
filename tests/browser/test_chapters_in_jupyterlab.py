"""Every notebook with widgets that is handed out, opened in a real JupyterLab: it runs, and each of them answers.

Each widget is compared as it stands and after one more act. All that a kind of widget can do is tried once, in
test_widgets_in_jupyterlab.py; of questions and bets every line is tried here, because every page has its own.
"""

import shutil
from pathlib import Path

import drivers
import lab
import nbformat
import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]


def widget_cells(notebook: Path) -> list[int]:
    """The cells that show a widget, as the stored notebook marks them (tools/storing.py)."""
    cells = nbformat.read(notebook, as_version=4).cells
    return [
        i for i, cell in enumerate(cells) if any(o.get("metadata", {}).get("widget") for o in cell.get("outputs", []))
    ]


# Exercises without a widget have nothing that nbval does not see.
NOTEBOOKS = [
    *sorted((ROOT / "chapters").glob("*.ipynb")),
    *(path for path in sorted((ROOT / "exercises").glob("*.ipynb")) if widget_cells(path)),
]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_notebook_runs_and_all_its_widgets_answer(notebook, server, browser):
    target = server.root / notebook.parent.name / notebook.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(notebook, target)
    with lab.opened(browser, server, f"{notebook.parent.name}/{notebook.name}") as page:
        lab.run_all(page, seconds=300)
        assert lab.errors(page) == []
        expected = widget_cells(notebook)
        for index in expected:
            lab.cell(page, index).locator(".jp-OutputArea .ray").wait_for()
        assert lab.cells_with_widgets(page) == expected
        for index in expected:
            drivers.drive(page, lab.cell(page, index).locator(".ray"), acts=2)
        assert lab.errors(page) == []
