"""Who may say what in a learning plan: how far somebody is on the way to helping, and what is put right."""

from __future__ import annotations

from app.booking.codes import Party, PathStage


def may_step(after: PathStage | None, by: Party) -> bool:
    """A person says that they would like to, or no longer; the rest of the way those who train them say."""
    return by is not Party.PERSON or after in {None, PathStage.INTERESTED}


def may_correct_talk(*, is_own: bool, writer_left: bool, is_manager: bool) -> bool:
    """Whoever wrote a talk down puts it right; once they have left, a manager of the place does."""
    return is_own or (writer_left and is_manager)


def may_correct_goal(written_by: Party, by: Party) -> bool:
    """The plan is the person's, and every goal in it; those who teach them put right what they wrote themselves."""
    return by in {Party.PERSON, written_by}
