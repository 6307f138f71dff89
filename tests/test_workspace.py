"""The learner's folder: what `start`, `progress`, `reset` and `record` promise."""

import json
import os

import pytest

from raylab import workspace


def _cell(name, source, exercise=None, kind="code"):
    metadata = {"tags": ["exercise"], "exercise": exercise} if exercise else {}
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"id": name, "cell_type": kind, "metadata": metadata, "source": [source], **code}


def _notebook(*cells):
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


PORTRAIT = (
    _cell("top", "# Exercises: who wins?", kind="markdown"),
    _cell("say1", "## 03.1 The velocity", kind="markdown"),
    _cell("do1", "def velocity(J):\n    ...", "03.1"),
    _cell("say2", "## Exercise 03.2: null clines of θ\n\nWhere does one stand still?", kind="markdown"),
    _cell("do2", "clines = ...", "03.2"),
    _cell("do2b", "both = ...", "03.2"),
    _cell("end", "done = True"),
)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A small course with one exercise notebook; we stand in its chapters."""
    for folder in ("chapters", "exercises", "solutions"):
        (tmp_path / folder).mkdir()
    (tmp_path / "exercises" / "03_portrait.ipynb").write_text(_notebook(*PORTRAIT), encoding="utf-8")
    monkeypatch.setattr(workspace, "__file__", str(tmp_path / "raylab" / "workspace.py"))
    monkeypatch.delenv("RAYLAB_WORK", raising=False)
    monkeypatch.chdir(tmp_path / "chapters")
    return tmp_path


@pytest.fixture
def work(course, monkeypatch):
    """The same after `start()`; we stand in the learner's folder."""
    workspace.start()
    monkeypatch.chdir(course / "work")
    return course / "work"


def _sources(path):
    return {cell["id"]: "".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]}


def _edit(path, change):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook["cells"])
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _states(folder):
    return json.loads((folder / "progress.json").read_text(encoding="utf-8"))


# ------------------------------------------------------------------------------------------------------ start


def test_start_copies_each_exercise_notebook_once(course):
    workspace.start()
    given = (course / "exercises" / "03_portrait.ipynb").read_text(encoding="utf-8")
    assert (course / "work" / "03_portrait.ipynb").read_text(encoding="utf-8") == given
    assert sorted(path.name for path in (course / "work").iterdir()) == ["03_portrait.ipynb"]


def test_start_overwrites_nothing_and_brings_what_is_new(course):
    workspace.start()
    mine = course / "work" / "03_portrait.ipynb"
    mine.write_text("my own words", encoding="utf-8")
    (course / "exercises" / "04_plateaus.ipynb").write_text(_notebook(), encoding="utf-8")
    workspace.start()
    assert mine.read_text(encoding="utf-8") == "my own words"
    assert (course / "work" / "04_plateaus.ipynb").exists()


def test_start_says_the_same_the_second_time(course):
    first, second = workspace.start(), workspace.start()
    assert repr(first) == repr(second)
    assert first._repr_html_() == second._repr_html_()


def test_start_names_the_copies_as_seen_from_the_page_that_calls_it(course, monkeypatch):
    assert "../work/03_portrait.ipynb" in repr(workspace.start())
    assert 'href="../work/03_portrait.ipynb"' in workspace.start()._repr_html_()
    monkeypatch.chdir(course)
    assert "  work/03_portrait.ipynb" in repr(workspace.start())
    assert str(course) not in repr(workspace.start())


def test_start_without_exercises_says_so(course):
    (course / "exercises" / "03_portrait.ipynb").unlink()
    assert "no exercises yet" in repr(workspace.start())


def test_start_says_what_to_do_when_the_folder_cannot_be_written(course):
    (course / "work").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(OSError, match=r"expected to write your copies into .*start\(\) again"):
        workspace.start()


def test_a_copy_that_is_cut_off_leaves_no_half_notebook(course, monkeypatch):
    def cut_off(path, target):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(type(course), "replace", cut_off)
        workspace.start()
    assert not (course / "work" / "03_portrait.ipynb").exists()
    workspace.start()
    assert "do1" in _sources(course / "work" / "03_portrait.ipynb")


# ------------------------------------------------------------------------------------------------ the folders


