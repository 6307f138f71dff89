"""Sentences with numbers: the result of a widget, its text alternative, and what the tests compare."""

import re
from html import escape, unescape

import numpy as np

from raylab import palette

NARROW = "\u202f"  # a narrow space that does not break keeps the digits of one number together
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
_HUES = (palette.ONE_TEXT, palette.TWO_TEXT)


def component(k: int) -> str:
    """J₁ or J₂, bold and in the colour of its curve; `k` counts from 0."""
    return f'<b style="color:{_HUES[k]}">J{SUBSCRIPTS[k + 1]}</b>'


def number(value: float, digits: int = 3) -> str:
    """`value` to `digits` significant digits, with powers of ten beside the digits where it is tiny."""
    if not np.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "nan"
    if value == 0 or 1e-4 <= abs(value) < 10**digits:
        return f"{float(f'{value:.{digits}g}'):.10g}".replace("-", "−")
    if abs(value) >= 10**digits:
        return grouped(value, digits).replace("-", "−")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa} × 10{raised(int(exponent))}".replace("-", "−")


def grouped(value: float, digits: int = 4) -> str:
    """`value` to `digits` significant digits; from 10 000 on in groups of three."""
    rounded = float(f"{value:.{digits}g}")
    if abs(rounded) < 10**4:
        return f"{rounded:.10g}"
    return f"{rounded:,.0f}".replace(",", NARROW)


def raised(exponent: int) -> str:
    """An exponent in raised digits."""
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def plain(sentence: str) -> str:
    """The sentence without its tags and entities."""
    return unescape(re.sub("<[^>]*>", "", sentence))


def safe(text: object) -> str:
    """What a learner or an author typed, made harmless for HTML."""
    return escape(str(text))
