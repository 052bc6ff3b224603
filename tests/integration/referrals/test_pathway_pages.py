"""A manager takes a pathway over, changes it with a preview, and opens it; what was begun keeps its version."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.referrals.models import Pathway
from app.referrals.operations import pathways
from app.referrals.queries.pathways import definition
from app.referrals.queries.times import definition_for
from seed.reference import pathway_templates
from tests.referrals import a_cast, a_referral
from tests.signing_in import signed_in_client


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


def test_take_over_preview_save_open_close(session, app):
    pathway_templates.load(session)
    cast = a_cast(session)
    template_id = session.scalar(select(Pathway.id).where(Pathway.slug == "befriending", Pathway.is_template))
    session.commit()
    manager = signed_in_client(app, cast.manager.user_id)
    assert "Ready-made" in manager.get("/desk/pathways").get_data(as_text=True)
    address = manager.post(f"/desk/pathways/take-over/{template_id}").headers["Location"]
    form = {
        "version": "1",
        "name": "Company",
        "introduction": "A visit once a week.",
        "self_referral": "y",
        "sources": ["gp", "carer"],
        "questions": "# You\nWhat do they like? // What do you like? *\nTea? (yes or no)\nWhen? (choose: Early; Late)",
        "eligibility": "Do they live alone? | Look for a group with them.",
        "acknowledge": "1 working days",
        "first_day": "Ring them",
        "waiting_rule": "longest-first",
        "reopening_days": "14",
    }
    preview = manager.post(address, data=form | {"do": "preview"}).get_data(as_text=True)
    assert "nothing is saved yet" in preview
    assert "What do you like?" in preview
    wrong = manager.post(address, data=form | {"questions": "no title", "acknowledge": "soon"})
    assert wrong.status_code == 422
    assert "Begin with the title" in wrong.get_data(as_text=True)
    assert "“soon” is no time" in wrong.get_data(as_text=True)
    assert manager.post(address, data=form).status_code == 303
    stale = manager.post(address, data=form | {"name": "Another"})
    assert stale.status_code == 422
    assert "Somebody else changed this pathway" in stale.get_data(as_text=True)
    made = session.scalars(select(Pathway).where(Pathway.name == "Company")).one()
    told = definition(session, made)
    assert [question.key for question in told.questions] == ["what-do-they-like", "tea", "when"]
    assert told.checklists[0].items[0].label == "Ring them"
    assert (made.version, made.is_open) == (2, False)
    made_id = made.id
    session.rollback()
    assert manager.post(f"/desk/pathways/{made_id}/open").status_code == 303
    session.refresh(made)
    assert made.is_open
    session.rollback()
    assert manager.post(f"/desk/pathways/{made_id}/close").status_code == 303
    gp = signed_in_client(app, cast.gp.user_id)
    assert gp.get("/desk/pathways").status_code == 403


def test_what_was_begun_keeps_the_version_it_was_begun_under(session):
    cast = a_cast(session)
    row = a_referral(session, cast)
    before = definition_for(session, row)
    pathways.change_pathway(session, SYSTEM, cast.pathway, replace(before, name="Anew"), version=1)
    assert definition_for(session, row) == before
    assert definition(session, cast.pathway).name == "Anew"


def test_loading_the_templates_again_changes_nothing(session):
    pathway_templates.load(session)
    versions = session.scalars(select(Pathway.version).where(Pathway.is_template)).all()
    pathway_templates.load(session)
    assert session.scalars(select(Pathway.version).where(Pathway.is_template)).all() == versions
