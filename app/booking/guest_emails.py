"""What whoever is invited is written: the link, and once what becomes of the dates while they have not booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.discretion import gives_away, quiet_place
from app.booking.emails import SAMPLE_LINE, Line
from app.booking.hearing import STAMP, key_of_change, untold_since
from app.booking.models import BookableSession, Run, RunInvitation
from app.booking.operations.inviting import link_again
from app.booking.queries.inviting import open_guests
from app.booking.queries.programme import dates_to_come, sessions_of_run
from app.booking.reach import verdict_on_address
from app.booking.wording import place_words
from app.core import clock
from app.notifications.about import About
from app.notifications.codes import Channel, MessageState
from app.notifications.kinds import BOTH, MessageKind, register
from app.notifications.models import Message
from app.notifications.operations import Draft, cancel, send
from app.notifications.rendering import address_of, render_message
from app.notifications.stopping import Drop, Verdict, before_sending

ABOUT = "run_invitation"
REPLACED = "changed again"


def _sample() -> Mapping[str, object]:
    return {
        "name": "Sam",
        "title": "",
        "lines": [SAMPLE_LINE],
        "until": SAMPLE_LINE.starts_at,
        "address": address_of("booking.invited", token="a-sample"),  # noqa: S106 - a sample
        "why": "",
        "whole": False,
        "rest": True,
    }


def _kind(name: str, title: object) -> MessageKind:
    return register(MessageKind(name=f"booking.{name}", title=str(title), channels=BOTH, sample=_sample, secret=True))


INVITED = _kind("invited", _("An invitation to something that can be booked"))
DATES = _kind("invited_dates", _("What somebody is invited to has other dates, or is cancelled"))


def tell_invited(session: Session, invitation: RunInvitation, token: str) -> None:
    """Write to whoever is invited; what it is is left out where its name gives them away."""
    if invitation.address is not None:
        _invite(session, invitation, address_of("booking.invited", token=token), _key(invitation))


def tell_of_dates(session: Session, run: Run, dates: Sequence[BookableSession]) -> None:
    """These dates moved or are called off: once to each who is invited and has not booked.

    What has not left yet goes with it: a link is sent with the dates of now, and of what is called off as a whole
    nobody hears who has not heard that they were invited.
    """
    if not dates:
        return
    is_over = run.cancelled_at is not None or not dates_to_come(session, run.id)
    changed_at = max(one.changed_at for one in dates)
    for guest in open_guests(session, run.id):
        if guest.address is None:
            continue
        keys, unheard = f"{_key(guest)}:dates:", _is_unheard(session, guest)
        since = untold_since(session, keys)
        cancel(session, dedupe_prefix=_key(guest), reason=REPLACED)
        if not unheard:
            key = key_of_change(keys, changed_at, since)
            _tell(session, guest, _changed(session, run, dates, since), key, whole=is_over)
        elif not is_over:
            _invite(session, guest, _page_of(session, guest), f"{_key(guest)}:anew:{changed_at:{STAMP}}")


def guests_who_hear(session: Session, run_id: UUID) -> list[RunInvitation]:
    """Whom staff are told of when dates change: not of who gets the link only then, with the dates of now.

    Whether the address is safe counts as it leaves and shows nowhere: whose record it stands in is not the place's
    business.
    """
    return [one for one in open_guests(session, run_id) if not _is_unheard(session, one)]


def _key(invitation: RunInvitation) -> str:
    return f"invited:{invitation.id}"


def _is_unheard(session: Session, invitation: RunInvitation) -> bool:
    """Whether the link itself has not left, and perhaps never does."""
    wanted = select(Message.state).where(Message.kind == INVITED.name, Message.subject_id == invitation.id)
    states = set(session.scalars(wanted.order_by(Message.id)))
    return bool(states) and states <= {MessageState.QUEUED, MessageState.HELD, MessageState.CANCELLED}


def _changed(
    session: Session, run: Run, dates: Sequence[BookableSession], since: datetime | None
) -> list[BookableSession]:
    """Of which dates to tell: those that changed, with what they have not heard of before."""
    known = [one for one in sessions_of_run(session, run.id) if one.starts_at > clock.now()]
    return [one for one in known if one in dates or (since is not None and one.changed_at >= since)]


def _tell(session: Session, guest: RunInvitation, changed: Sequence[BookableSession], key: str, *, whole: bool) -> None:
    off = [one for one in changed if one.cancelled_at is not None]
    rest = bool({one.id for one in dates_to_come(session, guest.run_id)} - {one.id for one in changed})
    why = (guest.run.cancel_reason or "") if whole and guest.run.cancelled_at else off[0].cancel_reason if off else ""
    values = {
        "lines": _lines(guest, changed),
        "whole": whole,
        "rest": rest,
        "why": why or "",
        "address": address_of("booking.prospectus") if whole else _page_of(session, guest),
    }
    _send(session, guest, DATES, key, values, expires_at=None if whole else guest.expires_at)


def _invite(session: Session, guest: RunInvitation, address: str, key: str) -> None:
    coming = [one for one in sessions_of_run(session, guest.run_id) if one.ends_at > clock.now()]
    first = [one for one in coming if one.cancelled_at is None][:1]
    _send(
        session, guest, INVITED, key, {"lines": _lines(guest, first), "address": address}, expires_at=guest.expires_at
    )


def _send(
    session: Session,
    guest: RunInvitation,
    kind: MessageKind,
    key: str,
    values: Mapping[str, object],
    *,
    expires_at: datetime | None,
) -> None:
    if guest.address is None:
        return
    name = guest.run.course.name
    told = {"name": guest.name, "title": "" if gives_away(name) else name, "until": guest.expires_at}
    channel = Channel.EMAIL if "@" in guest.address else Channel.SMS
    words = render_message(kind.name, "en", by=channel, **told, **values)
    about = About(type=ABOUT, id=guest.id)
    send(session, Draft(words=words, dedupe_key=key, recipient=guest.address, about=about, expires_at=expires_at))


def _lines(guest: RunInvitation, dates: Sequence[BookableSession]) -> list[Line]:
    is_quiet = gives_away(guest.run.course.name)
    return [
        Line(
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            place=quiet_place(place_words(one.room)) if is_quiet else place_words(one.room),
            cancelled=one.cancelled_at is not None,
        )
        for one in dates
    ]


def _page_of(session: Session, guest: RunInvitation) -> str:
    return address_of("booking.invited", token=link_again(session, guest))


@before_sending(INVITED.name)
def _still_invited(session: Session, message: Message) -> Verdict:
    """Nobody is sent a link that was taken back, or is written to against their will."""
    guest = session.get(RunInvitation, message.subject_id) if message.subject_id else None
    if guest is not None and (guest.revoked_at is not None or guest.run.cancelled_at is not None):
        return Drop("taken back")
    return verdict_on_address(session, message.recipient)


@before_sending(DATES.name)
def _still_open(session: Session, message: Message) -> Verdict:
    """Whoever has booked since then has read the dates with that, and of what is taken back there is nothing to say."""
    guest = session.get(RunInvitation, message.subject_id) if message.subject_id else None
    if guest is not None and not open_guests(session, guest.run_id, guest.id):
        return Drop("booked or over")
    return verdict_on_address(session, message.recipient)
