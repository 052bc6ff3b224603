"""Listings in: reading feeds and files, cleaning them, and bringing the directory to what they say."""
