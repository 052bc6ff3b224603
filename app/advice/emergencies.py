"""What to do now in an emergency: said at once, beside the box that was ticked. Each line says where it is from."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.advice.codes import Emergency


@dataclass(frozen=True, slots=True)
class Now:
    """What to do: steps in order, a number to ring where there is one, and where to find help nearby."""

    steps: tuple[LazyString, ...]
    help_url: str
    help_words: LazyString
    number: str = ""
    number_words: LazyString | str = ""
    source: str = ""

    @property
    def link(self) -> str:
        """What a phone dials."""
        return "tel:" + self.number.replace(" ", "")


WHAT_TO_DO: dict[Emergency, Now] = {
    Emergency.NO_FOOD: Now(
        (
            _("Find food for today first: who is open, and who delivers?"),
            _("Then ask for emergency money."),
        ),
        "/topics/food",
        _("Food nearby"),
    ),
    Emergency.NO_HEAT: Now(
        (
            _("Ring the supplier with them now. Ask for emergency credit."),
            _("Say if somebody is ill, old or very young."),
        ),
        "/topics/energy-bills",
        _("Help with energy nearby"),
    ),
    Emergency.HOMELESS_TONIGHT: Now(
        (
            _("Ring the council’s homeless team with them now. There is a number for nights and weekends too."),
            _("Say: “I want to make a homeless application.” Ask for emergency housing."),
        ),
        "/topics/homelessness",
        _("Help nearby"),
        "0808 800 4444",
        _("Shelter helpline"),
        "Shelter England, get help from the council; council records (December 2024)",
    ),
    Emergency.VIOLENCE: Now(
        (
            _("Are they in danger now? Ring 999."),
            _("Ask what is safe: this phone, this address, this hour? Then change how to reach them."),
        ),
        "/topics/domestic-abuse",
        _("Help nearby"),
        "0808 2000 247",
        _("National Domestic Abuse Helpline, 24 hours"),
        "GOV.UK",
    ),
}
