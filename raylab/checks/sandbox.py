"""Run what a learner wrote: for a limited time, with ears open, and with nothing left behind."""

import io
import os
import random
import signal
import sys
import sysconfig
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Self

import numpy as np

HERE = Path(__file__).resolve().parent
# Frames of the package and of libraries say nothing about the learner's own lines.
FOREIGN = (HERE.parent, *(Path(p).resolve() for p in map(sysconfig.get_path, ("stdlib", "purelib", "platlib"))))
GENERATED = ("<frozen", "<__array_function__")


class TooSlow(BaseException):
    """The answer ran longer than it may. Not an Exception: a learner's `except Exception` must not swallow it."""


class Alarm:
    """Raises TooSlow inside the block after `seconds`; only in the main thread and where POSIX signals exist.

    A long call into compiled code is stopped when it returns. A bare `except:` can swallow the first alarm;
    so it rings on every half second, and then raises in the very next line too, which is inside the handler.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.possible = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        self.over = False
        self.rings = 0

    def __enter__(self) -> Self:
        if self.possible:
            self.tracing = sys.gettrace()
            self.before = signal.signal(signal.SIGALRM, self._ring)
            self.timer = signal.setitimer(signal.ITIMER_REAL, self.seconds, 0.5)
        return self

    def __exit__(self, *_: object) -> None:
        self.over = True  # first of all: an alarm that rings from here on is late, and ignored
        if self.possible:
            signal.setitimer(signal.ITIMER_REAL, *self.timer)
            signal.signal(signal.SIGALRM, self.before)
            if self.rings > 1:
                sys.settrace(self.tracing)

    def _ring(self, _: int, frame: FrameType | None) -> None:
        if self.over:
            return
        self.rings += 1
        if self.rings > 1 and frame is not None and _is_learners(frame.f_code.co_filename):
            frame.f_trace = self._insist
            sys.settrace(self._insist)
        raise TooSlow

    def _insist(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line" and not self.over and _is_learners(frame.f_code.co_filename):
            raise TooSlow
        return self._insist


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


@cache
def _is_learners(filename: str) -> bool:
    if filename.startswith("<") or "ipykernel" in filename:
        return not filename.startswith(GENERATED)
    path = Path(filename).resolve()
    return not any(path.is_relative_to(place) for place in FOREIGN)


def own_traceback(error: BaseException) -> str:
    """The learner's part of a traceback: their lines, without the engine's and libraries' frames or any path."""
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        if not _is_learners(frame.filename):
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
    return any(_is_learners(frame.filename) for frame in traceback.extract_tb(error.__traceback__))
