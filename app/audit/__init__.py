"""Who did or saw what: an append-only, hash-chained record written in the transaction of what it records."""
