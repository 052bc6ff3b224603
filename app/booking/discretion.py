"""Words that would tell whoever looks at a person's phone what the person goes to."""

from __future__ import annotations

import re

# Beginnings of words; wrongly hiding a harmless title costs little, showing the other kind may cost much.
_STEMS = """
abus addict aids alcohol anger angr anorex anxi autis adhd bereave bipolar bulimi cancer carer cbt clinic counsel crisis
dbt dementia depress detox disorder distress domestic drink drug eating emotion gambl gender grief griev harm health
hearing\\ voices hiv hospital hub ill illness lgbt loneli lonely loss medic menopaus mental mind mood narcotic nhs ocd
panic paranoi peer personality perinatal postnatal psych ptsd rape recover refuge rehab schizo self-?esteem self-?harm
sex sober stress substance suicid surviv therap trans trauma unwell violen voices well-?being wellness
"""
_TELLING = re.compile(r"\b(?:" + "|".join(re.findall(r"(?:\\ |\S)+", _STEMS)) + ")", re.IGNORECASE)


def gives_away(text: str) -> bool:
    """Whether the words hint at health or at trouble."""
    return bool(_TELLING.search(text))


def quiet_place(place: str) -> str:
    """An address without those of its parts that give away what it is: street and postcode are enough to get there.

    What begins with a house number stays: "1 Hospital Road" is only a street.
    """
    parts = (part.strip() for part in place.split(","))
    return ", ".join(part for part in parts if part and (part[0].isdigit() or not gives_away(part)))
