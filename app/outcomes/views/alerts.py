"""Answers that somebody must look at: the list, and one of them with its story."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import Refused
from app.outcomes import labels, queries, wording
from app.outcomes.access import READER, WORKER
from app.outcomes.codes import AlertOutcome, AlertState
from app.outcomes.forms import AlertForm
from app.outcomes.measures import find_measure
from app.outcomes.operations import acknowledge, close_alert
from app.outcomes.views.blueprint import outcomes
from app.outcomes.views.looks import opened, page
from app.people import queries as people
from app.people.details import phone_shown
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]


@outcomes.route("/desk/outcomes/alerts", access=READER)
def alerts() -> str:
    """The most pressing first."""
    found = queries.alerts(db.session(), current_actor())
    return render_template("outcomes/alerts.html", alerts=found, labels=labels, now=clock.now())


@outcomes.route("/desk/outcomes/alerts/<uuid:alert_id>", access=WORKER, methods=["GET", "POST"], writes=True)
def alert(alert_id: UUID) -> Page:
    """One alert: who it is about, how to reach them, what was answered; and what came of it."""
    session = db.session()
    found = queries.alert(session, current_actor(), alert_id)
    actor, person = opened(found.person_id)
    form = AlertForm()
    if form.validate_on_submit():
        try:
            close_alert(session, actor, found, AlertOutcome(form.outcome.data), form.note.data)
        except Refused as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("outcomes.alerts"), code=303)
    measure = find_measure(found.measurement.measure)
    item, text = measure.item(found.item), wording.text_for(session, found.organization_id, measure)
    answer = next((each for each in found.measurement.answers if each.item == found.item), None)
    return page(
        "outcomes/alert.html",
        person,
        form,
        alert=found,
        measure=measure,
        answer=answer,
        item=item,
        question=text.items[item.label_key] if text else "",
        answer_words=text.answers[item.key].get(answer.raw_code, "")
        if text and answer and answer.raw_code is not None
        else "",
        labels=labels,
        now=clock.now(),
        phones=[phone_shown(each) for each in (person.mobile,) if each] + ([person.phone] if person.phone else []),
        safety=people.safety_of(person),
        is_open=found.state is not AlertState.CLOSED,
        done=done_before(),
    )


@outcomes.route("/desk/outcomes/alerts/<uuid:alert_id>/take", access=WORKER, methods=["POST"])
def take_alert(alert_id: UUID) -> Page:
    """Say that one is looking after it."""
    actor = current_actor()
    acknowledge(db.session(), actor, queries.alert(db.session(), actor, alert_id))
    return redirect(url_for("outcomes.alert", alert_id=alert_id, done="taken"), code=303)
