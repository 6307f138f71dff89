"""Pictures: they draw what they are given and compute nothing. The door to matplotlib."""

from raylab.plots.angles import cosine_by_actions, same_angle, spurious_actions, two_gradients
from raylab.plots.bandit import as_a_point, one_path, one_reward, policy_story, rare_rewards, sampling, stray
from raylab.plots.corner import corner_flows, creep
from raylab.plots.interference import by_block, interference_matrices, interference_matrix, real_and_null
from raylab.plots.race import flow_and_curves, step_sizes, two_curves
from raylab.plots.square import fixed_points, laws_of_starts, phase_portrait, portrait, sheets
from raylab.plots.start import three_learners
from raylab.plots.style import show, use_style

__all__ = [
    "as_a_point",
    "by_block",
    "corner_flows",
    "cosine_by_actions",
    "creep",
    "fixed_points",
    "flow_and_curves",
    "interference_matrices",
    "interference_matrix",
    "laws_of_starts",
    "one_path",
    "one_reward",
    "phase_portrait",
    "policy_story",
    "portrait",
    "rare_rewards",
    "real_and_null",
    "same_angle",
    "sampling",
    "sheets",
    "show",
    "spurious_actions",
    "step_sizes",
    "stray",
    "three_learners",
    "two_curves",
    "two_gradients",
    "use_style",
]
