"""What can go wrong with a provider, by a code that pages, logs and the audit trail name it by."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why nobody was signed in."""

    NOT_BEGUN = "not_begun"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    MISCONFIGURED = "misconfigured"
    CODE_REFUSED = "code_refused"
    WRONG_PROVIDER = "wrong_provider"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a reason, not a token
    TOO_WEAK = "too_weak"
    UNKNOWN = "unknown"
    TAKEN = "taken"
    SOMEBODY_ELSE = "somebody_else"


class ProviderProblem(Exception):
    """A visit to a provider that came to nothing. `detail` is for the log: never a token, a name or a subject."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
