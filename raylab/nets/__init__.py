"""From torch to numpy: gradients of any network, and bandit policies that are networks. The only door to torch."""

from raylab.nets.flows import Flows, flow
from raylab.nets.networks import component_gradients, parameter_slices
from raylab.nets.policies import INITS, Policy

__all__ = ["INITS", "Flows", "Policy", "component_gradients", "flow", "parameter_slices"]
