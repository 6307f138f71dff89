"""The learner's own copies of the exercises, in `work/`, and how far she has come.

`exercises/` belongs to the course, `work/` to the learner: git ignores it and nothing here overwrites it.
"""

import json
import os
import re
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

STATES = ("not attempted", "wrong", "almost", "correct")  # from worst to best


class Message:
    """A sentence or a table that shows itself, in a notebook as HTML and elsewhere as text."""

    def __init__(self, text: str, html: str):
        self.text, self.html = text, html

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


# --------------------------------------------------------------------------------------- what a learner calls


def start() -> Message:
    """Copy the exercises that `work/` does not have yet; whatever is there stays as it is.

    Says where each exercise notebook is, in the same words whether it was copied now or before.

    Raises FileNotFoundError where no course folder is found, OSError where `work/` cannot be written.
    """
    course, work = course_folder(), work_folder()
    sources = sorted((course / "exercises").glob("*.ipynb"))
    try:
        work.mkdir(parents=True, exist_ok=True)
        for source in sources:
            _copy_if_new(source, work / source.name)
    except OSError as error:
        raise OSError(
            error.errno,
            f"expected to write your copies into {work}, found: {error.strerror}. "
            "Make room there, or make the folder writable, then run start() again",
        ) from error
    return _where([work / source.name for source in sources])


def progress() -> Message:
    """A table of all exercises and the best state reached in each.

    Raises FileNotFoundError where no course folder is found.
    """
    rows, reached = exercises(), _read_states(work_folder() / "progress.json")
    table = [(exercise, title, reached.get(exercise, STATES[0])) for exercise, (_, title) in rows.items()]
    done = sum(state == "correct" for _, _, state in table)
    width = max((len(title) for _, title, _ in table), default=0)
    summary = f"{done} of {len(table)} exercises correct"
    text = [f"{exercise:<6}{title:<{width}}  {state}" for exercise, title, state in table]
    cells = [
        f"<tr><td>{escape(exercise)}</td><td style='text-align:left'>{escape(title)}</td>"
        f"<td style='text-align:left'>{_bold(state)}</td></tr>"
        for exercise, title, state in table
    ]
    head = "<tr><th>id</th><th style='text-align:left'>exercise</th><th style='text-align:left'>best so far</th></tr>"
    return Message(
        "\n".join([*text, summary]),
        f"<table><caption>{summary}</caption><thead>{head}</thead><tbody>{''.join(cells)}</tbody></table>",
    )


def reset(exercise: str) -> Message:
    """Put one exercise back to how it was given; the rest of the notebook stays.

    exercise: its id, as in "03.2". The notebook as it was is kept beside it.

    Raises TypeError where the id is no text, ValueError where there is no such exercise, FileNotFoundError
    where the course folder or the copy in `work/` is not found.
    """
    if not isinstance(exercise, str):
        raise TypeError(
            f"exercise: expected an id as text, found {type(exercise).__name__}; write it in quotes: reset('03.2')"
        )
    known = exercises()
    if exercise not in known:
        raise ValueError(f"exercise: expected one of {', '.join(known)}, found {exercise!r}; choose one of these")
    source, work = known[exercise][0], work_folder()
    copy = work / source.name
    if not copy.exists():
        raise FileNotFoundError(f"expected your copy of {source.name} in {work}, found none; run start() to make it")
    try:
        mine = _read_notebook(copy)
    except ValueError as error:
        raise ValueError(
            f"expected a notebook in {copy}, found a file that cannot be read ({error}); "
            "move it away and run start() for a new copy"
        ) from error
    kept = _free_name(copy)
    shutil.copyfile(copy, kept)
    _restore(mine, _read_notebook(source), exercise)
    _write(copy, json.dumps(mine, indent=1, ensure_ascii=False) + "\n")
    _forget(work / "progress.json", exercise)
    text = (
        f"{exercise} is as it was given, in {copy.name}; your earlier version is in {kept.name}. If the notebook "
        "is open, choose File > Reload Notebook from Disk."
    )
    return Message(text, f"<p>{escape(text)}</p>")


# ------------------------------------------------------------------------------------ what the checks call


def record(exercise: str, state: str) -> None:
    """Keep the best state reached in an exercise, for `progress()`.

    Writes only where the notebook that asks lies in `work/`: checks in tests and solutions leave no trace.
    Never raises: a full disk must not spoil a check.
    """
    try:
        work = work_folder().resolve()
        if state in STATES and Path.cwd().resolve().is_relative_to(work):
            _keep_best(work / "progress.json", exercise, state)
    except Exception:
        # Whatever is wrong with the file, the learner's answer was judged, and that is what she asked for.
        return


# ------------------------------------------------------------------------------------------------ the folders


