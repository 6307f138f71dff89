"""What the league says of one remedy, and the league as text."""

from collections.abc import Sequence
from dataclasses import dataclass

from raylab import arguments


@dataclass(frozen=True)
class Row:
    """What `league` measured of one remedy. Times are step size x updates.

    norm: squared length of the gradient of a log odds, the largest over k, at the start: the unit of the clock.
    pull: cosine between what would improve a component and the step that is taken where the updates for all others
    are a million times as strong, the lowest over components, at the start. Below 0: they push it down.
    won: share of the exact wait in which exactly one component improves. lowest: least J_k / J_k(0) on the way.
    drive: speed of the last component's log odds where its J is 1e-6 and that of the others 1 - 1e-6, the least over
    components. order: the power of J with which that speed vanishes as J -> 0, from 1e-3 to 1e-6; inf if the last
    component is pushed down. wait: exact time until every J_k >= level; inf if it is not reached.
    excess: wait / wait from equal starts at the best J_k(0), which no choice of clock can change.
    median: of the waits of sampled runs; inf if half of them do not arrive, None if none were drawn.
    censored: share of the sampled runs that did not arrive, None if none were drawn.
    """

    name: str
    norm: float
    pull: float
    won: float
    lowest: float
    drive: float
    order: float
    wait: float
    excess: float
    median: float | None = None
    censored: float | None = None

    @property
    def interferes(self) -> bool:
        """Can learning the other components set one back, if only they are strong enough?"""
        return self.pull < -1e-3

    @property
    def coupled(self) -> bool:
        """Does the drive of the last component vanish with its performance?"""
        return self.order > 0.5


def table(rows: Sequence[Row]) -> str:
    """The league as text, one line for each row, in fixed digits; "-" where nothing was drawn.

    Raises TypeError unless `rows` is a sequence of what `league` returns.
    """
    lines: list[tuple[str, ...]] = [_HEAD]
    for n, row in enumerate(arguments.sequence(rows, "rows")):
        if not isinstance(row, Row):
            raise TypeError(f"rows[{n}]: expected a Row, found {type(row).__name__}; pass what league returned.")
        lines.append(
            (
                row.name,
                "yes" if row.interferes else "no",
                "yes" if row.coupled else "no",
                f"{row.norm:.3g}",
                f"{round(row.pull, 2) + 0.0:.2f}",  # + 0.0: no minus before a zero
                f"{row.won:.2f}",
                f"{row.lowest:.2g}",
                f"{row.drive:.2g}",
                f"{round(row.order, 2) + 0.0:.2f}",
                f"{row.wait:.4g}",
                f"{row.excess:.3g}",
                "-" if row.median is None else f"{row.median:.3g}",
                "-" if row.censored is None else f"{row.censored:.2f}",
            )
        )
    widths = [max(len(line[i]) for line in lines) for i in range(len(_HEAD))]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:], strict=True))])
        for line in lines
    )


_HEAD = ("remedy", "interferes", "coupled", "norm", "pull", "won", "lowest", "drive", "order", "wait", "excess",
         "sampled", "censored")  # fmt: skip
