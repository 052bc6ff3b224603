"""How a listing looks to the public: its hours, its facts and its cards, in the language of the page."""
