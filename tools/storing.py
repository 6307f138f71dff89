"""Run a notebook in a clean kernel and tidy what is kept of it; `tools/notebooks.py` is the command."""

import os
import re
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from pictures import lighter

ROOT = Path(__file__).resolve().parent.parent
VIEW = "application/vnd.jupyter.widget-view+json"
PNG = "image/png"
WIDGET = "widget"  # marks the outputs of widgets: their PNG is a still of the widget, not a figure
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SECONDS_PER_CELL = 300


def read(path: Path) -> NotebookNode:
    """The notebook in the file."""
    return nbformat.read(path, as_version=4)


def write(notebook: NotebookNode, path: Path) -> None:
    """Validate and write with one kind of newline on every platform."""
    nbformat.validate(notebook)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Fill in all outputs from a new kernel that works in `folder`; any error of a cell is raised."""
    # Float32 sums differ in the sixth digit with the number of threads.
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ["TQDM_DISABLE"] = "1"  # a progress bar comes and goes with the speed of the machine
    # nbclient runs cells with store_history on, as JupyterLab does and as conftest.py makes nbval do:
    # only so does a trailing semicolon silence a cell.
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    client.execute()


def tidy(notebook: NotebookNode, stored: NotebookNode | None = None) -> None:
    """Keep what is the same on every machine; stills of unchanged widgets come from the `stored` notebook."""
    stills = {} if stored is None else _stills(stored)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        for key in ("execution", "collapsed", "scrolled", "lines_to_next_cell"):
            cell.metadata.pop(key, None)
        if cell.cell_type != "code":
            continue
        cell.outputs = [output for output in cell.outputs if not _only_a_view(output)]
        for output in cell.outputs:
            _tidy_output(cell, output, stills)


def _only_a_view(output: NotebookNode) -> bool:
    return "data" in output and set(output.data) == {VIEW}


def _tidy_output(cell: NotebookNode, output: NotebookNode, stills: dict[tuple[str, str], tuple[Any, Any]]):
    if VIEW not in output.get("data", {}):
        if PNG in output.get("data", {}):
            output.data[PNG] = lighter(output.data[PNG])
        return
    # A stored view whose kernel is gone is shown as an error message; the sentence and the still remain.
    del output.data[VIEW]
    output.metadata = nbformat.from_dict({WIDGET: True})
    kept = stills.get((cell.source, output.data["text/plain"]))
    if kept is not None:
        output.data[PNG], output.metadata = kept


def _stills(notebook: NotebookNode) -> dict[tuple[str, str], tuple[Any, Any]]:
    """{(source, sentence): (png, metadata)} of the widgets that have a picture."""
    return {
        (cell.source, output.data["text/plain"]): (output.data[PNG], output.metadata)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.get("metadata", {}).get(WIDGET) and PNG in output.get("data", {})
    }


def complaints(notebook: NotebookNode) -> list[str]:
    """What must not be stored: errors, warnings on stderr, addresses, machine paths."""
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            text = visible_text(output)
            if output.output_type == "error":
                found.append(f"cell {number} ends in {output.ename}: {output.evalue}")
            if output.get("name") == "stderr":
                found.append(f"cell {number} writes to stderr: {text.strip()[:200]}")
            for what in unportable(text):
                found.append(f"cell {number} shows {what}")
    return found


def unportable(text: str) -> list[str]:
    """Addresses of objects and paths of one machine that the text holds."""
    patterns = {
        "the address of an object": r"\bat 0x[0-9a-fA-F]{4,}",
        "a path of one machine": r"(?<![\w./])/(?:home|tmp|root|Users|private|usr|opt|mnt|var)/[\w.\-]+"
        r"|\b[A-Za-z]:\\\\?(?:Users|Temp|Windows)|" + re.escape(str(ROOT)),
    }
    return [f"{what} ({match[0]})" for what, pattern in patterns.items() if (match := re.search(pattern, text))]


def visible_text(output: NotebookNode) -> str:
    """All that an output shows in letters."""
    if output.output_type == "stream":
        return output.text
    data = output.get("data", {})
    return "\n".join(str(data[mime]) for mime in data if mime.startswith("text/") or mime.endswith("svg+xml"))
