"""What lay words mean: topics, dangers, spellings and other words. Pure Python and numpy."""

from search_index.lexicon.danger import KINDS, danger
from search_index.lexicon.expansion import Expansion, expand
from search_index.lexicon.model import AtHand, TopicGuess, TopicModel, at_hand, load_or_train
from search_index.lexicon.offers import load_offers
from search_index.lexicon.phrases import known_mistakes, lexicon_words, load_phrases, load_terms
from search_index.lexicon.spelling import Changed, Correction, Corrector
from search_index.lexicon.taught import Heard, TaughtPhrases
from search_index.lexicon.text import folded_words
from search_index.lexicon.tuning import Phrases

__all__ = [
    "KINDS",
    "AtHand",
    "Changed",
    "Correction",
    "Corrector",
    "Expansion",
    "Heard",
    "Phrases",
    "TaughtPhrases",
    "TopicGuess",
    "TopicModel",
    "at_hand",
    "danger",
    "expand",
    "folded_words",
    "known_mistakes",
    "lexicon_words",
    "load_offers",
    "load_or_train",
    "load_phrases",
    "load_terms",
]
