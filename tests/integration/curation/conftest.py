"""An editor of the directory, and forms that are sent without their page."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.accounts.models import User
from tests.signing_in import a_member


@pytest.fixture(autouse=True)
def _no_forgery_check(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def editor(session: Session) -> User:
    return a_member(session, Role.DIRECTORY_EDITOR, workplace="Directory", email="ruth@directory.example")
