"""How the picture is shown, which changes nothing in the picture (INTERACTION CAN-11)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Adjustment:
    """`brightness` and `contrast` in -1..1, 0 is unchanged; `gamma` above 1 lightens the shadows.

    `stretch` spreads the values the picture uses over the whole range; `channels` are those shown (red, green, blue).
    """

    brightness: float = 0.0
    contrast: float = 0.0
    gamma: float = 1.0
    stretch: bool = False
    channels: tuple[bool, bool, bool] = (True, True, True)