def test_the_course_is_found_from_the_package_wherever_one_stands(course, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert workspace.course_folder() == course


def test_the_course_is_found_above_the_working_directory_when_the_package_lies_elsewhere(
    course, tmp_path_factory, monkeypatch
):
    away = tmp_path_factory.mktemp("site-packages")
    monkeypatch.setattr(workspace, "__file__", str(away / "raylab" / "workspace.py"))
    assert workspace.course_folder() == course
    monkeypatch.chdir(away)
    with pytest.raises(FileNotFoundError, match=r"expected the course folder .* found none; .*change to its folder"):
        workspace.course_folder()


def test_the_variable_names_another_folder(course, monkeypatch, tmp_path_factory):
    other = tmp_path_factory.mktemp("mine")
    monkeypatch.setenv("RAYLAB_WORK", str(other))
    workspace.start()
    assert (other / "03_portrait.ipynb").exists()
    assert not (course / "work").exists()


# --------------------------------------------------------------------------------------------------- progress


def test_progress_lists_every_exercise_with_the_title_of_its_section(course):
    lines = repr(workspace.progress()).splitlines()
    assert lines[0].split("  ")[0] == "03.1"
    assert "The velocity" in lines[0]
    assert "null clines of θ" in lines[1]
    assert "Exercise" not in lines[1]
    assert lines[0].endswith("not attempted")
    assert lines[-1] == "0 of 2 exercises correct"


def test_progress_shows_what_was_recorded(work):
    workspace.record("03.1", "correct")
    workspace.record("03.2", "almost")
    first, second, summary = repr(workspace.progress()).splitlines()
    assert first.endswith("correct")
    assert second.endswith("almost")
    assert summary == "1 of 2 exercises correct"
    assert "<b>correct</b>" in workspace.progress()._repr_html_()


def test_progress_survives_a_file_without_sense(work):
    for nonsense in ("not json", "[1, 2]", '{"03.1": "splendid", "03.2": ["correct"], "99.9": "correct"}'):
        (work / "progress.json").write_text(nonsense, encoding="utf-8")
        assert repr(workspace.progress()).endswith("0 of 2 exercises correct")


def test_a_title_cannot_smuggle_in_markup(course):
    cells = (_cell("say", "## 03.1 <script>", kind="markdown"), _cell("do", "...", "03.1"))
    (course / "exercises" / "03_portrait.ipynb").write_text(_notebook(*cells), encoding="utf-8")
    assert "<script>" not in workspace.progress()._repr_html_()
    assert "&lt;script&gt;" in workspace.progress()._repr_html_()


# ----------------------------------------------------------------------------------------------------- record


def test_the_best_state_stays(work):
    for state in ("wrong", "correct", "almost", "not attempted"):
        workspace.record("03.1", state)
    assert _states(work) == {"03.1": "correct"}


def test_outside_the_folder_nothing_is_recorded(work, monkeypatch):
    for folder in ("exercises", "solutions", "chapters"):
        monkeypatch.chdir(work.parent / folder)
        workspace.record("03.1", "correct")
    assert not (work / "progress.json").exists()


def test_in_a_folder_below_it_is_recorded(work, monkeypatch):
    (work / "drafts").mkdir()
    monkeypatch.chdir(work / "drafts")
    workspace.record("03.1", "wrong")
    assert _states(work) == {"03.1": "wrong"}


def test_a_full_disk_does_not_spoil_a_check(work, monkeypatch):
    workspace.record("03.1", "almost")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(work), "write_text", full)
    assert workspace.record("03.1", "correct") is None
    monkeypatch.undo()
    assert _states(work) == {"03.1": "almost"}


def test_without_a_course_nothing_is_raised(monkeypatch, tmp_path):
    monkeypatch.setattr(workspace, "__file__", str(tmp_path / "raylab" / "workspace.py"))
    monkeypatch.delenv("RAYLAB_WORK", raising=False)
    monkeypatch.chdir(tmp_path)
    assert workspace.record("03.1", "correct") is None


def test_a_state_that_does_not_exist_is_not_recorded(work):
    workspace.record("03.1", "splendid")
    assert not (work / "progress.json").exists()


def test_an_unreadable_file_is_put_aside_and_not_lost(work):
    (work / "progress.json").write_text('{"03.1": "corr', encoding="utf-8")
    workspace.record("03.2", "wrong")
    assert _states(work) == {"03.2": "wrong"}
    assert (work / "progress.unreadable.json").read_text(encoding="utf-8") == '{"03.1": "corr'


