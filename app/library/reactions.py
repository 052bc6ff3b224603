"""What the library makes of what happens below it: the ledger of unmet needs hears from signposts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.events import on
from app.library import ledger
from app.library.codes import LedgerSource
from app.referrals.signposts.announcements import NeedWasUnmet, UnmetNeedWithdrawn


@on(NeedWasUnmet)
def count_unmet_need(session: Session, event: NeedWasUnmet) -> None:
    """Somebody was sent somewhere and did not get the help."""
    ledger.record(session, topic=event.topic, district=event.district, source=LedgerSource.SIGNPOST)


@on(UnmetNeedWithdrawn)
def take_back_unmet_need(session: Session, event: UnmetNeedWithdrawn) -> None:
    """They say now that it was otherwise."""
    ledger.take_back(session, week=event.week, topic=event.topic, district=event.district, source=LedgerSource.SIGNPOST)
