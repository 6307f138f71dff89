"""Many runs at once, compiled: initial laws by name, sampled or exact runs, what each leaves behind."""

from raylab.ensembles.flows import Flows, flow
from raylab.ensembles.laws import LAWS, starts
from raylab.ensembles.record import Ensemble
from raylab.ensembles.runs import run
from raylab.ensembles.sweeps import Job, sweep

__all__ = ["LAWS", "Ensemble", "Flows", "Job", "flow", "run", "starts", "sweep"]
