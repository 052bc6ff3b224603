"""Figures over every feature, each with what it counts: read only, re-run for any period."""
