"""The fonts that the package brings for what Typst does not set: form fields and the stamps of signatures.

Both are cuts of Libertinus Serif, in which the contract is set, under the SIL Open Font License (`OFL.txt`).
"""

from __future__ import annotations

from pathlib import Path

STAMP = Path(__file__).parent / "LibertinusSerif-Regular.ttf"
"""For stamps: Latin, Greek and Cyrillic letters."""

FIELDS = Path(__file__).parent / "LibertinusSerif-Fields.ttf"
"""For what is typed into a field: the characters of Windows-1252, which all viewers can write with one font."""

FIELDS_NAME = "LibertinusSerif"
FIELDS_BOX = (-381, -238, 946, 820)
FIELDS_ASCENT, FIELDS_DESCENT, FIELDS_CAPITALS, FIELDS_STEM = 894, -246, 658, 95
FIELDS_FIRST = 32
# fmt: off
FIELDS_WIDTHS = (
    250, 288, 336, 465, 465, 637, 705, 190, 298, 298, 369, 550, 220, 338, 220, 323, 465, 465, 465, 465, 465, 465,
    465, 465, 465, 465, 236, 236, 550, 550, 550, 435, 895, 695, 588, 646, 701, 557, 485, 685, 730, 297, 322, 637,
    528, 839, 699, 702, 541, 702, 587, 485, 597, 661, 652, 951, 660, 575, 604, 356, 287, 356, 518, 486, 392, 457,
    493, 428, 506, 447, 310, 500, 538, 271, 272, 512, 264, 790, 542, 504, 519, 503, 372, 390, 316, 531, 497, 747,
    490, 515, 424, 277, 205, 277, 449, 500, 465, 500, 268, 440, 375, 749, 588, 500, 349, 500, 485, 363, 869, 500,
    604, 500, 500, 268, 268, 375, 375, 351, 548, 742, 292, 795, 390, 363, 778, 500, 424, 575, 250, 288, 465, 465,
    465, 465, 211, 473, 379, 695, 307, 543, 599, 338, 695, 397, 267, 550, 307, 307, 341, 515, 602, 250, 541, 307,
    349, 543, 660, 660, 660, 435, 695, 695, 695, 695, 695, 695, 865, 646, 557, 557, 557, 557, 297, 297, 297, 297,
    701, 699, 702, 702, 702, 702, 702, 550, 702, 661, 661, 661, 661, 575, 527, 541, 457, 457, 457, 457, 457, 457,
    687, 428, 447, 447, 447, 447, 271, 271, 271, 271, 486, 542, 504, 504, 504, 504, 504, 550, 504, 531, 531, 531,
    531, 515, 502, 515,
)
# fmt: on
"""Of the codes from `FIELDS_FIRST` on, in thousandths of the size."""
