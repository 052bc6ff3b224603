"""Reads of booking, always ordered."""
