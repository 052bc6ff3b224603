"""The forms of referrals, one module a journey."""
