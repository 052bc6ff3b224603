"""Signposts: services picked for somebody, with what to say there, given on paper, by text, by e-mail or as a link."""
