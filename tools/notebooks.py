"""Store notebooks with their outputs, make the exercises from the solutions, list what there is.

    python tools/notebooks.py store chapters/01_bandit.ipynb
        Run in a clean kernel (in the notebook's folder, one thread) and write it back the way it is
        committed: outputs, ids and tags kept; widget state, timestamps and machine-dependent metadata
        dropped. A widget keeps its sentence, and its picture as long as source and sentence are the same.
        An error, a warning on stderr, an address or a path of this machine in an output: nothing is written.
    python tools/notebooks.py store --stills chapters/01_bandit.ipynb
        The same, then take a new picture of every widget in a browser (needs the extra `dev`).
    python tools/notebooks.py exercises
        Make exercises/*.ipynb from solutions/*.ipynb and run them untouched. Name some solutions to make
        only those. With --check: compare sources, ids and tags, write nothing.
    python tools/notebooks.py list [--time]
        Cells and bytes of each notebook; with --time also the seconds that a clean run takes.

What becomes of a solution: code between `# BEGIN SOLUTION` and `# END SOLUTION` is replaced by `...` at the
same indentation, outside functions by `name = ...` for each name that it assigns; cells tagged `solution-only`
are dropped; markdown cells tagged `model-answer` become an empty answer cell. Everything else is kept.
"""

import argparse
import sys
import time
from pathlib import Path

import nbformat
from blanking import blank, skeleton
from nbclient.exceptions import CellExecutionError
from pictures import lighter
from storing import PNG, WIDGET, complaints, execute, read, tidy, write

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("chapters", "exercises", "solutions")


def run_and_write(notebook: nbformat.NotebookNode, path: Path) -> list[str]:
    """Run, tidy, write; returns the complaints, and writes nothing where there are some."""
    stored = read(path) if path.exists() else None
    try:
        execute(notebook, path.parent)
    except CellExecutionError as error:
        return [str(error)]
    found = complaints(notebook)
    if not found:
        tidy(notebook, stored)
        write(notebook, path)
    return found


def store(paths: list[Path], stills: bool) -> int:
    """Store each notebook; the number of those that could not be stored."""
    failed = 0
    for path in paths:
        found = run_and_write(read(path), path)
        if stills and not found:
            picture(path)
        failed += report(path, found)
    return failed


def picture(path: Path) -> None:
    """Put a new picture beside the sentence of each widget."""
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    from stills import stills  # needs playwright and a browser, so only when asked for

    notebook = read(path)
    for index, (png, width) in stills(path).items():
        widgets = [output for output in notebook.cells[index].outputs if output.get("metadata", {}).get(WIDGET)]
        if len(widgets) != 1:
            raise ValueError(f"{path.name}, cell {index + 1}: expected one widget, found {len(widgets)}")
        widgets[0].data[PNG] = lighter(png)
        widgets[0].metadata = nbformat.from_dict({WIDGET: True, PNG: {"width": width}})
    write(notebook, path)


def report(path: Path, found: list[str]) -> bool:
    """Say what became of a notebook; true where it was not stored."""
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    print(f"{'NOT STORED' if found else 'stored'}  {name}", *found, sep="\n    ", flush=True)
    return bool(found)


def exercises(solutions: list[Path], check: bool) -> int:
    """Make (or compare) the exercise notebook of each solution; the number of failures."""
    failed = 0
    for solution in solutions or sorted((ROOT / "solutions").glob("*.ipynb")):
        target = solution.resolve().parent.parent / "exercises" / solution.name
        exercise = blank(read(solution))
        if check:
            fresh = target.exists() and skeleton(read(target)) == skeleton(exercise)
            print(f"{'same' if fresh else 'DIFFERS'}  {target.name}")
            failed += not fresh
        else:
            failed += report(target, run_and_write(exercise, target))
    return failed


def table(timed: bool) -> int:
    """Print one line for each notebook."""
    for path in (path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.ipynb"))):
        notebook = read(path)
        line = f"{path.parent.name}/{path.name:32} {len(notebook.cells):4} cells {path.stat().st_size:9,} bytes"
        if timed:
            start = time.perf_counter()
            execute(notebook, path.parent)
            line += f" {time.perf_counter() - start:6.1f} s"
        print(line, flush=True)
    return 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("store", help="run notebooks and write them as they are committed")
    one.add_argument("notebooks", nargs="+", type=Path)
    one.add_argument("--stills", action="store_true", help="take a new picture of every widget")
    one = commands.add_parser("exercises", help="make the exercises from the solutions")
    one.add_argument("solutions", nargs="*", type=Path)
    one.add_argument("--check", action="store_true", help="compare, write nothing")
    one = commands.add_parser("list", help="cells and bytes of each notebook")
    one.add_argument("--time", action="store_true", help="run each notebook and time it")
    return parser.parse_args()


def main() -> int:
    """Do what the command line asks; 1 if anything failed."""
    given = arguments()
    if given.command == "store":
        return bool(store([path.resolve() for path in given.notebooks], given.stills))
    if given.command == "exercises":
        return bool(exercises([path.resolve() for path in given.solutions], given.check))
    return table(given.time)


if __name__ == "__main__":
    sys.exit(main())
