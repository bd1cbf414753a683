"""The one style sheet, filled from a theme's tokens."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from sam2_annotator.paths import resource
from sam2_annotator.ui.theme.tokens import Tokens

RADIUS = 6


def style_sheet(tokens: Tokens) -> str:
    """Qt style sheet text for the whole application."""
    template = Template(resource("theme/app.qss").read_text(encoding="utf-8"))
    tone = "dark" if tokens.dark else "light"
    return template.substitute(asdict(tokens), radius=f"{RADIUS}px", images=resource(f"theme/{tone}").as_posix())
