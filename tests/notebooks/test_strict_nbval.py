"""The strict run of all notebooks is worth what it rejects: tried on tiny made-up ones, in processes of their own."""

import subprocess
import sys

import pytest
from pages import ROOT
from storing import read, write

TINY = """
print(f"share {0.3774:.4f}")
---
6 * 7;
---
import os
os.environ["OMP_NUM_THREADS"], os.getcwd() == {folder!r}
"""


def nbval(path):
    """As the README says, for a notebook elsewhere: `-p conftest` is what the repository's own folder gives."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "conftest", "--nbval"]
    sanitize = f"--nbval-sanitize-with={ROOT / 'tests' / 'nbval_sanitize.cfg'}"
    return subprocess.run(
        [*command, sanitize, "-c", str(ROOT / "pyproject.toml"), str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    from nbformat.v4 import new_code_cell, new_notebook
    from notebooks import run_and_write

    path = tmp_path_factory.mktemp("strict") / "tiny.ipynb"
    sources = TINY.replace("{folder!r}", repr(str(path.parent))).strip().split("\n---\n")
    assert run_and_write(new_notebook(cells=[new_code_cell(source) for source in sources]), path) == []
    return path


def altered(path, change):
    """A copy of the notebook with one change, beside it."""
    notebook = read(path)
    change(notebook.cells)
    copy = path.with_name("altered.ipynb")
    write(notebook, copy)
    return copy


def test_a_stored_notebook_passes_and_a_semicolon_silences_its_cell(tiny):
    assert read(tiny).cells[1].outputs == []
    run = nbval(tiny)
    assert run.returncode == 0 and "3 passed" in run.stdout, run.stdout


def test_one_changed_digit_fails(tiny):
    run = nbval(altered(tiny, lambda cells: cells[0].outputs[0].update(text="share 0.3775\n")))
    assert run.returncode == 1 and "1 failed, 2 passed" in run.stdout, run.stdout


def test_a_missing_output_fails(tiny):
    run = nbval(altered(tiny, lambda cells: cells[0].update(outputs=[])))
    assert run.returncode == 1 and "1 failed, 2 passed" in run.stdout, run.stdout


def test_kernels_work_in_the_notebooks_folder_with_one_thread(tiny):
    assert read(tiny).cells[2].outputs[0].data["text/plain"] == "('1', True)"


def test_nothing_is_sanitised_away():
    from nbval.plugin import get_sanitize_patterns

    assert get_sanitize_patterns((ROOT / "tests" / "nbval_sanitize.cfg").read_text(encoding="utf-8")) == []
