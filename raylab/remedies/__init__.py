"""The league of remedies: the same measurements and the same clock for each of them.

Ray interference needs two ingredients, interference and coupling. [Schaul19 Sec. 2.6] For every remedy the league
measures which of the two is left, and how long it waits. One more `Remedy` is one more row.
"""

from raylab.remedies.entries import Remedy, ready, start_at
from raylab.remedies.measures import league
from raylab.remedies.rows import Row, table

__all__ = ["Remedy", "Row", "league", "ready", "start_at", "table"]
