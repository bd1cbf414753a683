"""The tools there are, in the order of the tool bar."""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.tools.base import Tool
from sam2_annotator.tools.box import BoxTool
from sam2_annotator.tools.brush import BrushTool
from sam2_annotator.tools.pan import PanTool
from sam2_annotator.tools.point import PromptTool
from sam2_annotator.tools.polygon import PolygonTool
from sam2_annotator.tools.select import SelectTool
from sam2_annotator.tools.suggest import SuggestTool


@dataclass(frozen=True, slots=True)
class ToolEntry:
    """One tool: `title` and `hint` are English, translated where shown; `icon` names a file of resources/icons.

    `shortcut` is the default key, None when there is none.
    """

    id: str
    title: str
    hint: str
    icon: str
    shortcut: str | None
    tool: Tool


TOOLS: tuple[ToolEntry, ...] = (
    ToolEntry("select", "Select", "choose objects, drag a band around several", "select", "V", SelectTool()),
    ToolEntry("prompt", "Prompt", "click an object to outline it, drag a box around it", "prompt", "P", PromptTool()),
    ToolEntry("box", "Box", "two clicks or a drag put a box around an object", "box", "R", BoxTool()),
    ToolEntry("brush", "Brush", "paint pixels into the object", "brush", "B", BrushTool(eraser=False)),
    ToolEntry("eraser", "Eraser", "take pixels from the object", "eraser", "E", BrushTool(eraser=True)),
    ToolEntry("polygon", "Polygon", "clicks or a drag go around what is added", "polygon", "G", PolygonTool()),
    ToolEntry("suggest", "Suggest objects", "proposes masks for all there is", "suggest", "U", SuggestTool()),
    ToolEntry("pan", "Pan", "drag the picture", "pan", None, PanTool()),
)
DEFAULT_TOOL = "prompt"


def find(tool_id: str) -> ToolEntry:
    """The tool with this id. Raises KeyError."""
    for entry in TOOLS:
        if entry.id == tool_id:
            return entry
    raise KeyError(tool_id)
