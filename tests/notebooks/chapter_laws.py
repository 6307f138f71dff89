"""Laws of chapters, and of solutions with the exercises made from them; read page_laws.py first."""

import re
from importlib import import_module

from blanking import BEGIN, EMPTY_ANSWER, END, MODEL_ANSWER
from pages import Page, folded, is_figure, printed, tagged

# ---------------------------------------------------------------------------------------- what a chapter has


def it_opens_with_question_aims_and_minutes(page: Page) -> list[str]:
    """Within the first three cells."""
    opening = "\n".join(cell.source for cell in page.cells[:3] if cell.cell_type == "markdown")
    wanted = {"a question": r"\?", "After this": r"After this", "minutes": r"\d+ (?:to \d+ )?minutes"}
    return [f"no {what}" for what, pattern in wanted.items() if not re.search(pattern, opening)]


def it_closes_with_all_that_a_chapter_closes_with(page: Page) -> list[str]:
    """Within the last sixteen cells: summary, where it breaks, three to five quizzes, In class, its exercises."""
    if page.number == "00":
        return []
    end = page.cells[-16:]
    prose = "\n".join(cell.source for cell in end if cell.cell_type == "markdown")
    wanted = {
        "summary (a heading: Summary, What you have seen, What we have shown)": r"(?im)^#+ .*(summary|what "
        r"(you|we|this chapter) (have |has )?(seen|shown|found)|what was shown)",
        "'Where this breaks'": r"Where this breaks",
        "'In class'": r"In class",
        "link to its exercises": rf"\]\((\.\./exercises/)?{re.escape(page.path.name)}\)",
    }
    found = [f"no {what}" for what, pattern in wanted.items() if not re.search(pattern, prose)]
    asked = sum(len(re.findall(r"\bquiz\(", cell.source)) for cell in end if cell.cell_type == "code")
    return found + [f"{asked} quizzes"] * (not 3 <= asked <= 5)


def its_quizzes_hide_their_source(page: Page) -> list[str]:
    asked = [cell for cell in page.code if re.search(r"\bquiz\(", cell.source)]
    return [f"{page.place(cell)}: the source names the answer" for cell in asked if not folded(cell, "source_hidden")]


def its_bets_are_answered_in_a_folded_cell(page: Page) -> list[str]:
    found = []
    for cell in page.code:
        for bet in re.findall(r"(?m)^(\w+) = (?:\w+\.)?predict\(", cell.source):
            later = page.code[page.code.index(cell) + 1 :]
            answers = [other for other in later if re.search(rf"\b{bet}\.against\(", other.source)]
            if not answers:
                found.append(f"{page.place(cell)}: nothing answers {bet}")
            found += [
                f"{page.place(other)}: the answer to {bet} lies open"
                for other in answers
                if not folded(other, "outputs_hidden")
            ]
    return found


def its_folded_outputs_show_the_figure_before_the_numbers(page: Page) -> list[str]:
    """The placeholder of a folded cell shows the beginning of its first output."""
    found = []
    for cell in page.code:
        if not folded(cell, "outputs_hidden"):
            continue
        figures = [n for n, output in enumerate(cell.outputs) if is_figure(output)]
        if not cell.outputs:
            found.append(f"{page.place(cell)}: folded, but nothing to show")
        if figures and figures[0] != 0:
            found.append(f"{page.place(cell)}: the placeholder gives the number away")
    return found


# ---------------------------------------------------------------------------------------- what exercises have


def its_exercises_are_those_of_raylab(page: Page) -> list[str]:
    """One cell tagged `exercise` for each id in raylab.checks, in their order (cells of one exercise together)."""
    tagged_ids = list(dict.fromkeys(id for _, id in exercise_cells(page)))
    known = [exercise.id for exercise in known_exercises(page.number)]
    return [f"cells {tagged_ids}, raylab.checks {known}"] * (tagged_ids != known)


def every_exercise_has_its_tag_check_and_hints(page: Page) -> list[str]:
    found = [
        f"{page.place(cell)}: tag `exercise` and metadata.exercise go together"
        for cell in page.cells
        if tagged(cell, "exercise") != ("exercise" in cell.metadata) and not tagged(cell, "check")
    ]
    for cell, id in exercise_cells(page):
        later = page.cells[page.cells.index(cell) :]
        checks = [other for other in later if re.search(rf"\bcheck\(\s*[\"']{id}[\"']", other.source)]
        if not any(tagged(other, "check") for other in checks):
            found.append(f"{id}: no later cell with check({id!r}, ...) tagged `check`")
        if not any(re.search(rf"\bhint\(\s*[\"']{id}[\"']", other.source) for other in later):
            found.append(f"{id}: no later cell with hint({id!r}, ...)")
    return found


def every_check_says_what_it_should(page: Page) -> list[str]:
    """`correct` in solutions, `not attempted` in exercises."""
    wanted = {"solutions": "correct", "exercises": "not attempted"}[page.folder]
    found = []
    for cell in page.code:
        for id in re.findall(r"(?m)^\s*check\(\s*[\"'](\d\d\.\d+)[\"']", cell.source) if tagged(cell, "check") else ():
            if not re.search(rf"{re.escape(id)} {wanted}", printed(cell)):
                found.append(f"{page.place(cell)}: {id} is not {wanted!r}")
    return found


def no_answer_is_left_in_an_exercise(page: Page) -> list[str]:
    if page.folder != "exercises":
        return []
    return [
        f"{page.place(cell)}: {what}"
        for cell in page.cells
        for what in (BEGIN, END)
        if what in cell.source or (tagged(cell, MODEL_ANSWER) and cell.source != EMPTY_ANSWER)
    ]


def exercise_cells(page: Page) -> list[tuple]:
    return [(cell, cell.metadata.get("exercise")) for cell in page.cells if tagged(cell, "exercise")]


def known_exercises(number: str) -> tuple:
    return import_module(f"raylab.checks.ch{number}").EXERCISES


CHAPTER = (
    it_opens_with_question_aims_and_minutes,
    it_closes_with_all_that_a_chapter_closes_with,
    its_quizzes_hide_their_source,
    its_bets_are_answered_in_a_folded_cell,
    its_folded_outputs_show_the_figure_before_the_numbers,
)
EXERCISES = (
    its_exercises_are_those_of_raylab,
    every_exercise_has_its_tag_check_and_hints,
    every_check_says_what_it_should,
    no_answer_is_left_in_an_exercise,
)
