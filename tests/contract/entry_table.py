"""Who may enter which route: the authorisation matrix. Every route has a row; `test_who_may_enter.py` walks them all.

A new route gets a line here, by its endpoint:

- `PUBLIC`: everybody. `BY_TOKEN`: whoever has the secret that the address or a header holds.
- `STAFF_ACCOUNT`: any member of staff who is signed in. `SIGNED_IN`: a person looking for help too.
- `roles(Role.X, ...)`: only those who hold one of these roles where they work; `ANY_ROLE` is all of them.
- where the address names an object, add `own=` and, where organisations own such objects, `other=`: functions that take
  the `World` and give the object's address, one of the visitor's organisation and one of another's. An object of
  another organisation must be a 404, like one that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from app.accounts.codes import Role

EVERY_ROLE = frozenset(Role)


class Visitors(StrEnum):
    """Sorts of visitors that no role tells apart."""

    PUBLIC = "public"
    BY_TOKEN = "by token"
    STARTED = "password given"
    SIGNED_IN = "signed in"
    STAFF_ACCOUNT = "staff account"
    PERSON = "person"
    ROLES = "roles"


@dataclass(frozen=True)
class Programme:
    """Something that an organisation puts on."""

    run: UUID
    session: UUID
    pool: UUID
    booking: UUID


@dataclass(frozen=True)
class World:
    """What addresses are made of."""

    service: UUID
    member_of_hub: UUID
    member_elsewhere: UUID
    invitation_of_hub: UUID
    invitation_elsewhere: UUID
    proposal: UUID
    problem: UUID
    collection_of_hub: UUID
    collection_elsewhere: UUID
    programme_of_hub: Programme
    programme_elsewhere: Programme
    person_of_hub: UUID
    person_elsewhere: UUID
    advice_of_hub: Mapping[str, UUID]
    advice_elsewhere: Mapping[str, UUID]
    signpost_of_hub: UUID
    signpost_elsewhere: UUID
    search_of_other: UUID
    provider_of_hub: UUID
    provider_elsewhere: UUID
    referral_of_hub: UUID
    referral_elsewhere: UUID
    pathway_of_hub: UUID
    pathway_elsewhere: UUID
    plan_of_hub: UUID
    plan_elsewhere: UUID
    occasion_of_hub: UUID
    occasion_elsewhere: UUID
    form_of_hub: UUID
    form_elsewhere: UUID
    alert_of_hub: UUID
    alert_elsewhere: UUID
    pack_of_hub: UUID
    pack_elsewhere: UUID
    more_of_hub: Mapping[str, UUID]
    more_elsewhere: Mapping[str, UUID]


Address = Callable[[World], str]


@dataclass(frozen=True)
class Row:
    """Who may enter, and objects to try it on."""

    visitors: Visitors
    roles: frozenset[Role] = field(default_factory=frozenset)
    own: Address | None = None
    other: Address | None = None
    # As whom the other's object is tried, where not everybody who may enter is kept from it.
    strangers: frozenset[Role] = field(default_factory=frozenset)


PUBLIC = Row(Visitors.PUBLIC)
BY_TOKEN = Row(Visitors.BY_TOKEN)
STARTED = Row(Visitors.STARTED)
SIGNED_IN = Row(Visitors.SIGNED_IN)
PERSON = Row(Visitors.PERSON)
STAFF_ACCOUNT = Row(Visitors.STAFF_ACCOUNT)


def roles(*held: Role, own: Address | None = None, other: Address | None = None) -> Row:
    """Those who hold one of these roles where they work."""
    return Row(Visitors.ROLES, frozenset(held), own, other)


ANY_ROLE = roles(*Role)
EDITOR = Role.DIRECTORY_EDITOR
CURATORS = (Role.DIRECTORY_EDITOR, Role.PROVIDER)
RUNNERS = (Role.TUTOR, Role.PROVIDER)
ADMINISTRATOR = Role.ADMINISTRATOR
NO_ID = UUID(int=0)


def of_listing(suffix: str = "") -> Row:
    """A page about a listing: an editor keeps them all, a provider its own."""
    return Row(
        Visitors.ROLES,
        frozenset(CURATORS),
        own=lambda world: f"/desk/listings/{world.service}{suffix}",
        other=lambda world: f"/desk/listings/{world.service}{suffix}",
        strangers=frozenset({Role.PROVIDER}),
    )


def of_own_record(suffix: str = "") -> Row:
    """A person's page about their own record; anybody else's is like none."""
    return Row(Visitors.PERSON, other=lambda world: f"/me/records/{world.person_of_hub}{suffix}")


def of_member(suffix: str = "") -> Row:
    """A page about a member of the administrator's organisation."""
    return roles(
        ADMINISTRATOR,
        own=lambda world: f"/desk/members/{world.member_of_hub}{suffix}",
        other=lambda world: f"/desk/members/{world.member_elsewhere}{suffix}",
    )


