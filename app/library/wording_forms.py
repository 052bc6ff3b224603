"""The forms in which editors word topics and teach the search phrases."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from app.directory.wording.rules import LONGEST_PHRASE, TopicWords, phrase_key
from app.library.request import LONGEST_TEXT
from app.web.forms import Form

Choices = Sequence[tuple[str, str]]
TOO_LONG = _("Use %(most)s characters or fewer", most=LONGEST_PHRASE)


class TrialForm(Form):
    """Words to try a change with."""

    trial = StringField(
        _("Words to try"),
        validators=[Length(max=LONGEST_TEXT, message=_("Use %(most)s characters or fewer", most=LONGEST_TEXT))],
    )


class TopicForm(TrialForm):
    """What a topic says."""

    name = StringField(
        _("Name, in plain words"),
        validators=[
            DataRequired(_("Give the topic a name")),
            Length(max=60, message=_("Use 60 characters or fewer")),
        ],
    )
    description = TextAreaField(
        _("What it is about"), validators=[Length(max=300, message=_("Use 300 characters or fewer"))]
    )
    name_cy = StringField(
        _("Name in Welsh"), validators=[Length(max=80, message=_("Use %(most)s characters or fewer", most=80))]
    )
    description_cy = TextAreaField(
        _("What it is about, in Welsh"), validators=[Length(max=300, message=_("Use 300 characters or fewer"))]
    )
    parent = SelectField(_("Part of"))
    retired = BooleanField(_("No longer in use"))
    heir = SelectField(_("Look here instead"))

    def offer(self, parents: Choices, heirs: Choices) -> TopicForm:
        """Fill in what there is to choose from."""
        self.parent.choices = [
            SelectChoice("", _("None: it is a broad topic")),
            *(SelectChoice(*one) for one in parents),
        ]
        self.heir.choices = [
            SelectChoice("", _("The topic that it is part of")),
            *(SelectChoice(*one) for one in heirs),
        ]
        return self

    def words(self, before: TopicWords | None) -> TopicWords:
        """What was typed; its place in the order stays."""
        name = " ".join((self.name.data or "").split())
        is_retired = bool(self.retired.data)
        return TopicWords(
            name=name,
            description=(self.description.data or "").strip() or name,
            parent=self.parent.data or "",
            position=before.position if before else 0,
            retired=is_retired,
            heir=(self.heir.data or "") if is_retired else "",
            name_cy=" ".join((self.name_cy.data or "").split()),
            description_cy=(self.description_cy.data or "").strip(),
        )


class PhraseForm(TrialForm):
    """What a phrase means: up to three topics, most fitting first."""

    phrase = StringField(
        _("What people say"),
        validators=[DataRequired(_("Enter the words that people use")), Length(max=LONGEST_PHRASE, message=TOO_LONG)],
    )
    first = SelectField(_("Topic that fits best"))
    second = SelectField(_("Another topic"))
    third = SelectField(_("And another"))

    def offer(self, topics: Choices) -> PhraseForm:
        """Fill in what there is to choose from."""
        options = [SelectChoice(*one) for one in topics]
        self.first.choices = [SelectChoice("", _("None: these words say nothing of what help is needed")), *options]
        for more in (self.second, self.third):
            more.choices = [SelectChoice("", _("No other")), *options]
        return self

    def validate_phrase(self, field: StringField) -> None:
        """A phrase has words in it."""
        if not phrase_key(field.data or ""):
            raise ValidationError(_("Enter the words that people use"))

    @property
    def topics(self) -> list[str]:
        """The topics chosen, each once."""
        chosen = (self.first.data, self.second.data, self.third.data)
        return list(dict.fromkeys(slug for slug in chosen if slug))
