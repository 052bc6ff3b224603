"""The verbs of advice, one module a journey."""
