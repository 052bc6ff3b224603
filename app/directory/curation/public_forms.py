"""The forms with which anybody says what a listing should say, or which one is missing."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import EmailField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from app.directory.curation.document import Document
from app.directory.curation.fields import (
    LONG,
    OPTIONAL_EMAIL,
    SHORT,
    WEB_PAGE,
    lines_of,
    phone_lines,
    phone_number,
    single_line_of,
)
from app.directory.importing.cleaning.values import web_address
from app.web.forms import Form

SUGGESTED = ("phones", "email", "url", "description", "application_process", "fees_description")


class SuggestionForm(Form):
    """What anybody may suggest of a listing: its words and how to reach it. Rows are told in words of one's own."""

    phones = TextAreaField(_("Telephone numbers"), validators=[*SHORT, phone_lines])
    email = EmailField(_("Email address"), validators=OPTIONAL_EMAIL)
    url = StringField(_("Website"), validators=WEB_PAGE)
    description = TextAreaField(_("What it does"), validators=[DataRequired(_("Say what it does")), *LONG])
    application_process = TextAreaField(_("How to apply"), validators=LONG)
    fees_description = StringField(_("What it costs"), validators=SHORT)
    note = TextAreaField(_("Anything else that should change"), validators=SHORT)
    reply_to = EmailField(_("Your email address"), validators=OPTIONAL_EMAIL)

    @classmethod
    def showing(cls, document: Document) -> SuggestionForm:
        """The form as the listing stands, or as it was sent."""
        shown = {name: document[name] for name in SUGGESTED}
        form = cls(data={**shown, "phones": "\n".join(document["phones"])})
        form.shown = shown
        return form

    shown: Document

    def validate(self, extra_validators: Any = None) -> bool:
        """What stands as it was is not the fault of whoever suggests something else."""
        changed = self._changed()
        for name in SUGGESTED:
            if name not in changed:
                getattr(self, name).validators = ()
        return bool(super().validate(extra_validators))

    def _changed(self) -> Document:
        told = {name: getattr(self, name).data or "" for name in SUGGESTED}
        told["phones"] = lines_of(told["phones"])
        return {name: value for name, value in told.items() if value != self.shown[name]}

    def changes(self) -> Document:
        """What was typed that is not there already."""
        changed = self._changed()
        if changed.get("url"):
            changed["url"] = web_address(changed["url"]) or ""
        return changed


class MissingServiceForm(Form):
    """A service that somebody knows and that is not in the directory."""

    name = StringField(
        _("What is it called?"), filters=[single_line_of], validators=[DataRequired(_("Enter its name")), *SHORT]
    )
    organization = StringField(
        _("Who runs it?"), filters=[single_line_of], validators=[DataRequired(_("Say who runs it")), *SHORT]
    )
    description = TextAreaField(
        _("What does it do, and for whom?"), validators=[DataRequired(_("Say what it does")), *LONG]
    )
    place = StringField(_("Where is it?"), filters=[single_line_of], validators=SHORT)
    phone = StringField(_("Telephone number"), filters=[single_line_of], validators=[*SHORT, phone_number])
    url = StringField(_("Website"), filters=[single_line_of], validators=WEB_PAGE)
    reply_to = EmailField(_("Your email address"), validators=OPTIONAL_EMAIL)

    def validate_url(self, field: Any) -> None:
        """So that whoever looks into it can find the service."""
        if not (self.place.data or self.phone.data or field.data):
            raise ValidationError(_("Give a place, a telephone number or a website, so that we can find it"))

    def told(self) -> dict[str, Any]:
        """What was typed, as it is kept."""
        given = {name: (field.data or "").strip() for name, field in self._fields.items() if name != "csrf_token"}
        url = web_address(given["url"]) or "" if given["url"] else ""
        return {**given, "url": url, "reply_to": given["reply_to"] or None}
