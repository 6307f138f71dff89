"""What is installed, and where: pyproject, constraints, environment.yml, the workflow and the README agree.

Files are compared with files. No solver runs here, neither pip's nor conda's.
"""

import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
US = "ray-interference"
CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}  # conda-forge calls them so
PYTHONS = ["3.11", "3.12", "3.13"]


def _read(name):
    return (ROOT / name).read_text(encoding="utf-8")


PROJECT = tomllib.loads(_read("pyproject.toml"))["project"]
CONDA = yaml.safe_load(_read("environment.yml"))
WORKFLOW = yaml.safe_load(_read(".github/workflows/ci.yml"))


def _pin_lines():
    return [line.split(" #")[0].strip() for line in _read("constraints.txt").splitlines() if line[:1] not in ("", "#")]


PINS = {canonicalize_name(Requirement(line).name): Requirement(line) for line in _pin_lines()}


def _version(pin):
    (specifier,) = pin.specifier
    return Version(specifier.version)


def _asked(*extras):
    """What the project asks for by name, its own extras resolved."""
    lines = PROJECT["dependencies"] + [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    return {req.name: req for req in map(Requirement, lines) if canonicalize_name(req.name) != US}


EVERYTHING = _asked(*PROJECT["optional-dependencies"])


# --------------------------------------------------------------------------------------------------------- pins


@pytest.mark.parametrize("line", _pin_lines())
def test_a_pin_is_one_exact_version_that_every_index_has(line):
    pin = Requirement(line)
    assert [specifier.operator for specifier in pin.specifier] == ["=="]
    assert not _version(pin).local, "a local tag such as +cpu exists on one index alone"
    assert not pin.url
    assert not pin.extras


def test_no_package_is_pinned_twice_and_ours_not_at_all():
    assert len(PINS) == len(_pin_lines())
    assert US not in PINS


@pytest.mark.parametrize("name", EVERYTHING)
def test_what_the_project_asks_for_is_pinned_to_a_version_it_allows(name):
    assert EVERYTHING[name].specifier.contains(_version(PINS[canonicalize_name(name)]))


def test_what_the_installed_pins_ask_for_in_turn_is_pinned_too():
    """Followed as far as the installed version is the pinned one; on a machine with other versions less is seen."""
    seen, waiting, missing = set(), [Requirement(f"{US}[dev,bench]"), *EVERYTHING.values()], []
    while waiting:
        for found in _requirements_of(waiting.pop()):
            name = canonicalize_name(found.name)
            if name not in PINS and name != US:
                missing.append(name)
            if (name, *sorted(found.extras)) not in seen:
                seen.add((name, *sorted(found.extras)))
                waiting.append(found)
    assert not missing
    assert len(seen) > len(EVERYTHING)


def _requirements_of(requirement):
    """What an installed distribution needs on this machine; nothing where another version is installed."""
    name = canonicalize_name(requirement.name)
    try:
        installed = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return []
    if name != US and Version(Version(installed.version).public) != _version(PINS[name]):
        return []
    needs = [Requirement(line) for line in installed.requires or []]
    # The CUDA build of torch brings packages of its own, and pins them itself.
    needs = [need for need in needs if not re.match(r"nvidia|cuda|triton", need.name)]
    return [need for need in needs if _applies(need, requirement.extras)]


def _applies(need, extras):
    here = default_environment()
    return not need.marker or any(need.marker.evaluate({**here, "extra": extra}) for extra in (extras or {""}))


def test_the_extras_contain_one_another_as_course_py_expects():
    extras = {name: map(Requirement, lines) for name, lines in PROJECT["optional-dependencies"].items()}
    inside = {name: {extra for req in reqs if req.name == US for extra in req.extras} for name, reqs in extras.items()}
    assert inside["test"] == {"lab", "cluster"}
    assert inside["dev"] == {"test"}


# -------------------------------------------------------------------------------------------------------- conda


def _conda():
    """{name: specifier} of the conda packages."""
    lines = [line for line in CONDA["dependencies"] if isinstance(line, str)]
    found = [re.fullmatch(r"([a-z][a-z0-9-]*)(.*)", line).groups() for line in lines]
    assert len(dict(found)) == len(found)
    return dict(found)


def test_the_conda_file_has_the_form_that_conda_reads():
    assert set(CONDA) == {"name", "channels", "dependencies"}
    assert CONDA["name"] == US
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]
    assert [type(line) for line in CONDA["dependencies"][:-1]] == [str] * (len(CONDA["dependencies"]) - 1)
    # pip itself must be asked for, else conda adds it with a warning.
    assert "pip" in CONDA["dependencies"]
    assert CONDA["dependencies"][-1] == {"pip": ["--editable ."]}


def test_conda_asks_for_what_lab_and_test_ask_for_with_the_same_bounds():
    wanted = {CONDA_NAMES.get(name, name): str(req.specifier) for name, req in _asked("lab", "cluster", "test").items()}
    found = {name: bounds for name, bounds in _conda().items() if name not in ("python", "pip")}
    assert found == wanted


def test_conda_would_accept_every_pinned_version():
    ours = {theirs: name for name, theirs in CONDA_NAMES.items()}
    for name, bounds in _conda().items():
        if name not in ("python", "pip"):
            assert Requirement(f"x{bounds}").specifier.contains(_version(PINS[ours.get(name, name)])), name


