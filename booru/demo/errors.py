"""What can go wrong in the demonstration."""


class StepFailed(Exception):
    """A step was not seen to work; the message says what was missing."""


class CannotStart(Exception):
    """Nothing was begun; the message says why and what to do."""
