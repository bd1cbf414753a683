"""SAM 2 and SAM 2.1 in PyTorch: promptable segmentation of pictures and videos. No Qt, usable alone."""