def test_the_python_of_conda_of_the_project_and_of_the_workflow_is_the_same():
    conda = Requirement(f"python{_conda()['python']}").specifier
    project = Requirement(f"x{PROJECT['requires-python']}").specifier
    for minor in range(9, 14):
        inside = f"3.{minor}" in PYTHONS
        assert conda.contains(f"3.{minor}.1") == inside
        assert project.contains(f"3.{minor}.1") == inside
    assert not conda.contains("3.14.0")
    assert WORKFLOW["jobs"]["pinned"]["strategy"]["matrix"]["python"] == PYTHONS


# ----------------------------------------------------------------------------------------------------- workflow


def _commands(job):
    return [step["run"] for step in WORKFLOW["jobs"][job]["steps"] if "run" in step]


def test_the_workflow_runs_ci_run_on_three_systems_and_the_small_torch_on_linux_alone():
    pinned = WORKFLOW["jobs"]["pinned"]
    assert pinned["strategy"]["matrix"]["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    assert pinned["runs-on"] == "${{ matrix.os }}"
    assert pinned["strategy"]["fail-fast"] is False
    (command,) = _commands("pinned")
    assert command == "bash .ci/run ${{ matrix.os == 'ubuntu-latest' && '--cpu-torch' || '' }}"
    assert WORKFLOW["defaults"]["run"]["shell"] == "bash"


def test_once_a_week_the_newest_versions_are_tried():
    triggers = WORKFLOW[True]  # YAML reads the key `on` as a truth value
    minute, hour, day, month, weekday = triggers["schedule"][0]["cron"].split()
    assert (day, month) == ("*", "*")
    assert all(part.isdigit() for part in (minute, hour, weekday))
    assert {"push", "pull_request"} <= set(triggers)
    assert "schedule" in WORKFLOW["jobs"]["newest"]["if"]
    assert _commands("newest") == ["python course.py test --newest --cpu-torch"]


def test_the_steps_start_from_a_fresh_copy_and_their_own_python():
    for job in WORKFLOW["jobs"].values():
        used = [step["uses"].split("@")[0] for step in job["steps"] if "uses" in step]
        assert used == ["actions/checkout", "actions/setup-python"]
        assert job["timeout-minutes"] <= 60


def test_ci_run_does_what_the_readme_says_and_then_what_contributors_check():
    script = _read(".ci/run")
    assert [line.split()[1] for line in script.splitlines() if line.startswith("job ")] == ["test", "dev"]
    assert script.startswith("#!/usr/bin/env bash\n")
    assert "\r" not in script


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no executable bit")
def test_ci_run_can_be_started_and_fails_if_one_of_its_jobs_fails(tmp_path):
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_text(_read(".ci/run"), encoding="utf-8")
    for failing in ("", "test", "dev"):
        (tmp_path / "course.py").write_text(f"import sys\nsys.exit(sys.argv[1] == {failing!r})\n", encoding="utf-8")
        done = subprocess.run(
            ["bash", str(tmp_path / ".ci" / "run"), "--cpu-torch"],
            env={**os.environ, "PYTHON": sys.executable, "CHROMIUM": sys.executable},  # nothing to install
            capture_output=True,
            text=True,
            check=False,
        )
        assert bool(done.returncode) == bool(failing)
        assert "=== course.py test --cpu-torch" in done.stdout
        assert "=== course.py dev --cpu-torch" in done.stdout


# ------------------------------------------------------------------------------------------------- other files


def test_the_hooks_are_local_and_fetch_nothing():
    hooks = yaml.safe_load(_read(".pre-commit-config.yaml"))
    assert [repo["repo"] for repo in hooks["repos"]] == ["local"]
    for hook in hooks["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith("python ")


def test_the_citation_names_the_entity_and_the_papers():
    citation = yaml.safe_load(_read("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["authors"] == [{"name": PROJECT["authors"][0]["name"]}]
    assert citation["version"] == PROJECT["version"]
    papers = {(paper["authors"][0]["family-names"], paper["year"]) for paper in citation["references"]}
    assert papers == {("Schaul", 2019), ("Bengio", 2020), ("Yu", 2019), ("Saxe", 2013)}
    for paper in citation["references"]:
        assert {"type", "title", "authors", "year"} <= set(paper)


def test_both_licences_are_there():
    assert PROJECT["license"] == "BSD-3-Clause AND CC-BY-4.0"
    assert _read("LICENSE").startswith("BSD 3-Clause License")
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in _read("LICENSE-TEXT")
    assert set(PROJECT["license-files"]) == {"LICENSE", "LICENSE-TEXT"}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_between_files_lead_somewhere(name):
    prose = re.sub(r"`[^`]*`", "", _read(name))
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", prose):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_the_readme_gives_the_commands_as_they_are():
    readme = _read("README.md")
    pip = "python -m pip install --constraint constraints.txt --editable"
    assert all(command in readme for command in ("python course.py lab\n", "python course.py test\n", pip))
    assert "--nbval --nbval-sanitize-with=tests/nbval_sanitize.cfg tests chapters exercises solutions" in readme
    assert "conda env create --file environment.yml" in readme


def test_the_map_of_the_readme_marks_as_planned_what_is_not_there():
    chapters = {path.name[:2] for path in (ROOT / "chapters").glob("*.ipynb")}
    rows = re.findall(r"^\| (\*?)(\d\d)\*? \|", _read("README.md"), re.MULTILINE)
    assert [number for _, number in rows] == [f"{number:02}" for number in range(12)]
    assert {number for star, number in rows if not star} == chapters
