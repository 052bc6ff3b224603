"""The form in which a manager changes a pathway."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange, Optional, Regexp

from app.core import postcode
from app.core.errors import InvalidInput
from app.directory.importing.cleaning.values import EMAIL
from app.referrals import words
from app.referrals.codes import ClockKind, Destination, Nation, Priority, Source
from app.referrals.forms.fields import LONG, SHORT, as_choices, needed
from app.referrals.pathways import lines
from app.referrals.pathways.definition import Checklist, Definition, WaitingRule
from app.referrals.pathways.reading import check, threshold_of, threshold_words
from app.referrals.rules.clocks import DEFAULTS, Threshold
from app.web.forms import Form

CLOCKS = {
    "acknowledge": ClockKind.ACKNOWLEDGE,
    "decision": ClockKind.DECISION,
    "initial_contact": ClockKind.INITIAL_CONTACT,
    "frequency": ClockKind.FREQUENCY,
    "review": ClockKind.REVIEW,
    "carers_review": ClockKind.CARERS_REVIEW,
    "waiting_check_in": ClockKind.WAITING_CHECK_IN,
    "loop": ClockKind.LOOP,
    "first_day_within": ClockKind.FIRST_24_HOURS,
    "first_week_within": ClockKind.FIRST_7_DAYS,
}
_CHECKLISTS = {"first_day": ClockKind.FIRST_24_HOURS, "first_week": ClockKind.FIRST_7_DAYS}
_AGE = [Optional(), NumberRange(0, 120, message=_("Enter an age from 0 to 120"))]
# Over the first field of each part of the page.
HEADINGS = {
    "name": _("What it is"),
    "self_referral": _("Who it takes"),
    "eligibility": _("What is asked"),
    "stages": _("The work, and by when"),
    "first_day": _("Checklists"),
    "waiting_rule": _("Waiting, and the end"),
    "what_happens_next": _("What the person and the GP get"),
}
# A practice's code as the NHS gives them: letters and digits. More is not known of them for certain.
A_CODE = re.compile(r"[A-Z0-9]{3,10}")
# As people write it, a national short number too.
A_NUMBER = r"^\s*\+?[0-9][0-9() -]{2,24}(\s*(ext|extension|x)\.?\s*[0-9]{1,6})?\s*$"
_TIME_HINT = _("For example 2 working days, 24 hours or 3 months. Empty means that no time is set.")


class PathwayForm(Form):
    """Everything about a pathway that a manager can change."""

    version = HiddenField()
    name = StringField(_("Name"), validators=[*needed(_("Enter a name")), *SHORT])
    introduction = TextAreaField(
        _("What it is for, in plain words"), validators=[*needed(_("Say what it is for")), *LONG]
    )
    self_name = StringField(
        _("The name that a person reads who asks for it themselves"),
        validators=SHORT,
        description=_("What they would call it, such as help to find a job. Empty means the name above."),
    )
    self_introduction = TextAreaField(
        _("What it is for, to a person who asks for it themselves"),
        validators=LONG,
        description=_("Say “you”. Empty means that they read what it is for, as above."),
    )
    team = StringField(_("Team"), validators=SHORT)
    notify_email = EmailField(
        _("Email address of the team, for neutral notices"),
        validators=[
            Optional(),
            Length(max=254, message=_("Use 254 characters or fewer")),
            Regexp(f"^{EMAIL.pattern}$", message=_("Enter an email address like name@example.com, or leave it out")),
        ],
    )
    self_referral = BooleanField(_("People can ask for it themselves"))
    sources = SelectMultipleField(
        _("Who may refer?"),
        choices=as_choices(words.choices(words.SOURCE, only=frozenset(Source) - {Source.SELF})),
    )
    minimum_age = IntegerField(_("Youngest age"), validators=_AGE)
    maximum_age = IntegerField(_("Oldest age"), validators=_AGE)
    areas = StringField(
        _("Postcode districts that it takes people from"),
        validators=SHORT,
        description=_("With commas, such as WX1, WX2. Empty means everywhere."),
    )
    practices = StringField(
        _("Codes of GP practices that it takes people from"), validators=SHORT, description=_("With commas.")
    )
    eligibility = TextAreaField(
        _("Asked first"),
        validators=LONG,
        description=_("A question on each line, then a bar | and what to do if the answer is no."),
    )
    questions = TextAreaField(
        _("The form"),
        validators=LONG,
        description=_(
            "A line with # is a title. Each other line is a question. A star at its end: it must be answered. "
            "In brackets: (short), (yes or no), (choose: one; two). After // how a person is asked themselves."
        ),
    )
    urgencies = SelectMultipleField(_("How urgent can it be?"), choices=as_choices(words.choices(words.PRIORITY)))
    stages = TextAreaField(_("Steps of the work"), validators=LONG, description=_("One on each line."))
    acknowledge = StringField(_("Opened by somebody within"), validators=SHORT, description=_TIME_HINT)
    decision = StringField(_("Decided within"), validators=SHORT)
    initial_contact = StringField(_("First contact within"), validators=SHORT)
    frequency = StringField(_("At least one contact every"), validators=SHORT)
    review = StringField(_("The plan is looked at again after"), validators=SHORT)
    carers_review = StringField(_("Carers are asked again after"), validators=SHORT)
    waiting_check_in = StringField(_("Those who wait are asked again every"), validators=SHORT)
    loop = StringField(_("Word back within"), validators=SHORT)
    first_day = TextAreaField(
        _("First checklist, once somebody is accepted"), validators=LONG, description=_("One thing on each line.")
    )
    first_day_within = StringField(_("All of the first checklist is done within"), validators=SHORT)
    first_week = TextAreaField(
        _("Second checklist, once somebody is accepted"), validators=LONG, description=_("One thing on each line.")
    )
    first_week_within = StringField(_("All of the second checklist is done within"), validators=SHORT)
    waiting_rule = RadioField(
        _("In what order do people come off the waiting list?"), choices=as_choices(words.choices(words.RULE))
    )
    reopening_days = IntegerField(
        _("For how many days can it be opened again after its end?"),
        validators=[Optional(), NumberRange(0, 365, message=_("Enter days from 0 to 365"))],
    )
    preview_days = IntegerField(
        _("For how many days can the person read the word back before it goes?"),
        validators=[Optional(), NumberRange(0, 14, message=_("Enter days from 0 to 14"))],
        description=_("After that it goes, as far as they allow. Empty means that it goes at once."),
    )
    nation = SelectField(_("Whose bank holidays count?"), choices=as_choices(words.choices(words.NATION)))
    destinations = SelectMultipleField(
        _("Where can people go on to?"),
        choices=as_choices(words.choices(words.DESTINATION)),
        description=_("With none of them, everything on the list can be chosen."),
    )
    what_happens_next = TextAreaField(_("What happens next, for the person"), validators=LONG)
    letter_accepted = TextAreaField(
        _("What the person reads once they are accepted"),
        validators=LONG,
        description=_("On their own page, and in the letter that you can print for them."),
    )
    letter_closing = TextAreaField(
        _("What the person reads when it has ended"),
        validators=LONG,
        description=_("On their own page, and in the letter that you can print for them."),
    )
    letter_phone = StringField(
        _("The number to ring that letters name"),
        validators=[
            Optional(),
            Regexp(A_NUMBER, message=_("Enter a telephone number, like 01632 960 123 or 01632 960 123 ext 4")),
        ],
        description=_("Empty means the number of the listing, where there is one."),
    )
    social_prescribing = BooleanField(_("It is social prescribing: the GP gets the code for the record"))

    before: Definition

    @classmethod
    def showing(cls, told: Definition, *, version: int, notify_email: str) -> PathwayForm:
        """The form as the pathway stands, or as it was sent."""
        made = cls(
            data={
                "version": str(version),
                "notify_email": notify_email,
                "name": told.name,
                "introduction": told.introduction,
                "self_name": told.self_name,
                "self_introduction": told.self_introduction,
                "team": told.team,
                "self_referral": told.self_referral,
                "sources": [each.value for each in told.sources],
                "minimum_age": told.minimum_age,
                "maximum_age": told.maximum_age,
                "areas": ", ".join(told.areas),
                "practices": ", ".join(told.practices),
                "eligibility": lines.lines_of_eligibility(told.eligibility),
                "questions": lines.lines_of_sections(told.sections),
                "urgencies": [each.value for each in told.urgencies],
                "stages": lines.lines_of_stages(told.stages),
                **{name: _as_typed(told.threshold(kind)) for name, kind in CLOCKS.items()},
                **{f"{name}_within": "" for name, kind in _CHECKLISTS.items() if _only_stands_ready(told, kind)},
                **{name: lines.lines_of_items(_items(told, kind)) for name, kind in _CHECKLISTS.items()},
                "waiting_rule": told.waiting_rule.value,
                "reopening_days": told.reopening_days,
                "preview_days": told.preview_days,
                "nation": told.nation.value,
                "destinations": [each.value for each in told.destinations],
                "what_happens_next": told.what_happens_next,
                "letter_accepted": told.letter_accepted,
                "letter_closing": told.letter_closing,
                "letter_phone": told.letter_phone,
                "social_prescribing": told.social_prescribing,
            }
        )
        made.before = told
        return made

    def validate(self, extra_validators: Any = None) -> bool:
        """Every part by itself, and that they make a pathway together."""
        if not super().validate(extra_validators):
            return False
        try:
            check(self.definition())
        except InvalidInput as problem:
            self.form_errors.append(gettext(problem.message))
            return False
        return True

    def validate_areas(self, field: Any) -> None:
        """Districts: of anything else nobody could ever come."""
        _readable(lambda: _districts(field.data))

    def validate_practices(self, field: Any) -> None:
        """Codes of practices, for the same reason."""
        if wrong := next((each for each in _codes(field.data) if not A_CODE.fullmatch(each)), None):
            raise ValidationError(gettext("“%(text)s” is no code of a practice: write for example A12345.", text=wrong))

    def validate_eligibility(self, field: Any) -> None:
        """Lines that can be read."""
        _readable(lambda: lines.eligibility_of(field.data or "", self.before.eligibility))

    def validate_questions(self, field: Any) -> None:
        """Lines that can be read."""
        _readable(lambda: lines.sections_of(field.data or "", self.before.questions))

    def _typed(self, name: str) -> str:
        return (getattr(self, name).data or "").strip()

    def definition(self) -> Definition:
        """What was sent, as a pathway. What the form does not ask stays as it was."""
        clocks = dict(self.before.clocks)
        clocks |= {kind: threshold_of(getattr(self, name).data or "") for name, kind in CLOCKS.items()}
        clocks |= {
            kind: self.before.threshold(kind)
            for name, kind in _CHECKLISTS.items()
            if _only_stands_ready(self.before, kind) and not (self._typed(name) or self._typed(f"{name}_within"))
        }
        return replace(
            self.before,
            name=self.name.data or "",
            introduction=self.introduction.data or "",
            self_name=self._typed("self_name"),
            self_introduction=self.self_introduction.data or "",
            team=self.team.data or "",
            self_referral=bool(self.self_referral.data),
            sources=frozenset(Source(each) for each in self.sources.data or ()),
            minimum_age=self.minimum_age.data,
            maximum_age=self.maximum_age.data,
            areas=_districts(self.areas.data),
            practices=_codes(self.practices.data),
            eligibility=lines.eligibility_of(self.eligibility.data or "", self.before.eligibility),
            sections=lines.sections_of(self.questions.data or "", self.before.questions),
            urgencies=tuple(each for each in Priority if each.value in (self.urgencies.data or ()))
            or (Priority.ROUTINE,),
            stages=lines.stages_of(self.stages.data or "", self.before.stages),
            clocks=clocks,
            checklists=tuple(
                _checklist(self.before, name, getattr(self, name).data or "", clocks[_CHECKLISTS[name]])
                for name in _CHECKLISTS
                if self._typed(name)
            ),
            waiting_rule=WaitingRule(self.waiting_rule.data) if self.waiting_rule.data else self.before.waiting_rule,
            reopening_days=self.reopening_days.data,
            preview_days=self.preview_days.data,
            nation=Nation(self.nation.data) if self.nation.data else self.before.nation,
            destinations=tuple(each for each in Destination if each.value in (self.destinations.data or ()))
            or tuple(Destination),
            what_happens_next=self.what_happens_next.data or "",
            letter_accepted=self.letter_accepted.data or "",
            letter_closing=self.letter_closing.data or "",
            letter_phone=" ".join((self.letter_phone.data or "").split()),
            social_prescribing=bool(self.social_prescribing.data),
        )


def _time_check(_form: Form, field: Any) -> None:
    _readable(lambda: threshold_of(field.data or ""))


for _name in CLOCKS:
    getattr(PathwayForm, _name).kwargs["validators"] = [*SHORT, _time_check]


def _readable(read: Any) -> None:
    try:
        read()
    except InvalidInput as problem:
        raise ValidationError(gettext(problem.message)) from problem


def _districts(text: str | None) -> tuple[str, ...]:
    """Postcode districts as typed, O for nought mended; InvalidInput where one is none."""
    return tuple(dict.fromkeys(_district(each) for each in _codes(text)))


def _district(text: str) -> str:
    found = postcode.parse(text)
    if found is None or found.sector_digit:
        raise InvalidInput(gettext("“%(text)s” is no postcode district: write for example WX1.", text=text))
    return found.district


def _codes(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip().upper() for each in (text or "").split(",") if each.strip()))


def _items(told: Definition, kind: ClockKind) -> Any:
    return next((each.items for each in told.checklists if each.clock is kind), ())


def _only_stands_ready(told: Definition, kind: ClockKind) -> bool:
    """Whether the time of a checklist is but the usual one, and there is no such list: nobody has set it."""
    return not _items(told, kind) and told.threshold(kind) == DEFAULTS[kind]


def _as_typed(limit: Threshold | None) -> str:
    return threshold_words(limit).replace("-", " ")


def _checklist(before: Definition, name: str, text: str, limit: Threshold | None) -> Checklist:
    kind = _CHECKLISTS[name]
    known = next((each for each in before.checklists if each.clock is kind), None)
    return Checklist(
        key=known.key if known else name.replace("_", "-"),
        title=f"Within {_as_typed(limit)}" if limit else "Without a time",
        clock=kind,
        items=lines.items_of(text, known.items if known else ()),
    )
