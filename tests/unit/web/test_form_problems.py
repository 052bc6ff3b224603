"""The summary of what is wrong with a form."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField, IntegerField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Length, NumberRange

from app.web.dates import DateField
from app.web.forms import Form

TIME = "Enter a time like 9:30am"


class Row(PlainForm):
    owed = StringField("Amount", validators=[DataRequired("Enter an amount")])


class Session(Form):
    day = DateField("Day", validators=[DataRequired("Enter the day")])
    starts = StringField("From when?", validators=[DataRequired(TIME)])
    ends = StringField("Until", validators=[DataRequired(TIME)])
    rows = FieldList(FormField(Row), min_entries=2)


@pytest.fixture(autouse=True)
def words():
    app = Flask("words")
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    Babel(app, default_locale="en_GB")
    with app.test_request_context(method="POST", data={"day-day": "1"}):
        yield


def test_two_fields_with_the_same_fault_are_told_apart_and_rows_of_the_same_name_are_told_once():
    form = Session()
    form.validate()
    form.form_errors.append("That is taken")
    form.refuse_at("The third date cannot be", field_id="row-2")
    assert [(line.words, line.field_id) for line in form.problems] == [
        ("That is taken", ""),
        ("The third date cannot be", "row-2"),
        ("Day must include a month", "day-month"),
        (f"From when? {TIME}", "starts"),
        (f"Until: {TIME}", "ends"),
        ("Amount: Enter an amount", "rows-0-owed"),
    ]


def test_a_fault_of_one_field_stands_as_it_is():
    form = Session(data={"ends": "5pm"})
    form.ends.data = "5pm"
    form.starts.errors = [TIME]
    assert [line.words for line in form.problems] == [TIME]


class Letter(Form):
    body = StringField("Letter", validators=[Length(max=3, message="Use 3 characters or fewer")])
    copies = IntegerField("How many?", validators=[NumberRange(1, 9, message="Enter 1 to 9")])
    sent = DateField("When was it sent?")
    seen = DateField("Seen on")


@pytest.mark.parametrize(
    ("typed", "said", "field_id"),
    [
        ({"body": "four", "copies": "1"}, "Letter: Use 3 characters or fewer", "body"),
        ({"copies": "10"}, "How many? Enter 1 to 9", "copies"),
        ({"copies": "ten"}, "How many? Enter a whole number, like 12", "copies"),
        ({"copies": "1", "sent-day": "31"}, "When was it sent? Enter the month as well", "sent-month"),
        ({"copies": "1", "seen-day": "31"}, "Seen on must include a month", "seen-month"),
    ],
)
def test_a_fault_that_any_field_may_have_names_its_field(typed, said, field_id):
    form = Letter(formdata=MultiDict(typed))
    form.validate()
    assert [(line.words, line.field_id) for line in form.problems] == [(said, field_id)]
