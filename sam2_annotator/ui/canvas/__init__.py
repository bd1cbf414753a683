"""The picture with its masks and prompts, and the tools at work on it."""
