"""Two windows, two advisers, a button pressed twice: whoever comes second sees what came first, and loses nothing."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.accounts.codes import Role
from app.advice.codes import Achieved, ConflictState, ResultKind
from app.advice.models import (
    AdviceCase,
    AdviceContact,
    AdviceDraft,
    AdviceResult,
    ContactTemplate,
    GroupSession,
    LetterTemplate,
    MoneyOutcome,
)
from app.audit.codes import Action
from app.audit.models import AuditEntry
from tests.advice import a_contact
from tests.integration.advice.conftest import desk_of
from tests.integration.advice.test_logging import CALL, let_go
from tests.people import a_person

HIDDEN = ("draft", "version", "form_key", "seen", "follows", "corrects")


@pytest.fixture
def colleague(app, session):
    """A second adviser of the same organisation."""
    return desk_of(app, session, Role.ADVISER, Role.FRONT_DESK, workplace="Wexmoor Advice")


@pytest.fixture
def logged(session, desk):
    made = a_contact(session, desk.actor, advice="Ask the council first.").id
    session.commit()
    return made


def hidden_of(page) -> dict[str, str]:
    """What a page says back of itself."""
    found = {name: re.search(f'name="{name}" value="([^"]*)"', page.text) for name in HIDDEN}
    return {name: match[1] for name, match in found.items() if match}


def opened(desk, address):
    answer = desk.client.get(address)
    assert answer.status_code == 200
    return hidden_of(answer)


def send(desk, page, do, **typed):
    return desk.client.post("/desk/advice/log", data=CALL | page | {"do": do} | typed)


def follow(desk, answer) -> str:
    assert answer.status_code == 303, answer.text
    return desk.client.get(answer.headers["Location"])


def all_of(session, model):
    session.rollback()
    return session.scalars(select(model).order_by(model.created_at)).all()


@pytest.mark.parametrize("do", ["look", "draft", "log", "autosave"])
def test_two_windows_with_one_draft_both_keep_their_words(session, desk, do):
    kept = hidden_of(send(desk, opened(desk, "/desk/advice/log"), "look", advice="As begun"))
    first, second = (opened(desk, f"/desk/advice/drafts/{kept['draft']}") for _window in range(2))
    assert send(desk, first, "autosave", advice="The first window").json["version"] == 2
    answer = send(desk, second, do, advice="The second window")
    there = answer.json["go"] if do == "autosave" else answer.headers["Location"]
    page = desk.client.get(there)
    assert "You changed this draft in another window" in page.text
    assert "The first window" in page.text
    assert re.search(r"<textarea[^>]*>\s*The second window</textarea>", page.text)
    assert {each.fields["advice"][0] for each in all_of(session, AdviceDraft)} == {
        "The first window",
        "The second window",
    }
    assert all_of(session, AdviceContact) == []
    let_go(session)
    # Each goes on by itself now, and logging one leaves the other.
    assert send(desk, hidden_of(page), "log", advice="The second window").status_code == 303
    assert [each.fields["advice"][0] for each in all_of(session, AdviceDraft)] == ["The first window"]
    let_go(session)
    assert send(desk, first | {"version": "2"}, "autosave", advice="The first window, on").json["version"] == 3


def test_one_window_is_never_at_odds_with_itself(session, desk):
    """An answer that was lost on the way, and a page that somebody went back to."""
    page = opened(desk, "/desk/advice/log")
    told = send(desk, page, "autosave", advice="One").json
    assert send(desk, page, "autosave", advice="One, two").json["draft"] == told["draft"]
    older = page | {"draft": told["draft"], "version": "1"}
    assert send(desk, older, "autosave", advice="One, two, three").json["draft"] == told["draft"]
    assert [each.fields["advice"] for each in all_of(session, AdviceDraft)] == [["One, two, three"]]


@pytest.mark.parametrize("do", ["look", "log"])
def test_a_draft_that_another_window_logged_is_no_second_contact(session, desk, do):
    kept = hidden_of(send(desk, opened(desk, "/desk/advice/log"), "look", advice="As begun"))
    first, second = (opened(desk, f"/desk/advice/drafts/{kept['draft']}") for _window in range(2))
    assert send(desk, first, "log", advice="The first window").status_code == 303
    page = follow(desk, send(desk, second, do, advice="The second window"))
    assert "The draft is not there any more" in page.text
    assert len(all_of(session, AdviceContact)) == 1
    let_go(session)
    assert send(desk, hidden_of(page), "log", advice="The second window").status_code == 303
    assert len(all_of(session, AdviceContact)) == 2


def test_a_button_that_is_pressed_twice_logs_once(session, desk):
    page = hidden_of(send(desk, opened(desk, "/desk/advice/log"), "look", advice="Once"))
    first, second = (send(desk, page, "log", advice="Once") for _press in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(all_of(session, AdviceContact)) == 1
    let_go(session)
    again = follow(desk, send(desk, page, "log", advice="Once, and more"))
    assert "You logged this page already" in again.text
    assert "Once, and more" in again.text
    assert len(all_of(session, AdviceContact)) == 1
    let_go(session)
    assert send(desk, hidden_of(again), "log", advice="Once, and more").status_code == 303
    assert len(all_of(session, AdviceContact)) == 2


def test_the_key_of_a_page_is_its_senders_own(session, desk, colleague):
    page = opened(desk, "/desk/advice/log")
    assert send(desk, page, "log", advice="Mine").status_code == 303
    assert send(colleague, page, "log", advice="Mine").status_code == 303
    assert len(all_of(session, AdviceContact)) == 2


def test_two_advisers_correct_one_contact(session, desk, colleague, logged):
    ours, theirs = (opened(each, f"/desk/advice/log?corrects={logged}") for each in (desk, colleague))
    assert send(desk, ours, "log", advice="What the first found").status_code == 303
    page = follow(colleague, send(colleague, theirs, "log", advice="What the second found"))
    assert "This contact was corrected meanwhile" in page.text
    assert "What the first found" in page.text
    assert re.search(r"<textarea[^>]*>\s*What the second found</textarea>", page.text)
    assert send(colleague, hidden_of(page), "log", advice="What both found").status_code == 303
    wrong, first, last = all_of(session, AdviceContact)
    assert (first.replaces_id, last.replaces_id) == (wrong.id, first.id)
    assert (wrong.advice, first.advice, last.advice) == (
        "Ask the council first.", "What the first found", "What both found",
    )  # fmt: skip
    looked = select(func.count()).where(
        AuditEntry.action == Action.READ,
        AuditEntry.object_id == first.id,
        AuditEntry.user_id == colleague.actor.user_id,
    )
    assert session.scalar(looked) >= 1


def test_two_advisers_go_on_with_one_contact(session, desk, colleague, logged):
    ours, theirs = (opened(each, f"/desk/advice/log?follows={logged}") for each in (desk, colleague))
    assert send(desk, ours, "log", advice="Called them at noon").status_code == 303
    page = follow(colleague, send(colleague, theirs, "log", advice="Wrote to them"))
    assert "What came after this contact" in page.text
    assert "Called them at noon" in page.text
    assert "Wrote to them" in page.text
    assert len(all_of(session, AdviceContact)) == 2
    let_go(session)
    assert send(colleague, hidden_of(page), "log", advice="Wrote to them").status_code == 303
    assert {each.advice for each in all_of(session, AdviceContact)} == {
        "Ask the council first.", "Called them at noon", "Wrote to them",
    }  # fmt: skip


def test_two_advisers_change_one_amount(session, desk, colleague):
    case_id = a_contact(session, desk.actor, client_kind="numbered", client_number="Q-7", opens_case=True).case_id
    session.commit()
    gain = {"kind": "gain", "amount": "20", "frequency": "weekly", "status": "expected"}
    desk.client.post(f"/desk/advice/cases/{case_id}/add/money", data=gain)
    (money,) = all_of(session, MoneyOutcome)
    let_go(session)
    address = f"/desk/advice/money/{money.id}"
    read = {
        each: re.search(r'name="version"[^>]* value="([^"]*)"', each.client.get(address).text)[1]
        for each in (desk, colleague)
    }
    sure = gain | {"status": "confirmed", "evidence": "Award letter of 3 May"}
    assert desk.client.post(address, data=sure | {"version": read[desk]}).status_code == 303
    refused = gain | {"status": "refused", "evidence": "They turned it down by phone"}
    second = colleague.client.post(address, data=refused | {"version": read[colleague]})
    assert second.status_code == 422
    assert "Award letter of 3 May" in second.text
    assert "They turned it down by phone" in second.text
    assert [each.evidence for each in all_of(session, MoneyOutcome)] == ["Award letter of 3 May"]
    let_go(session)
    version = re.search(r'name="version"[^>]* value="([^"]*)"', second.text)[1]
    assert colleague.client.post(address, data=refused | {"version": version}).status_code == 303
    assert [each.evidence for each in all_of(session, MoneyOutcome)] == ["They turned it down by phone"]


def test_rubbish_about_the_page_itself_is_no_fault(session, desk):
    page = {"draft": str(uuid4()), "version": "²", "form_key": "nothing", "seen": "x", "follows": "y"}
    answer = follow(desk, send(desk, page, "log", advice="Typed all the same"))
    assert "Typed all the same" in answer.text
    assert all_of(session, MoneyOutcome) == []


@pytest.fixture
def second(app, session):
    """A second supervisor of the same organisation."""
    return desk_of(app, session, Role.MANAGER, Role.FRONT_DESK, workplace="Wexmoor Advice")


def a_case(session, desk):
    case_id = a_contact(session, desk.actor, client_kind="numbered", client_number="Q-7", opens_case=True).case_id
    session.commit()
    return case_id


def version_fields(text) -> dict[str, str]:
    """What a page says of the version that it shows."""
    return dict(re.findall(r'<input[^>]* name="(version)"[^>]* value="([^"]*)"', text))


def two_change(address, first, second, ours, theirs):
    """Both open it, the first saves, the second is told: the page that the second has then."""
    begun = {each: version_fields(each.client.get(address).text) for each in (first, second)}
    assert first.client.post(address, data=begun[first] | ours).status_code == 303
    answer = second.client.post(address, data=begun[second] | theirs)
    assert answer.status_code == 422
    assert "Somebody else changed this while you wrote" in answer.text
    return answer.text


def shown_as_kept(page) -> str:
    """The panel with what is kept."""
    return re.search(r"What it says now.*?</dl>", page, re.DOTALL)[0]


LETTER = {"name": "Home visit", "to": "client", "subject": "Our visit", "body": "Dear ((name)),"}
CONTACT = {"name": "First call", "level": "advice", "step_by": "adviser"}


@pytest.mark.parametrize(
    ("made", "address", "begin", "field"),
    [
        ("letter-template", "/desk/advice/letter-templates", LETTER, "body"),
        ("template", "/desk/advice/templates", CONTACT, "advice"),
    ],
)
def test_two_supervisors_change_one_template(session, supervisor, second, made, address, begin, field):
    model = {"letter-template": LetterTemplate, "template": ContactTemplate}[made]
    assert supervisor.client.post(f"{address}/new", data=begin | {field: "As begun"}).status_code == 303
    (found,) = all_of(session, model)
    let_go(session)
    here = f"{address}/{found.id}"
    ours, theirs = (begin | {field: f"What the {which} wrote"} for which in ("first", "second"))
    page = two_change(here, supervisor, second, ours, theirs)
    assert "What the first wrote" in shown_as_kept(page)
    assert re.search(r"<textarea[^>]*>\s*What the second wrote</textarea>", page)
    assert [getattr(each, field) for each in all_of(session, model)] == ["What the first wrote"]
    let_go(session)
    assert second.client.post(here, data=version_fields(page) | theirs).status_code == 303
    assert [getattr(each, field) for each in all_of(session, model)] == ["What the second wrote"]


def test_two_supervisors_decide_about_one_conflict(session, desk, supervisor, second):
    here = f"/desk/advice/cases/{a_case(session, desk)}/conflict"
    ours = {"state": "managed", "note": "Two advisers, two rooms"}
    theirs = {"state": "cannot-act", "note": "Send them to the law centre"}
    page = two_change(here, supervisor, second, ours, theirs)
    assert "Two advisers, two rooms" in shown_as_kept(page)
    assert re.search(r"<textarea[^>]*>\s*Send them to the law centre</textarea>", page)
    assert [each.conflict_note for each in all_of(session, AdviceCase)] == ["Two advisers, two rooms"]
    let_go(session)
    assert second.client.post(here, data=version_fields(page) | theirs).status_code == 303
    assert [each.conflict_note for each in all_of(session, AdviceCase)] == ["Send them to the law centre"]


def test_a_new_party_is_seen_by_whoever_decides(session, desk, supervisor):
    """A supervisor decides about a conflict that they read of, not about one that came up meanwhile."""
    a_contact(session, desk.actor, client_kind="named", person_id=a_person(session, desk.actor, "Ada Quill").id,
              opens_case=True)  # fmt: skip
    case_id = a_case(session, desk)
    here = f"/desk/advice/cases/{case_id}/conflict"
    read = version_fields(supervisor.client.get(here).text)
    assert desk.client.post(f"/desk/advice/cases/{case_id}/add/party", data={"name": "Ada Quill"}).status_code == 303
    late = supervisor.client.post(here, data=read | {"state": "none", "note": ""})
    assert late.status_code == 422
    assert "Possible" in shown_as_kept(late.text)
    assert session.get_one(AdviceCase, case_id, populate_existing=True).conflict is ConflictState.POSSIBLE


def test_two_advisers_note_one_result(session, desk, colleague):
    here = f"/desk/advice/cases/{a_case(session, desk)}/add/result"
    ours = {"kind": "copes-better", "achieved": "fully", "theirs": "y"}
    theirs = {"kind": "copes-better", "achieved": "not"}
    page = two_change(here, desk, colleague, ours, theirs)
    assert "They say so themselves" in shown_as_kept(page)
    assert re.search(r'value="not"[^>]* checked', page)
    assert [each.achieved for each in all_of(session, AdviceResult)] == [Achieved.FULLY]
    let_go(session)
    # What was read of one kind says nothing of another, and nobody is in their own way.
    other = {"kind": "understands-options"}
    assert desk.client.post(here, data=ours | other).status_code == 303
    assert colleague.client.post(here, data=version_fields(page) | theirs | other).status_code == 422
    again = version_fields(desk.client.get(here).text)
    assert desk.client.post(here, data=again | ours | other).status_code == 303
    assert colleague.client.post(here, data=version_fields(page) | theirs).status_code == 303
    assert {each.kind: each.achieved for each in all_of(session, AdviceResult)} == {
        ResultKind.COPES_BETTER: Achieved.NOT,
        ResultKind.UNDERSTANDS_OPTIONS: Achieved.FULLY,
    }


def test_two_put_one_group_session_right(session, desk, supervisor):
    group = {"issue": "debt", "came": "9", "minutes": "60", "adviser": str(desk.actor.user_id), "place": "office",
             "happened_on-day": "1", "happened_on-month": "5", "happened_on-year": "2026"}  # fmt: skip
    assert desk.client.post("/desk/advice/groups/new", data=group).status_code == 303
    (found,) = all_of(session, GroupSession)
    let_go(session)
    page = two_change(
        f"/desk/advice/groups/{found.id}", desk, supervisor, group | {"came": "11"}, group | {"came": "12"}
    )
    assert "11" in shown_as_kept(page)
    assert [each.came for each in all_of(session, GroupSession)] == [11]
