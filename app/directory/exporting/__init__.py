"""Listings out, in the formats that come in. A confidential place goes out without its address and point."""
