"""How long a learner stands still: waiting times, plateaus in the sense of Def. 2, and their basins in closed form."""

from raylab.plateaus.basins import basin_boundary, basin_share, in_basin, polygon
from raylab.plateaus.clocks import arrival, clock, plateau_time, travel_time
from raylab.plateaus.inflections import Plateau, find
from raylab.plateaus.orbits import first_integral, flatness, flattest, steepest_slope
from raylab.plateaus.staircase import Skeleton, Stage, skeleton, stages, traps, wait_exponent
from raylab.plateaus.waiting import slowest_progress, waiting_time

__all__ = [
    "Plateau",
    "Skeleton",
    "Stage",
    "arrival",
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
