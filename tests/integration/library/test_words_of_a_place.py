"""What a search says of a place says nothing of the person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.directory.codes import Gender
from seed.reference import sectors
from tests import factories
from tests.integration.library.conftest import Ask


@pytest.mark.parametrize("typed", ["domestic abuse M33", "domestic abuse near M33"])
@pytest.mark.usefixtures("topics")
def test_a_postcode_of_manchester_is_no_man_of_that_age(
    session: Session, take_in: Callable[[], int], ask: Ask, typed: str
) -> None:
    sectors.load(session)
    factories.service(session, name="Safe house", description="A refuge from domestic abuse.", gender=Gender.WOMEN)
    factories.service(session, name="Advice shop", description="Advice on money, and on domestic abuse.")
    session.commit()
    take_in()
    found = ask(typed)
    assert found.point is not None
    assert [hit.service.name for hit in found.hits] == ["Safe house", "Advice shop"]
