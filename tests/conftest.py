"""What several test files share."""

import sys
from pathlib import Path

from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# tools/ holds scripts, not a package; tests import them by the names that the scripts use themselves.
sys.path.insert(0, str(ROOT / "tools"))

# A slow machine is no error, and everybody sees the same examples.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")
