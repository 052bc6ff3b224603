"""What a service costs, a price in a line."""

from __future__ import annotations

from flask_babel import gettext as _

from app.directory.models import CostOption, Service
from app.web.filters import pounds
from app.web.languages import AsTold

FREE = "free"


def cost_lines(service: Service) -> list[str]:
    """Each price in a line."""
    lines = [cost_line(option) for option in service.cost_options]
    return [line for line in dict.fromkeys(lines) if line]


def cost_line(option: CostOption) -> str:
    """A price in a line; empty where nothing is told."""
    note = f" ({option.amount_description})" if option.amount_description else ""
    if option.amount == 0 and (option.option or FREE).casefold() == FREE and not note:
        return _("Free")
    amount = pounds(option.amount) if option.amount else ""
    words = [part for part in (option.option, amount) if part] or ([_("Free")] if option.amount == 0 else [])
    line = ": ".join(words) + note
    return AsTold(line) if option.option or note else line
