"""The parts of hostile.py: the dearest requests (cases), on a full site (steps), sent and timed (run)."""
