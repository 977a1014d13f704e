"""How often Python looks for what only circles still hold: seldom, where much is made."""

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 50
"""A large answer alone makes thousands of objects, and none of them stands in a circle."""


YOUNG_OF_IMPORTS = 1_000_000
"""An import makes some hundred thousand objects at a time, and none of those stands in one either.
"""


def look_seldom(young: int = YOUNG) -> None:
    """Leave what is there already alone, and let the new grow before it is looked at: for the rest
    of a process that serves or imports.
    """
    gc.freeze()
    gc.set_threshold(young, MIDDLE, OLD)
