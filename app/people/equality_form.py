"""The questions about equality. None must be answered, and each can be answered "prefer not to say"."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.people.codes import (
    Disability,
    Ethnicity,
    GenderIdentity,
    Orientation,
    Partnership,
    Pregnancy,
    Religion,
    SameAsAtBirth,
    Sex,
)
from app.people.models import EqualityAnswers
from app.web.forms import Form

RATHER_NOT = _("I would rather not say")
ETHNICITIES: dict[StrEnum, LazyString] = {
    Ethnicity.BANGLADESHI: _("Asian: Bangladeshi"),
    Ethnicity.CHINESE: _("Asian: Chinese"),
    Ethnicity.INDIAN: _("Asian: Indian"),
    Ethnicity.PAKISTANI: _("Asian: Pakistani"),
    Ethnicity.OTHER_ASIAN: _("Asian: another background"),
    Ethnicity.AFRICAN: _("Black: African"),
    Ethnicity.CARIBBEAN: _("Black: Caribbean"),
    Ethnicity.OTHER_BLACK: _("Black: another background"),
    Ethnicity.WHITE_AND_ASIAN: _("Mixed: White and Asian"),
    Ethnicity.WHITE_AND_BLACK_AFRICAN: _("Mixed: White and Black African"),
    Ethnicity.WHITE_AND_BLACK_CARIBBEAN: _("Mixed: White and Black Caribbean"),
    Ethnicity.OTHER_MIXED: _("Mixed: another background"),
    Ethnicity.BRITISH: _("White: English, Welsh, Scottish, Northern Irish or British"),
    Ethnicity.IRISH: _("White: Irish"),
    Ethnicity.GYPSY_OR_IRISH_TRAVELLER: _("White: Gypsy or Irish Traveller"),
    Ethnicity.ROMA: _("White: Roma"),
    Ethnicity.OTHER_WHITE: _("White: another background"),
    Ethnicity.ARAB: _("Arab"),
    Ethnicity.OTHER: _("Another group"),
    Ethnicity.PREFER_NOT_TO_SAY: RATHER_NOT,
}
GENDERS: dict[StrEnum, LazyString] = {
    GenderIdentity.FEMALE: _("Woman, also trans woman"),
    GenderIdentity.MALE: _("Man, also trans man"),
    GenderIdentity.NON_BINARY: _("Non-binary"),
    GenderIdentity.OTHER: _("Something else"),
    GenderIdentity.PREFER_NOT_TO_SAY: RATHER_NOT,
}
SAME: dict[StrEnum, LazyString] = {
    SameAsAtBirth.YES: _("Yes"),
    SameAsAtBirth.NO: _("No"),
    SameAsAtBirth.PREFER_NOT_TO_SAY: RATHER_NOT,
}
SEXES: dict[StrEnum, LazyString] = {
    Sex.FEMALE: _("Female"),
    Sex.MALE: _("Male"),
    Sex.PREFER_NOT_TO_SAY: RATHER_NOT,
}
DISABILITIES: dict[StrEnum, LazyString] = {
    Disability.LIMITED_A_LOT: _("Yes, it limits me a lot"),
    Disability.LIMITED_A_LITTLE: _("Yes, it limits me a little"),
    Disability.NOT_LIMITED: _("Yes, but it does not limit me"),
    Disability.NONE: _("No"),
    Disability.PREFER_NOT_TO_SAY: RATHER_NOT,
}
RELIGIONS: dict[StrEnum, LazyString] = {
    Religion.NONE: _("No religion"),
    Religion.BUDDHIST: _("Buddhist"),
    Religion.CHRISTIAN: _("Christian"),
    Religion.HINDU: _("Hindu"),
    Religion.JEWISH: _("Jewish"),
    Religion.MUSLIM: _("Muslim"),
    Religion.SIKH: _("Sikh"),
    Religion.OTHER: _("Another religion"),
    Religion.PREFER_NOT_TO_SAY: RATHER_NOT,
}
ORIENTATIONS: dict[StrEnum, LazyString] = {
    Orientation.STRAIGHT: _("Straight"),
    Orientation.GAY_OR_LESBIAN: _("Gay or lesbian"),
    Orientation.BISEXUAL: _("Bisexual"),
    Orientation.OTHER: _("Something else"),
    Orientation.PREFER_NOT_TO_SAY: RATHER_NOT,
}
PARTNERSHIPS: dict[StrEnum, LazyString] = {
    Partnership.NEVER: _("Never married or in a civil partnership"),
    Partnership.MARRIED: _("Married"),
    Partnership.CIVIL_PARTNERSHIP: _("In a civil partnership"),
    Partnership.SEPARATED: _("Separated"),
    Partnership.DIVORCED: _("Divorced, or the partnership was ended"),
    Partnership.WIDOWED: _("Widowed"),
    Partnership.PREFER_NOT_TO_SAY: RATHER_NOT,
}
PREGNANCIES: dict[StrEnum, LazyString] = {
    Pregnancy.YES: _("Yes"),
    Pregnancy.NO: _("No"),
    Pregnancy.PREFER_NOT_TO_SAY: RATHER_NOT,
}
CODES: dict[str, dict[StrEnum, LazyString]] = {
    "ethnicity": ETHNICITIES,
    "gender": GENDERS,
    "same_as_at_birth": SAME,
    "sex": SEXES,
    "disability": DISABILITIES,
    "religion": RELIGIONS,
    "orientation": ORIENTATIONS,
    "partnership": PARTNERSHIPS,
    "pregnancy": PREGNANCIES,
}


def _question(label: LazyString, codes: Mapping[StrEnum, LazyString]) -> SelectField:
    choices = [SelectChoice("", _("Not answered")), *(SelectChoice(code.value, words) for code, words in codes.items())]
    return SelectField(label, choices=choices)


class EqualityForm(Form):
    """All questions, each of which may be left alone."""

    ethnicity = _question(_("Which ethnic group do you belong to?"), ETHNICITIES)
    gender = _question(_("What is your gender?"), GENDERS)
    same_as_at_birth = _question(_("Is that the same as at your birth?"), SAME)
    sex = _question(_("What is your sex?"), SEXES)
    disability = _question(_("Do you have an illness or condition that lasts?"), DISABILITIES)
    religion = _question(_("What is your religion?"), RELIGIONS)
    orientation = _question(_("Which fits you best?"), ORIENTATIONS)
    partnership = _question(_("Are you married or in a civil partnership?"), PARTNERSHIPS)
    pregnancy = _question(_("Are you pregnant, or have you had a baby in the last half year?"), PREGNANCIES)

    @classmethod
    def showing(cls, answers: EqualityAnswers | None) -> EqualityForm:
        """The form with what was answered, or as it was sent."""
        values: dict[str, Any] = {name: getattr(answers, name, None) or "" for name in CODES}
        return cls(data=values)

    def given(self) -> dict[str, StrEnum]:
        """The questions that were answered."""
        return {name: code for name, code in self.answers().items() if code is not None}

    def answers(self) -> dict[str, StrEnum | None]:
        """Every question; None where it was left alone."""
        return {name: self._code(name) for name in CODES}

    def _code(self, name: str) -> StrEnum | None:
        chosen = getattr(self, name).data
        return next((code for code in CODES[name] if code.value == chosen), None)
