"""Reference data that every Waymark has, and a fictional town to show it with."""
