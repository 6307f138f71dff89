"""A law is worth what it rejects: a good page passes all of them, and each way to break it is seen."""

import copy

import chapter_laws
import nbformat
import page_laws
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pages import Page
from storing import METADATA, PNG, VIEW, WIDGET

PIXEL = "iVBORw0KGgo="


def shows(text):
    return new_output("stream", name="stdout", text=text)


def figure():
    return new_output("display_data", {PNG: PIXEL, "text/plain": "<Figure size 720x290 with 1 Axes>"})


def widget(sentence):
    return new_output("execute_result", {"text/plain": sentence, PNG: PIXEL}, metadata={WIDGET: True})


def code(source, *outputs, tags=(), **metadata):
    cell = new_code_cell(source, outputs=list(outputs), metadata=metadata)
    if tags:
        cell.metadata["tags"] = list(tags)
    return cell


def numbered(cells):
    for count, cell in enumerate((cell for cell in cells if cell.cell_type == "code"), 1):
        cell.execution_count = count
    return new_notebook(cells=cells, metadata=copy.deepcopy(METADATA))


HIDDEN_SOURCE, HIDDEN_OUTPUT = {"source_hidden": True}, {"outputs_hidden": True}


def chapter():
    cells = [
        new_markdown_cell("# Who wins?\n\nWhich of two tasks? *After this page you can* say it. *20 minutes.*"),
        code("import numpy as np\n\nfrom raylab import check, plots, widgets\n\nplots.use_style()"),
        new_markdown_cell("Look at [S6](../LEDGER.md#s6), ![two curves](picture.png), and bet."),
        code("bet = widgets.predict('How long?', {'short': 1, 'long': 1e3})\nbet", widget("Your bet, please")),
        code(
            "plots.show(figure)\nprint(wait, share)\nbet.against(wait)",
            figure(),
            shows("2613 0.377"),
            jupyter=HIDDEN_OUTPUT,
        ),
        new_markdown_cell("The wait is 2613, in 37.7 % of the square (Schaul et al., 2019)."),
        new_markdown_cell("## What you have seen\n\nOne wins. **Where this breaks.** On the diagonal."),
        *(code(f"widgets.quiz('Why {n}', [])", widget("Quiz: Why"), jupyter=HIDDEN_SOURCE) for n in range(3)),
        new_markdown_cell("> **In class.** Ask.\n\nNext: [exercises](../exercises/01_page.ipynb)."),
    ]
    return numbered(cells)


