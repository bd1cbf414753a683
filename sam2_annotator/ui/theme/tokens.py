"""The colours of each theme, by what they are for; widgets name a token, never a colour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ThemeChoice(Enum):
    """SYSTEM follows the desktop; the others are fixed."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. Values are "#rrggbb".

    `text`, `text_muted`, `link`, `success`, `warning` and `danger` are read on `window`, `panel`, `raised` and
    `field` (contrast at least 4.5:1); `icon`, `control` and `focus` are seen on them (at least 3:1).
    """

    name: str
    dark: bool
    high_contrast: bool
    window: str
    panel: str
    raised: str
    field: str
    hover: str
    border: str
    control: str
    text: str
    text_muted: str
    text_disabled: str
    icon: str
    accent: str
    accent_hover: str
    on_accent: str
    selection: str
    on_selection: str
    link: str
    focus: str
    success: str
    warning: str
    danger: str
    canvas: str
    lane: str


DARK = Tokens(
    name="dark",
    dark=True,
    high_contrast=False,
    window="#17191d",
    panel="#1f2227",
    raised="#2a2e35",
    field="#14161a",
    hover="#2f343c",
    border="#343941",
    control="#7a828e",
    text="#e7e9ec",
    text_muted="#a6adb8",
    text_disabled="#6b727d",
    icon="#c4c9d1",
    accent="#3d8bfd",
    accent_hover="#62a2ff",
    on_accent="#081120",
    selection="#264a7a",
    on_selection="#ffffff",
    link="#82b6ff",
    focus="#82b6ff",
    success="#5fd38d",
    warning="#f0b849",
    danger="#ff8a80",
    canvas="#3c3c3c",
    lane="#191c20",
)

LIGHT = Tokens(
    name="light",
    dark=False,
    high_contrast=False,
    window="#eef0f3",
    panel="#fafbfc",
    raised="#ffffff",
    field="#ffffff",
    hover="#e4e8ee",
    border="#d3d8df",
    control="#7b8490",
    text="#1a1d21",
    text_muted="#545c67",
    text_disabled="#9aa2ad",
    icon="#3d444d",
    accent="#1763d6",
    accent_hover="#0f52b8",
    on_accent="#ffffff",
    selection="#d3e4ff",
    on_selection="#0b2a55",
    link="#0f56bd",
    focus="#1763d6",
    success="#0f6b3a",
    warning="#855300",
    danger="#b3261e",
    canvas="#b4b4b4",
    lane="#ffffff",
)

HIGH_CONTRAST = Tokens(
    name="high_contrast",
    dark=True,
    high_contrast=True,
    window="#000000",
    panel="#000000",
    raised="#000000",
    field="#000000",
    hover="#333333",
    border="#ffffff",
    control="#ffffff",
    text="#ffffff",
    text_muted="#ffffff",
    text_disabled="#a6a6a6",
    icon="#ffffff",
    accent="#ffe600",
    accent_hover="#fff27a",
    on_accent="#000000",
    selection="#ffe600",
    on_selection="#000000",
    link="#66d9ff",
    focus="#66d9ff",
    success="#3dff8b",
    warning="#ffd400",
    danger="#ff9c94",
    canvas="#4d4d4d",
    lane="#000000",
)

THEMES = (LIGHT, DARK, HIGH_CONTRAST)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two "#rrggbb" colours, 1..21 (WCAG 2.2, section 1.4.3)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
