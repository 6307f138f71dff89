"""Factored objectives: any couplings f_k, any features v_k, the conditions of every statement.  [Schaul19 Sec. 3.1]"""

from raylab.systems.factored.conditions import corners, edges, saddles, strip, traps, winner_margin
from raylab.systems.factored.couplings import labels, mixed, on_policy, power, restless, through
from raylab.systems.factored.gram import equal_cosines, features
from raylab.systems.factored.laws import acceleration, velocity
from raylab.systems.factored.learner import Factored
from raylab.systems.factored.potentials import Potentials, log_odds
from raylab.systems.factored.shapes import Shape
from raylab.systems.factored.turning import softmax_neglect, turning

__all__ = [
    "Factored",
    "Potentials",
    "Shape",
    "acceleration",
    "corners",
    "edges",
    "equal_cosines",
    "features",
    "labels",
    "log_odds",
    "mixed",
    "on_policy",
    "power",
    "restless",
    "saddles",
    "softmax_neglect",
    "strip",
    "through",
    "traps",
    "turning",
    "velocity",
    "winner_margin",
]
