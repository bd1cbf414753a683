"""The same numbers sooner: inference in float32 on a CPU, file by file beside the plain modules of `modeling`."""
