"""The form for one answer to one of the five questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from app.core import clock
from app.people.codes import PermissionKind, PermissionMethod, SharingLevel
from app.people.forms import LONG, choices_of
from app.people.labels import LEVELS, METHODS
from app.people.operations import Answer
from app.people.operations.permissions import DECIDED_BY_OTHERS
from app.people.rules.permissions import PermissionVersion
from app.web.dates import DateField
from app.web.forms import Form

YES, NO = "yes", "no"
GIVEN_LEVELS = [SelectChoice(level.value, LEVELS[level]) for level in SharingLevel if level is not SharingLevel.NONE]


class PermissionForm(Form):
    """What the person answered, how, and until when it holds."""

    given = RadioField(
        _("What did they say?"),
        choices=[SelectChoice(YES, _("Yes")), SelectChoice(NO, _("No"))],
        validate_choice=False,
    )
    level = RadioField(_("How much may be told?"), choices=GIVEN_LEVELS, validate_choice=False)
    organizations = SelectMultipleField(_("Who may get a referral?"))
    method = RadioField(
        _("How do you know?"), choices=choices_of(METHODS), default=PermissionMethod.VERBAL.value, validate_choice=True
    )
    note = TextAreaField(_("Who decided for them, and why?"), validators=LONG)
    expires_on = DateField(_("Until when?"))

    @classmethod
    def about(cls, kind: PermissionKind, offered: Mapping[UUID, str], now: PermissionVersion | None) -> PermissionForm:
        """The form for a question as it stands, or as it was sent; `offered` are organisations that can be named."""
        values: dict[str, Any] = {}
        if now is not None:
            values = {"given": YES if now.given else NO, "level": now.level and now.level.value}
            values |= {"organizations": sorted(now.organizations), "expires_on": now.expires_on}
        form = cls(data=values)
        form.organizations.choices = [SelectChoice(str(id_), name) for id_, name in offered.items()]
        for name, asked in (
            ("level", kind is PermissionKind.TELL_REFERRER),
            ("organizations", kind is PermissionKind.SHARE_REFERRAL),
        ):
            if not asked:
                del form[name]
        return form

    def validate_given(self, field: Any) -> None:
        """Yes or no."""
        if field.data not in {YES, NO}:
            raise ValidationError(_("Choose yes or no"))

    def validate_level(self, field: Any) -> None:
        """How much, where anything at all."""
        if self.given.data == YES and field.data not in {choice.value for choice in GIVEN_LEVELS}:
            raise ValidationError(_("Choose how much may be told"))

    def validate_organizations(self, field: Any) -> None:
        """At least one, where a referral may be shared."""
        if self.given.data == YES and not field.data:
            raise ValidationError(_("Choose at least one organisation"))

    def validate_note(self, field: Any) -> None:
        """Who decided, where the person did not."""
        if self.method.data in {method.value for method in DECIDED_BY_OTHERS} and not field.data:
            raise ValidationError(_("Say who decided for them, and why"))

    def validate_expires_on(self, field: Any) -> None:
        """Not over before it begins."""
        if self.given.data == YES and field.data is not None and field.data < clock.today():
            raise ValidationError(_("Enter today or a day to come"))

    def answer(self, kind: PermissionKind, offered: Mapping[UUID, str]) -> Answer:
        """What was sent."""
        method = PermissionMethod(self.method.data)
        return replace(self.answer_by(method, kind, offered), note=self.note.data or "")

    def answer_by(self, method: PermissionMethod, kind: PermissionKind, offered: Mapping[UUID, str]) -> Answer:
        """What was sent, given in a way that the form did not ask for."""
        given = self.given.data == YES
        named = set(self.organizations.data or ()) if "organizations" in self else set()
        return Answer(
            kind=kind,
            given=given,
            method=method,
            expires_on=self.expires_on.data if given else None,
            level=SharingLevel(self.level.data) if given and "level" in self else None,
            organizations={id_: name for id_, name in offered.items() if str(id_) in named},
        )
