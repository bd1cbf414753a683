"""The same numbers sooner: inference on a CPU, file by file beside the plain modules of `modeling`."""
