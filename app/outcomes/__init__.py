"""Did it help? Measures as data, their scoring and change, the dates of follow-ups."""
