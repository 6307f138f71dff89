"""tools/notebooks.py: what is stored, what is refused, and what becomes of a solution."""

import base64
import io

import numpy as np
import pytest
from blanking import EMPTY_ANSWER, blank, blank_code, skeleton
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebooks import exercises, run_and_write, store
from pictures import LARGEST_DIFFERENCE, lighter
from PIL import Image
from storing import METADATA, PNG, VIEW, WIDGET, read, tidy, write

SOLVED = '''def f(x):
    """Twice x."""
    # BEGIN SOLUTION
    y = x
    return y + x
    # END SOLUTION


known = f(1)
# BEGIN SOLUTION
answer, other = 3, 4
answer = 5
# END SOLUTION
known'''
BLANKED = '''def f(x):
    """Twice x."""
    ...


known = f(1)
answer = ...
other = ...
known'''


def test_a_solution_becomes_an_ellipsis_at_its_indentation_and_its_names_stay():
    assert blank_code(SOLVED) == BLANKED
    assert blank_code("answer = ...\n# BEGIN SOLUTION\nanswer = 3\n# END SOLUTION") == "answer = ..."
    assert blank_code("# BEGIN SOLUTION\nprint(3)\n# END SOLUTION") == "..."


@pytest.mark.parametrize("untouched", ["", "x = 1\n\n\ny = 2\n", "    indented", "# a BEGIN SOLUTION in words"])
def test_code_without_markers_is_kept_to_the_byte(untouched):
    assert blank_code(untouched) == untouched


@pytest.mark.parametrize(
    "lines", ["# BEGIN SOLUTION\nx", "x\n# END SOLUTION", "# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION"]
)
def test_a_lost_marker_is_an_error_and_not_a_leaked_solution(lines):
    with pytest.raises(ValueError, match="SOLUTION"):
        blank_code(lines)


def test_cells_for_solutions_alone_vanish_and_model_answers_are_emptied():
    solution = new_notebook(
        cells=[
            new_code_cell(SOLVED, metadata={"tags": ["exercise"], "exercise": "01.1"}),
            new_code_cell("1 / 0", metadata={"tags": ["solution-only"]}),
            new_markdown_cell("Because.", metadata={"tags": ["model-answer"]}),
        ]
    )
    made = blank(solution)
    assert [cell.source for cell in made.cells] == [BLANKED, EMPTY_ANSWER]
    assert [cell.id for cell in made.cells] == [solution.cells[0].id, solution.cells[2].id]
    assert made.cells[0].metadata == solution.cells[0].metadata
    assert solution.cells[0].source == SOLVED  # the solution itself is not touched
    assert skeleton(blank(made)) == skeleton(made)


def stored(tmp_path, *sources):
    path = tmp_path / "solutions" / "01_made.ipynb"
    path.parent.mkdir(exist_ok=True)
    write(new_notebook(cells=[new_code_cell(source) for source in sources]), path)
    return path


def test_a_stored_notebook_keeps_ids_and_outputs_and_loses_what_is_of_one_machine(tmp_path):
    path = stored(tmp_path, "print('one'); print('two')", "import ipywidgets\nipywidgets.IntSlider(3)")
    ids = [cell.id for cell in read(path).cells]
    assert store([path], stills=False) == 0
    notebook, text = read(path), path.read_text(encoding="utf-8")
    assert [cell.id for cell in notebook.cells] == ids and notebook.metadata == METADATA
    assert notebook.cells[0].outputs[0].text == "one\ntwo\n"
    assert notebook.cells[1].outputs[0].data == {"text/plain": "IntSlider(value=3)"}
    assert notebook.cells[1].outputs[0].metadata == {WIDGET: True}
    assert "widget-view" not in text and "iopub" not in text
    before = path.read_bytes()
    store([path], stills=False)
    assert path.read_bytes() == before and b"\r" not in before


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import warnings\nwarnings.warn('careful')", "stderr"),
        ("object()", "address"),
        ("print('/home/' + 'somebody/x')", "path"),
    ],
)
def test_what_must_not_be_stored_is_refused_and_the_file_stays(tmp_path, capsys, source, complaint):
    path = stored(tmp_path, source)
    before = path.read_bytes()
    assert store([path], stills=False) == 1
    assert path.read_bytes() == before
    said = capsys.readouterr().out
    assert "NOT STORED" in said and complaint in said


def widget_page(source, sentence, png=None):
    data = {"text/plain": sentence} | ({PNG: png} if png else {VIEW: {"model_id": "7"}})
    metadata = {WIDGET: True, PNG: {"width": 720}} if png else {}
    return new_notebook(cells=[new_code_cell(source, outputs=[new_output("display_data", data, metadata=metadata)])])


@pytest.mark.parametrize(
    ("source", "sentence", "kept"), [("w", "It is 3.", True), ("v", "It is 3.", False), ("w", "It is 4.", False)]
)
def test_a_still_is_kept_as_long_as_source_and_sentence_are_the_same(source, sentence, kept):
    fresh = widget_page(source, sentence)
    tidy(fresh, widget_page("w", "It is 3.", png="iVBORw0KGgo="))
    output = fresh.cells[0].outputs[0]
    assert (PNG in output.data) == kept and output.metadata[WIDGET] and VIEW not in output.data


def test_exercises_are_made_run_and_found_the_same(tmp_path, capsys):
    path = stored(tmp_path, SOLVED, "print(f(2), answer)")
    target = tmp_path / "exercises" / path.name
    target.parent.mkdir()
    assert exercises([path], check=True) == 1  # not made yet
    assert exercises([path], check=False) == 0
    assert read(target).cells[1].outputs[0].text == "None Ellipsis\n"
    assert exercises([path], check=True) == 0
    write(new_notebook(cells=[new_code_cell("2")]), target)
    assert exercises([path], check=True) == 1
    assert "DIFFERS" in capsys.readouterr().out


def test_a_notebook_that_fails_on_the_way_says_where(tmp_path):
    page = new_notebook(cells=[new_code_cell("x = 1"), new_code_cell("raise ValueError('lost')")])
    assert "lost" in run_and_write(page, tmp_path / "page.ipynb")[0]


def picture(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"), dtype=int)


def test_a_figure_becomes_lighter_and_nobody_sees_it():
    r = np.hypot(*np.meshgrid(np.linspace(-1, 1, 300), np.linspace(-1, 1, 200)))
    ring = 200 * np.exp(-40 * (r - 0.5) ** 2)  # a smooth line; 736 colours, a palette holds 256
    before = picture(np.stack([ring, 0 * r + 120, 250 - ring + 20 * r], axis=-1).clip(0, 255))
    after = lighter(before)
    assert len(after) < 0.7 * len(before)
    assert 0 < np.abs(pixels(after) - pixels(before)).max() <= LARGEST_DIFFERENCE
    assert lighter(after) == after  # so that storing twice changes nothing


def test_a_picture_that_would_suffer_keeps_its_colours():
    noise = picture(np.random.default_rng(0).integers(0, 256, (60, 60, 3)))
    see_through = picture(np.full((20, 20, 4), 128))
    assert (pixels(lighter(noise)) == pixels(noise)).all() and lighter(lighter(noise)) == lighter(noise)
    assert lighter(see_through) == see_through