def course_folder() -> Path:
    """The folder that holds `chapters/` and `exercises/`: above raylab, else above the working directory.

    Raises FileNotFoundError where there is none.
    """
    try:
        here = Path.cwd()
    except FileNotFoundError:  # the working directory was deleted meanwhile; raylab still has a place
        here = Path(__file__).resolve().parent
    for folder in (Path(__file__).resolve().parent.parent, here, *here.parents):
        if (folder / "chapters").is_dir() and (folder / "exercises").is_dir():
            return folder
    raise FileNotFoundError(
        f"expected the course folder (with chapters/ and exercises/) above raylab or above {here}, found none; "
        "open a notebook of the course, or change to its folder first"
    )


def work_folder() -> Path:
    """The learner's folder: `work/` in the course, or what the variable RAYLAB_WORK names."""
    named = os.environ.get("RAYLAB_WORK")
    return Path(named) if named else course_folder() / "work"


def _copy_if_new(source: Path, target: Path) -> None:
    if not target.exists():
        _write(target, source.read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    # First beside it: a run that is cut off leaves the old file whole, and two notebooks may write at once.
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)


def _free_name(path: Path) -> Path:
    number = 1
    while (free := path.with_name(f"{path.stem}.before-reset-{number}.ipynb")).exists():
        number += 1
    return free


def _where(copies: Sequence[Path]) -> Message:
    promise = "They are yours: start() brings exercises that are new and changes none that is there."
    if not copies:
        text = "There are no exercises yet."
        return Message(text, f"<p>{text}</p>")
    places = [_relative(copy) for copy in copies]
    items = "".join(
        f'<li><a href="{escape(place)}">{escape(copy.name)}</a></li>'
        for place, copy in zip(places, copies, strict=True)
    )
    return Message(
        "\n".join(["Your exercises:", *(f"  {place}" for place in places), promise]),
        f"<p>Your exercises, in the folder <code>work</code>:</p><ul>{items}</ul><p>{promise}</p>",
    )


def _relative(path: Path) -> str:
    try:
        return Path(os.path.relpath(path)).as_posix()
    except (ValueError, OSError):  # another drive on Windows; a working directory that was deleted
        return path.as_posix()


# ----------------------------------------------------------------------------------------------- the notebooks


def exercises() -> dict[str, tuple[Path, str]]:
    """{id: (notebook, title)} of all exercises, in the order in which they are met."""
    found: dict[str, tuple[Path, str]] = {}
    for path in sorted((course_folder() / "exercises").glob("*.ipynb")):
        title = ""
        for cell in _read_notebook(path)["cells"]:
            title = _heading(cell) or title
            exercise = _id(cell)
            if exercise:
                found.setdefault(exercise, (path, _without_id(title, exercise)))
    return found


def _read_notebook(path: Path) -> dict[str, Any]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise ValueError("no list of cells")
    return notebook


def _id(cell: dict[str, Any]) -> str | None:
    metadata = cell.get("metadata", {})
    return metadata.get("exercise") if "exercise" in metadata.get("tags", []) else None


def _heading(cell: dict[str, Any]) -> str | None:
    if cell.get("cell_type") != "markdown":
        return None
    headings = re.findall(r"^#+ +(.+?) *#*$", "".join(cell["source"]), re.MULTILINE)
    return headings[-1] if headings else None


def _without_id(title: str, exercise: str) -> str:
    return re.sub(rf"^(Exercise\s+)?{re.escape(exercise)}[\s.:,–—-]*", "", title).strip() or exercise


def _restore(mine: dict[str, Any], given: dict[str, Any], exercise: str) -> None:
    """Put the given cells of an exercise where the learner has them, and what she deleted where it belongs."""
    names = {cell["id"] for cell in given["cells"] if _id(cell) == exercise}
    # A cell that was split or pasted has the mark of the exercise and another name: it goes.
    cells = [cell for cell in mine["cells"] if _id(cell) != exercise or cell.get("id") in names]
    last = None
    for cell in given["cells"]:
        place = next((i for i, other in enumerate(cells) if other.get("id") == cell["id"]), None)
        if cell["id"] in names:
            if place is None:
                place = len(cells) if last is None else last + 1
                cells.insert(place, cell)
            cells[place] = cell
        last = last if place is None else place
    mine["cells"] = cells


# ------------------------------------------------------------------------------------------------ the progress


def _read_states(path: Path) -> dict[str, str]:
    """{id: state}; empty where there is no file or no sense in it."""
    try:
        states = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(states, dict):
        return {}
    return {exercise: state for exercise, state in states.items() if state in STATES}


def _keep_best(path: Path, exercise: str, state: str) -> None:
    states = _read_states(path)
    if path.exists() and not states and path.read_bytes().strip() != b"{}":
        # Not ours to throw away: somebody may want to mend it.
        path.replace(path.with_name("progress.unreadable.json"))
    before = states.get(exercise, STATES[0])
    states[exercise] = max(before, state, key=STATES.index)
    _write(path, json.dumps(states, indent=1, sort_keys=True) + "\n")


def _forget(path: Path, exercise: str) -> None:
    states = _read_states(path)
    if states.pop(exercise, None):
        _write(path, json.dumps(states, indent=1, sort_keys=True) + "\n")


def _bold(state: str) -> str:
    return f"<b>{state}</b>" if state == "correct" else state
