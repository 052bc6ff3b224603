"""Forms: WTForms with Waymark's own rendering and cleaning."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField

from app.core.text import clean


def cleaned(value: Any) -> Any:
    """A filter for text fields: control characters and outer spaces go."""
    return clean(value) if isinstance(value, str) else value


class _PlainWords:
    """WTForms' own messages, said as ours."""

    def gettext(self, text: str) -> str:
        """Our sentence for one of theirs; the others stay as they are."""
        ready = {
            "Not a valid integer value.": _("Enter a whole number, like 12"),
            "Not a valid choice.": _("Choose one of the answers"),
            "Invalid Choice: could not coerce.": _("Choose one of the answers"),
        }
        return ready.get(text, text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """As `gettext`; their only counted message is of choices that are not on the list."""
        return _("Choose from the answers on the list") if "choice" in many else one if number == 1 else many


class Form(FlaskForm):
    """The base of every form: bound to the session against forgery, its text cleaned."""

    class Meta(FlaskForm.Meta):
        """Cleans every text field, and says in plain words what is wrong."""

        def get_translations(self, _form: Any) -> Any:
            """What WTForms asks for its messages."""
            return _PlainWords()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Put the cleaning filter before the field's own; fields around other fields have none."""
            if issubclass(unbound_field.field_class, FieldList | FormField):
                return unbound_field.bind(form=form, **options)
            filters = [cleaned, *unbound_field.kwargs.get("filters", ())]
            return unbound_field.bind(form=form, filters=filters, **options)
