"""The frame of every widget: one style sheet, and a text form that is its sentence."""

from pathlib import Path
from typing import Any

import ipywidgets as ui

try:
    import anywidget
except ImportError:  # boxes and sliders do without it, and the card says so
    anywidget = None

HERE = Path(__file__).parent
STYLE = f"<style>{(HERE / 'card.css').read_text(encoding='utf-8')}</style>"
ASLEEP = (
    "<p>No picture or answer here? Then this page was opened before anywidget was installed: "
    "stop JupyterLab, start it again and reload the page.</p>"
)
MISSING = (
    '<p class="ray-note">anywidget is not installed, so nothing can be dragged here; '
    "the number boxes, sliders and buttons do the same.</p>"
)
VIEW = "application/vnd.jupyter.widget-view+json"


class Card(ui.VBox):
    """A framed widget. Its text/plain is its sentence and nothing else: a stored page holds no address of an object."""

    sentence = ""

    def __init__(self, *children: ui.Widget):
        style, note = ui.HTML(STYLE), ui.HTML(ASLEEP if anywidget else MISSING)
        style.add_class("ray-style")
        if anywidget:
            note.add_class("ray-asleep")
        super().__init__([style, *children, note])
        self.add_class("ray")
        self.add_class(f"ray-{type(self).__name__.lower()}")

    def __repr__(self) -> str:
        return self.sentence

    def _repr_mimebundle_(  # pyright: ignore[reportIncompatibleMethodOverride]  IPython gives these two alone
        self, include: Any = None, exclude: Any = None
    ) -> dict[str, Any]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"text/plain": self.sentence, VIEW: view}
