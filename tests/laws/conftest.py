"""Laws of the ledger share tests/trial.py and the oracles beside this file."""

import sys
from pathlib import Path

# tests/ is no package: a law imports the helpers by their plain names, whichever test is run alone.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
