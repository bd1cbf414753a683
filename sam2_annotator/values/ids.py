"""Identifiers. Ids are positive, given once and never reused; frames count from 0 in display order."""

from typing import NewType

ItemId = NewType("ItemId", int)
ObjectId = NewType("ObjectId", int)
LabelId = NewType("LabelId", int)
AttributeId = NewType("AttributeId", int)
FrameIndex = NewType("FrameIndex", int)
StepId = NewType("StepId", int)