def of_provider(suffix: str = "") -> Row:
    """A page about a provider that signs the staff of the administrator's organisation in."""
    return roles(
        ADMINISTRATOR,
        own=lambda world: f"/desk/members/providers/{world.provider_of_hub}{suffix}",
        other=lambda world: f"/desk/members/providers/{world.provider_elsewhere}{suffix}",
    )


def of_collection(suffix: str = "") -> Row:
    """A page about a collection of the visitor's organisation."""
    return roles(
        *Role,
        own=lambda world: f"/desk/collections/{world.collection_of_hub}{suffix}",
        other=lambda world: f"/desk/collections/{world.collection_elsewhere}{suffix}",
    )


WORKERS = (Role.SURGERY, Role.HUB, Role.ADVISER)
READERS = (*WORKERS, Role.MANAGER)


def of_person(*held: Role, suffix: str = "") -> Row:
    """A page about a person whom the visitor's organisation knows."""
    return roles(
        *held,
        own=lambda world: f"/desk/people/{world.person_of_hub}{suffix}",
        other=lambda world: f"/desk/people/{world.person_elsewhere}{suffix}",
    )


ADVISERS = (Role.ADVISER, Role.MANAGER)
AT_DESK = (*ADVISERS, Role.FRONT_DESK)


def of_advice(*held: Role, what: str = "contact", suffix: str = "") -> Row:
    """A page about a contact, or something that belongs to one, of the visitor's organisation."""
    irregular = {"money": "money", "queue": "queue", "duty": "duties", "check-in": "front"}
    place = irregular.get(what, f"{what}s")
    return roles(
        *held,
        own=lambda world: f"/desk/advice/{place}/{world.advice_of_hub[what]}{suffix}",
        other=lambda world: f"/desk/advice/{place}/{world.advice_elsewhere[what]}{suffix}",
    )


def _moving(whose: str) -> Address:
    """The page that gives somebody who has an appointment another time."""
    return lambda world: f"/desk/advice/appointments/book?moves={getattr(world, f'advice_{whose}')['appointment']}"


SIGNPOSTERS = tuple(role for role in Role if role not in {Role.COMMISSIONER, Role.FRONT_DESK})


def of_signpost(suffix: str = "") -> Row:
    """A page about a signpost of the visitor's organisation."""
    return roles(
        *SIGNPOSTERS,
        own=lambda world: f"/desk/signposts/{world.signpost_of_hub}{suffix}",
        other=lambda world: f"/desk/signposts/{world.signpost_elsewhere}{suffix}",
    )


REFERRING = (Role.SURGERY, Role.HUB, Role.ADVISER, Role.PROVIDER)
RECEIVING = (Role.HUB, Role.ADVISER, Role.PROVIDER, Role.MANAGER)


def of_referral(*held: Role, suffix: str = "") -> Row:
    """A page about a referral that the visitor's organisation sent or received."""
    return roles(
        *held,
        own=lambda world: f"/desk/referrals/{world.referral_of_hub}{suffix}",
        other=lambda world: f"/desk/referrals/{world.referral_elsewhere}{suffix}",
    )


def for_person(suffix: str = "") -> Row:
    """A step of a new referral: the pathway may be anybody's, the person must be known where the visitor works."""
    return roles(
        *REFERRING,
        own=lambda world: f"/desk/referrals/new/{world.pathway_elsewhere}{suffix}?person={world.person_of_hub}",
        other=lambda world: f"/desk/referrals/new/{world.pathway_elsewhere}{suffix}?person={world.person_elsewhere}",
    )


def of_record(suffix: str = "") -> Row:
    """A page of the privacy officer about a record that the visitor's organisation keeps."""
    return roles(
        Role.PRIVACY_OFFICER,
        own=lambda world: f"/desk/privacy/records/{world.person_of_hub}{suffix}",
        other=lambda world: f"/desk/privacy/records/{world.person_elsewhere}{suffix}",
    )


def of_run(suffix: str = "") -> Row:
    """A page about a run of the visitor's organisation."""
    return roles(
        *RUNNERS,
        own=lambda world: f"/desk/programme/runs/{world.programme_of_hub.run}{suffix}",
        other=lambda world: f"/desk/programme/runs/{world.programme_elsewhere.run}{suffix}",
    )


def of_session(suffix: str) -> Row:
    """A page about a session of the visitor's organisation."""
    return roles(
        *RUNNERS,
        own=lambda world: f"/desk/programme/sessions/{world.programme_of_hub.session}{suffix}",
        other=lambda world: f"/desk/programme/sessions/{world.programme_elsewhere.session}{suffix}",
    )


def of_places(suffix: str = "") -> Row:
    """A page about places of the visitor's organisation."""
    return roles(
        *RUNNERS,
        own=lambda world: f"/desk/programme/places/{world.programme_of_hub.pool}{suffix}",
        other=lambda world: f"/desk/programme/places/{world.programme_elsewhere.pool}{suffix}",
    )


