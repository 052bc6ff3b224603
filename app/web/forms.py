"""Forms: WTForms with Waymark's own rendering and cleaning."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm

from app.core.text import clean


def cleaned(value: Any) -> Any:
    """A filter for text fields: control characters and outer spaces go."""
    return clean(value) if isinstance(value, str) else value


class Form(FlaskForm):
    """The base of every form: bound to the session against forgery, its text cleaned."""

    class Meta(FlaskForm.Meta):
        """Cleans every text field."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Put the cleaning filter before the field's own."""
            filters = [cleaned, *unbound_field.kwargs.get("filters", ())]
            return unbound_field.bind(form=form, filters=filters, **options)
