"""Every kind of widget in a real JupyterLab, from a notebook that the test makes."""

import base64
import io
import os
from pathlib import Path

import drivers
import lab
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

# One page for all: with pytest -n, one process opens it.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("widgets")]

CELLS = [
    "from raylab import widgets\nwidgets.predict('How much longer?', {'twice': 2, 'ten times': 10, 'for ever': 1e9})",
    "widgets.quiz('Why?', [('so', True, 'Because.'), ('not so', False, 'It tempts.'), ('<i>', False, '<b>bold</b>')])",
    "widgets.square()",
    "def velocity(J):\n    a = J * (1 - J)\n    return a * (2 * a - a[..., ::-1])\n\nwidgets.square(velocity)",
    "widgets.dots()",
    "widgets.draw()",
    "widgets.transfer()",
    "widgets.ruler()",
    "def pulled(J):\n    a = J * (1 - J)\n    return a * (2 * a - a[..., ::-1])\n\nwidgets.ruler(pulled)",
    "widgets.basin()",
    "widgets.basin(lambda p, q: (p * q) ** 2, bet=False)",
    "widgets.shape()",
    "widgets.shape(lambda u: u * (1 - u) * (1 + u))",
    "widgets.staircase()",
    "widgets.modes()",
    "widgets.causes()",
    "def broken(J):\n    return J * '<img src=x>'\n\nwidgets.square(broken)",
]


@pytest.fixture(scope="module")
def page(server, browser):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    notebook = new_notebook(metadata=kernel, cells=[new_code_cell(source) for source in CELLS])
    nbformat.write(notebook, server.root / "widgets.ipynb")
    with lab.opened(browser, server, "widgets.ipynb", scale=1.5) as opened:
        lab.run_all(opened)
        yield opened


def card(page, index):
    return lab.cell(page, index).locator(".ray")


def test_every_cell_shows_one_widget_and_no_error(page):
    assert lab.cells_with_widgets(page) == list(range(len(CELLS)))
    assert lab.errors(page) == []


@pytest.mark.parametrize("index", range(len(CELLS) - 1))
def test_a_widget_answers_keyboard_and_mouse_with_the_right_numbers(page, index):
    kind = drivers.drive(page, card(page, index))
    assert f"widgets.{kind}(" in CELLS[index]
    assert lab.errors(page) == []
    shots = os.environ.get("SHOTS")  # a folder for pictures to look at
    if shots:
        page.wait_for_timeout(600)
        card(page, index).screenshot(path=Path(shots) / f"{index}_{kind}.png")


def test_the_learners_own_velocity_is_obeyed_and_named(page):
    assert "Under your velocity" in drivers.sentence(card(page, 3))
    assert "Under the page's law" in drivers.sentence(card(page, 2))


def test_the_learners_own_flatness_is_painted_and_compared(page):
    index = next(i for i, source in enumerate(CELLS) if "bet=False" in source)
    assert "Your flatness at its middle is" in drivers.sentence(card(page, index))
    assert card(page, index).locator(".ray-picture svg rect").count() > 225


def test_a_learners_error_is_told_as_text(page):
    said = drivers.sentence(card(page, len(CELLS) - 1))
    assert said.startswith("Your velocity stopped with") and "Mend it" in said
    assert card(page, len(CELLS) - 1).locator("img").count() == 0


def test_every_number_box_and_slider_has_a_name(page):
    page.wait_for_timeout(800)
    names = page.locator(".ray .noUi-handle").evaluate_all("found => found.map((e) => e.getAttribute('aria-label'))")
    assert names and all(names)
    boxes = page.locator(".ray input[type=number]")
    assert boxes.count() > 10
    assert all(box.evaluate("box => box.labels.length === 1 && box.labels[0].textContent") for box in boxes.all())


def test_a_handle_is_large_enough_for_a_finger(page):
    for knob in page.locator(".ray .ray-knob circle:first-child").all():
        assert knob.evaluate("circle => circle.r.baseVal.value") >= 11


def test_a_still_is_a_picture_of_the_widget_with_one_line_under_it(tmp_path, server, browser):
    Image = pytest.importorskip("PIL.Image")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    cells = [new_code_cell("1 + 1"), new_code_cell("from raylab import widgets\nwidgets.square()")]
    nbformat.write(new_notebook(metadata=kernel, cells=cells), tmp_path / "one.ipynb")
    before = (tmp_path / "one.ipynb").read_bytes()
    found = pytest.importorskip("stills").taken(browser, server, tmp_path / "one.ipynb")
    assert list(found) == [1] and (tmp_path / "one.ipynb").read_bytes() == before
    png, width = found[1]
    picture = Image.open(io.BytesIO(base64.b64decode(png)))
    assert picture.width == pytest.approx(1.5 * width, abs=2) and len(png) < 120_000
    if os.environ.get("SHOTS"):
        picture.save(Path(os.environ["SHOTS"]) / "still.png")