def of_pathway(suffix: str = "") -> Row:
    """A page about a pathway of the manager's organisation."""
    return roles(
        Role.MANAGER,
        own=lambda world: f"/desk/pathways/{world.pathway_of_hub}{suffix}",
        other=lambda world: f"/desk/pathways/{world.pathway_elsewhere}{suffix}",
    )


KEEPERS = (Role.MANAGER, ADMINISTRATOR)


def of_outcome(folder: str, what: str, suffix: str = "") -> Row:
    """A page about something that the visitor's organisation follows up."""
    return roles(
        *WORKERS,
        own=lambda world: f"/desk/outcomes/{folder}/{getattr(world, f'{what}_of_hub')}{suffix}",
        other=lambda world: f"/desk/outcomes/{folder}/{getattr(world, f'{what}_elsewhere')}{suffix}",
    )


def of_more(what: str, before: str, suffix: str = "", *held: Role) -> Row:
    """A page about one of the objects of `own_and_other`."""
    return roles(
        *held,
        own=lambda world: f"{before}/{world.more_of_hub[what]}{suffix}",
        other=lambda world: f"{before}/{world.more_elsewhere[what]}{suffix}",
    )


def of_somebody(what: str, before: str, suffix: str) -> Row:
    """Something of one's own account; a colleague's is like none, and so is anybody else's."""
    return Row(
        Visitors.STAFF_ACCOUNT,
        other=lambda world: f"{before}/{world.more_of_hub[what]}{suffix}",
        strangers=EVERY_ROLE,
    )


