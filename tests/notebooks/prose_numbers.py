"""Law 7: a number of a page's prose is a number that one of its cells shows.

What counts. A number with three or more significant digits must be, rounded to its own last digit, a number
among the outputs of the notebook. A number with two significant digits and a decimal point or a percent sign
must be a rounding of an output too, or an input: a literal of the code. So rounding is no way out.
Zeros at the front are not significant, nor zeros at the end of a whole number: 1000 has one digit, 0.10 two.
Signs are ignored; percent and fraction are the same number; thin spaces and commas may part thousands.

What does not count: years beside a name or in brackets, ids (S14, 03.2, arXiv), numbers of sections, equations,
figures, pages and versions, exact fractions (49/450, frac{49}{450}), exponents, subscripts, addresses of links.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

THIN = "\u00a0\u2006\u2009\u202f"
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NUMBER = re.compile(
    r"(?<![\w.#])(?P<mantissa>\d+\.\d+|\.\d+|\d+)(?:[eE](?P<exponent>[+-]?\d+))?(?P<percent>%)?"
    r"(?![\w]|\.\d)"
)
NOT_COUNTED = [
    r"\]\([^)]*\)",  # where a link leads
    r"https?://\S+",
    r"(?i:arxiv:?\s*)\d+\.\d+(?:v\d+)?",
    r"</?\w[^>]*>|&\w+;",  # markup
    r"\\color\{[^}]*\}|\\(?:[hv]space|kern)\{[^}]*\}",
    r"(?:\bal\.|[A-Z]\w{3,}(?=,? \(|, )),? \(?(?:19|20)\d\d[a-z]?\b",  # Saxe et al. 2013, Bengio (2020
    r"\((?:19|20)\d\d[a-z]?(?=[,;)])",  # (2019, App. B)
    r"\b(?:[Ss]ec(?:tions?|s?\.)|[Aa]pp(?:endix|\.)|[Ee]q(?:uations?|s?\.)|[Ff]ig(?:ures?|s?\.)|[Dd]ef\.|"
    r"[Tt]ables?|[Cc]hapters?|[Pp]ages?|pp?\.|Python|[Vv]ersion|[Rr]ows?)\s+[A-Z]?\.?\d+(?:\.\d+)*"
    r"(?:\s*(?:,|-|–|to|and)\s*\d+(?:\.\d+)*)*",
    r"\b[Ee]xercises?\s+\d\d\.\d+(?:\s*(?:,|-|–|to|and)\s*\d\d\.\d+)*",
    r"(?<![\w.])0\d\.\d+(?!\w)",  # 03.2, the id of an exercise
    r"(?<![\w.])\d+(?:\.\d+){2,}",  # 3.11.2
    r"\\[dt]?frac\s*\{\s*\d+\s*\}\s*\{\s*\d+\s*\}",
    r"(?<![\w.])\d+\s*/\s*\d+(?![\w.])",
    r"[\^_]\{?\s*[+-]?\d+\s*\}?",
]


@dataclass(frozen=True)
class Shown:
    """A number as it is written."""

    text: str
    value: Decimal
    unit: Decimal  # worth of its last significant digit
    digits: int  # how many are significant
    decimal: bool  # written with a point or a percent sign


def numbers(text: str) -> list[Shown]:
    """All numbers of a text, each percentage as it is written."""
    return [_shown(match) for match in NUMBER.finditer(_plain(text))]


def prose_numbers(markdown: str) -> list[Shown]:
    """The numbers of a piece of prose that count."""
    text = _plain(markdown)
    for pattern in NOT_COUNTED:
        text = re.sub(pattern, " ¤ ", text)
    return [_shown(match) for match in NUMBER.finditer(text)]


def _plain(text: str) -> str:
    """Thousands joined, powers of ten as `e`, one minus sign, no LaTeX around percent signs."""
    text = re.sub(rf"(?<=\d)(?:[{THIN},]|\\,|\{{,\}})(?=\d{{3}}(?!\d))", "", text)
    text = text.replace("−", "-").replace("\\%", "%").replace("per cent", "%")
    text = re.sub(r"(?<=\d)\s*(?:\\,)?\s*%", "%", text)
    text = re.sub(r"(?<=\d)\s+million\b", "e6", text)
    times_ten = r"\s*(?:\\times|\\cdot|[×·])\s*10"
    text = re.sub(rf"(?<=\d){times_ten}\^\{{?(-?\d+)\}}?", r"e\1", text)
    return re.sub(rf"(?<=\d){times_ten}([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda m: "e" + m[1].translate(SUPERSCRIPTS), text)


def _shown(match: re.Match) -> Shown:
    mantissa, power = match["mantissa"], int(match["exponent"] or 0)
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    unit = Decimal(1).scaleb(power - len(fraction))
    if not fraction:
        shorter = digits.rstrip("0")
        unit = unit.scaleb(len(digits) - len(shorter))
        digits = shorter
    value = Decimal(mantissa).scaleb(power)
    decimal = bool(fraction) or match["percent"] is not None
    if match["percent"]:
        value, unit = value.scaleb(-2), unit.scaleb(-2)
    return Shown(match[0].strip(), value, unit, len(digits), decimal)


def supported(number: Shown, sources: list[Shown]) -> bool:
    """Whether it is a rounding of one of them."""
    return any(abs(source.value - number.value) * 2 <= number.unit for source in sources)


def unsupported(prose: str, outputs: str, code: str) -> list[str]:
    """The numbers of the prose that neither an output shows nor, with two digits, an input states."""
    shown = numbers(outputs)
    given = shown + numbers(code)
    return [
        number.text
        for number in prose_numbers(prose)
        if (number.digits >= 3 and not supported(number, shown))
        or (number.digits == 2 and number.decimal and not supported(number, given))
    ]
