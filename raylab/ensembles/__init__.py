"""Many runs at once, compiled: initial laws by name, sampled or exact runs, what each leaves behind.

The first `run` for a number of contexts and actions and a kind of rule, and the first `flow`, are compiled: seconds for
the one, up to half a minute for the other, while a bar says so. The code is kept on disk, and later calls are fast.
"""

from raylab.ensembles.flows import Flows, flow
from raylab.ensembles.laws import LAWS, starts
from raylab.ensembles.record import Ensemble
from raylab.ensembles.runs import run
from raylab.ensembles.sweeps import Job, sweep

__all__ = ["LAWS", "Ensemble", "Flows", "Job", "flow", "run", "starts", "sweep"]
