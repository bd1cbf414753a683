"""Pictures, folders of frames and videos as frames by number; thumbnails; writing clips. No Qt, no torch."""

from sam2_annotator.media.folder import list_media, list_pictures
from sam2_annotator.media.open import classify, open_source
from sam2_annotator.media.source import Source

__all__ = ["Source", "classify", "list_media", "list_pictures", "open_source"]
