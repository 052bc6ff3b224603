"""What a process that serves has loaded before it answers anybody."""

import gc

# Objects made until the youngest are looked through, and how many times that until the older ones are.
_THRESHOLDS = 10_000, 20, 20


def keep_what_is_loaded() -> None:
    """It stays: to look through half a million objects for rubbish would stop a request for a third of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
