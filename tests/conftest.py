"""What several test files share."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# tools/ holds scripts, not a package; tests import them by the names that the scripts use themselves.
sys.path.insert(0, str(ROOT / "tools"))
