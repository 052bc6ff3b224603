"""Postcodes: reading the official files, and keeping the tables of units, sectors and districts."""
