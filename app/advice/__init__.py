"""Advice: contacts logged while they are fresh, the cases they belong to, and what they achieved."""