ROUTES: Mapping[str, Row] = {
    "static": PUBLIC,
    # accounts
    "accounts.account": STAFF_ACCOUNT,
    "accounts.add_provider": roles(ADMINISTRATOR, own=lambda _world: "/desk/members/providers/new/other"),
    "accounts.ask_for_reset": PUBLIC,
    "accounts.back_from_provider": PUBLIC,
    "accounts.change_provider": of_provider("/change"),
    "accounts.connect_provider": Row(
        Visitors.STAFF_ACCOUNT,
        own=lambda world: f"/account/providers/{world.provider_of_hub}/connect",
        other=lambda world: f"/account/providers/{world.provider_elsewhere}/connect",
        strangers=EVERY_ROLE,
    ),
    "accounts.disconnect_provider": of_somebody("identity", "/account/identities", "/disconnect"),
    "accounts.end_member_sessions": of_member("/end-sessions"),
    "accounts.end_other_sessions": STAFF_ACCOUNT,
    "accounts.end_session": of_somebody("session", "/account/sessions", "/end"),
    "accounts.invite_member": roles(ADMINISTRATOR),
    "accounts.join": PUBLIC,
    "accounts.member_page": of_member(),
    "accounts.members_list": roles(ADMINISTRATOR),
    "accounts.own_password": STAFF_ACCOUNT,
    "accounts.person_account": PERSON,
    "accounts.person_code": PUBLIC,
    "accounts.person_end_others": PERSON,
    "accounts.person_sign_in": PUBLIC,
    "accounts.prove": STAFF_ACCOUNT,
    "accounts.prove_through_provider": STAFF_ACCOUNT,
    "accounts.provider_keys": PUBLIC,
    "accounts.provider_page": of_provider(),
    "accounts.providers_list": roles(ADMINISTRATOR),
    "accounts.remove_member": of_member("/remove"),
    "accounts.reset": PUBLIC,
    "accounts.reset_sent": PUBLIC,
    "accounts.second_step": STAFF_ACCOUNT,
    "accounts.second_step_app": STAFF_ACCOUNT,
    "accounts.second_step_codes": STAFF_ACCOUNT,
    "accounts.second_step_passkey": STAFF_ACCOUNT,
    "accounts.second_step_passkey_options": STAFF_ACCOUNT,
    "accounts.second_step_passkey_remove": of_somebody("passkey", "/account/second-step/passkey", "/remove"),
    "accounts.sign_in": PUBLIC,
    "accounts.sign_in_code": STARTED,
    "accounts.sign_in_passkey": STARTED,
    "accounts.sign_in_passkey_options": STARTED,
    "accounts.sign_in_recovery": STARTED,
    "accounts.sign_in_set_up": STARTED,
    "accounts.sign_in_set_up_passkey": STARTED,
    "accounts.sign_in_set_up_passkey_options": STARTED,
    "accounts.sign_in_through": PUBLIC,
    "accounts.sign_out": SIGNED_IN,
    "accounts.signed_out": PUBLIC,
    "accounts.signed_out_there": PUBLIC,
    "accounts.start_member_over": of_member("/start-over"),
    "accounts.switch_provider": of_provider("/switch"),
    "accounts.withdraw_invitation": roles(
        ADMINISTRATOR,
        own=lambda world: f"/desk/members/invitations/{world.invitation_of_hub}/withdraw",
        other=lambda world: f"/desk/members/invitations/{world.invitation_elsewhere}/withdraw",
    ),
    "accounts.work_in": SIGNED_IN,
    # the listings and their care
    "curation.capacity": of_listing("/capacity"),
    "curation.change_by_link": PUBLIC,
    "curation.change_sent": PUBLIC,
    "curation.change_several": roles(EDITOR),
    "curation.check_by_link": PUBLIC,
    "curation.change_item": of_collection(f"/items/{NO_ID}"),
    "curation.collect": roles(*Role, own=lambda world: f"/services/{world.service}/collect"),
    "curation.collection": of_collection(),
    "curation.collections": ANY_ROLE,
    "curation.confirm_import": roles(EDITOR),
    "curation.drop_import": roles(EDITOR),
    "curation.imports": roles(EDITOR),
    "curation.listing_import": roles(EDITOR),
    "curation.decide_duplicate": roles(EDITOR),
    "curation.delete_collection": of_collection("/delete"),
    "curation.duplicates": roles(EDITOR),
    "curation.edit": of_listing("/edit"),
    "curation.listing": of_listing(),
    "curation.listings": roles(*CURATORS),
    "curation.make_one": roles(EDITOR),
    "curation.places_by_link": PUBLIC,
    "curation.problem": roles(EDITOR, own=lambda world: f"/desk/problems/{world.problem}"),
    "curation.problems": roles(EDITOR),
    "curation.proposal": roles(EDITOR, own=lambda world: f"/desk/proposals/{world.proposal}"),
    "curation.proposals": roles(EDITOR),
    "curation.publish_collection": of_collection("/publish"),
    "curation.rang_and_it_was_wrong": roles(*Role, own=lambda world: f"/services/{world.service}/rang-wrong"),
    "curation.restore": roles(EDITOR, own=lambda world: f"/desk/listings/{world.service}/restore/1"),
    "curation.say_places_by_link": PUBLIC,
    "curation.still_right": of_listing("/still-right"),
    "curation.still_right_by_link": PUBLIC,
    "curation.take_on_problem": roles(EDITOR, own=lambda world: f"/desk/problems/{world.problem}/take-on"),
    "curation.undo_merge": roles(EDITOR, own=lambda world: f"/desk/duplicates/{world.service}/undo"),
    "curation.withdraw_collection": of_collection("/withdraw"),
    # people
    "people.add": roles(*WORKERS),
    "people.contact": of_person(*WORKERS, suffix="/contact"),
    "people.find": roles(*READERS),
    "people.find_record": roles(Role.PRIVACY_OFFICER),
    "people.identity": of_person(*WORKERS, suffix="/identity"),
    "people.invite_to_own_page": of_person(*WORKERS, suffix="/invite"),
    "people.needs": of_person(*WORKERS, suffix="/needs"),
    "people.answer": of_more("request", "/desk/privacy/requests", "", Role.PRIVACY_OFFICER),
    "people.ask": of_person(*WORKERS, suffix="/ask-hub"),
    "people.asked": of_person(*WORKERS, suffix="/asked"),
    "people.carers": of_person(*WORKERS, suffix="/carers"),
    # Pairs are of two organisations as a rule: every hub worker decides on each.
    "people.decide": roles(Role.HUB, own=lambda world: f"/desk/people/duplicates/{world.more_of_hub['pair']}"),
    "people.destroy": of_record("/destroy"),
    "people.duplicates": roles(Role.HUB),
    "people.emergency": roles(*READERS),
    "people.end_of_carer": of_person(*WORKERS, suffix=f"/carers/{NO_ID}/end"),
    "people.equality": of_person(*WORKERS, suffix="/equality"),
    "people.right_address": of_person(*WORKERS, suffix="/right-address"),
    "people.wrong_addresses": roles(*WORKERS),
    "people.permission": of_person(*WORKERS, suffix="/permissions/rubbish"),
    "people.privacy": roles(Role.PRIVACY_OFFICER),
    "people.record": of_person(*READERS),
    "people.restricting": of_person(Role.MANAGER, suffix="/restrict"),
    "people.retention": of_record(),
    "people.review": of_more("emergency", "/desk/privacy/emergencies", "", Role.PRIVACY_OFFICER),
    "people.search": roles(*READERS),
    # topics and phrases
    "library.words_home": roles(EDITOR),
    "library.words_history": roles(EDITOR),
    "library.new_topic": roles(EDITOR),
    "library.edit_topic": roles(EDITOR, own=lambda _world: "/desk/words/topics/hoarding"),
    "library.move_topic_up": roles(EDITOR, own=lambda _world: "/desk/words/topics/hoarding/up"),
    "library.topic_as_shipped": roles(EDITOR, own=lambda _world: "/desk/words/topics/hoarding/as-shipped"),
    "library.teach_phrase": roles(EDITOR),
    "library.restore_wording": roles(EDITOR),
    # searches that staff keep, each their own
    "library.keep_search": ANY_ROLE,
    "library.remove_search": roles(*Role, other=lambda world: f"/desk/searches/{world.search_of_other}/remove"),
    "library.saved_searches": ANY_ROLE,
    # signposts
    "signposts.answer": PUBLIC,
    "signposts.give": roles(*SIGNPOSTERS),
    "signposts.give_again": of_signpost("/give"),
    "signposts.new_signpost": roles(*SIGNPOSTERS),
    "signposts.note_all": roles(*SIGNPOSTERS),
    "signposts.note_answers": of_signpost("/note"),
    "signposts.open_slip": PUBLIC,
    "signposts.pass_on": of_signpost("/pass-on"),
    "signposts.signpost": of_signpost(),
    "signposts.signposts": roles(*SIGNPOSTERS),
    "signposts.slip": of_signpost("/slip"),
    # advice
    "advice.add_to_case": of_advice(Role.ADVISER, what="case", suffix="/add/step"),
    "advice.case": of_advice(*ADVISERS, what="case"),
    "advice.case_calendar": of_advice(*ADVISERS, what="case", suffix="/dates.ics"),
    "advice.cases": roles(*ADVISERS),
    "advice.change_money": of_advice(Role.ADVISER, what="money"),
    "advice.deadlines": roles(*ADVISERS),
    "advice.decide_conflict": of_advice(Role.MANAGER, what="case", suffix="/conflict"),
    "advice.household": of_advice(*ADVISERS, what="case", suffix="/household"),
    "advice.new_household": of_advice(Role.ADVISER, what="case", suffix="/household/new"),
    "advice.add_document": of_advice(Role.ADVISER, what="case", suffix="/documents/new"),
    "advice.download_document": of_advice(*ADVISERS, what="document"),
    "advice.take_document_out": of_advice(Role.ADVISER, what="document", suffix="/take-out"),
    "advice.letter": of_advice(*ADVISERS, what="letter"),
    "advice.choose_letter": of_advice(Role.ADVISER, what="case", suffix="/letters/new"),
    "advice.letter_template": of_advice(Role.MANAGER, what="letter-template"),
    "advice.letter_templates": roles(Role.MANAGER),
    "advice.new_letter_template": roles(Role.MANAGER),
    "advice.use_letter_template": of_advice(Role.MANAGER, what="letter-template", suffix="/use"),
    "advice.new_letter": of_advice(Role.ADVISER, what="case", suffix="/letters/new/closing"),
    "advice.own_calendar": roles(Role.ADVISER),
    "advice.review": of_advice(*ADVISERS, what="review"),
    "advice.review_case": of_advice(Role.MANAGER, what="case", suffix="/review"),
    "advice.review_done": of_advice(Role.MANAGER, what="review", suffix="/done"),
    "advice.reviews": roles(Role.MANAGER),
    "advice.reopen_case": of_advice(Role.ADVISER, what="case", suffix="/reopen"),
    "advice.called_back": of_advice(Role.ADVISER, suffix="/called-back"),
    "advice.contact": of_advice(*ADVISERS),
    "advice.contacts": roles(*ADVISERS),
    "advice.draft": of_more("draft", "/desk/advice/drafts", "", Role.ADVISER),
    "advice.export_contacts": roles(*ADVISERS),
    "advice.home": roles(*ADVISERS),
    "advice.log": roles(Role.ADVISER),
    "advice.offline": roles(Role.ADVISER),
    "advice.offline_script": roles(Role.ADVISER),
    "advice.rates_checked": roles(*ADVISERS),
    "advice.log_sent": roles(Role.ADVISER),
    "advice.throw_draft_away": of_more("draft", "/desk/advice/drafts", "/throw-away", Role.ADVISER),
    "advice.change_duty": of_advice(*ADVISERS, what="duty"),
    "advice.group": of_advice(*ADVISERS, what="group"),
    "advice.groups": roles(*ADVISERS),
    "advice.new_group": roles(*ADVISERS),
    "advice.new_template": roles(Role.MANAGER),
    "advice.note_call": of_advice(Role.ADVISER, what="session", suffix="/calls"),
    "advice.put_on": of_advice(*ADVISERS, what="session", suffix="/duties"),
    "advice.rota": roles(*ADVISERS),
    "advice.take_call_back": of_advice(Role.ADVISER, what="call", suffix="/take-back"),
    "advice.take_session_out": of_advice(Role.MANAGER, what="session", suffix="/take-out"),
    "advice.template": of_advice(Role.MANAGER, what="template"),
    "advice.templates": roles(Role.MANAGER),
    "advice.use_template": of_advice(Role.MANAGER, what="template", suffix="/use"),
    "advice.call_next": of_advice(Role.ADVISER, what="session", suffix="/next"),
    "advice.close_session": of_advice(*ADVISERS, what="session", suffix="/close"),
    "advice.queue": of_advice(*AT_DESK, what="session", suffix="/queue"),
    "advice.join_queue": of_advice(*AT_DESK, what="session", suffix="/queue"),
    "advice.move_on": of_advice(*AT_DESK, what="queue"),
    "advice.new_session": roles(*ADVISERS),
    "advice.session_desk": of_advice(*AT_DESK, what="session"),
    "advice.sessions": roles(*AT_DESK),
    "advice.front_desk": roles(*AT_DESK),
    "advice.appointments": roles(*ADVISERS),
    "advice.offer_times": roles(Role.ADVISER),
    "advice.choose_time": roles(Role.ADVISER, own=_moving("of_hub")),
    "advice.book_time": roles(Role.ADVISER, own=_moving("of_hub")),
    "advice.appointment": of_advice(*ADVISERS, what="appointment"),
    "advice.change_appointment": of_advice(*ADVISERS, what="appointment"),
    "advice.one_time": of_advice(*ADVISERS, what="time"),
    "advice.take_time_out": of_advice(*ADVISERS, what="time"),
    "advice.check_in": of_advice(*AT_DESK, what="check-in"),
    "advice.tick_date": of_advice(Role.ADVISER, what="date"),
    "advice.tick_step": of_advice(Role.ADVISER, what="step"),
    # referrals
    "referrals.close_pathway": of_pathway("/close"),
    "referrals.edit_pathway": of_pathway(),
    "referrals.open_pathway": of_pathway("/open"),
    "referrals.pathways": roles(Role.MANAGER),
    "referrals.take_over": roles(Role.MANAGER),
    "referrals.acknowledge": of_referral(*RECEIVING, suffix="/acknowledge"),
    "referrals.act": of_referral(*REFERRING, Role.MANAGER, suffix="/do/rubbish"),
    "referrals.answer_by_link": PUBLIC,
    "referrals.check": of_referral(*REFERRING, suffix="/check"),
    "referrals.choose_pathway": roles(*REFERRING),
    "referrals.choose_person": for_person(),
    "referrals.edit": of_referral(*REFERRING, suffix="/edit"),
    "referrals.do_several": roles(*REFERRING, Role.MANAGER),
    "referrals.export": roles(*REFERRING, Role.MANAGER),
    "referrals.letter": of_more("letter", "/desk/referrals/letters", "", *REFERRING),
    "referrals.letters": roles(*REFERRING),
    "referrals.lists": roles(*REFERRING, Role.MANAGER),
    "referrals.manager": roles(Role.MANAGER),
    "referrals.word_letter": of_referral(*REFERRING, Role.MANAGER, suffix=f"/messages/{NO_ID}"),
    "referrals.letter_by_link": PUBLIC,
    "referrals.person_letter": of_referral(*RECEIVING, Role.MANAGER, suffix="/letter"),
    "referrals.own_answer": PUBLIC,
    "referrals.own_message": PUBLIC,
    "referrals.own_pathways": PUBLIC,
    "referrals.own_request": PUBLIC,
    "referrals.own_status": PUBLIC,
    "referrals.own_withdraw": PUBLIC,
    "referrals.show": of_referral(*REFERRING, Role.MANAGER),
    "referrals.task_done": of_more("task", "/desk/referrals/tasks", "/done", *REFERRING, Role.MANAGER),
    "referrals.tasks": roles(*REFERRING, Role.MANAGER),
    "referrals.use_listing": roles(*REFERRING, own=lambda world: f"/desk/referrals/new/listing/{world.service}"),
    "referrals.write": for_person("/write"),
    "people.undo": roles(Role.HUB, own=lambda world: f"/desk/people/merges/{world.more_of_hub['merge']}/undo"),
    # a person's own page
    "me.accept": PUBLIC,
    "me.answer_now": of_own_record("/doing/answer"),
    "me.ask": of_own_record("/ask"),
    "me.plan": Row(Visitors.PERSON, other=lambda world: f"/me/bookings/{world.programme_of_hub.booking}/plan"),
    "me.plan_goal": Row(
        Visitors.PERSON, other=lambda world: f"/me/bookings/{world.programme_of_hub.booking}/plan/goals/{NO_ID}"
    ),
    "me.booking": Row(Visitors.PERSON, other=lambda world: f"/me/bookings/{world.programme_of_hub.booking}"),
    "me.choose_own": of_own_record("/doing/choose"),
    "me.claim": PERSON,
    "me.contact": of_own_record("/contact"),
    "me.doing": of_own_record("/doing"),
    "me.end_own": of_own_record("/doing/end"),
    "me.copy": of_own_record(f"/copies/{NO_ID}"),
    "me.equality": of_own_record("/equality"),
    "me.home": PERSON,
    "me.leave": of_own_record("/leave"),
    "me.looks": of_own_record("/looks"),
    "me.message": of_own_record(f"/messages/{NO_ID}"),
    "me.own_goals": of_own_record("/doing/goals"),
    "me.permission": of_own_record("/permissions/share-referral"),
    "me.record": of_own_record(),
    "me.timeline": of_own_record("/timeline"),
    # courses and groups
    "booking.feed": PUBLIC,
    "booking.book_for": of_places("/book"),
    "booking.book_for_person": of_person(*WORKERS, suffix=f"/book/{NO_ID}"),
    "booking.calls": roles(*RUNNERS),
    "booking.certificate_for_staff": roles(
        *RUNNERS,
        other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}/certificate",
    ),
    "booking.choose_for_person": of_person(*WORKERS, suffix="/book"),
    "booking.cancel_run": of_run("/cancel"),
    "booking.cancel_session": of_session("/cancel"),
    "booking.complete_run": of_run("/complete"),
    "booking.take_completion_back": roles(
        *RUNNERS,
        other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}/not-completed",
    ),
    "booking.finish_call": of_more("call", "/desk/programme/calls", "", *RUNNERS),
    "booking.plan": roles(
        *RUNNERS, Role.MANAGER, other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}/plan"
    ),
    "booking.plan_goal": roles(
        *RUNNERS,
        Role.MANAGER,
        other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}/plan/goals/{NO_ID}",
    ),
    "booking.plan_talk": roles(
        *RUNNERS,
        Role.MANAGER,
        other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}/plan/talks/{NO_ID}",
    ),
    "booking.plans_due": roles(*RUNNERS, Role.MANAGER),
    "booking.invited": PUBLIC,
    "booking.invitations": roles(
        *RUNNERS, other=lambda world: f"/desk/programme/runs/{world.programme_elsewhere.run}/invitations"
    ),
    "booking.take_invitation_back": roles(*RUNNERS),
    "booking.keep_places": of_places("/keep"),
    "booking.open_places": of_places("/open"),
    "booking.fewer_places": of_places("/fewer"),
    "booking.keep_register": of_session("/register"),
    "booking.meet_need": of_more("need", "/desk/programme/needs", "", *RUNNERS),
    "booking.move_session": of_session("/move"),
    "booking.needs": roles(*RUNNERS),
    "booking.new_run": roles(*RUNNERS),
    "booking.of_person": of_person(*READERS, suffix=f"/bookings/{NO_ID}"),
    "booking.one_booking": roles(
        *RUNNERS,
        own=lambda world: f"/desk/programme/bookings/{world.programme_of_hub.booking}",
        other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}",
    ),
    "booking.programme_list": roles(*RUNNERS),
    "booking.publish_run": of_run("/publish"),
    "booking.register": of_session("/register"),
    "booking.run": of_run(),
    "booking.set_places": of_places(),
    "booking.set_up": roles(*RUNNERS),
    "booking.set_up_person": of_more("facilitator", "/desk/programme/set-up/person", "", *RUNNERS),
    "booking.set_up_room": of_more("room", "/desk/programme/set-up/room", "", *RUNNERS),
    "booking.set_up_term": of_more("term", "/desk/programme/set-up/term", "", *RUNNERS),
    "booking.person_leaves": of_more("facilitator", "/desk/programme/set-up/person", "/leaves", *RUNNERS),
    "booking.move_run": of_run("/dates"),
    "booking.tell_run": of_run("/tell"),
    "booking.run_terms": of_run("/terms"),
    "booking.course_words": of_run("/words"),
    "booking.leads": of_session("/leads"),
    "booking.lead": of_more("lead", "/desk/programme/leads", "", *RUNNERS),
    "booking.cover": of_more("lead", "/desk/programme/leads", "/cover", *RUNNERS),
    # outcomes
    "outcomes.alert": of_outcome("alerts", "alert"),
    "outcomes.alerts": roles(*READERS),
    "outcomes.as_csv": of_person(*READERS, suffix="/outcomes.csv"),
    "outcomes.ask_now": of_person(*WORKERS, suffix="/outcomes/ask"),
    "outcomes.batch": roles(*WORKERS),
    "outcomes.called": of_outcome("occasions", "occasion", "/called"),
    "outcomes.choose_measure": of_person(*WORKERS, suffix="/outcomes/choose"),
    "outcomes.duty_desk": roles(*KEEPERS),
    "outcomes.end_follow_ups": of_outcome("plans", "plan", "/end"),
    "outcomes.end_measure": of_person(*WORKERS, suffix="/outcomes/rubbish/end"),
    "outcomes.enter": of_person(*WORKERS, suffix="/outcomes/enter"),
    "outcomes.entered": of_outcome("forms", "form", "/entered"),
    "outcomes.fill_in": of_outcome("forms", "form"),
    "outcomes.fill_in_new": of_person(*WORKERS, suffix="/outcomes/ucla-3/enter/6b1f1c7e-0000-4000-8000-000000000001"),
    "outcomes.follow_ups": roles(*READERS),
    "outcomes.form_file": of_outcome("forms", "form", ".json"),
    "outcomes.group": roles(Role.MANAGER, Role.COMMISSIONER),
    "outcomes.group_file": roles(Role.MANAGER, Role.COMMISSIONER),
    "outcomes.response_board": roles(Role.MANAGER, Role.COMMISSIONER),
    "outcomes.goals": of_person(*WORKERS, suffix="/outcomes/goals"),
    "outcomes.hand_over": PUBLIC,
    "outcomes.hold_follow_ups": of_outcome("plans", "plan", "/hold"),
    "outcomes.load_words": roles(*KEEPERS),
    "outcomes.move_occasion": of_outcome("occasions", "occasion", "/move"),
    "outcomes.on_paper": of_person(*WORKERS, suffix="/outcomes/ucla-3/paper"),
    "outcomes.one_occasion": of_outcome("occasions", "occasion"),
    "outcomes.outside": of_person(*WORKERS, suffix="/outcomes/outside"),
    "outcomes.over_time": of_person(*READERS, suffix="/outcomes/rubbish"),
    "outcomes.overview": of_person(*READERS, suffix="/outcomes"),
    "outcomes.plan_follow_ups": of_person(*WORKERS, suffix="/outcomes/plan"),
    "outcomes.reopen_occasion": of_outcome("occasions", "occasion", "/reopen"),
    "outcomes.reply": PUBLIC,
    "outcomes.reply_all": PUBLIC,
    "outcomes.reply_answer": PUBLIC,
    "outcomes.reply_finish": PUBLIC,
    "outcomes.reply_fresh": PUBLIC,
    "outcomes.reply_help": PUBLIC,
    "outcomes.reply_not_me": PUBLIC,
    "outcomes.reply_question": PUBLIC,
    "outcomes.reply_stop": PUBLIC,
    "outcomes.reply_thanks": PUBLIC,
    "outcomes.send_again": of_outcome("occasions", "occasion", "/again"),
    "outcomes.wrong_number": of_outcome("occasions", "occasion", "/wrong-number"),
    "outcomes.schedule": roles(*KEEPERS, own=lambda _world: "/desk/outcomes/settings/schedules/support"),
    "outcomes.settings": roles(*KEEPERS),
    "outcomes.tablet": of_outcome("occasions", "occasion", "/tablet"),
    "outcomes.take_alert": of_outcome("alerts", "alert", "/take"),
    "outcomes.withdraw_words": roles(
        *KEEPERS,
        own=lambda world: f"/desk/outcomes/settings/words/{world.pack_of_hub}/withdraw",
        other=lambda world: f"/desk/outcomes/settings/words/{world.pack_elsewhere}/withdraw",
    ),
    # messages
    "notifications.notify_receipt": BY_TOKEN,
    # the desk
    "desk.home": ANY_ROLE,
    "desk.left_places": roles(Role.ADMINISTRATOR, Role.PRIVACY_OFFICER),
    "desk.look_after_place": roles(ADMINISTRATOR),
    "desk.messages": roles(Role.ADMINISTRATOR, Role.MANAGER, Role.PRIVACY_OFFICER),
    "reporting.report": roles(Role.MANAGER, Role.COMMISSIONER, own=lambda _world: "/desk/reports/advice"),
    "reporting.report_csv": roles(Role.MANAGER, Role.COMMISSIONER, own=lambda _world: "/desk/reports/advice/csv"),
    "desk.unmet_needs": roles(Role.DIRECTORY_EDITOR, Role.MANAGER, Role.COMMISSIONER),
    # programs
    "api.metrics": BY_TOKEN,
} | dict.fromkeys(
    [
        *(f"api.{name}" for name in ("api_search", "api_suggest", "healthz", "openapi", "readyz")),
        *(
            f"booking.{name}"
            for name in (
                "accept calendar_file certificate change code details devices find give_up manage programme_feed "
                "prospectus say_needs start take_device_off wait"
            ).split()
        ),
        *(
            f"library.{name}"
            for name in (
                "accessibility add_to_list choose_language collection cookies courses empty_list groups help_now home "
                "not_found notices opensearch organization privacy remove_from_list report robots search security_txt "
                "service shared_list shortlist sitemap sitemap_pages sitemap_services suggest topic topics"
            ).split()
        ),
        *(
            f"open_referral.{name}"
            for name in (
                "about organization organizations service service_at_location service_at_locations services taxonomies "
                "taxonomy taxonomy_term taxonomy_terms"
            ).split()
        ),
    ],
    PUBLIC,
)
