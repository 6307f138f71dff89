"""Pictures of the widgets of a notebook, for pages that nobody runs: code hosts, and notebooks that were reopened."""

import base64
import io
import shutil
import tempfile
from pathlib import Path

import lab
from PIL import Image

LINE = "A picture. Run this cell, and it answers."
SCALE = 1.5
COLOURS = 64  # enough for flat colours with soft edges, and a third of the weight
_APPEND = """(card, line) => {
    const p = document.createElement("p");
    p.textContent = line;
    p.style.cssText = "margin: 10px 0 0; font-style: italic; color: #6B7178";
    card.append(p);
}"""


def stills(notebook: Path) -> dict[int, tuple[str, int]]:
    """{index of a cell: (PNG in base64, width in CSS pixels)} for every cell that shows a widget.

    The notebook is copied, opened in JupyterLab and run there; the file itself is not touched.
    """
    with tempfile.TemporaryDirectory() as scratch, lab.jupyterlab(Path(scratch)) as server, lab.browser() as browser:
        return taken(browser, server, notebook)


def taken(browser, server: lab.Lab, notebook: Path) -> dict[int, tuple[str, int]]:
    """The same in a JupyterLab and a browser that run already."""
    shutil.copy(notebook, server.root / notebook.name)
    with lab.opened(browser, server, notebook.name, SCALE) as page:
        lab.run_all(page)
        page.wait_for_timeout(500)
        return {index: _still(page, index) for index in lab.cells_with_widgets(page)}


def _still(page, index: int) -> tuple[str, int]:
    card = lab.cell(page, index).locator(".ray").first
    card.evaluate(_APPEND, LINE)
    page.wait_for_timeout(200)
    width = round(card.bounding_box()["width"])
    return base64.b64encode(_light(card.screenshot())).decode("ascii"), width


def _light(png: bytes) -> bytes:
    """The same picture in a palette of few colours."""
    made = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()
