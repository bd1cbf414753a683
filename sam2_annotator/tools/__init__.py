"""Interactive tools: pure state machines from pointer and key events to intents. No Qt."""
