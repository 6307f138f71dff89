"""Pictures: they draw what they are given and compute nothing. The door to matplotlib."""

from raylab.plots.angles import cosine_by_actions, same_angle, spurious_actions, two_gradients
from raylab.plots.bandit import as_a_point, one_path, one_reward, policy_story, rare_rewards, sampling, stray
from raylab.plots.basins import basins, inflections, level_lines
from raylab.plots.contrasts import four_learners, known_task, towards_the_origin, waits_by_scale
from raylab.plots.corner import corner_flows, creep
from raylab.plots.couplings import clocks, couplings
from raylab.plots.deep_linear import both_clocks, spread_of_cosines
from raylab.plots.factored import bends, goal_shapes, neglected, rippled
from raylab.plots.interference import by_block, interference_matrices, interference_matrix, real_and_null
from raylab.plots.likelihood import likelihoods
from raylab.plots.many_contexts import median_waits, more_actions, staircases_by_law
from raylab.plots.modes import mode_curves, mode_images
from raylab.plots.networks import sunk_contexts, waits_by_overlap
from raylab.plots.plateaus import cost, formula_and_runs, scaled_starts, shares, slowest_places, turned
from raylab.plots.race import flow_and_curves, step_sizes, two_curves
from raylab.plots.remedies import league, optimisers
from raylab.plots.shapes import cosines, shapes_at_work, waits_by_power
from raylab.plots.square import fixed_points, laws_of_starts, phase_portrait, portrait, sheets
from raylab.plots.staircase import growing_waits, powers_by_wait, ramp, same_start, skeletons, staircase, trap_map
from raylab.plots.start import three_learners
from raylab.plots.style import show, use_style

__all__ = [
    "as_a_point",
    "basins",
    "bends",
    "both_clocks",
    "by_block",
    "clocks",
    "corner_flows",
    "cosine_by_actions",
    "cosines",
    "cost",
    "couplings",
    "creep",
    "fixed_points",
    "flow_and_curves",
    "formula_and_runs",
    "four_learners",
    "goal_shapes",
    "growing_waits",
    "inflections",
    "interference_matrices",
    "interference_matrix",
    "known_task",
    "laws_of_starts",
    "league",
    "level_lines",
    "likelihoods",
    "median_waits",
    "mode_curves",
    "mode_images",
    "more_actions",
    "neglected",
    "one_path",
    "one_reward",
    "optimisers",
    "phase_portrait",
    "policy_story",
    "portrait",
    "powers_by_wait",
    "ramp",
    "rare_rewards",
    "real_and_null",
    "rippled",
    "same_angle",
    "same_start",
    "sampling",
    "scaled_starts",
    "shapes_at_work",
    "shares",
    "sheets",
    "show",
    "skeletons",
    "slowest_places",
    "spread_of_cosines",
    "spurious_actions",
    "staircase",
    "staircases_by_law",
    "step_sizes",
    "stray",
    "sunk_contexts",
    "three_learners",
    "towards_the_origin",
    "trap_map",
    "turned",
    "two_curves",
    "two_gradients",
    "use_style",
    "waits_by_overlap",
    "waits_by_power",
    "waits_by_scale",
]
