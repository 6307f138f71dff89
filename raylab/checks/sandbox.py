"""Run what a learner wrote: for a limited time, with ears open, and with nothing left behind."""

import io
import os
import random
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import numpy as np

from raylab.alarm import is_learners


class Ear(io.TextIOBase):
    """Takes what is printed; keeps the first few different lines, however much there is."""

    LINES, WIDTH = 8, 200

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.rest = ""
        self.more = False

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, text: str) -> int:
        """Take the text, keep what fits, and report all of it as written."""
        *whole, self.rest = (self.rest + text[-100_000:]).split("\n")
        self.rest = self.rest[: self.WIDTH]
        for line in whole:
            self._keep(line)
        return len(text)

    def _keep(self, line: str) -> None:
        line = line[: self.WIDTH].rstrip()
        if line and line not in self.lines:
            if len(self.lines) < self.LINES:
                self.lines.append(line)
            else:
                self.more = True

    def heard(self) -> str:
        """The text, or nothing."""
        self._keep(self.rest)
        self.rest = ""
        return "\n".join([*self.lines, "..."] if self.more else self.lines)


@contextmanager
def sandbox() -> Iterator[Ear]:
    """What runs inside is heard, and leaves no global state behind.

    Restored: numpy's error and print settings, both global random states, the warning filters (all warnings
    are silent inside), the recursion limit and the working directory.
    """
    with ExitStack() as stack:
        stack.callback(sys.setrecursionlimit, sys.getrecursionlimit())
        with suppress(OSError):  # a folder that was deleted meanwhile: then there is none to come back to
            stack.callback(os.chdir, Path.cwd())
        stack.callback(random.setstate, random.getstate())
        stack.callback(np.random.set_state, np.random.get_state())  # noqa: NPY002  to give it back
        stack.enter_context(np.printoptions())
        stack.enter_context(np.errstate(all="ignore"))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        ear = Ear()
        stack.enter_context(redirect_stdout(ear))
        stack.enter_context(redirect_stderr(ear))
        yield ear


def own_traceback(error: BaseException) -> str:
    """The learner's part of a traceback: their lines, without the engine's and libraries' frames or any path."""
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        if not is_learners(frame.filename):
            continue
        cell = "ipykernel" in frame.filename or frame.filename.startswith("<")
        where = "your cell" if cell else Path(frame.filename).name
        source = f"\n    {frame.line}" if frame.line else ""
        lines.append(f"  {where}, line {frame.lineno}, in {frame.name}{source}")
    if len(lines) > 8:
        lines = [*lines[:3], f"  ... {len(lines) - 6} more calls ...", *lines[-3:]]
    return "\n".join([*lines, _said(error)])


def _said(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # an error of the learner's own class may fail to describe itself
        text = ""
    text = text if len(text) <= 500 else text[:500] + " ..."
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def has_own_lines(error: BaseException) -> bool:
    """True if the learner's code took part in this error."""
    return any(is_learners(frame.filename) for frame in traceback.extract_tb(error.__traceback__))
