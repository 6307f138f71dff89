"""Make an exercise notebook from its solution: sources, ids and tags; the outputs come from a run."""

import ast
import copy

from nbformat import NotebookNode

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
SOLUTION_ONLY, MODEL_ANSWER = "solution-only", "model-answer"
EMPTY_ANSWER = "*Your answer here.*"


def blank(solution: NotebookNode) -> NotebookNode:
    """The exercise notebook of a solution notebook, without outputs."""
    exercise = copy.deepcopy(solution)
    exercise.cells = [cell for cell in exercise.cells if SOLUTION_ONLY not in tags(cell)]
    for cell in exercise.cells:
        if cell.cell_type == "code":
            cell.source = blank_code(cell.source)
            cell.outputs, cell.execution_count = [], None
        elif MODEL_ANSWER in tags(cell):
            cell.source = EMPTY_ANSWER
    return exercise


def blank_code(source: str) -> str:
    """Put `...` in the place of each marked solution, at the indentation of its first marker."""
    kept, solution = [], None
    for line in source.split("\n"):
        marker = line.strip()
        if marker == BEGIN and solution is None:
            indent, solution = line[: line.index("#")], []
        elif marker == END and solution is not None:
            kept += placeholders(solution, indent, kept)
            solution = None
        elif marker in (BEGIN, END):
            raise ValueError(f"expected {BEGIN!r} and {END!r} in turn, found {marker!r} again in:\n{source}")
        elif solution is None:
            kept.append(line)
        else:
            solution.append(line)
    if solution is not None:
        raise ValueError(f"expected {END!r} after {BEGIN!r}, found the end of the cell:\n{source}")
    return "\n".join(kept)


def placeholders(solution: list[str], indent: str, above: list[str]) -> list[str]:
    """`...` for the lines of a solution; outside functions `name = ...` for each name that they assign."""
    if indent:
        return [indent + "..."]
    # A bare `...` at the end of a cell would show "Ellipsis", and later cells need the names.
    names = [
        name.id
        for statement in ast.parse("\n".join(solution)).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    ]
    lines = [f"{name} = ..." for name in dict.fromkeys(names)]
    return [line for line in lines if line not in above] if lines else ["..."]


def tags(cell: NotebookNode) -> list[str]:
    """The tags of a cell, an empty list where there are none."""
    return cell.metadata.get("tags", [])


def skeleton(notebook: NotebookNode) -> list[dict]:
    """What the exercise shares with its solution: kind, id, source and metadata of each cell."""
    return [
        {"type": cell.cell_type, "id": cell.id, "source": cell.source, "metadata": dict(cell.metadata)}
        for cell in notebook.cells
    ]
