"""What several test files share."""

import sys
from pathlib import Path

import matplotlib.pyplot
import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# tools/ holds scripts, not a package; tests import them by the names that the scripts use themselves.
sys.path.insert(0, str(ROOT / "tools"))

# A slow machine is no error, and everybody sees the same examples.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")

matplotlib.use("Agg")  # no window, whatever the machine has


@pytest.fixture(autouse=True)
def pictures_of_ones_own():
    """Style and open figures end with the test: which tests share a process is not theirs to know."""
    with matplotlib.rc_context():
        yield
    matplotlib.pyplot.close("all")


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="also make the committed tables again (many minutes)")


@pytest.fixture
def slow(request):
    """Asked for by a test that takes minutes: it runs on request only."""
    if not request.config.getoption("--slow"):
        pytest.skip("it takes minutes, and runs on request: pytest --slow")
