"""The palette keeps what it promises: contrast, grey prints, and readers who see fewer colours."""

import re

import numpy as np
import pytest

from raylab import palette

# Linear-light matrices of full colour-vision deficiency (Machado, Oliveira and Fernandes 2009).
DEFICIENCY = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(colour):
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, two):
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    xyz = (
        np.clip(rgb, 0, 1)
        @ np.array(
            [[0.4124564, 0.2126729, 0.0193339], [0.3575761, 0.7151522, 0.1191920], [0.1804375, 0.0721750, 0.9503041]]
        )
        / [0.95047, 1.0, 1.08883]
    )
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one, two, deficiency=None):
    """Euclidean distance in CIELAB; about 2 is just noticeable side by side."""
    seen = [linear(c) if deficiency is None else np.array(DEFICIENCY[deficiency]) @ linear(c) for c in (one, two)]
    return float(np.linalg.norm(lab(seen[0]) - lab(seen[1])))


def test_every_colour_is_written_out():
    flat = [v for k, v in vars(palette).items() if k.isupper() for v in ([v] if isinstance(v, str) else v)]
    assert len(flat) > 25 and all(re.fullmatch("#[0-9A-F]{6}", c) for c in flat)


@pytest.mark.parametrize("name", ["INK", "TEXT", "QUIET", "ONE_TEXT", "TWO_TEXT", "THREE", "PLATEAU", "EARTH"])
def test_words_are_readable_on_paper(name):
    """4.5 : 1 is the contrast that WCAG 2 asks of text (AA)."""
    assert contrast(getattr(palette, name), palette.PAPER) >= 4.5


@pytest.mark.parametrize("name", ["ONE", "TWO", "THREE", "PLATEAU", "EARTH"])
def test_lines_are_visible_on_paper(name):
    """3 : 1 is what WCAG 2 asks of graphics."""
    assert contrast(getattr(palette, name), palette.PAPER) >= 3


@pytest.mark.parametrize(("words", "tint"), [("ONE_TEXT", "ONE_WINS"), ("TWO_TEXT", "TWO_WINS"), ("PLATEAU", "BAND")])
def test_words_are_readable_on_their_tint(words, tint):
    assert contrast(getattr(palette, words), getattr(palette, tint)) >= 4.5


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCY])
@pytest.mark.parametrize("pair", [("ONE", "TWO"), ("ONE_WINS", "TWO_WINS"), ("ONE", "PLATEAU"), ("TWO", "THREE")])
def test_pairs_stay_apart_for_every_reader(deficiency, pair):
    one, two = (getattr(palette, name) for name in pair)
    assert distance(one, two, deficiency) >= 8


@pytest.mark.parametrize("scale", ["FLATNESS", "ORDERED"])
def test_ordered_scales_are_ordered_in_grey(scale):
    steps = np.diff([lab(linear(c))[0] for c in getattr(palette, scale)])
    assert (np.abs(steps) >= 5).all() and (np.sign(steps) == np.sign(steps[0])).all()
