"""Desktop annotation with promptable segmentation; everything outside `ui` also runs without Qt."""

__version__ = "0.1.0"
