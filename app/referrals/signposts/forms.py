"""The forms of signposts."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.validators import Optional as MayBeEmpty

from app.accounts.addresses import as_reached
from app.core import postcode
from app.core.text import shorten
from app.directory.models import Service
from app.people.rules.contact import ContactRefusal
from app.referrals.rules.aid import Tick
from app.referrals.signposts.codes import Declined, Whom
from app.referrals.signposts.rules import LONGEST_WORDS
from app.referrals.signposts.slips import ready_words
from app.web.forms import Form
from app.web.languages import LANGUAGES

TICKS = [
    SelectChoice(Tick.CASEWORK_DONE.value, _l("We have done casework on this already")),
    SelectChoice(Tick.NOT_ABLE_TO_ACT.value, _l("They cannot do it themselves just now")),
    SelectChoice(Tick.URGENT_OR_KEY_DATE.value, _l("It is urgent, or there is a date to keep")),
    SelectChoice(Tick.ASKS_US_TO_SHARE.value, _l("They ask us to pass their details on")),
    SelectChoice(Tick.SPECIALIST_NEEDED.value, _l("It needs a specialist")),
]
WHOM = [
    SelectChoice(Whom.PERSON.value, _l("Somebody with a record here")),
    SelectChoice(Whom.SOMEBODY.value, _l("Somebody, without their name")),
    SelectChoice(Whom.NOBODY.value, _l("Nobody in particular, such as a leaflet for the desk")),
]
DECLINED = [
    SelectChoice(Declined.NOT_TOLD.value, _l("They did not say")),
    SelectChoice(Declined.NOT_NOW.value, _l("Not now")),
    SelectChoice(Declined.PREFERS_SELF_HELP.value, _l("They would rather help themselves")),
    SelectChoice(Declined.STIGMA_OR_WORRY.value, _l("They worry about it")),
    SelectChoice(Declined.COST_OR_TRAVEL.value, _l("The cost, or getting there")),
    SelectChoice(Declined.ALREADY_HELPED.value, _l("They have help already")),
    SelectChoice(Declined.ACCESS_NEED_NOT_MET.value, _l("It does not meet their access needs")),
]
REACH_PROBLEM = _l("Enter a mobile number like 07700 900123, or an email address like name@example.com")


UNSAFE = {
    ContactRefusal.DO_NOT_CONTACT: _l("They asked not to be contacted. Print it instead."),
    ContactRefusal.CHANNEL_NOT_SAFE: _l(
        "They did not say that this way is safe. Print it, or change their record first."
    ),
}


class WordsForm(Form):
    """The words to give with one service."""

    class Meta(Form.Meta):
        """Part of a form that has its own guard against forgery."""

        csrf = False

    say = TextAreaField(
        _l("What to say"), validators=[Length(max=LONGEST_WORDS, message=_l("Use 600 characters or fewer"))]
    )
    bring = TextAreaField(
        _l("What to bring"), validators=[Length(max=LONGEST_WORDS, message=_l("Use 600 characters or fewer"))]
    )
    happens_next = TextAreaField(
        _l("What happens next"), validators=[Length(max=LONGEST_WORDS, message=_l("Use 600 characters or fewer"))]
    )

    @classmethod
    def of(cls, service: Service) -> WordsForm:
        """With what the listing says, until somebody types."""
        return cls(
            prefix=f"{service.id}-",
            say=_fitting(service.what_to_say or ready_words(service.name)),
            bring=_fitting(service.what_to_bring or ""),
            happens_next=_fitting(service.what_happens_next or service.application_process or ""),
        )


def _fitting(told: str) -> str:
    return told if len(told) <= LONGEST_WORDS else shorten(told, LONGEST_WORDS)


class SignpostForm(Form):
    """For whom a signpost is and how it is to look."""

    form_key = HiddenField()
    whom = RadioField(_l("Who is it for?"), choices=WHOM, default=Whom.SOMEBODY.value)
    person_name = StringField(
        _l("The beginning of their name"), validators=[Length(max=200, message=_l("Use 200 characters or fewer"))]
    )
    person = RadioField(_l("Which of them?"), validators=[MayBeEmpty()], validate_choice=False)
    need = SelectField(_l("What is it about?"))
    near = StringField(
        _l("The first part of their postcode"),
        validators=[Length(max=20, message=_l("Enter the first part of a postcode, like M33"))],
    )
    language = RadioField(_l("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])
    large_print = BooleanField(_l("Large print"))
    ticks = SelectMultipleField(_l("Tick what is so"), choices=TICKS)
    why = RadioField(_l("Why not?"), choices=DECLINED, default=Declined.NOT_TOLD.value)
    reach = StringField(
        _l("Their mobile number or email address"),
        validators=[Length(max=254, message=_l("Use 254 characters or fewer"))],
    )
    remind = BooleanField(_l("They agreed to one reminder in two weeks"))

    def key(self) -> UUID:
        """What tells this form from another that was sent."""
        try:
            return UUID(self.form_key.data or "")
        except ValueError:
            return uuid4()

    @property
    def district(self) -> str:
        """The postcode district; nothing finer is kept."""
        found = postcode.parse(self.near.data or "")
        return found.district if found else ""

    @property
    def reached(self) -> str | None:
        """What was typed as an address that a message can go to."""
        return as_reached(self.reach.data or "")

    @property
    def is_for_person(self) -> bool:
        """Whether it goes into somebody's record."""
        return bool(self.whom.data == Whom.PERSON.value)

    def needs_address(self) -> bool:
        """Refuse the form where a message is wanted and nobody can be reached; False where all is well."""
        if self.reached is not None:
            return False
        self.reach.errors = [*self.reach.errors, str(REACH_PROBLEM)]
        return True


class GiveAgainForm(Form):
    """Another way of giving the same signpost."""

    reach = StringField(
        _l("Their mobile number or email address"),
        validators=[Length(max=254, message=_l("Use 254 characters or fewer"))],
    )

    @property
    def reached(self) -> str | None:
        """What was typed as an address that a message can go to."""
        return as_reached(self.reach.data or "")


def problems_of(*forms: Any) -> list[tuple[str, str]]:
    """The field and the sentence of everything that is wrong, over several forms."""
    return [(field.id, field.errors[0]) for form in forms for field in form if field.errors]
