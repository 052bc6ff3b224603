"""The ways out of the house: what `WAYMARK_MAIL` and `WAYMARK_SMS` can name."""
