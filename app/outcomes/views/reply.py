"""What a person sees who opens their link: one question a screen, or all on a page. No sign-in, no script needed.

Opening uses nothing up; an answer sent twice is one answer. What was answered before is never shown again: whoever
holds the phone next may hold the link too.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from flask import redirect, render_template, request, url_for
from flask import session as visitor
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.current import signed_in
from app.core.actor import Actor, ActorKind
from app.core.errors import InvalidInput, Refused
from app.core.limits import Limit
from app.notifications import links
from app.notifications.models import SignedLink
from app.outcomes import duty
from app.outcomes.codes import SETTLED, AlertState, Mode
from app.outcomes.models import Occasion, OutcomeInvitation, SafetyAlert
from app.outcomes.operations import answering, occasions
from app.outcomes.operations.wrong_person import tell_wrong_person
from app.outcomes.questions import Question, next_open, questions_of_lead
from app.outcomes.rules.answers import read_answer
from app.outcomes.sending import OWN_PAGE, PURPOSE, invitation_of, note_opened, send_fresh
from app.outcomes.views.blueprint import outcomes
from app.outcomes.views.tablet import hand_over_first
from app.people.codes import PermissionKind, PermissionMethod
from app.people.models import Person
from app.people.operations import Answer, answer_permission, withdraw_permission
from app.web.access import PUBLIC
from app.web.blueprint import afterwards
from app.web.database import db
from app.web.helplines import STRIP
from app.web.languages import chosen_language
from app.web.limits import too_soon

Page = Response | str | tuple[str, int]
# What was stopped in this browser: only there, and once, can it be taken back without asking anybody.
STOPPED = "reply_stopped"
FRESH_LINKS = Limit("fresh reply links", 5, timedelta(hours=1))


@dataclass
class Reply:
    """An open link with what hangs on it."""

    token: str
    link: SignedLink
    lead: Occasion

    @cached_property
    def questions(self) -> list[Question]:
        """All that it asks, in the language of the page where its words are known in it."""
        return questions_of_lead(_session(), self.lead, chosen_language())

    @cached_property
    def is_over(self) -> bool:
        """Whether everything it asked for is answered or closed."""
        return all(each.state in SETTLED for each in occasions.group_of(_session(), self.lead))

    @property
    def actor(self) -> Actor:
        """Whoever holds the link."""
        return Actor(kind=ActorKind.LINK, subject_id=self.lead.id)

    @property
    def mode(self) -> Mode:
        """By a link of their own, or on a tablet at the desk."""
        return Mode.TABLET if self.link.detail == Mode.TABLET else Mode.LINK

    @property
    def is_own_page(self) -> bool:
        """Whether they came from their own page: no message asked them, so none can have come to somebody else."""
        return self.link.detail == OWN_PAGE

    def question(self, number: int) -> Question | None:
        """The question of that number."""
        return next((each for each in self.questions if each.number == number), None)

    def to(self, question: Question | None) -> Response:
        """On to a question, or to the end."""
        if question is None:
            return redirect(url_for("outcomes.reply_thanks", token=self.token), code=303)
        return redirect(url_for("outcomes.reply_question", token=self.token, number=question.number), code=303)


def _session() -> Session:
    return db.session()


def opened(token: str) -> Reply | Page:
    """What a token opens, or the page that says why it opens nothing: too old is told apart, nothing else is."""
    link = links.look_up(_session(), PURPOSE, token)
    if link is None or link.revoked_at is not None:
        return render_template("outcomes/no_such_link.html"), 404
    if not links.is_open(link):
        return render_template("outcomes/too_old.html", token=token, sent=False), 410
    if link.detail == Mode.TABLET and signed_in() is not None:
        return hand_over_first(token)
    _note_opened(link)
    return Reply(token, link, _session().get_one(Occasion, link.subject_id))


def _note_opened(link: SignedLink) -> None:
    """Once, after the page is done: what is looked at must never wait for what is counted."""
    invitation_id = invitation_of(link)
    if invitation_id is None or request.method == "HEAD":
        return
    opened_before = select(OutcomeInvitation.opened_at).where(OutcomeInvitation.id == invitation_id)
    if _session().scalar(opened_before) is None:
        afterwards(lambda session: note_opened(session, invitation_id))


@outcomes.route("/reply/<token>", access=PUBLIC)
def reply(token: str) -> Page:
    """The first question that is open."""
    found = opened(token)
    if not isinstance(found, Reply):
        return found
    question = None if found.is_over else next_open(found.questions, 0)
    return _ask(found, question) if question else _thanks(found)


@outcomes.route("/reply/<token>/<int:number>", access=PUBLIC)
def reply_question(token: str, number: int) -> Page:
    """One question, in any order."""
    found = opened(token)
    if not isinstance(found, Reply):
        return found
    question = None if found.is_over and not _takes_words(found, number) else found.question(number)
    return _ask(found, question) if question else _thanks(found)


def _takes_words(found: Reply, number: int) -> bool:
    """Whether that question is answered in words, which may still be added."""
    question = found.question(number)
    return question is not None and question.is_text


@outcomes.route("/reply/<token>", access=PUBLIC, methods=["POST"], endpoint="reply_answer")
def answer(token: str) -> Page:
    """Keep one answer and go on."""
    found = opened(token)
    if not isinstance(found, Reply):
        return found
    question = found.question(_number(request.form.get("question", "")))
    if question is None or (found.is_over and not question.is_text):
        return found.to(None)
    typed = request.form.get("answer", "")
    if question.is_text and not typed.strip():
        return found.to(next_open(found.questions, question.number))
    try:
        needs_help = _keep(found, question, typed)
    except InvalidInput:
        return _ask(found, question, wrong=_("Choose one of the answers, or skip the question")), 422
    following = next_open(questions_of_lead(_session(), found.lead, chosen_language()), question.number)
    if needs_help:
        number = following.number if following else 0
        return redirect(url_for("outcomes.reply_help", token=token, to=number or None), code=303)
    return found.to(following)


def _keep(found: Reply, question: Question, typed: str) -> bool:
    """Save an answer; whether help must be shown at once. One that is sent again after the end changes nothing."""
    read = read_answer(question.item, typed)
    form = answering.open_form(
        _session(),
        found.actor,
        organization_id=found.lead.organization_id,
        person_id=found.lead.person_id,
        measure=question.measure,
        mode=found.mode,
        occasion=found.lead,
        language=question.language,
    )
    try:
        return answering.save_answer(_session(), found.actor, form, question.item, read)
    except Refused:
        return False


@outcomes.route("/reply/<token>/all", access=PUBLIC, methods=["GET", "POST"])
def reply_all(token: str) -> Page:
    """All questions on one page; what is left open is asked for one by one afterwards."""
    found = opened(token)
    if not isinstance(found, Reply):
        return found
    if found.is_over:
        return _thanks(found) if request.method == "GET" else found.to(None)
    if request.method == "GET":
        return _all_page(found, {})
    wrong, needs_help = {}, False
    for question in found.questions:
        typed = request.form.get(question.id, "")
        if not typed.strip():
            continue
        try:
            needs_help |= _keep(found, question, typed)
        except InvalidInput:
            wrong[question.id] = _("Choose one of the answers, or leave it open")
    if wrong and not needs_help:
        # What could be read is kept, so the page is one of success; what needs help is answered first.
        return _all_page(found, wrong)
    following = next_open(questions_of_lead(_session(), found.lead, chosen_language()), 0)
    following = None if following is not None and following.is_text else following
    if needs_help:
        return redirect(url_for("outcomes.reply_help", token=token, to=following.number if following else None), 303)
    return found.to(following)


def _all_page(found: Reply, wrong: dict[str, str]) -> str:
    return render_template(
        "outcomes/all_questions.html", reply=found, questions=found.questions, wrong=wrong, readers=_readers(found)
    )


@outcomes.route("/reply/<token>/finish", access=PUBLIC, methods=["POST"])
def reply_finish(token: str) -> Page:
    """Stop here: what was answered counts as far as it goes."""
    found = opened(token)
    if not isinstance(found, Reply):
        return found
    for measure in {question.measure.reference: question.measure for question in found.questions}.values():
        form = answering.open_form(
            _session(),
            found.actor,
            organization_id=found.lead.organization_id,
            person_id=found.lead.person_id,
            measure=measure,
            mode=found.mode,
            occasion=found.lead,
        )
        answering.finish(_session(), found.actor, form)
    return found.to(None)


@outcomes.route("/reply/<token>/help", access=PUBLIC)
def reply_help(token: str) -> Page:
    """A calm page: who can be called now, and who will look at the answer, by when."""
    found = opened(token)
    if not isinstance(found, Reply):
        return found
    following = found.question(_number(request.args.get("to", "")))
    alert = (
        _session()
        .scalars(
            select(SafetyAlert)
            .where(
                SafetyAlert.organization_id == found.lead.organization_id,
                SafetyAlert.person_id == found.lead.person_id,
                SafetyAlert.state != AlertState.CLOSED,
            )
            .order_by(SafetyAlert.raised_at.desc(), SafetyAlert.id)
        )
        .first()
    )
    return render_template(
        "outcomes/help.html", reply=found, following=following, lines=STRIP, alert=alert, readers=_readers(found)
    )


@outcomes.route("/reply/<token>/thanks", access=PUBLIC)
def reply_thanks(token: str) -> Page:
    """The end."""
    found = opened(token)
    return _thanks(found) if isinstance(found, Reply) else found


@outcomes.route("/reply/<token>/stop", access=PUBLIC, methods=["POST"])
def reply_stop(token: str) -> Page:
    """No more messages: the permission to follow up is taken back. Whoever did so by mistake says so on that page."""
    found = opened(token)
    if not isinstance(found, Reply):
        return found
    person = _session().get_one(Person, found.lead.person_id)
    if "again" in request.form and visitor.pop(STOPPED, None) == found.lead.id.hex:
        yes = Answer(kind=PermissionKind.FOLLOW_UP, given=True, method=PermissionMethod.WRITTEN)
        answer_permission(_session(), found.actor, person, yes)
        return render_template("outcomes/stopped.html", token=token, goes_on=True)
    withdraw_permission(_session(), found.actor, person, PermissionKind.FOLLOW_UP)
    occasions.stop_messages(_session(), found.lead, "asked to stop")
    visitor[STOPPED] = found.lead.id.hex
    return render_template("outcomes/stopped.html", token=token, goes_on=False)


@outcomes.route("/reply/<token>/not-me", access=PUBLIC, methods=["GET", "POST"])
def reply_not_me(token: str) -> Page:
    """It came to somebody else: asked once more, because nothing can be answered by this link afterwards."""
    link = links.look_up(_session(), PURPOSE, token)
    if request.method == "POST" and link is not None and link.revoked_at is not None:
        return render_template("outcomes/not_them.html")
    found = opened(token)
    if not isinstance(found, Reply):
        return found
    if found.mode is Mode.TABLET or found.is_own_page:
        return found.to(None)
    if request.method == "GET":
        return render_template("outcomes/not_me.html", reply=found)
    tell_wrong_person(_session(), found.actor, found.lead, invitation_of(found.link))
    return render_template("outcomes/not_them.html")


@outcomes.route("/reply/<token>/fresh", access=PUBLIC, methods=["POST"])
def reply_fresh(token: str) -> Page:
    """A fresh link for one that is too old, to the contact on file. The page says the same whether one could go."""
    link = links.look_up(_session(), PURPOSE, token)
    if link is None or link.revoked_at is not None:
        return render_template("outcomes/no_such_link.html"), 404
    if too_soon(FRESH_LINKS) is None:
        with contextlib.suppress(Refused):
            send_fresh(_session(), _session().get_one(Occasion, link.subject_id))
    return render_template("outcomes/too_old.html", token=token, sent=True)


def _ask(found: Reply, question: Question, wrong: str = "") -> str:
    return render_template(
        "outcomes/question.html",
        reply=found,
        question=question,
        count=len(found.questions),
        readers=_readers(found),
        wrong=wrong,
        is_begun=any(each.is_answered for each in found.questions),
    )


def _thanks(found: Reply) -> str:
    left = [] if found.is_over else [each for each in found.questions if not each.is_answered and not each.is_text]
    is_empty = not found.is_over and not found.questions
    return render_template("outcomes/thanks.html", reply=found, left=left, is_empty=is_empty)


def _readers(found: Reply) -> duty.Readers:
    return duty.readers(_session(), found.lead.organization_id)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
