"""Stories run over the program in its own window."""

from support.program import start as start
