"""How long a learner stands still: waits, plateaus in the sense of Def. 2, their basins, and staircases of them."""

from raylab.plateaus.basins import basin_boundary, basin_share, in_basin, polygon
from raylab.plateaus.clocks import arrival, clock, plateau_time, travel_time
from raylab.plateaus.inflections import Plateau, find
from raylab.plateaus.orbits import first_integral, flatness, flattest, steepest_slope
from raylab.plateaus.skeletons import Skeleton, bandit_skeleton, skeleton, traps
from raylab.plateaus.staircase import Stage, stages, wait_exponent
from raylab.plateaus.waiting import slowest_progress, waiting_time

__all__ = [
    "Plateau",
    "Skeleton",
    "Stage",
    "arrival",
    "bandit_skeleton",
    "basin_boundary",
    "basin_share",
    "clock",
    "find",
    "first_integral",
    "flatness",
    "flattest",
    "in_basin",
    "plateau_time",
    "polygon",
    "skeleton",
    "slowest_progress",
    "stages",
    "steepest_slope",
    "traps",
    "travel_time",
    "wait_exponent",
    "waiting_time",
]
