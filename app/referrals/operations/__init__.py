"""The verbs of referrals, one module a journey."""
