"""Forms: WTForms with Waymark's own rendering and cleaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField
from wtforms.form import BaseForm
from wtforms.validators import Length, NumberRange

from app.core.text import clean


def cleaned(value: Any) -> Any:
    """A filter for text fields: control characters and outer spaces go."""
    return clean(value) if isinstance(value, str) else value


class _PlainWords:
    """WTForms' own messages, said as ours."""

    @staticmethod
    def ready() -> dict[str, str]:
        """Our sentence for each of theirs."""
        return {
            "Not a valid integer value.": _("Enter a whole number, like 12"),
            "Not a valid choice.": _("Choose one of the answers"),
            "Invalid Choice: could not coerce.": _("Choose one of the answers"),
            "choices": _("Choose from the answers on the list"),
        }

    def gettext(self, text: str) -> str:
        """Our sentence for one of theirs; the others stay as they are."""
        return self.ready().get(text, text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """As `gettext`; their only counted message is of choices that are not on the list."""
        return self.ready()["choices"] if "choice" in many else one if number == 1 else many


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the summary of what is wrong: what, and the id of the field that it leads to, if it is of one."""

    words: str
    field_id: str = ""


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

    def __init__(self, *arguments: Any, **told: Any) -> None:
        self._places: dict[str, str] = {}
        super().__init__(*arguments, **told)

    def refuse_at(self, words: str, *, field_id: str) -> None:
        """Something is wrong that is of no field in particular; `field_id` is of where it can be put right."""
        self.form_errors.append(words)
        self._places[words] = field_id

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, in the order of the page. A fault that any field may have comes with the name of its field."""
        wrong = [field for field in _fields_of(self) if field.errors]
        times = Counter(str(field.errors[0]) for field in wrong)
        # Rows of a table have the same names: one line does for them, and leads to the first.
        once: dict[str, Problem] = {}
        for field in wrong:
            fault = str(field.errors[0])
            words = _named(field, fault) if times[fault] > 1 or _is_anybodys(field, fault) else fault
            once.setdefault(words, Problem(words, _leads_to(field)))
        of_all = (Problem(str(words), self._places.get(words, "")) for words in self.form_errors)
        return [*of_all, *once.values()]


def _fields_of(form: BaseForm) -> Iterator[Field]:
    """The fields to fill in, those of the rows of a list among them."""
    for field in form:
        if isinstance(field, FieldList):
            for entry in field.entries:
                yield from _fields_of(entry.form) if isinstance(entry, FormField) else [entry]
        else:
            yield field


def _is_anybodys(field: Field, fault: str) -> bool:
    """Whether a fault says nothing of its field: too long, too high, no whole number, no real date."""
    measured = (each for each in field.validators if isinstance(each, Length | NumberRange))
    return (
        any(str(each.message) == fault for each in measured)
        or fault in _PlainWords.ready().values()
        or (fault == getattr(field, "problem", "") and str(field.label.text) not in fault)
    )


def _named(field: Field, fault: str) -> str:
    """The fault with the name of its field before it."""
    name = str(field.label.text).strip()
    if name[-1:] in {"?", "!", "."}:
        return f"{name} {fault}"
    return _("%(field)s: %(problem)s", field=name, problem=fault) if name else fault


def _leads_to(field: Field) -> str:
    return str(getattr(field, "first_error_id", field.id))
