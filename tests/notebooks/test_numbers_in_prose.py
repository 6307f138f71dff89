"""The test of law 7 is itself on trial: made-up pages on which it must speak, and others where it must not."""

import pytest
from prose_numbers import prose_numbers, unsupported

OUTPUTS = "wait: 2613, then 3.25e+06: 1244 times as long\nshare 0.3774, cosine -0.5\nin WTA: 59.03 %"
CODE = "start = [0.10, 0.02]\nrate = 0.15"

INVENTED = {
    "a number that no cell shows": ("The wait is 2614.", "2614"),
    "a digit too many": ("A share of 0.37745.", "0.37745"),
    "a wrong last digit": ("A share of 0.378.", "0.378"),
    "a wrong percentage": ("That is 37.6 %.", "37.6%"),
    "a wrong power of ten": (r"About $3.25 \times 10^{5}$ steps.", "3.25e5"),
    "wrong thousands": ("It takes 3\u202f250\u202f001 steps.", "3250001"),
    "rounded to two digits to hide": ("A share of 0.39.", "0.39"),
    "two digits of a percentage": ("Some 61 % of them.", "61%"),
    "an input is not a result, with three digits": ("We use a rate of 0.150.", "0.150"),
    "no leading zero": ("A share of .379.", ".379"),
    "inside a formula": (r"$J_1 = 0.123$", "0.123"),
    "after a year": ("(2019) found 2.61.", "2.61"),
    "a result that looks like a year": ("It takes 2019 steps.", "2019"),
    "in a table": ("| wait | 2614 |", "2614"),
    "in bold": ("**2614 steps**", "2614"),
    "in a code span": ("`0.123`", "0.123"),
    "at the end of a sentence": ("It takes 2614.", "2614"),
}


@pytest.mark.parametrize("case", INVENTED)
def test_a_number_that_no_cell_shows_is_found(case):
    prose, number = INVENTED[case]
    assert unsupported(prose, OUTPUTS, CODE) == [number]


HONEST = {
    "the number itself": "The wait is 2613.",
    "rounded to three digits": "The wait is about 2610, or 3.25 million: 3,250,000.",
    "a percentage of a fraction": "That is 37.7 %, or 37.74 per cent.",
    "a fraction of a percentage": "A share of 0.590.",
    "LaTeX percent": r"$37.7\,\%$ of the plane",
    "thin spaces": "It takes 3\u202f250\u202f000 steps, $3\\,250\\,000$.",
    "powers of ten": r"$3.25 \times 10^{6}$, 3.25·10⁶, 3.25e6",
    "signs": "The cosine is −0.50.",
    "two digits of an input": "At a rate of 0.15 from J = (0.10, 0.02).",
    "few digits": "Two of 12 runs, 1000 draws, 10^-300, a tenth: 0.1.",
    "years and ids": "Schaul et al. (2019, App. B.1), Saxe et al. 2013, Bengio et al., 2020; row S14; exercise 10.12.",
    "exercise ids": "Exercises 10.11 to 10.15, and 03.12.",
    "sections, figures, versions": "Sec. 2.11, Eq. 123, Figure 101, Python 3.11, version 2.13.0, chapters 101 and 102",
    "exact fractions": r"$\epsilon < \frac{49}{450}$, that is 98/900, $\dfrac{123}{456}$",
    "exponents and subscripts": "$W_{123}$, $x^{-308}$, $p^{128}$",
    "links": "[the paper](https://arxiv.org/abs/1904.11455), arXiv:1904.11455, [row](../LEDGER.md#s123)",
    "colours": r"$\color{#123456}{J_1}$ in <span style='color:#005678'>blue</span>&#8239;",
}


@pytest.mark.parametrize("case", HONEST)
def test_a_number_that_a_cell_shows_passes(case):
    assert unsupported(HONEST[case], OUTPUTS, CODE) == []


@pytest.mark.parametrize(
    ("text", "digits"), [("1000", 1), ("0.0012", 2), ("0.10", 2), ("2610", 3), ("1.00", 3), ("12.5 %", 3)]
)
def test_significant_digits_are_counted_as_in_a_laboratory(text, digits):
    assert [number.digits for number in prose_numbers(f"it is {text} here")] == [digits]
