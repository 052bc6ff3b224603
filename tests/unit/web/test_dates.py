"""A date in three boxes, and its macro."""

from __future__ import annotations

from datetime import date

import html5lib
import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.settings import ROOT
from app.web.dates import DateField

MACRO = '{% from "components/fields.html" import date_input %}{{ date_input(form.born, hint="Like 31 3 1980") }}'


class Person(Form):
    born = DateField("Date of birth")


@pytest.fixture(autouse=True)
def words():
    app = Flask("words", template_folder=str(ROOT / "templates"))
    Babel(app, default_locale="en_GB")
    with app.test_request_context():
        yield


def typed(day, month, year):
    form = Person(MultiDict({"born-day": day, "born-month": month, "born-year": year}))
    form.validate()
    return form


def test_a_label_that_asks_does_not_begin_the_sentence():
    class Asking(Form):
        until = DateField("Until when?")

    for year, told in (("", "Enter the year as well"), ("rubbish", "Enter a real date")):
        form = Asking(MultiDict({"until-day": "1", "until-month": "2", "until-year": year}))
        form.validate()
        assert form.until.errors == [told]


def test_a_date():
    form = typed("1", "02", "1980")
    assert form.born.data == date(1980, 2, 1)
    assert not form.errors


@pytest.mark.parametrize("month", ["feb", "Feb.", "FEBRUARY"])
def test_a_month_may_be_named(month):
    assert typed("1", month, "1980").born.data == date(1980, 2, 1)


@pytest.mark.parametrize(
    ("parts", "message", "leads_to"),
    [
        (("1", "2", ""), "Date of birth must include a year", "born-year"),
        (("", "2", ""), "Date of birth must include a day", "born"),
        (("31", "2", "1980"), "Date of birth must be a real date", "born"),
        (("1", "x", "1980"), "Date of birth must be a real date", "born"),
        (("x", "2", "1980"), "Date of birth must be a real date", "born"),
        (("1", "2", "99999"), "Date of birth must be a real date", "born"),
        (("²", "2", "1980"), "Date of birth must be a real date", "born"),
    ],
)
def test_what_is_no_date_is_kept_as_typed(parts, message, leads_to):
    form = typed(*parts)
    assert form.errors == {"born": [message]}
    assert form.born.first_error_id == leads_to
    assert tuple(part.text for part in form.born.parts) == parts


def test_nothing_typed_is_no_date():
    assert typed("", "", "").born.data is None
    assert Person(MultiDict()).validate()


def test_a_kept_date_shows_without_leading_noughts():
    assert [part.text for part in Person(data={"born": date(1980, 2, 1)}).born.parts] == ["1", "2", "1980"]


def test_the_macro_joins_label_hint_and_error():
    body = render_template_string(MACRO, form=typed("1", "2", ""))
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(body)
    described = root.find(".//fieldset").attrib["aria-describedby"].split()
    assert [root.find(f".//*[@id='{name}']") is not None for name in described] == [True, True]
    labelled = {label.attrib["for"] for label in root.iter("label")}
    assert labelled == {box.attrib["id"] for box in root.iter("input")}
