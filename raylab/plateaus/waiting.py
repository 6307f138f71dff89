"""How long a learner stands still."""

import numpy as np

from raylab import arguments
from raylab.records import Performance, Trajectory


def waiting_time(trajectory: Trajectory, level: float = 0.9) -> Performance:
    """First time at which every J_k >= level, of shape (...) over runs; inf where that is never.

    Interpolated linearly between the recorded times. "Learned" means level 0.9 everywhere in the course.
    Raises TypeError if `trajectory` is no Trajectory or the level no number, ValueError if it is not finite.
    """
    if not isinstance(trajectory, Trajectory):
        raise TypeError(
            f"trajectory: expected a Trajectory, found {type(trajectory).__name__}; "
            "pass what flow, ascend or orbit returned."
        )
    level = arguments.number(level, "level")
    weakest = trajectory.components.min(axis=-1)
    reached = weakest >= level
    after = np.argmax(reached, axis=-1)
    before = np.maximum(after - 1, 0)
    low, high = (np.take_along_axis(weakest, i[..., None], -1)[..., 0] for i in (before, after))
    share = np.divide(level - low, high - low, out=np.ones_like(low), where=high > low)
    t = trajectory.times
    when = np.where(after > 0, t[before] + np.clip(share, 0, 1) * (t[after] - t[before]), t[0])
    return np.where(reached.any(axis=-1), when, np.inf)


def slowest_progress(performance: Performance, speed: Performance, components: int) -> Performance:
    """Flatness of a run: the smallest |J'| on its way, of shape (...).  [Schaul19 App. A]

    performance, speed (..., T): J and J' at the same times; components: K. The neighbourhoods of start and
    optimum do not count: only samples from the first J >= J_0 + 0.05 on and with J < K - 0.2.
    In units of performance per time; inf if no sample lies between.
    Raises TypeError or ValueError if the two are not finite arrays of one shape, or K is no positive whole number.
    """
    J, speed = (arguments.array(x, name, "... T") for x, name in ((performance, "performance"), (speed, "speed")))
    K = arguments.count(components, "components", 1)
    if J.shape != speed.shape:
        raise ValueError(f"speed: expected shape {J.shape} as performance, found {speed.shape}; one for each time.")
    started = np.logical_or.accumulate(J[..., :1] + 0.05 <= J, axis=-1)
    return np.where(started & (J < K - 0.2), np.abs(speed), np.inf).min(axis=-1)
