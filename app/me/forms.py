"""The forms of the person's own page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.accounts.models import MemberOrganization
from app.outcomes.forms import LONG, GoalsForm, in_plain_words
from app.outcomes.measures import Measure
from app.people.care_forms import AskedForm
from app.people.codes import ContactChannel, PermissionKind, PermissionMethod
from app.people.details import Details
from app.people.forms import ContactForm
from app.people.operations import Answer
from app.people.permission_forms import PermissionForm
from app.people.rules.permissions import PermissionVersion
from app.web.dates import DateField
from app.web.forms import Form


class BirthForm(Form):
    """A second sign that it is they, before a record opens."""

    born_on = DateField(_("Your date of birth"))


class OwnContactForm(ContactForm):
    """How it is safe to reach oneself. Numbers and addresses are changed by those who can ask who one is."""

    @classmethod
    def showing(cls, details: Details, revision: int) -> OwnContactForm:
        """The form as the record stands, or as it was sent."""
        form = super().showing(details, revision)
        for name in ("mobile", "mobile_is_private", "email", "email_is_private", "phone", "contact_note"):
            del form[name]
        form.do_not_contact.label.text = _("Do not contact me at all")
        form.safe_channels.label.text = _("Which ways are safe for you?")
        return form

    def onto(self, details: Details) -> Details:
        """`details` with what was sent."""
        times = (self.time_1.data, self.time_2.data, self.time_3.data)
        return replace(
            details,
            do_not_contact=bool(self.do_not_contact.data),
            safe_channels=frozenset(ContactChannel(each) for each in self.safe_channels.data or ()),
            voicemail_allowed=bool(self.voicemail_allowed.data),
            discreet=bool(self.discreet.data),
            safe_times=tuple(each for each in times if each is not None),
        )


class OwnPermissionForm(PermissionForm):
    """One's own answer: yes or no, and what belongs to it."""

    @classmethod
    def about(
        cls, kind: PermissionKind, offered: Mapping[UUID, str], now: PermissionVersion | None
    ) -> OwnPermissionForm:
        """The form for a question as it stands, or as it was sent."""
        form = super().about(kind, offered, now)
        del form.note, form.method
        form.given.label.text = _("Your answer")
        return form

    def answer(self, kind: PermissionKind, offered: Mapping[UUID, str]) -> Answer:
        """What was sent; on one's own page it is in writing."""
        return self.answer_by(PermissionMethod.WRITTEN, kind, offered)


class AskForm(AskedForm):
    """To ask for a copy, that something be put right, or that everything be deleted."""

    kind = RadioField(
        _("What would you like?"),
        choices=[
            SelectChoice("copy", _("A copy of everything you keep about me")),
            SelectChoice("correction", _("Please put something right")),
            SelectChoice("erasure", _("Please delete what you keep about me")),
        ],
    )
    wish = TextAreaField(_("What is wrong, and what should it say?"), validators=LONG)


class OwnMeasureForm(Form):
    """What somebody wants to keep an eye on, and who sees it."""

    measure = RadioField(_("What matters to you?"))
    place = RadioField(_("Who should see your answers?"))
    reason = TextAreaField(_("Why this one?"), validators=LONG)

    @classmethod
    def offering(cls, known: Iterable[Measure], places: Iterable[MemberOrganization]) -> OwnMeasureForm:
        """The form with what can be chosen."""
        form = cls()
        form.measure.choices = [SelectChoice(each.reference, in_plain_words(each)) for each in known]
        form.place.choices = [SelectChoice(str(each.id), each.name) for each in places]
        if len(form.place.choices) == 1:
            form.place.data = form.place.choices[0].value
        return form


class OwnGoalsForm(GoalsForm):
    """Up to three goals of one's own."""

    @classmethod
    def showing(cls, running: Mapping[str, str]) -> OwnGoalsForm:
        """The form with the goals as they are."""
        form = cls(data=dict(running))
        del form.chosen_by
        return form
