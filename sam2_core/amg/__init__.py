"""Parts of the automatic mask generator: point grids, crops, filters, suppression of duplicates, run lengths."""
