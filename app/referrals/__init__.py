"""Signposts, pathways and referrals: their states and clocks, who sees what, and the message back."""
