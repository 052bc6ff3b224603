"""How often one may try to sign in, and ask for a link or a code."""

from __future__ import annotations

from datetime import timedelta

from app.core.limits import Limit

# In any fifteen minutes at most ten tries: six at once, and one each 225 seconds.
SIGN_IN = Limit("sign-in", 6, timedelta(seconds=6 * 225))
# Many people of one surgery share an address.
NETWORK = Limit("network", 60, timedelta(minutes=10))
RESET = Limit("reset", 3, timedelta(minutes=30))
# Of a million codes five can be guessed, once: then a new one must be asked for.
CODE_GUESSES = Limit("code guesses", 5, timedelta(hours=5))
