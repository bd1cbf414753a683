"""Every command of the window: the table, and the Qt actions made from it."""
