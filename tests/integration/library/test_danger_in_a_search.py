"""What only the model hears as danger shows who to call, and leaves the order of what is found alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.library.engine import engine_of
from app.library.understanding import Understanding, understand
from search_index.lexicon import danger
from search_index.lexicon.danger_model import DangerModel
from tests import factories
from tests.integration.library.conftest import Ask

NOT_LISTED = "she keeps going to the railway line and standing there"


@pytest.mark.usefixtures("topics")
def test_danger_is_heard_in_words_that_are_misspelt(
    app: Flask, session: Session, take_in: Callable[[], int], ask: Ask
) -> None:
    factories.service(session, name="Safe house", description="Refuge from violence at home.")
    session.commit()
    take_in()
    found = ask("vilence at home")
    assert (found.corrected, found.crisis) == ("violence at home", {"abuse"})


@pytest.mark.usefixtures("topics")
def test_a_guess_at_danger_moves_no_topic(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def understood(text: str) -> Understanding:
        return understand(text, session=session, snapshot=None, engine=engine_of(app))

    assert danger(NOT_LISTED) == frozenset()
    guessed, listed = understood(NOT_LISTED), understood("i want to die")
    assert (guessed.danger, guessed.named_danger) == ({"suicide"}, set())
    assert listed.named_danger == {"suicide"}
    assert listed.topics["crisis"] >= 0.5
    monkeypatch.setattr(DangerModel, "kinds", lambda *_: frozenset())
    assert understood(NOT_LISTED).danger == frozenset()
    assert understood(NOT_LISTED).topics == guessed.topics
    assert understood("i want to die").topics == listed.topics
