"""Pictures: they draw what they are given and compute nothing. The door to matplotlib."""

from raylab.plots.angles import cosine_by_actions, same_angle, spurious_actions, two_gradients
from raylab.plots.bandit import one_path, one_reward, policy_story, rare_rewards, sampling, stray
from raylab.plots.interference import by_block, interference_matrices, interference_matrix, real_and_null
from raylab.plots.style import show, use_style

__all__ = [
    "by_block",
    "cosine_by_actions",
    "interference_matrices",
    "interference_matrix",
    "one_path",
    "one_reward",
    "policy_story",
    "rare_rewards",
    "real_and_null",
    "same_angle",
    "sampling",
    "show",
    "spurious_actions",
    "stray",
    "two_gradients",
    "use_style",
]
