"""Lighter pictures: pages are read on code hosts and kept in history, so their PNGs should be small."""

import base64
import io

import numpy as np
from PIL import Image  # comes with matplotlib

LARGEST_DIFFERENCE = 8  # of 255, in any colour of any pixel: at 16 a colour scale shows steps


def lighter(png: str) -> str:
    """The same picture with at most 256 colours, about a third of the bytes; with all of them where that would show.

    png: base64, as notebooks hold it. A picture that has a palette already, or is transparent, comes back as it is.
    """
    picture = Image.open(io.BytesIO(base64.b64decode(png)))
    if picture.mode not in ("RGB", "RGBA") or (picture.mode == "RGBA" and picture.getextrema()[3][0] < 255):
        return png
    full = picture.convert("RGB")
    few = full.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    difference = np.asarray(full, dtype=int) - np.asarray(few.convert("RGB"), dtype=int)
    file = io.BytesIO()
    (few if np.abs(difference).max() <= LARGEST_DIFFERENCE else full).save(file, "PNG", optimize=True)
    found = base64.b64encode(file.getvalue()).decode()
    return found if len(found) < len(png) else png
