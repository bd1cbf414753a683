"""Frozen values everyone speaks: ids, prompts, masks, intents. No Qt, no torch, no pixels."""
