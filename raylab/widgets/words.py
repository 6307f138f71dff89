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


def digits(value: float) -> float:
    """The value to three digits, as a box shows it."""
    return float(f"{value:.3g}")


def number(value: float, digits: int = 3) -> str:
    """`value` to `digits` significant digits: 0.00044, 2613, 26 130, 5.3 × 10⁻⁷."""
    if not np.isfinite(value):
        return {np.inf: "∞", -np.inf: "−∞"}.get(value, "nan")
    rounded = float(f"{value:.{digits}g}")
    if rounded == 0 or 1e-4 <= abs(rounded) < 1e4:
        return f"{rounded:.10g}".replace("-", "−")
    if 1e4 <= abs(rounded) < 1e7:
        return f"{rounded:,.0f}".replace(",", NARROW).replace("-", "−")
    mantissa, exponent = f"{rounded:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    power = f"10{raised(int(exponent))}"
    return (power if mantissa == "1" else f"{mantissa} × {power}").replace("-", "−")


def per_cent(share: float) -> str:
    """A share in per cent, to three digits; what is not all of it is not called 100 %, and what is not none not 0 %."""
    if 0.9995 <= share < 1:
        return "more than 99.9 %"
    return f"{number(100 * share)} %" if share == 0 or share >= 5e-5 else "less than 0.01 %"


def raised(exponent: int) -> str:
    """An exponent in raised digits."""
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def plain(sentence: str) -> str:
    """The sentence without its tags and entities."""
    return unescape(re.sub("<[^>]*>", "", sentence))


def safe(text: object) -> str:
    """What a learner or an author typed, made harmless for HTML."""
    return escape(str(text))
