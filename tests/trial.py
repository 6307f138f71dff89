"""Put a claim on trial: one law, run on what is true and on what is not.

A law is written once, as a function of the claim:

    @pytest.mark.ledger("S7")
    @trial(correct=sp.Rational(3, 4), printed=sp.Rational(5, 4))
    def test_the_determinant_is_this_multiple_of_both_slopes(claim):
        assert sp.expand(determinant - claim * slopes) == 0

It becomes one test per claim. The law must hold of `correct`, and must end in an AssertionError on each claim
that is not true: `printed`, what stands in the paper, and `slips`, what one could take for true where the paper
is right. A law that accepts a false claim does not look at the claim at all, and fails.
"""

from collections.abc import Callable
from typing import Any

import pytest

NOT_GIVEN = object()
Law = Callable[[Any], None]


def judge(law: Law, claim: Any, holds: bool) -> None:
    """Run the law on one claim; demand that it accepts, or that it refuses by an AssertionError."""
    if holds:
        law(claim)
        return
    try:
        law(claim)
    except AssertionError:
        return
    pytest.fail(f"{law.__name__} accepts a claim that is not true: it does not test what it says.")


def trial(*, correct: Any, printed: Any = NOT_GIVEN, slips: dict[str, Any] | None = None) -> Callable[[Law], Law]:
    """Make a test of a law: it holds of `correct` and fails for `printed` and for every named slip."""
    false = {} if printed is NOT_GIVEN else {"as printed": printed}
    false |= slips or {}
    if not false:
        raise ValueError("trial: expected a claim that must fail, found none; give `printed` or `slips`.")
    claims = [pytest.param(correct, True, id="correct")]
    claims += [pytest.param(claim, False, id=f"{name}, must fail") for name, claim in false.items()]

    def decorate(law: Law) -> Law:
        @pytest.mark.parametrize(("claim", "holds"), claims)
        def test(claim: Any, holds: bool) -> None:
            judge(law, claim, holds)

        # not functools.wraps: pytest would read the arguments of the law through __wrapped__
        test.__name__, test.__doc__, test.__module__ = law.__name__, law.__doc__, law.__module__
        return test

    return decorate
