"""Everything the engine can say went wrong; each message is one sentence that names the thing and what to do."""


class EngineError(RuntimeError):
    """Base of what a caller can meet; a RuntimeError, as published code raised."""


class ModelFileError(EngineError):
    """A checkpoint or configuration file cannot be read or does not fit the model."""


class ModelNotAvailable(EngineError):
    """The model is known, but is neither on this machine nor to be had from the network now."""


class OutOfMemory(EngineError):
    """The device has too little memory for this call, also after the caches were freed."""


class InvalidPrompt(EngineError, ValueError):
    """A prompt, image or frame number that cannot be used; the state is as before the call."""


class FrameUnreadable(EngineError):
    """A frame of a clip cannot be read, or is not like the others; it may be asked for again. `frame`: its number."""

    def __init__(self, frame: int, message: str) -> None:
        super().__init__(message)
        self.frame = frame


class TrainingError(EngineError):
    """Training or measuring cannot begin or go on; what was saved before stays."""


class Cancelled(Exception):
    """The caller asked to stop; everything finished before stays valid."""
