"""The form of a household's income, spending and debts: every amount with how often, debts line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice

from app.advice.case_forms import is_amount, pence_of
from app.advice.codes import Frequency
from app.advice.household_words import DEBT_KINDS, HEADINGS
from app.advice.labels import FREQUENCIES
from app.advice.models import FinancialStatement
from app.advice.queries.household import debts_of, lines_of
from app.advice.rules.household import PRIORITY, Amount, Debt, DebtKind, Heading
from app.people.forms import LONG, SHORT, choices_of
from app.web.forms import Form, cleaned

REGULAR = {code: words for code, words in FREQUENCIES.items() if code is not Frequency.ONCE}
AS_USUAL, YES, NO = "", "yes", "no"
EMPTY_DEBTS, MOST_DEBTS = 3, 40


def shown(pence: int) -> str:
    """An amount as one types it."""
    return f"{pence // 100}.{pence % 100:02}".removesuffix(".00")


class LineForm(PlainForm):  # type: ignore[misc]
    """One line: an amount and how often."""

    amount = StringField(validators=[is_amount], filters=[cleaned])
    often = SelectField(choices=choices_of(REGULAR), default=Frequency.MONTHLY.value)


class DebtForm(PlainForm):  # type: ignore[misc]
    """One debt; a line that is left empty is none."""

    kind = SelectField(_("What for?"), choices=[SelectChoice("", _("Choose")), *choices_of(DEBT_KINDS)], default="")
    creditor = StringField(_("To whom?"), validators=SHORT, filters=[cleaned])
    owed = StringField(_("Owed, in pounds"), validators=[is_amount], filters=[cleaned])
    pays = StringField(_("Paid a month now"), validators=[is_amount], filters=[cleaned])
    first = SelectField(
        _("Comes first?"),
        choices=[SelectChoice(AS_USUAL, _("As usual for it")), SelectChoice(YES, _("Yes")), SelectChoice(NO, _("No"))],
        default=AS_USUAL,
    )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.kind.data or self.creditor.data or self.owed.data or self.pays.data)

    def validate_owed(self, field: Any) -> None:
        """How much, and what for."""
        if not self.is_empty and not field.data:
            raise ValidationError(_("Enter how much is owed, like 120 or 85.50"))

    def validate_kind(self, field: Any) -> None:
        """What it is for."""
        if not self.is_empty and not field.data:
            raise ValidationError(_("Choose what the debt is for"))

    def told(self) -> Debt:
        """The debt, once it is valid."""
        kind = DebtKind(self.kind.data)
        first = kind in PRIORITY if self.first.data == AS_USUAL else self.first.data == YES
        pays = pence_of(self.pays.data) if self.pays.data else 0
        return Debt(kind, self.creditor.data or "", pence_of(self.owed.data), pays, is_priority=first)


class HouseholdForm(Form):
    """All headings, and debts. `after` is the version that it began with."""

    after = HiddenField(default="0")
    debts = FieldList(FormField(DebtForm), max_entries=MOST_DEBTS)
    note = TextAreaField(_("What should whoever reads it know?"), validators=LONG)

    @classmethod
    def of(cls, last: FinancialStatement | None, typed: MultiDict[str, str] | None = None) -> HouseholdForm:
        """The form as the last version stands, or as it was sent."""
        form = cls(formdata=typed, data=_as_told(last) if last else None)
        if typed is None:
            form.more_debts()
        return form

    def more_debts(self) -> None:
        """Some more empty lines, as far as there may be."""
        for _number in range(min(EMPTY_DEBTS, MOST_DEBTS - len(self.debts.entries))):
            self.debts.append_entry()

    @property
    def version(self) -> int:
        """The version that it began with; one that never was for rubbish."""
        text = self.after.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1

    def goes_on_from(self, last: FinancialStatement | None) -> FinancialStatement | None:
        """What was typed is to follow another version than it began with."""
        self.after.data = str(last.version) if last else "0"
        return last

    def lines_told(self) -> dict[Heading, Amount]:
        """The lines that have an amount; nothing is no line."""
        found = {}
        for heading in Heading:
            line = self[heading.value]
            if line.amount.data and (pence := pence_of(line.amount.data)):
                found[heading] = Amount(pence, Frequency(line.often.data))
        return found

    def debts_told(self) -> list[Debt]:
        """The debts that were filled in."""
        return [entry.form.told() for entry in self.debts.entries if not entry.form.is_empty]


for _heading, (_words, _under) in HEADINGS.items():
    setattr(HouseholdForm, _heading.value, FormField(LineForm, _words))


def _as_told(last: FinancialStatement) -> Mapping[str, Any]:
    lines = {
        heading.value: {"amount": shown(amount.pence), "often": amount.frequency.value}
        for heading, amount in lines_of(last).items()
    }
    debts = [
        {
            "kind": debt.kind.value,
            "creditor": debt.creditor,
            "owed": shown(debt.owed_pence),
            "pays": shown(debt.pays_pence) if debt.pays_pence else "",
            "first": AS_USUAL if debt.is_priority == (debt.kind in PRIORITY) else YES if debt.is_priority else NO,
        }
        for debt in debts_of(last)
    ]
    return {**lines, "debts": debts, "after": str(last.version), "note": last.note}
