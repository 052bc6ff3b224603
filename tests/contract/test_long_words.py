"""No lawful form is too heavy to be sent, and none is endless: what the fields hold, and what a request may weigh."""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from wtforms import HiddenField, PasswordField, StringField
from wtforms.fields.core import UnboundField
from wtforms.validators import Length, Regexp

import app as package
from app.accounts.codes import Role
from app.web.database import db
from app.web.forms import Form
from app.web.security import MAX_BODY_BYTES, MOST_FIELDS, STAFF_BODY_BYTES, URLENCODED
from tests.signing_in import a_member, signed_in_client

# A character of four bytes, each of them three characters in an address's own coding.
HEAVIEST = 12
# Names of fields and what is ticked.
AROUND = 16 * 1024
# Held by something else than a length: an amount of money, a list of minutes, lines that are counted.
HELD_OTHERWISE = {
    "HouseholdForm", "MoneyForm.amount", "ScheduleForm.reminders", "BatchForm.rows", "SavedSearchForm.query",
    "ListingForm.hours", "ListingForm.places", "ListingForm.costs",
}  # fmt: skip


def all_forms() -> list[type[Form]]:
    for module in pkgutil.walk_packages(package.__path__, "app."):
        if not module.name.startswith("app.migrations"):
            importlib.import_module(module.name)
    ours = {form for form in _below(Form) if form.__module__.startswith("app.")}  # and none that a test made up
    return sorted(ours, key=lambda form: (form.__module__, form.__name__))


def _below(form: type[Form]) -> Iterator[type[Form]]:
    for each in form.__subclasses__():
        yield each
        yield from _below(each)


def texts_of(form: type[Form]) -> dict[str, int | None]:
    """The text fields of a form with how much they hold; None for one that says nothing of it."""
    found: dict[str, int | None] = {}
    for name in dir(form):
        field = getattr(form, name, None)
        if not isinstance(field, UnboundField) or not issubclass(field.field_class, StringField):
            continue
        if issubclass(field.field_class, HiddenField | PasswordField):
            continue
        told = field.kwargs.get("validators") or (field.args[1] if len(field.args) > 1 else ())
        lengths = [each.max for each in told if isinstance(each, Length)]
        patterns = [each for each in told if isinstance(each, Regexp)]
        found[name] = min(lengths) if lengths else 20 if patterns else None
    return found


def test_every_text_says_how_long_it_may_be() -> None:
    endless = {
        f"{form.__name__}.{name}" for form in all_forms() for name, most in texts_of(form).items() if most is None
    }
    assert endless <= HELD_OTHERWISE


def test_no_lawful_form_is_too_heavy() -> None:
    """Whatever is written in any script: staff forms by their limit, those that anybody sends by the smaller one."""
    weights = {form: sum(most or 0 for most in texts_of(form).values()) * HEAVIEST + AROUND for form in all_forms()}
    assert max(weights.values()) < STAFF_BODY_BYTES
    heavy = {form.__module__.split(".")[1] for form, weight in weights.items() if weight > MAX_BODY_BYTES}
    assert heavy <= {"directory", "outcomes", "referrals"}
    assert {form.__name__ for form, weight in weights.items() if weight > MAX_BODY_BYTES} <= {
        "ListingForm", "PackForm", "PathwayForm", "EndEarlyForm",
    }  # fmt: skip


@pytest.fixture
def client(app: Flask):
    with app.app_context(), Session(db.engines[None]) as session:
        user_id = a_member(session, Role.ADVISER).id
        session.commit()
    return signed_in_client(app, user_id)


@pytest.mark.parametrize(
    ("path", "weight", "taken"),
    [
        ("/sign-in", MAX_BODY_BYTES - 20, True),
        ("/sign-in", MAX_BODY_BYTES + 1, False),
        ("/desk/advice/log", MAX_BODY_BYTES + 1, True),
        ("/desk/advice/log", STAFF_BODY_BYTES + 1, False),
    ],
)
def test_what_a_form_may_weigh(client, path: str, weight: int, taken: bool) -> None:
    sent = client.post(path, data=b"a=" + b"x" * (weight - 2), content_type=URLENCODED)
    assert (sent.status_code != 413) is taken


@pytest.mark.parametrize("path", ["/sign-in", "/desk/advice/log"])
def test_how_many_fields_it_may_have(client, path: str) -> None:
    assert client.post(path, data=b"a&" * (MOST_FIELDS - 2), content_type=URLENCODED).status_code != 413
    before = time.process_time()
    assert client.post(path, data=b"a&" * 120_000, content_type=URLENCODED).status_code == 413
    assert time.process_time() - before < 0.5
