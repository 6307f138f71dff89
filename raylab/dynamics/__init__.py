"""From a learner to its learning curve: continuous flow, discrete steps, climbs and orbits of any length of time.

Time is step size x updates throughout, so flow and steps share one axis.
"""

from raylab.dynamics.climbs import climb, orbit
from raylab.dynamics.doors import Combine
from raylab.dynamics.flows import StepRule, ascend, flow

__all__ = ["Combine", "StepRule", "ascend", "climb", "flow", "orbit"]
