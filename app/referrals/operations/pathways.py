"""Making pathways, changing what they say, opening and closing them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.core.text import slugify
from app.directory.models import Organization, Service
from app.referrals.models import Pathway, PathwayVersion
from app.referrals.pathways.definition import Definition
from app.referrals.pathways.reading import check, definition_of, document_of
from app.referrals.queries import pathways as queries
from app.referrals.queries.pathways import LISTED

SUBJECT = "pathway"

# What a pathway calls itself and says to whoever asks for themselves, and what it stands in for.
OF_ONESELF = {"self_name": "name", "self_introduction": "introduction"}


def make_pathway(
    session: Session,
    actor: Actor,
    told: Definition,
    *,
    slug: str = "",
    organization_id: UUID | None = None,
    service_id: UUID | None = None,
) -> Pathway:
    """A new pathway with its first version, not yet open; with neither receiver it is a template."""
    check(told)
    made = Pathway(slug=slug or _free_slug(session, told.name, organization_id), name=told.name)
    made.organization_id, made.service_id = organization_id, service_id
    made.is_template = organization_id is None and service_id is None
    _repeat(made, told)
    session.add(made)
    session.flush()
    _keep(session, actor, made, told)
    record(session, actor, Action.CREATED, (SUBJECT, made.id))
    return made


def take_over(session: Session, actor: Actor, template: Pathway) -> Pathway:
    """A pathway of the actor's organisation as a template has it, to be looked at and then opened."""
    if actor.organization_id is None or not template.is_template:
        raise Refused("Choose one of the ready-made pathways.")
    return make_pathway(session, actor, queries.definition(session, template), organization_id=actor.organization_id)


def change_pathway(session: Session, actor: Actor, pathway: Pathway, told: Definition, *, version: int) -> bool:
    """Bring a pathway to what is told, as its next version. Returns whether anything changed.

    Referrals that were begun keep the version they were begun under. Refused where somebody else changed it since.
    """
    check(told)
    session.refresh(pathway, with_for_update=True)
    if document_of(told) == document_of(queries.definition(session, pathway)):
        return False  # also where one press of the button was sent twice
    if pathway.version != version:
        raise Refused("Somebody else changed this pathway since you opened it. Open it again and look.")
    pathway.version += 1
    _repeat(pathway, told)
    _keep(session, actor, pathway, told)
    record(session, actor, Action.CHANGED, (SUBJECT, pathway.id), fields=("definition",))
    return True


def set_open(session: Session, actor: Actor, pathway: Pathway, *, is_open: bool) -> None:
    """Let people be referred by it, or no longer; what was sent goes on."""
    if is_open and pathway.is_template:
        raise InvalidInput("A template cannot be opened: take it over for an organisation first.")
    pathway.is_open = is_open
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, pathway.id), fields=("is_open",))


def set_notice_address(session: Session, actor: Actor, pathway: Pathway, email: str | None) -> bool:
    """Where neutral notices of new referrals go; to each worker where there is none. Says whether it is another one."""
    if pathway.notify_email == email:
        return False
    pathway.notify_email = email
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, pathway.id), fields=("notify_email",))
    return True


def pathway_to_listing(session: Session, actor: Actor, service: Service) -> Pathway:
    """The way to a listing of an organisation without an account; made at its first use.

    Refused where the listing has no e-mail address, or its organisation has staff here: they have pathways.
    """
    if (found := queries.listed_pathway(session, service.id)) is not None:
        return found
    keeper = session.get_one(Organization, service.organization_id)
    if keeper.member_organization_id is not None:
        raise Refused("This organisation uses Waymark. Choose one of its pathways.")
    if not (service.email or keeper.email):
        raise Refused("We have no email address for this service, so nothing can be sent to it. Ring them.")
    template = queries.template(session, LISTED)
    if template is None:
        raise Refused("Referrals to listed services are not set up here.")
    made = make_pathway(
        session, actor, _named(queries.definition(session, template), service.name), slug=LISTED, service_id=service.id
    )
    made.notify_email = service.email or keeper.email
    set_open(session, actor, made, is_open=True)
    return made


def load_template(session: Session, actor: Actor, slug: str, document: dict[str, Any]) -> Pathway:
    """Bring a template to what a document says; the same document again changes nothing."""
    told = definition_of(document)
    found = queries.template(session, slug)
    if found is None:
        return make_pathway(session, actor, told, slug=slug)
    change_pathway(session, actor, found, told, version=found.version)
    if told.self_name or told.self_introduction:
        _speak_to_the_person(session, actor, told)
    return found


def _speak_to_the_person(session: Session, actor: Actor, template: Definition) -> None:
    """Give its words for whoever asks for themselves to pathways taken over before it had any.

    Only where its other words are still there, and nobody has saved the pathway since: then it says itself.
    """
    statement = (
        select(Pathway, PathwayVersion.document)
        .join(PathwayVersion, (PathwayVersion.pathway_id == Pathway.id) & (PathwayVersion.number == Pathway.version))
        .where(Pathway.organization_id.is_not(None), Pathway.self_referral)
        .order_by(Pathway.id)
    )
    for pathway, kept in session.execute(statement).all():
        words = {
            name: words
            for name, beside in OF_ONESELF.items()
            if name not in kept and kept[beside] == getattr(template, beside) and (words := getattr(template, name))
        }
        if words:
            change_pathway(session, actor, pathway, replace(definition_of(kept), **words), version=pathway.version)


def _named(told: Definition, name: str) -> Definition:
    return definition_of(document_of(told) | {"name": name})


def _repeat(pathway: Pathway, told: Definition) -> None:
    pathway.name, pathway.sources = told.name, told.sources
    # A listed service answers by a link, and who asked for themselves follows theirs by one: it would be the same.
    pathway.self_referral = told.self_referral and pathway.service_id is None


def _keep(session: Session, actor: Actor, pathway: Pathway, told: Definition) -> None:
    session.add(
        PathwayVersion(
            pathway_id=pathway.id, number=pathway.version, document=document_of(told), made_by_id=actor.user_id
        )
    )
    session.flush()


def _free_slug(session: Session, name: str, organization_id: UUID | None) -> str:
    wanted = slugify(name) or "pathway"
    taken = set(
        session.scalars(
            select(Pathway.slug)
            .where(Pathway.organization_id == organization_id, Pathway.slug.startswith(wanted, autoescape=True))
            .order_by(Pathway.slug)
        )
    )
    number = 1
    while (wanted if number == 1 else f"{wanted}-{number}") in taken:
        number += 1
    return wanted if number == 1 else f"{wanted}-{number}"