def solutions():
    cells = [
        new_markdown_cell("# Exercises 01"),
        code("import numpy as np\n\nfrom raylab import check, hint"),
        new_markdown_cell("**Exercise 01.1** Do it."),
        code(
            "def f(x):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION",
            tags=["exercise"],
            exercise="01.1",
        ),
        code('check("01.1", f)', shows("01.1 correct: yes"), tags=["check"]),
        code('# hint("01.1", 1)', tags=["hint"]),
    ]
    return numbered(cells)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A little course around a made-up page: (kind) -> a fresh page."""
    (tmp_path / "ledger.yml").write_text("rows:\n  - id: S6\n", encoding="utf-8")
    for name in ("LEDGER.md", "chapters/picture.png", "exercises/01_page.ipynb"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    known = type("Known", (), {"id": "01.1"})
    monkeypatch.setattr(chapter_laws, "known_exercises", lambda number: (known,))

    def make(kind):
        notebook = {"chapters": chapter, "solutions": solutions}[kind]()
        return Page(notebook, tmp_path / kind / "01_page.ipynb")

    return make


LAWS = {
    "chapters": page_laws.STORED + page_laws.WRITTEN + chapter_laws.CHAPTER,
    "solutions": page_laws.STORED + page_laws.WRITTEN + chapter_laws.EXERCISES,
}


@pytest.mark.parametrize(("kind", "law"), [(kind, law) for kind in LAWS for law in LAWS[kind]])
def test_a_good_page_passes(made, kind, law):
    assert law(made(kind)) == []


def adds(text, cell=2):
    def to(notebook):
        notebook.cells[cell].source += text

    return to


def puts(cell, source=None, **changes):
    """Change a cell: its source, or an attribute."""

    def to(notebook):
        target = notebook.cells[cell]
        if source is not None:
            target.source = source
        target.update(changes)

    return to


def outputs(cell, *wanted):
    def to(notebook):
        notebook.cells[cell].outputs = list(wanted)

    return to


def marks(cell, **metadata):
    def to(notebook):
        notebook.cells[cell].metadata = nbformat.from_dict(metadata)

    return to


def drops(cell):
    def to(notebook):
        del notebook.cells[cell]

    return to


ERROR = new_output("error", ename="ValueError", evalue="no", traceback=[])
WARNING = new_output("stream", name="stderr", text="careful")
BROKEN = {  # law -> ways to break it: (kind of page, change)
    page_laws.it_stores_no_widget_state: [
        ("chapters", lambda nb: nb.metadata.update(widgets={})),
        ("chapters", lambda nb: nb.cells[3].outputs[0].data.update({VIEW: {}})),
    ],
    page_laws.it_shows_no_error_warning_address_or_path: [
        ("chapters", outputs(1, ERROR)),
        ("chapters", outputs(1, WARNING)),
        ("chapters", outputs(1, shows("<f at 0x7f22aa0c>"))),
        ("chapters", outputs(1, shows("/home/somebody/x.py"))),
        ("chapters", outputs(1, shows("C:\\Users\\somebody"))),
        ("chapters", adds(" See /tmp/notes.txt")),
    ],
    page_laws.it_is_small: [("chapters", adds("long " * 300_000))],
    page_laws.it_was_run_from_top_to_bottom_in_one_go: [
        ("chapters", puts(1, execution_count=None)),
        ("chapters", puts(1, execution_count=7)),
    ],
    page_laws.its_metadata_is_the_same_on_every_machine: [
        ("chapters", marks(1, execution={"iopub.status.busy": "2024"})),
        ("chapters", lambda nb: nb.metadata.language_info.update(version="3.11.7")),
    ],
    page_laws.its_widgets_show_a_picture: [("chapters", lambda nb: nb.cells[3].outputs[0].data.pop(PNG))],
    page_laws.it_begins_with_its_only_title: [
        ("chapters", puts(0, "Who wins? After this: 20 minutes")),
        ("chapters", adds("\n\n# A second title")),
        ("chapters", drops(0)),
    ],
    page_laws.its_code_cells_are_short: [
        ("chapters", puts(1, "x = 1\n" * 15)),
        ("solutions", adds("\n" + "x = 1\n" * 15, cell=3)),
    ],
    page_laws.it_imports_what_learners_may_import: [
        ("chapters", puts(1, source))
        for source in (
            "import matplotlib.pyplot as plt",
            "from raylab.dynamics import _step",
            "from raylab.checks.ch01 import policy",
            "from raylab.checks import engine",
            "import pandas",
        )
    ],
    page_laws.its_prose_has_no_forbidden_word: [
        ("chapters", adds(text)) for text in (" Simply so.", " It is easy to see.", " Clearly.", " Look!")
    ],
    page_laws.its_formulas_kept_their_backslashes: [
        ("chapters", adds(text))
        for text in (" $\frac12$", " $\rho$", " $\nabla J$", " $\tfrac12$", " $\beta$", " $\rVert$")
    ],
    page_laws.its_pictures_have_alternative_texts: [
        ("chapters", adds(" ![](picture.png)")),
        ("chapters", adds(" <img src='picture.png'>")),
    ],
    page_laws.its_links_lead_somewhere: [
        ("chapters", adds(text))
        for text in (
            " [next](02_nowhere.ipynb)",
            " [S7](../LEDGER.md#s7)",
            " [row](../LEDGER.md#s)",
            " [out](../../elsewhere.md)",
            " []()",
        )
    ],
    page_laws.its_numbers_in_prose_are_printed_by_a_cell: [
        ("chapters", adds(" It took 2614.")),
        ("chapters", outputs(4, figure())),
    ],
    page_laws.its_figures_are_guarded_by_facts: [
        ("chapters", outputs(4, figure())),
        ("chapters", outputs(4, figure(), shows("the wait is 2613"))),
    ],
    chapter_laws.it_opens_with_question_aims_and_minutes: [
        ("chapters", puts(0, source))
        for source in (
            "# Who wins\n\nAfter this page. 20 minutes.",
            "# Who wins?\n\n20 minutes.",
            "# Who wins?\n\nAfter this page.",
        )
    ],
    chapter_laws.it_closes_with_all_that_a_chapter_closes_with: [
        ("chapters", puts(6, "## The end. **Where this breaks.**")),
        ("chapters", puts(6, "## Summary")),
        ("chapters", puts(10, "Next: [exercises](../exercises/01_page.ipynb).")),
        ("chapters", puts(10, "**In class.** Next: [exercises](../exercises/02_page.ipynb).")),
        ("chapters", drops(8)),
    ],
    chapter_laws.its_quizzes_hide_their_source: [("chapters", marks(8))],
    chapter_laws.its_bets_are_answered_in_a_folded_cell: [("chapters", marks(4)), ("chapters", drops(4))],
    chapter_laws.its_folded_outputs_show_the_figure_before_the_numbers: [
        ("chapters", outputs(4)),
        ("chapters", outputs(4, shows("2613 0.377"), figure())),
    ],
    chapter_laws.its_exercises_are_those_of_raylab: [
        ("solutions", marks(3, tags=["exercise"], exercise="01.2")),
        ("solutions", drops(3)),
    ],
    chapter_laws.every_exercise_has_its_tag_check_and_hints: [
        ("solutions", marks(3, exercise="01.1")),
        ("solutions", marks(3, tags=["exercise"])),
        ("solutions", marks(4)),
        ("solutions", drops(4)),
        ("solutions", drops(5)),
    ],
    chapter_laws.every_check_says_what_it_should: [
        ("solutions", outputs(4, shows("01.1 almost: the other clock"))),
        ("solutions", outputs(4)),
    ],
    chapter_laws.no_answer_is_left_in_an_exercise: [],  # tried below: it speaks of exercises only
}


@pytest.mark.parametrize(
    ("law", "kind", "change"),
    [
        pytest.param(law, kind, change, id=f"{law.__name__}-{n}")
        for law, ways in BROKEN.items()
        for n, (kind, change) in enumerate(ways)
    ],
)
def test_a_broken_page_is_seen(made, law, kind, change):
    page = made(kind)
    change(page.notebook)
    assert law(page) != []


def test_every_law_has_a_page_that_breaks_it():
    assert set(BROKEN) == {law for laws in LAWS.values() for law in laws}


def test_an_answer_left_in_an_exercise_is_seen(made):
    page = made("solutions")
    exercise = Page(page.notebook, page.root / "exercises" / "01_page.ipynb")
    assert chapter_laws.no_answer_is_left_in_an_exercise(exercise) != []
