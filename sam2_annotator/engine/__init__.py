"""The engine's side of the application: messages, scheduling, models. The only package that knows `sam2_core`."""
