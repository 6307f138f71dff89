"""Stop what somebody else wrote when it has had its time: an answer to a check, a law in a widget."""

import signal
import sys
import sysconfig
import threading
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Self

from raylab import arguments

HERE = Path(__file__).resolve().parent  # the package
# Frames of the package and of libraries say nothing about the learner's own lines.
FOREIGN = (HERE, *(Path(p).resolve() for p in map(sysconfig.get_path, ("stdlib", "purelib", "platlib"))))
GENERATED = ("<frozen", "<__array_function__")


class TooSlow(BaseException):
    """The answer ran longer than it may. Not an Exception: a learner's `except Exception` must not swallow it."""


class Alarm:
    """Raises TooSlow inside the block after `seconds`; only in the main thread and where POSIX signals exist.

    A long call into compiled code is stopped when it returns. A bare `except:` can swallow the first alarm;
    so it rings on every half second, and then raises in the very next line too, which is inside the handler.
    Raises TypeError or ValueError unless `seconds` is a number of at least 0.01.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = arguments.number(seconds, "seconds", 0.01)
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
        if self.rings > 1 and frame is not None and is_learners(frame.f_code.co_filename):
            frame.f_trace = self._insist
            sys.settrace(self._insist)
        raise TooSlow

    def _insist(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line" and not self.over and is_learners(frame.f_code.co_filename):
            raise TooSlow
        return self._insist


def is_learners(filename: str) -> bool:
    """True for code of the learner: a notebook cell, or a file outside the package and the libraries.

    Raises TypeError if `filename`, as a code object states it, is no text, ValueError if no file can have that name.
    """
    if "\0" in arguments.text(filename, "filename"):
        raise ValueError(f"filename: expected the name of a file, found {filename!r}; no name holds a null character.")
    return _is_learners(filename)


@cache
def _is_learners(filename: str) -> bool:
    if filename.startswith("<") or "ipykernel" in filename:
        return not filename.startswith(GENERATED)
    path = Path(filename).resolve()
    return not any(path.is_relative_to(place) for place in FOREIGN)
