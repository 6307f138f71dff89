"""From a key press to the new picture, in a real JupyterLab, through the kernel and back.

The key always goes the same way, so that nothing comes out of a cache. The peer is the usual way to do it: a slider
of ipywidgets' `interact` whose function computes the same orbit and plots it with matplotlib.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.rows import Row

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "browser"))
import lab

MOVES = 60
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
PEER = """
%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
from raylab.dynamics import orbit
from raylab.widgets.laws import page_law

def picture(j1):
    run = orbit(page_law, (j1, 0.02))
    figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.2))
    axes[0].plot(*run.components.T)
    axes[1].semilogx(run.times[1:], run.components[1:])
    plt.show()

interact(picture, j1=FloatSlider(value=0.1, min=0.01, max=0.9, step=0.01));
"""
CELLS = {
    "square, flow recomputed": ("from raylab import widgets\nwidgets.square()", ".ray-knob", "ArrowRight"),
    "draw, curve bent": ("widgets.draw()", ".ray-knob", "ArrowUp"),
    "transfer, share moved": ("widgets.transfer()", ".ray-knob", "ArrowRight"),
    "ruler, flow recomputed": ("widgets.ruler()", ".ray-knob", "ArrowRight"),
    "ruler, epsilon moved": ("widgets.ruler()", ".ray-dial .noUi-handle", "ArrowRight"),
    "basin, square of starts moved": ("widgets.basin(bet=False)", ".ray-knob", "ArrowRight"),
    "basin, epsilon moved": ("widgets.basin(bet=False)", ".ray-dial .noUi-handle >> nth=3", "ArrowRight"),
    "causes, one orbit recomputed": ("widgets.causes()", ".ray-knob", "ArrowRight"),
    "causes, all twelve recomputed": (
        "from raylab.widgets.board import BOARD\n"
        "board = widgets.causes()\n"
        "for row in BOARD:\n    board.choose(row.features, row.data, row.taught)\nboard",
        ".ray-knob",
        "ArrowRight",
    ),
    "shape, f bent": ("widgets.shape()", ".ray-knob", "ArrowUp"),
    "shape, start moved": ("widgets.shape()", ".ray-knob >> nth=5", "ArrowRight"),
    "staircase, three stairs": ("widgets.staircase(3, -0.1)", ".ray-knob", "ArrowRight"),
    "staircase, six stairs": (
        "widgets.staircase(6, -0.05, 1e-5)",
        ".ray-dial .noUi-handle >> nth=2",
        "ArrowLeft",
    ),
    "modes, two layers": ("widgets.modes()", ".ray-knob", "ArrowRight"),
    "modes, five layers, tilted": ("widgets.modes((4, 3, 2, 1), 1e-3, 5, 0.3)", ".ray-knob", "ArrowRight"),
    "dots, time moved": ("widgets.dots()", ".ray-dial .noUi-handle >> nth=1", "ArrowRight"),
}
WATCH = """async ([taker, watched, key, moves]) => {
    const times = [];
    for (let i = 0; i < moves; i++) {
        const seen = new Promise((done) => new MutationObserver((_, observer) => { observer.disconnect(); done(); })
            .observe(watched, { childList: true, subtree: true }));
        const start = performance.now();
        taker.focus();
        taker.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        await seen;
        times.push(performance.now() - start);
        await new Promise((done) => setTimeout(done, 40)); // a hand is not faster
    }
    return times;
}"""


def rows() -> list[Row]:
    why = lab.missing()
    if why:
        print(f"latency: left out, {why}")
        return []
    with tempfile.TemporaryDirectory() as scratch, lab.jupyterlab(Path(scratch)) as server, lab.browser() as browser:
        cells = [new_code_cell(source) for source in [*(source for source, _, _ in CELLS.values()), PEER]]
        nbformat.write(new_notebook(metadata=KERNEL, cells=cells), server.root / "latency.ipynb")
        with lab.opened(browser, server, "latency.ipynb") as page:
            lab.run_all(page)
            page.wait_for_timeout(1000)
            ours = {job: _ours(page, i, *CELLS[job][1:]) for i, job in enumerate(CELLS)}
            peer = _peer(page, len(CELLS))
    note = f"key press to new picture, median of {MOVES}"
    return [
        Row(f"widget: {job}", seconds, *(("interact + matplotlib", peer) if i == 0 else (None, None)), None, note)
        for i, (job, seconds) in enumerate(ours.items())
    ]


def _ours(page, index: int, taker: str, key: str) -> float:
    card = lab.cell(page, index)
    return _median(page, card.locator(taker).first, card.locator(".ray-picture g").nth(1), key)


def _peer(page, index: int) -> float:
    cell = lab.cell(page, index)
    return _median(page, cell.locator(".noUi-handle"), cell.locator(".widget-output"), "ArrowRight")


def _median(page, taker, watched, key: str) -> float:
    given = [taker.element_handle(), watched.element_handle(), key, MOVES]
    return statistics.median(page.evaluate(WATCH, given)) / 1000
