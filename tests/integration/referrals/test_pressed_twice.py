"""Two presses, two workers, and what both ends read of a question or of a no."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.people.codes import SharingLevel
from app.referrals.codes import Move, Source, Status, TaskKind
from app.referrals.models import ContactAttempt, Referral, ReferralEvent, ReferralNote, ReferralTask
from app.referrals.operations import triage
from tests.integration.referrals.test_pages import of_a_group, sent_to_a_group
from tests.referrals import a_cast, a_referral
from tests.signing_in import signed_in_client


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def cast(session):
    return a_cast(session)


@pytest.fixture
def sent(session, cast):
    """The id of a referral that was sent; nothing of it is held."""
    row_id = a_referral(session, cast).id
    session.commit()
    return row_id


def words_of(answer) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", answer.get_data(as_text=True))


def form_of(client, path: str) -> dict[str, str]:
    """What the form at a path sends by itself."""
    page = client.get(path).get_data(as_text=True)
    fields = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", page)]
    return {each["name"]: each.get("value", "") for each in fields if each.get("type") == "hidden"}


def refusal(**changes: str) -> dict[str, str]:
    return {
        "reason": "list-closed",
        "next_step": "Ring the other hub",
        "told_how": "phone",
        "told_on-day": "1",
        "told_on-month": "3",
        "told_on-year": "2026",
    } | changes


@pytest.mark.parametrize(
    ("name", "fields", "counted"),
    [
        ("ask", {"question": "Which estate?"}, ReferralEvent),
        ("contact", {"channel": "phone", "result": "no-answer"}, ContactAttempt),
        ("note", {"text": "Rang twice"}, ReferralNote),
    ],
)
def test_a_second_press_of_a_button_counts_once_and_says_so(session, app, cast, sent, name, fields, counted):
    path = f"/desk/referrals/{sent}/do/{name}"
    hub = signed_in_client(app, cast.worker.user_id)
    before = session.scalar(select(func.count(counted.id)))
    session.rollback()
    form = form_of(hub, path) | fields
    for _press in range(2):
        answer = hub.post(path, data=form)
        assert (answer.status_code, answer.headers.get("Location", "")[-len(name) :]) == (303, name)
    assert session.scalar(select(func.count(counted.id))) == before + 1
    session.rollback()
    # Another form of the same is another press.
    if name == "note":
        assert hub.post(path, data=form_of(hub, path) | fields).status_code == 303
        assert session.scalar(select(func.count(counted.id))) == before + 2


def test_two_presses_at_the_same_moment_count_once(session, app, cast, sent):
    path, user_id = f"/desk/referrals/{sent}/do/note", cast.worker.user_id
    form = form_of(signed_in_client(app, user_id), path) | {"text": "Rang twice"}
    start = Barrier(2)
    clients = [signed_in_client(app, user_id) for _ in range(2)]
    session.rollback()

    def press(client) -> int:
        start.wait()
        return client.post(path, data=form).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(press, clients)) == [303, 303]
    assert session.scalar(select(func.count(ReferralNote.id))) == 1


def test_who_comes_too_late_reads_who_came_first_and_keeps_their_words(session, app, cast, sent):
    path, worker_id = f"/desk/referrals/{sent}/do/reject", cast.worker.user_id
    hub = signed_in_client(app, worker_id)
    form = form_of(hub, path) | refusal(next_step="A long thought about what helps")
    row = session.get_one(Referral, sent)
    triage.accept(session, cast.worker, row, coordinator_id=worker_id, version=row.version)
    session.commit()
    late = hub.post(path, data=form)
    assert late.status_code == 409
    said = words_of(late)
    assert "Somebody came first" in said
    assert "accepted it" in said
    assert "A long thought about what helps" in said
    session.expire_all()
    assert session.get_one(Referral, sent).status is Status.ACCEPTED


def test_who_has_read_what_changed_can_press_once_more(session, app, cast, sent):
    path = f"/desk/referrals/{sent}/do/reject"
    hub = signed_in_client(app, cast.worker.user_id)
    form = form_of(hub, path) | refusal()
    row = session.get_one(Referral, sent)
    triage.acknowledge(session, cast.worker, row, version=row.version)
    session.commit()
    stopped = hub.post(path, data=form)
    assert stopped.status_code == 422
    assert "Somebody else has just changed this referral" in words_of(stopped)
    version = re.search(r'name="version"[^>]*value="(\d+)"', stopped.get_data(as_text=True))[1]
    assert hub.post(path, data=form | {"version": version}).status_code == 303


def test_a_question_stands_where_it_is_answered_and_at_the_head_of_both_pages(session, app, cast, sent):
    hub, gp = (signed_in_client(app, each.user_id) for each in (cast.worker, cast.gp))
    row = session.get_one(Referral, sent)
    triage.ask(session, cast.worker, row, question="Which estate?", version=row.version)
    session.commit()
    path = f"/desk/referrals/{sent}"
    assert "Which estate?" in words_of(gp.get(f"{path}/do/answer"))
    assert "Which estate?" in words_of(gp.get(path)).split("As it was sent")[0]
    triage.answer(session, cast.gp, row, words="The one by the mill", version=row.version)
    session.commit()
    assert "The one by the mill" in words_of(hub.get(path)).split("As it was sent")[0]


@pytest.mark.parametrize(("level", "reads"), [(SharingLevel.SUMMARY, True), (SharingLevel.CODES, False)])
def test_what_was_said_beside_a_no_is_read_as_far_as_the_person_allows(session, app, cast, level, reads):
    row_id = a_referral(session, cast, level=level).id
    session.commit()
    hub, gp = (signed_in_client(app, each.user_id) for each in (cast.worker, cast.gp))
    path = f"/desk/referrals/{row_id}/do/reject"
    form = form_of(hub, path) | refusal(reason="other", comment="We only help people of the harbour")
    assert hub.post(path, data=form).status_code == 303
    said = words_of(gp.get(f"/desk/referrals/{row_id}"))
    assert ("We only help people of the harbour" in said) is reads
    assert "Another reason" in said


def test_who_is_to_tell_the_person_that_it_was_a_no_has_that_as_a_task(session, app, cast, sent):
    hub = signed_in_client(app, cast.worker.user_id)
    path = f"/desk/referrals/{sent}/do/reject"
    assert hub.post(path, data=form_of(hub, path) | refusal(told_how="through-referrer")).status_code == 303
    task = session.scalars(select(ReferralTask).where(ReferralTask.referral_id == sent)).unique().one()
    assert (task.kind, task.owner_id, task.organization_id) == (
        TaskKind.TELL_PERSON,
        cast.gp.user_id,
        cast.gp.organization_id,
    )
    session.rollback()
    gp = signed_in_client(app, cast.gp.user_id)
    assert "the person does not know yet" in words_of(gp.get("/desk/referrals/tasks"))


def test_nobody_tells_for_a_referrer_that_there_is_not(session, app, cast, sent):
    hub = signed_in_client(app, cast.worker.user_id)
    path = f"/desk/referrals/{sent}/do/reject"
    assert "The referrer tells them" in words_of(hub.get(path))
    row = session.get_one(Referral, sent)
    row.source, row.referrer_organization_id = Source.SELF, None
    session.commit()
    assert "The referrer tells them" not in words_of(hub.get(path))


def test_who_is_passed_on_has_agreed_so_no_reason_says_otherwise(app, cast, sent):
    hub = signed_in_client(app, cast.worker.user_id)
    path = f"/desk/referrals/{sent}/do"
    no = "The person did not want it when we rang"
    assert no in words_of(hub.get(f"{path}/reject"))
    assert no not in words_of(hub.get(f"{path}/redirect"))


def test_a_group_that_presses_twice_is_thanked_twice_and_counts_once(session, client, cast):
    link = of_a_group(session, cast)
    form = form_of(client, f"{link}?do=began") | {"day-day": "1", "day-month": "3", "day-year": "2026"}
    for _press in range(2):
        assert client.post(f"{link}?do=began", data=form).status_code == 303
    moved = select(func.count(ReferralEvent.id)).where(ReferralEvent.move == Move.START)
    assert session.scalar(moved) == 1


def test_a_group_that_comes_too_late_reads_what_was_done_and_when_and_what_it_can_say_now(session, client, cast):
    link = of_a_group(session, cast)
    fields = {"day-day": "1", "day-month": "3", "day-year": "2026"}
    # Two tabs, or two people with the same link.
    first, second = (form_of(client, f"{link}?do=began") | fields for _ in range(2))
    assert client.post(f"{link}?do=began", data=first).status_code == 303
    late = client.post(f"{link}?do=began", data=second)
    assert late.status_code == 409
    said = words_of(late)
    assert "This was said already" in said
    assert re.search(r"Somebody with this link started the work \(\d+ \w+ \d{4} at", said)
    assert "nothing of what you have just sent is noted" in said
    assert "It has come to its end" in said
    assert "Thank you" not in said
    session.rollback()
    assert session.scalar(select(func.count(ReferralEvent.id)).where(ReferralEvent.move == Move.START)) == 1


def test_a_group_that_answers_after_a_colleague_keeps_its_words(session, client, cast):
    link = of_a_group(session, cast)
    late = client.post(
        link, data={"answer": "no", "reason": "list-closed", "next_step": "Try the mill", "version": "2"}
    )
    assert late.status_code == 409
    said = words_of(late)
    assert "Somebody with this link accepted it" in said
    assert "Try the mill" in said
    assert session.scalar(select(Referral.status)) is Status.ACCEPTED


def test_of_a_group_two_can_answer_one_after_the_other(session, client, cast):
    link = sent_to_a_group(session, cast)
    asking = form_of(client, link)
    assert client.post(link, data=form_of(client, link) | {"answer": "have-it"}).status_code == 303
    # The other saw the page of before: they read that it has changed, and send the same once more.
    stopped = client.post(link, data=asking | {"answer": "ask", "question": "Which estate?"})
    assert stopped.status_code == 422
    assert "Somebody else has just changed this referral" in words_of(stopped)
    version = re.search(r'name="version"[^>]*value="(\d+)"', stopped.text)[1]
    form = asking | {"answer": "ask", "question": "Which estate?", "version": version}
    assert client.post(link, data=form).status_code == 303
    # What was noted once is not noted again, and a second question is not lost.
    assert (
        client.post(link, data=asking | {"answer": "have-it", "press": "another"}).headers["Location"].endswith("again")
    )
    late = client.post(link, data=asking | {"answer": "ask", "question": "Which street?", "press": "another"})
    assert late.status_code == 409
    assert "Which street?" in words_of(late).split("About the person")[0]
    # What can be said still is said from the page that tells of it.
    version = re.search(r'name="version"[^>]*value="(\d+)"', late.text)[1]
    yes = asking | {"answer": "yes", "name": "Ben", "version": version, "press": "third"}
    assert client.post(link, data=yes).status_code == 303


@pytest.mark.parametrize(
    ("move", "title"),
    [
        ("", "Somebody is coming to you"),
        ("wait", "Somebody waits for a place with you"),
        ("began", "You are helping somebody"),
        ("pause", "The help for somebody rests for a while"),
    ],
)
def test_the_page_of_a_group_is_headed_by_how_it_stands(session, client, cast, move, title):
    link = of_a_group(session, cast)
    days = (
        ("day", clock.today()),
        *((name, clock.today() + timedelta(days=9)) for name in ("next_check_on", "review_by")),
    )
    fields = {f"{name}-{part}": str(getattr(day, part)) for name, day in days for part in ("day", "month", "year")}
    for name in dict.fromkeys(["began", move] if move == "pause" else [move] if move else []):
        form = form_of(client, f"{link}?do={name}") | fields | {"reason": "hospital"}
        assert client.post(f"{link}?do={name}", data=form).status_code == 303
    page = client.get(link).text
    assert f'<h1 class="govuk-heading-xl">{title}</h1>' in page
    assert f"<title>{title}" in page


@pytest.mark.parametrize("is_own", [False, True])
def test_of_an_own_request_the_person_is_asked(session, app, cast, sent, is_own):
    if is_own:
        row = session.get_one(Referral, sent)
        row.referrer_organization_id, row.source = None, Source.SELF
        session.commit()
    asked, other = ("Ask the person", "Ask the referrer")[:: 1 if is_own else -1]
    hub, path = signed_in_client(app, cast.worker.user_id), f"/desk/referrals/{sent}"
    for page in (words_of(hub.get(path)), words_of(hub.get(f"{path}/do/ask"))):
        assert asked in page
        assert other not in page
    form = form_of(hub, f"{path}/do/ask") | {"question": "Which estate?"}
    done = words_of(hub.post(f"{path}/do/ask", data=form, follow_redirects=True))
    assert ("gone to the referrer" in done) is not is_own
