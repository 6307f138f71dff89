"""An alarm stops what runs too long, and leaves nothing behind."""

import contextlib
import os
import signal
import threading
import time

import numpy as np
import pytest

from raylab import alarm
from raylab.alarm import Alarm, TooSlow

posix = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this platform has no interval timer")


@posix
def test_a_loop_is_stopped_even_if_it_swallows_every_exception():
    # without the alarm this test never ends
    with pytest.raises(TooSlow), Alarm(0.05):
        while True:
            with contextlib.suppress(Exception):
                time.sleep(0.001)


@posix
def test_what_ends_in_time_ends_as_it_would_and_the_timer_is_given_back():
    before = signal.getsignal(signal.SIGALRM)
    with Alarm(5.0):
        found = sum(range(10))
    assert found == 45
    assert signal.getsignal(signal.SIGALRM) == before and signal.getitimer(signal.ITIMER_REAL)[0] == 0


@posix
def test_outside_the_main_thread_nothing_is_stopped_and_nothing_breaks():
    seen = []

    def work():
        with Alarm(0.05) as found:
            time.sleep(0.15)
        seen.append(found.possible)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]


def test_files_of_libraries_and_of_the_package_are_not_the_learners():
    for own in (__file__, "<string>", "somewhere/ipykernel_1/2.py"):
        assert alarm.is_learners(own)
    for foreign in (np.__file__, os.__file__, alarm.__file__, "<frozen importlib>"):
        assert not alarm.is_learners(foreign)


def test_a_time_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"seconds: expected a finite number in \[0.01"):
        Alarm(0.0)
