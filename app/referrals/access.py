"""Who may enter the pages of referrals; which referrals they find there, `scope` says."""

from __future__ import annotations

from app.accounts.access import staff
from app.accounts.codes import Role
from app.referrals.parties import RECEIVING, REFERRING

REFERRER = staff(*REFERRING)
TEAM = staff(*RECEIVING, Role.MANAGER)
EITHER = staff(*REFERRING, Role.MANAGER)
MANAGER = staff(Role.MANAGER)
