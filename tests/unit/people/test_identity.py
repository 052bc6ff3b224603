"""NHS numbers, ages, and matching that gives nothing away."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.people.codes import ETHNIC_CATEGORIES, UK_CORE_CHANNELS, AgeBand, ContactChannel, Ethnicity
from app.people.rules.ages import age_band, age_on
from app.people.rules.matching import Match, MatchKeys, likely_match, match_keys, name_parts
from app.people.rules.nhs_number import has_right_check_digit, nhs_number, shown

SECRET = b"of this installation"
BORN = date(1980, 2, 3)


@pytest.mark.parametrize(
    "text", ["943 476 5919", "654-100-3238", "6716689966", " 999 000 0018 ", "943\u00a0476\u20135919"]
)
def test_right_numbers(text: str) -> None:
    digits = nhs_number(text)
    assert digits.isdigit()
    assert nhs_number(shown(digits)) == digits


def test_a_number_is_shown_in_threes() -> None:
    assert shown(nhs_number("9434765919")) == "943 476 5919"


@pytest.mark.parametrize(
    "text", ["000 000 0001", "", "943 476 591", "943 476 59190", "943476591X", "٩٤٣٤٧٦٥٩١٩", "0000000000", "1111111111"]
)
def test_wrong_numbers(text: str) -> None:
    with pytest.raises(InvalidInput):
        nhs_number(text)


@given(st.integers(0, 999_999_999).map("{:09}".format))
def test_at_most_one_check_digit_is_right_and_none_where_it_would_be_ten(nine: str) -> None:
    right = [digit for digit in "0123456789" if has_right_check_digit(nine + digit)]
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(nine))
    called_for = {0: [0], 10: [1]}.get(total % 11, [11 - total % 11])
    assert right == ([] if called_for == [10] else [str(called_for[0])])


@given(st.sampled_from(["9434765919", "6541003238", "6716689966"]), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, by: int) -> None:
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert not has_right_check_digit(wrong)


@pytest.mark.parametrize(
    ("born", "day", "band"),
    [
        (None, "2026-05-01", AgeBand.UNKNOWN),
        ("2026-05-01", "2026-05-01", AgeBand.UNDER_18),
        ("2008-05-02", "2026-05-01", AgeBand.UNDER_18),
        ("2008-05-01", "2026-05-01", AgeBand.FROM_18),
        ("2006-05-01", "2026-05-01", AgeBand.FROM_20),
        ("1967-05-02", "2026-05-01", AgeBand.FROM_55),
        ("1936-05-01", "2026-05-01", AgeBand.FROM_90),
        ("1910-05-01", "2026-05-01", AgeBand.FROM_90),
        ("2008-02-29", "2026-02-28", AgeBand.UNDER_18),
        ("2008-02-29", "2026-03-01", AgeBand.FROM_18),
    ],
)
def test_age_bands(born: str | None, day: str, band: AgeBand) -> None:
    assert age_band(date.fromisoformat(born) if born else None, date.fromisoformat(day)) is band


@given(st.integers(18, 110))
def test_every_age_is_in_the_band_that_names_it(age: int) -> None:
    band = age_band(date(2026 - age, 1, 1), date(2026, 1, 1))
    low, _, high = band.value.partition("-")
    assert int(low) <= age <= (int(high) if high.isdigit() else 200)


def test_nobody_is_born_tomorrow() -> None:
    with pytest.raises(InvalidInput):
        age_on(date(2026, 5, 2), date(2026, 5, 1))


def test_ethnic_categories() -> None:
    assert set(ETHNIC_CATEGORIES) == set(Ethnicity)
    assert len(set(Ethnicity) - {Ethnicity.PREFER_NOT_TO_SAY, Ethnicity.NOT_KNOWN}) == 19
    assert set(ETHNIC_CATEGORIES.values()) == set("ABCDEFGHJKLMNPRSZ") | {"99"}
    assert ETHNIC_CATEGORIES[Ethnicity.ROMA] == ETHNIC_CATEGORIES[Ethnicity.GYPSY_OR_IRISH_TRAVELLER] == "C"
    assert ETHNIC_CATEGORIES[Ethnicity.ARAB] == "S"
    assert ETHNIC_CATEGORIES[Ethnicity.CHINESE] == "R"


def test_every_channel_has_its_code() -> None:
    assert set(UK_CORE_CHANNELS) == set(ContactChannel)
    assert sorted(UK_CORE_CHANNELS.values()) == list("12345679")


def keys(name: str, born: date | None = BORN, number: str | None = None) -> MatchKeys:
    return match_keys(SECRET, name=name, born=born, nhs_number=number)


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        (keys("Zoë O’Hara"), keys("OHARA, Zoe"), Match.SAME_NAME_AND_BIRTH),
        (keys("Mrs Łucja Nowak-Wójcik"), keys("lucja nowak wojcik"), Match.SAME_NAME_AND_BIRTH),
        (keys("Robert Vane"), keys("Bob Vane"), Match.ONE_NAME_AND_BIRTH),
        (keys("Robert Vane"), keys("Robert Vane", date(1980, 3, 2)), None),
        (keys("Robert Vane", None), keys("Robert Vane", None), None),
        (keys("Ann Bell", None, "9434765919"), keys("Nan Ball", BORN, "9434765919"), Match.SAME_NHS_NUMBER),
        (keys("Ann Bell", number="9434765919"), keys("Ann Bell", number="6541003238"), Match.ONE_NAME_AND_BIRTH),
        (keys("Ann Bell", number="9434765919"), keys("Joan Bell", number="6541003238"), None),
        (keys("Ann Bell", number="9434765919"), keys("Ann Bell"), Match.SAME_NAME_AND_BIRTH),
        (keys(""), keys(""), None),
    ],
)
def test_likely_duplicates(one: MatchKeys, other: MatchKeys, match: Match | None) -> None:
    assert likely_match(one, other) is match
    assert likely_match(other, one) is match


def test_keys_give_nothing_away() -> None:
    given_keys = keys("Zoe Hara", number="9434765919")
    said = repr(given_keys).casefold()
    assert not any(word in said for word in ("zoe", "hara", "1980", "9434765919"))
    other_house = match_keys(b"another", name="Zoe Hara", born=BORN, nhs_number="9434765919")
    assert likely_match(given_keys, other_house) is None


@given(st.text(max_size=40))
@example("𝐀nn")
@example("ŁŃİß ŉ ＇x")
def test_any_name_can_be_folded_twice(name: str) -> None:
    assert name_parts(" ".join(sorted(name_parts(name)))) == name_parts(name)