def test_a_check_in_the_learners_folder_is_recorded(tmp_path, monkeypatch):
    from raylab import check

    monkeypatch.setenv("RAYLAB_WORK", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    result = check("03.1", lambda J: J)
    assert result.state == "wrong"
    assert _states(tmp_path) == {"03.1": "wrong"}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the working directory of a process")
def test_in_a_folder_that_was_deleted_everything_still_answers(tmp_path, monkeypatch):
    from raylab import check

    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.setenv("RAYLAB_WORK", str(tmp_path / "work"))
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert check("03.1", lambda J: J).state == "wrong"
    assert "03_phase_portrait.ipynb" in str(workspace.start())
    assert "0 of" in str(workspace.progress())


# ------------------------------------------------------------------------------------------------------ reset


def _answer_all(cells):
    for cell in cells:
        cell["source"] = [f"answer to {cell['id']}"]


def test_reset_restores_the_cells_of_one_exercise_and_no_other(work):
    mine = work / "03_portrait.ipynb"
    _edit(mine, _answer_all)
    workspace.reset("03.2")
    after, given = _sources(mine), _sources(work.parent / "exercises" / "03_portrait.ipynb")
    changed = {name for name in given if after[name] == given[name]}
    assert changed == {"do2", "do2b"}
    assert list(after) == list(given)


def test_reset_keeps_every_earlier_version(work):
    mine = work / "03_portrait.ipynb"
    for attempt in ("first", "second"):
        _edit(mine, lambda cells, attempt=attempt: cells[2].update(source=[attempt]))
        message = repr(workspace.reset("03.1"))
    assert _sources(work / "03_portrait.before-reset-1.ipynb")["do1"] == "first"
    assert _sources(work / "03_portrait.before-reset-2.ipynb")["do1"] == "second"
    assert "03_portrait.before-reset-2.ipynb" in message
    assert "Reload" in message


def test_reset_forgets_the_state_of_that_exercise_alone(work):
    for exercise in ("03.1", "03.2"):
        workspace.record(exercise, "correct")
    workspace.reset("03.1")
    assert _states(work) == {"03.2": "correct"}
    workspace.reset("03.2")
    workspace.record("03.1", "wrong")
    assert _states(work) == {"03.1": "wrong"}
    assert not (work / "progress.unreadable.json").exists()


def test_reset_brings_a_deleted_cell_back_to_its_place(work):
    mine = work / "03_portrait.ipynb"
    given = list(_sources(mine))
    _edit(mine, lambda cells: cells.__delitem__(slice(2, 5)))
    workspace.reset("03.2")
    workspace.reset("03.1")
    assert [name for name in _sources(mine) if name != "say2"] == [name for name in given if name != "say2"]


def test_reset_removes_pasted_copies_and_keeps_cells_that_the_learner_added(work):
    mine = work / "03_portrait.ipynb"
    own, pasted = _cell("own", "print('mine')"), _cell("pasted", "clines = 3", "03.2")
    _edit(mine, lambda cells: cells.extend([own, pasted]))
    workspace.reset("03.2")
    assert "own" in _sources(mine)
    assert "pasted" not in _sources(mine)


def test_reset_of_an_unknown_exercise_lists_the_ids_there_are(work):
    with pytest.raises(ValueError, match=r"03\.1, 03\.2, found '3\.2'"):
        workspace.reset("3.2")
    with pytest.raises(TypeError, match=r"found float; write it in quotes"):
        workspace.reset(3.2)


def test_reset_before_start_says_to_start(course):
    with pytest.raises(FileNotFoundError, match=r"run start\(\)"):
        workspace.reset("03.1")


def test_reset_of_a_spoilt_notebook_leaves_it_and_says_so(work):
    mine = work / "03_portrait.ipynb"
    mine.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="move it away and run start"):
        workspace.reset("03.1")
    assert mine.read_text(encoding="utf-8") == "{"


# ------------------------------------------------------------------------------------------------- this course


def test_every_exercise_of_this_course_has_a_title_and_its_chapter_in_its_id(monkeypatch):
    monkeypatch.delenv("RAYLAB_WORK", raising=False)
    for exercise, (path, title) in workspace.exercises().items():
        assert path.name.startswith(exercise.split(".")[0]), exercise
        assert title != exercise, f"{exercise}: no heading above it in {path.name}"


def test_git_ignores_the_folder():
    ignored = (workspace.course_folder() / ".gitignore").read_text(encoding="utf-8").split()
    assert "work/" in ignored
