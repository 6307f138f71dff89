"""One table of colours for words, formulas, curves and widgets.

Chosen for contrast on white, for grey prints and for readers who see fewer colours; `tests/test_palette.py`
measures these properties. Never hue alone: also a dash, a position or a label.
"""

INK, TEXT, QUIET, HAIR, PAPER = "#1F2328", "#3A3F45", "#6B7178", "#D5D9DD", "#FFFFFF"

# Components 1 and 2: lines and symbols; the same as words, dark enough to read.
ONE, TWO = "#005FA8", "#DB5B12"
ONE_TEXT, TWO_TEXT = "#005FA8", "#AE450A"
THREE, FOUR = "#882255", "#CC79A7"  # no fifth hue: it fails for protanopes
ORDERED = ("#0B2F5B", "#005FA8", "#2F93C4", "#76BFC1")  # modes, stairs: label each with its k

# Where component 1 or 2 takes all: a tint of the winner.
ONE_WINS, TWO_WINS = "#DCEAF6", "#FBE4D5"

PLATEAU, BAND = "#5B2A86", "#EDE6F5"
EARTH, SAND = "#8A6D1B", "#F7F2E1"
BASIN, BASIN_EDGE = "#F1EAD2", "#8A6D1B"

# Flatness on a logarithmic scale: gold moves, ink is frozen; lightness falls monotonically.
FLATNESS = ("#E0B040", "#D9845A", "#BA5580", "#833A97", "#48217F", "#170F3E")
