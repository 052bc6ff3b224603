"""Where a postcode or a place name lies, and which of them a text names.

Import from here: `resolve`, `find_in_text`, `Point`, `FoundPlace`.
"""

from app.directory.geography.gazetteer import Point, forget, named_places, place_key
from app.directory.geography.learning import learn_places
from app.directory.geography.resolving import resolve
from app.directory.geography.texts import FoundPlace, find_in_text

__all__ = ["FoundPlace", "Point", "find_in_text", "forget", "learn_places", "named_places", "place_key", "resolve"]
