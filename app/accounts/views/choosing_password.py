"""Choosing a password: what is said of one that is not taken."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.accounts.forms import NewPasswordForm
from app.accounts.password_rules import Problem, problem_with
from app.accounts.passwords import PasswordHash, hash_password
from app.web.database import nothing_held


def chosen_password(form: NewPasswordForm, about: Iterable[str]) -> PasswordHash | None:
    """What to keep of the form's new password, if it will do; if not, the form says why.

    It takes a while, so no transaction stays open: whatever was read before must be read again.
    """
    typed, known = form.new_password.data or "", list(about)
    with nothing_held():
        problem = problem_with(typed, known)
        if problem is None:
            return hash_password(typed)
    form.new_password.errors = [_words(problem)]
    return None


def _words(problem: Problem) -> str:
    return {
        Problem.SHORT: _("Use at least 12 characters. 15 or more is better: three or four words make a good password."),
        Problem.LONG: _("Use 128 characters or fewer."),
        Problem.COMMON: _("Many people use this password. Choose another one."),
        Problem.ABOUT_YOU: _("This is mostly your name, your workplace or ours. Choose words that nobody would guess."),
        Problem.GUESSABLE: _(
            "This is too easy to guess. Try three or four words that have nothing to do with each other."
        ),
    }[problem]
