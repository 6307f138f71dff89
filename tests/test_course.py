"""The two commands: what course.py runs, when, and what it says if that fails. Nothing is downloaded here."""

import ast
import errno
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NO_NETWORK = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(': Failed to establish a "
    "new connection: [Errno -3] Temporary failure in name resolution')': /simple/anyio/\n"
    "ERROR: No matching distribution found for torch==2.13.0\n"
)
FULL = (
    "Installing collected packages: torch\n"
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """course.py in a small course of its own, on a machine with room."""
    spec = importlib.util.spec_from_file_location("course_script", ROOT / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    for folder in ("tests", "chapters"):
        (tmp_path / folder).mkdir()
    (tmp_path / "tests" / "test_one.py").touch()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "free_gb", lambda: 100.0)
    return module


class Machine:
    """Plays venv, pip and the jobs: notes what it was asked to run, fails where it is told to."""

    def __init__(self, course):
        self.course, self.ran, self.started = course, [], []
        self.answers, self.jobs_fail = {}, ()

    def show(self, command):
        """For `show`: (exit status, output) of venv or pip."""
        kind = "venv" if "venv" in command else "install" if "install" in command else "ask"
        self.ran.append(kind)
        answer = self.answers.get(kind)
        if isinstance(answer, BaseException):
            raise answer
        if answer:
            return 1, answer
        if kind == "venv":
            assert "--clear" in command  # else what is broken stays
            self.course.python().parent.mkdir(parents=True, exist_ok=True)
            self.course.python().touch()
        if kind == "install":
            self.command = command
        return 0, ""

    def start(self, command):
        """For `start`: exit status of a job."""
        self.started.append(command)
        return int(any(word in command for word in self.jobs_fail))

    def __call__(self, *words):
        self.ran, self.started = [], []
        return self.course.main(list(words), self.show, self.start)


@pytest.fixture
def machine(course):
    return Machine(course)


# ------------------------------------------------------------------------------------------------- any Python


def test_a_python_as_old_as_3_6_can_read_the_file():
    ast.parse((ROOT / "course.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_the_file_imports_the_standard_library_alone_and_what_is_new_only_where_it_is_used():
    tree = ast.parse((ROOT / "course.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {
        name.split(".")[0]
        for node in imports
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert names <= sys.stdlib_module_names
    at_the_top = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    assert "tomllib" in names - at_the_top


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_told_what_to_type_instead(machine, course, monkeypatch, capsys, version):
    monkeypatch.setattr(course.sys, "version_info", version)
    monkeypatch.setattr(course.shutil, "which", lambda name: name if name == "python3.12" else None)
    assert machine("lab", "--cpu-torch") == 1
    assert not machine.ran
    said = capsys.readouterr().err
    assert f"needs Python 3.11 or newer; this is Python {'.'.join(map(str, version))}" in said
    assert "python3.12 course.py lab --cpu-torch" in said


def test_where_there_is_no_newer_python_the_message_says_where_to_get_one(course, monkeypatch):
    monkeypatch.setattr(course.shutil, "which", lambda name: None)
    with pytest.raises(course.Trouble, match=r"python\.org/downloads"):
        course.check_python((3, 9, 1), ["lab"])


def test_python_3_11_and_later_pass(course):
    for version in ((3, 11, 0), (3, 13, 2), (3, 14, 0), (4, 0, 0)):
        course.check_python(version, ["lab"])


# ------------------------------------------------------------------------------------------- the command line


def test_without_a_job_the_help_is_shown_and_nothing_happens(machine, capsys):
    for words in ([], ["--help"], ["-h"]):
        assert machine(*words) == 0
        assert "python course.py lab" in capsys.readouterr().out
        assert not machine.ran


def test_an_unknown_job_is_answered_with_the_jobs_there_are(machine, capsys):
    assert machine("labs") == 1
    said = capsys.readouterr().err
    assert "lab, test, dev" in said
    assert "'labs'" in said
    assert not machine.ran


def test_lab_opens_the_first_page_and_keeps_the_whole_course_in_reach(machine, course):
    assert machine("lab", "--port=9999") == 0
    (command,) = machine.started
    assert command[:3] == [str(course.python()), "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={course.ROOT}" in command
    assert "--LabApp.default_url=/lab/tree/chapters/00_start_here.ipynb" in command
    assert command[-1] == "--port=9999"


def test_test_runs_the_tests_and_strict_nbval_over_all_notebooks(machine):
    assert machine("test", "-x") == 0
    (command,) = machine.started
    assert command[2:] == [
        "pytest",
        "--nbval",
        "--nbval-sanitize-with=tests/nbval_sanitize.cfg",
        "-n",
        "logical",
        "--maxprocesses=4",
        "--dist=loadfile",
        "tests",
        "chapters",
        "exercises",
        "solutions",
        "--ignore=tests/browser",
        "-x",
    ]


def test_files_that_are_named_are_run_alone(machine):
    machine("test", "tests/test_one.py::test_it", "-q")
    assert machine.started[0][5:] == ["tests/test_one.py::test_it", "-q"]


def test_a_word_to_select_by_is_not_taken_for_a_file(machine):
    machine("test", "-k", "chapters")
    assert "solutions" in machine.started[0]


def test_a_job_that_fails_fails_the_command(machine):
    machine.jobs_fail = ("pytest",)
    assert machine("test") == 1


def test_dev_runs_everything_even_if_the_first_thing_fails_and_then_fails(machine, capsys):
    machine.jobs_fail = ("check",)
    assert machine("dev") == 1
    assert "Failed: ruff check ." in capsys.readouterr().out
    assert [command[2] for command in machine.started] == ["ruff", "ruff", "basedpyright", "pytest"]
    assert "--dist=loadgroup" in machine.started[-1] and machine.started[-1][-1] == "tests/browser"
    machine.jobs_fail = ()
    assert machine("dev") == 0


# ------------------------------------------------------------------------------------------------- installing


def test_the_first_run_makes_the_environment_and_installs_with_the_pins(machine, course):
    assert machine("lab") == 0
    assert machine.ran == ["venv", "install"]
    pins = machine.command.index("--constraint")
    assert machine.command[pins + 1] == str(course.ROOT / "constraints.txt")
    assert machine.command[-2:] == ["--editable", f"{course.ROOT}[lab]"]
    assert not [word for word in machine.command if "index-url" in word]


def test_the_second_run_installs_nothing(machine):
    machine("test")
    assert machine("test") == 0
    assert machine.ran == []
    assert machine.started
    assert machine("lab") == 0  # what `test` installed holds what `lab` needs
    assert machine.ran == []


def test_what_is_missing_for_another_job_is_added(machine, course):
    machine("lab")
    machine("test")
    assert machine.ran == ["ask", "install"]
    assert machine.command[-1] == f"{course.ROOT}[test]"


@pytest.mark.parametrize("name", ["constraints.txt", "pyproject.toml"])
def test_changed_requirements_are_installed(machine, course, name):
    machine("test")
    path = course.ROOT / name
    path.write_text(path.read_text(encoding="utf-8").replace("numpy", "numpy2"), encoding="utf-8")
    machine("lab")
    assert machine.ran == ["ask", "install"]
    assert machine.command[-1] == f"{course.ROOT}[test]"  # and nothing that was there is left behind


def test_what_contributors_have_is_kept_when_requirements_change(machine, course):
    machine("dev")
    (course.ROOT / "constraints.txt").write_text("numpy==99\n", encoding="utf-8")
    machine("test")
    assert machine.command[-1] == f"{course.ROOT}[dev]"


def test_a_new_rule_for_the_linter_installs_nothing(machine, course):
    machine("lab")
    with (course.ROOT / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.something]\nline = 3\n")
    machine("lab")
    assert machine.ran == []


def test_a_course_that_was_moved_is_installed_again(machine, course, monkeypatch, tmp_path):
    machine("lab")
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for name in ("pyproject.toml", "constraints.txt", ".venv"):
        (tmp_path / name).rename(moved / name)
    monkeypatch.setattr(course, "ROOT", moved)
    monkeypatch.setattr(course, "VENV", moved / ".venv")
    machine("lab")
    assert machine.ran == ["ask", "install"]


def test_an_environment_whose_python_is_gone_is_made_anew(machine, course, capsys):
    machine("lab")
    course.python().unlink()
    machine.answers["ask"] = "No such file"
    assert machine("lab") == 0
    assert machine.ran == ["ask", "venv", "install"]
    assert "not whole" in capsys.readouterr().out


def test_an_installation_that_was_interrupted_is_made_anew(machine, capsys):
    machine.answers["install"] = KeyboardInterrupt()
    assert machine("lab") == 130
    assert "mends it" in capsys.readouterr().err
    assert not machine.started
    machine.answers.clear()
    assert machine("lab") == 0
    assert machine.ran == ["venv", "install"]


def test_the_cpu_build_of_torch_is_asked_for_only_on_request_and_said(machine, capsys):
    machine("lab", "--cpu-torch")
    place = machine.command.index("--extra-index-url")
    assert machine.command[place + 1] == "https://download.pytorch.org/whl/cpu"
    assert "PyTorch comes without CUDA" in capsys.readouterr().out
    assert "--cpu-torch" not in machine.started[0]
    machine("lab")
    assert machine.ran == []  # the next run without the switch keeps the small build


def test_on_linux_the_large_download_is_announced(machine, monkeypatch, course, capsys):
    monkeypatch.setattr(course.sys, "platform", "linux")
    machine("lab")
    assert "--cpu-torch" in capsys.readouterr().out


def test_the_newest_versions_leave_the_pins_aside(machine):
    machine("test", "--newest")
    assert "--constraint" not in machine.command
    assert "--upgrade" in machine.command
    assert "--newest" not in machine.started[0]
    machine("test")
    assert machine.ran == ["ask", "install"]  # and back to the pins


# ------------------------------------------------------------------------------------------------ what can fail


def test_too_little_room_is_said_before_anything_is_made(machine, course, monkeypatch, capsys):
    monkeypatch.setattr(course, "free_gb", lambda: course.NEEDED_GB - 0.1)
    assert machine("lab") == 1
    said = capsys.readouterr().err
    assert "disk is full" in said
    assert "2.5 GB" in said
    assert "2.4 GB" in said
    assert machine.ran == []


def test_a_disk_that_fills_up_meanwhile_is_said_and_the_next_run_begins_anew(machine, course, capsys):
    machine.answers["install"] = FULL
    assert machine("lab") == 1
    assert "disk is full" in capsys.readouterr().err
    assert not machine.started
    machine.answers.clear()
    machine("lab")
    assert machine.ran == ["venv", "install"]


def test_a_disk_too_full_for_a_note_is_said_too(machine, course, monkeypatch, capsys):
    def full(stamp):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(course, "write_stamp", full)
    assert machine("lab") == 1
    assert "disk is full" in capsys.readouterr().err


def test_another_error_of_the_system_is_not_called_a_full_disk(machine, course, monkeypatch):
    def forbidden(stamp):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(course, "write_stamp", forbidden)
    with pytest.raises(PermissionError):
        machine("lab")


def test_without_a_network_the_message_says_so_and_does_not_blame_torch(machine, capsys):
    machine.answers["install"] = NO_NETWORK
    assert machine("lab") == 1
    said = capsys.readouterr().err
    assert "no connection to the package index" in said
    assert "no PyTorch" not in said


def test_an_update_without_a_network_keeps_what_was_installed(machine, course):
    machine("lab")
    machine.answers["install"] = NO_NETWORK
    assert machine("test") == 1
    machine.answers.clear()
    assert machine("lab") == 0
    assert machine.ran == []


def test_a_machine_without_torch_is_sent_to_the_list_of_platforms(machine, capsys):
    machine.answers["install"] = "ERROR: No matching distribution found for torch==2.13.0 (from ray-interference)\n"
    assert machine("lab") == 1
    assert "Where it runs" in capsys.readouterr().err
    assert "## Where it runs" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_python_without_venv_is_told_how_to_get_it(machine, capsys):
    machine.answers["venv"] = "The virtual environment was not created successfully because ensurepip is not available."
    assert machine("lab") == 1
    assert "python3-venv" in capsys.readouterr().err


def test_a_failure_nobody_foresaw_shows_the_last_lines(machine, capsys):
    machine.answers["install"] = "one\n" * 30 + "ERROR: the moon is in the wrong house\n"
    assert machine("lab") == 1
    said = capsys.readouterr().err
    assert "the moon is in the wrong house" in said
    assert said.count("one") == 11


def test_a_note_without_sense_counts_as_no_note(machine, course):
    machine("lab")
    for nonsense in ("", "[]", '{"extra": "moon"}', json.dumps({"extra": "lab", "fingerprint": "old"})):
        (course.VENV / "course.json").write_text(nonsense, encoding="utf-8")
        assert machine("lab") == 0
        assert machine.ran == ["ask", "install"]


# ------------------------------------------------------------------------------------------------ real processes


def test_a_command_is_shown_in_part_and_returned_whole(course, capsys):
    talk = "print('Collecting x'); print('Downloading x.whl'); print('caf\\u00e9'); raise SystemExit(3)"
    status, said = course.stream([sys.executable, "-X", "utf8", "-c", talk])
    assert status == 3
    assert said == "Collecting x\nDownloading x.whl\ncafé\n"
    assert capsys.readouterr().out.split() == ["Downloading", "x.whl"]


def test_a_missing_program_is_a_failure_and_no_traceback(course):
    status, said = course.stream([str(course.VENV / "no" / "python"), "--version"])
    assert status == 1
    assert said


def test_jobs_see_the_course_alone(course, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/opt/robots")
    show = "import os, sys; sys.exit('PYTHONPATH' in os.environ or os.environ['VIRTUAL_ENV'][-5:] != '.venv')"
    assert course.hand_over([sys.executable, "-c", show]) == 0


def test_it_runs_from_any_folder(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "course.py"), "nonsense"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Expected one of the jobs" in done.stderr
    assert "Traceback" not in done.stderr
