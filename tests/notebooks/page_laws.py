"""The laws of a stored notebook. Each one looks at a page and returns what is wrong with it; [] is praise enough.

A law's name is its sentence. `STORED` and `WRITTEN` hold for every notebook; chapter_laws.py has the rest.
`test_pages.py` runs them all, `test_page_laws.py` breaks a good page in every way they name.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import yaml
from blanking import BEGIN, END
from pages import Page, folded, is_figure, is_widget, printed
from prose_numbers import numbers, unsupported
from storing import METADATA, PNG, VIEW, complaints, unportable

LIMIT_BYTES = 1_500_000
LIMIT_LINES = 14
LIBRARIES = {"raylab", "numpy", "sympy", "torch", "sklearn"}
FORBIDDEN_WORDS = r"\b(simply|clearly|obviously|obvious|trivially|trivial)\b|easy to see"
# What a formula looks like after "\frac", "\rho", "\tfrac" or "\nabla" lost their backslash to a Python string
EATEN = re.compile(r"[\t\r\f\v\b\a]|\n(rac\{|ho\b|Vert|ight|abla|eq\b)")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]*)[^)]*\)")


# ---------------------------------------------------------------------------------------- how it is stored


def it_stores_no_widget_state(page: Page) -> list[str]:
    found = ["widgets in the notebook's metadata"] * ("widgets" in page.notebook.metadata)
    views = [page.place(cell) for cell in page.code for o in cell.outputs if VIEW in o.get("data", {})]
    return found + [f"{place}: a view without its kernel is an error message" for place in views]


def it_shows_no_error_warning_address_or_path(page: Page) -> list[str]:
    sources = [f"{page.place(cell)}: {what}" for cell in page.cells for what in unportable(cell.source)]
    return complaints(page.notebook) + sources


def it_is_small(page: Page) -> list[str]:
    size = page.path.stat().st_size if page.path.exists() else len(json.dumps(page.notebook))
    return [f"{size} bytes"] * (size >= LIMIT_BYTES)


def it_was_run_from_top_to_bottom_in_one_go(page: Page) -> list[str]:
    counts = [cell.execution_count for cell in page.code if cell.source.strip()]
    return [f"cells were run as {counts}"] * (counts != list(range(1, len(counts) + 1)))


def its_metadata_is_the_same_on_every_machine(page: Page) -> list[str]:
    found = [f"{page.place(cell)}: timestamps" for cell in page.cells if "execution" in cell.metadata]
    return found + ["metadata of the notebook"] * (page.notebook.metadata != METADATA)


def its_widgets_show_a_picture(page: Page) -> list[str]:
    return [
        f"{page.place(cell)}: no still; run `tools/notebooks.py store --stills`"
        for cell in page.code
        for output in cell.outputs
        if is_widget(output) and PNG not in output.get("data", {})
    ]


# ---------------------------------------------------------------------------------------- how it is written


def it_begins_with_its_only_title(page: Page) -> list[str]:
    first = page.cells[0]
    titles = [line for cell in page.prose for line in cell.source.split("\n") if re.match(r"# \S", line)]
    starts = first.cell_type == "markdown" and re.match(r"# \S", first.source)
    return ["the first cell is no title"] * (not starts) + [f"titles: {titles}"] * (len(titles) != 1)


def its_code_cells_are_short(page: Page) -> list[str]:
    """At most 14 lines that are not blank; solutions between their markers and hidden sources do not count."""
    found = []
    for cell in page.code:
        visible = re.sub(rf"{BEGIN}.*?{END}", "", cell.source, flags=re.DOTALL)
        lines = sum(bool(line.strip()) for line in visible.split("\n"))
        if lines > LIMIT_LINES and not folded(cell, "source_hidden"):
            found.append(f"{page.place(cell)}: {lines} lines")
    return found


def it_imports_what_learners_may_import(page: Page) -> list[str]:
    """The standard library, numpy, sympy, torch, sklearn and public names of raylab; no answers, no `_names`."""
    found = []
    for cell in page.code:
        for module, name in _imports(cell.source):
            root = module.split(".")[0]
            private = any(part.startswith("_") for part in f"{module}.{name}".split(".")) and root == "raylab"
            answers = bool(re.match(r"raylab\.checks\.\w", module)) or (
                module == "raylab.checks" and name not in ("check", "hint")
            )
            if private or answers or not (root in LIBRARIES or root in sys.stdlib_module_names):
                found.append(f"{page.place(cell)}: imports {name} from {module}")
    return found


def _imports(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def its_prose_has_no_forbidden_word(page: Page) -> list[str]:
    found = []
    for cell in page.prose:
        text = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|!\[|<!--", "", cell.source, flags=re.DOTALL)
        words = [match[0] for match in re.finditer(FORBIDDEN_WORDS, text, re.IGNORECASE)]
        found += [f"{page.place(cell)}: {word!r}" for word in words + ["!"] * ("!" in text)]
    return found


def its_formulas_kept_their_backslashes(page: Page) -> list[str]:
    return [f"{page.place(cell)}: {match.group()!r}" for cell in page.prose for match in EATEN.finditer(cell.source)]


def its_pictures_have_alternative_texts(page: Page) -> list[str]:
    pictures = [
        (cell, not alt.strip()) for cell in page.prose for mark, alt, _ in LINK.findall(cell.source) if mark == "!"
    ]
    tags = [(cell, 'alt="' not in tag) for cell in page.prose for tag in re.findall(r"<img[^>]*>", cell.source)]
    return [f"{page.place(cell)}: a picture without alt text" for cell, silent in pictures + tags if silent]


def its_links_lead_somewhere(page: Page) -> list[str]:
    """Files exist; an anchor of LEDGER.md is a row of ledger.yml."""
    found = []
    for cell in page.prose:
        for _, text, target in LINK.findall(cell.source):
            if re.match(r"https?://|#", target):
                continue
            file, _, anchor = target.partition("#")
            path = (page.path.parent / unquote(file)).resolve()
            lost = not path.is_relative_to(page.root) or not path.exists()
            if path.name == "LEDGER.md":
                lost = bool(anchor) and anchor not in ledger_ids(page.root)
            if not file or lost:
                found.append(f"{page.place(cell)}: [{text}]({target}) leads nowhere")
    return found


def ledger_ids(root: Path) -> set[str]:
    """The anchors of LEDGER.md."""
    rows = yaml.safe_load((root / "ledger.yml").read_text(encoding="utf-8"))
    rows = rows.get("rows", rows) if isinstance(rows, dict) else rows
    ids = rows if isinstance(rows, dict) else (row["id"] for row in rows)
    return {str(row).lower().replace(".", "") for row in ids}  # A.1 stands at #a1


def its_numbers_in_prose_are_printed_by_a_cell(page: Page) -> list[str]:
    """Law 7; what counts and what does not is defined in prose_numbers.py."""
    outputs = "\n".join(printed(cell) for cell in page.code)
    code = "\n".join(cell.source for cell in page.code)
    return [
        f"{page.place(cell)}: {number}" for cell in page.prose for number in unsupported(cell.source, outputs, code)
    ]


def its_figures_are_guarded_by_facts(page: Page) -> list[str]:
    """A cell that shows a figure prints at least two numbers."""
    return [
        f"{page.place(cell)}: a figure without two printed numbers"
        for cell in page.code
        if any(is_figure(output) for output in cell.outputs) and len(numbers(printed(cell))) < 2
    ]


STORED = (
    it_stores_no_widget_state,
    it_shows_no_error_warning_address_or_path,
    it_is_small,
    it_was_run_from_top_to_bottom_in_one_go,
    its_metadata_is_the_same_on_every_machine,
    its_widgets_show_a_picture,
)
WRITTEN = (
    it_begins_with_its_only_title,
    its_code_cells_are_short,
    it_imports_what_learners_may_import,
    its_prose_has_no_forbidden_word,
    its_formulas_kept_their_backslashes,
    its_pictures_have_alternative_texts,
    its_links_lead_somewhere,
    its_numbers_in_prose_are_printed_by_a_cell,
    its_figures_are_guarded_by_facts,
)
