"""The activity of an advice service as a report: every table with its definition, small numbers gone.

The rows in `rows` are those of the commissioners' documents (H: Hammersmith and Fulham 2017, R: rehabilitation and
recovery specification). None of them sets a threshold for these figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.advice.codes import Achieved, MoneyKind, MoneyStatus, ResultKind
from app.advice.issue_tree import issue_tree
from app.advice.labels import ACHIEVED, CHANNELS, MONEY_KINDS, MONEY_STATUSES, PLACES, RESULT_KINDS
from app.core import clock
from app.core.actor import Actor
from app.core.small_numbers import is_small, shown, told_share
from app.people.codes import Ethnicity
from app.people.equality_form import CODES
from app.people.queries import name_of_organization
from app.reporting.queries import advice as counts
from app.reporting.queries import results
from app.reporting.report import Column, Definition, Line, Of, Report, Row, Table, tabled
from app.reporting.rules.periods import Period

CONTACTS, CLIENTS = Column(_("Contacts")), Column(_("Clients"), Of.PEOPLE)
NUMBER = Column(_("Number"))
NOT_KNOWN = _("Not known")
AGES = ((0, _("Under 18")), (18, "18-24"), (25, "25-34"), (35, "35-44"), (45, "45-54"), (55, "55-64"),
        (65, "65-74"), (75, _("75 and over")))  # fmt: skip
# The five groups of the census of England and Wales 2021.
ETHNIC_GROUPS: tuple[tuple[LazyString, frozenset[Ethnicity]], ...] = (
    (_("Asian or Asian British"), frozenset({Ethnicity.BANGLADESHI, Ethnicity.CHINESE, Ethnicity.INDIAN,
                                             Ethnicity.PAKISTANI, Ethnicity.OTHER_ASIAN})),
    (_("Black or Black British"), frozenset({Ethnicity.AFRICAN, Ethnicity.CARIBBEAN, Ethnicity.OTHER_BLACK})),
    (_("Mixed"), frozenset({Ethnicity.WHITE_AND_ASIAN, Ethnicity.WHITE_AND_BLACK_AFRICAN,
                            Ethnicity.WHITE_AND_BLACK_CARIBBEAN, Ethnicity.OTHER_MIXED})),
    (_("White"), frozenset({Ethnicity.BRITISH, Ethnicity.IRISH, Ethnicity.GYPSY_OR_IRISH_TRAVELLER, Ethnicity.ROMA,
                            Ethnicity.OTHER_WHITE})),
    (_("Arab or another group"), frozenset({Ethnicity.ARAB, Ethnicity.OTHER})),
    (_("Would rather not say"), frozenset({Ethnicity.PREFER_NOT_TO_SAY})),
)  # fmt: skip

HEADLINE = Definition(
    "activity",
    1,
    _("Clients and contacts"),
    _(
        "A contact is one in which the client was reached; attempts are counted apart. A client counts once in the "
        "period, however often they came. Somebody without a name or a number counts as a new client each time. Who "
        "asked not to be counted in reports is left out of everything else."
    ),
    ("H45",),
)
ISSUE = Definition(
    "main-issue",
    1,
    _("By main issue"),
    _("Each contact under its main issue, each client under the main issue of their first contact in the period."),
    ("H25",),
)
ISSUES = Definition(
    "any-issue",
    1,
    _("Every issue raised"),
    _("Contacts in which the issue was raised, main or not. A contact with three issues counts in three lines."),
    ("H25", "H27", "R23"),
)
CHANNEL = Definition(
    "channel",
    1,
    _("By channel"),
    _("Each contact under its channel, each client under the channel of their first contact in the period."),
    ("R12",),
)
PLACE = Definition(
    "place",
    1,
    _("By place"),
    _("Where the adviser was. Each client under the place of their first contact in the period."),
    ("H25",),
)
PRACTICE = Definition(
    "practice",
    1,
    _("By GP practice"),
    _("The practice in the client’s record today. Clients without a record are under “Not known”."),
    ("H25", "R52"),
)
EQUALITY: dict[str, tuple[LazyString, LazyString]] = {
    "sex": (_("By sex"), _("Clients, as they answered.")),
    "gender": (_("By gender"), _("Clients, as they answered. Each includes trans people.")),
    "ethnicity": (_("By ethnic group"), _("Clients, as they answered, in the five groups of the 2021 census.")),
    "disability": (_("By disability"), _("Clients, as they answered: an illness or condition that lasts.")),
    "religion": (_("By religion"), _("Clients, as they answered.")),
    "orientation": (_("By sexual orientation"), _("Clients, as they answered.")),
}
AGE = Definition("age", 1, _("By age"), _("Clients, by their age on the last day of the period."), ("R56",))
SIGNPOSTS = Definition(
    "signposts",
    1,
    _("Signposts and referrals"),
    _(
        "Given or sent by anybody in the organisation in the period. What people said of a service is counted up to "
        "today; who did not answer is not counted as a no."
    ),
    ("H21", "H28", "R64"),
)
APPOINTMENTS = Definition(
    "appointments",
    1,
    _("Appointments"),
    _(
        "Appointments whose time came in the period and that nobody had cancelled. Somebody who came twice counts "
        "twice. A contact was logged where the adviser wrote it down from the appointment."
    ),
)
MONEY = Definition(
    "money",
    1,
    _("Money, by how sure it is"),
    _(
        "What an amount is worth in its first year: weekly times 52, monthly times 12, less where the award ends "
        "sooner. Confirmed money is counted on the day it was confirmed, all other on the day it was noted. The "
        "lines are never added up: what is expected is not gained, and what was refused is not either."
    ),
    ("R40",),
)

RESULTS = Definition(
    "results",
    1,
    _("Other results"),
    _(
        "What cases achieved besides money, on the day on which it was last noted. Each case counts once for each "
        "kind of result. Partly achieved and not achieved stand by themselves; nothing is added up."
    ),
    ("R40", "R41"),
)
FOLLOWED_UP = Definition(
    "followed-up",
    1,
    _("Results that lasted"),
    _(
        "Results of the cases that ended in the period. One is followed up where somebody asked again and noted it on "
        "a later day, up to today. It is confirmed where it was achieved then, at least in part. Where nobody asked "
        "again, nothing is known: it is neither a yes nor a no."
    ),
)

GROUPS = Definition(
    "group-sessions",
    1,
    _("Group sessions, by topic"),
    _(
        "Talks and workshops by the first tier of their topic, and how many people were counted at each. Somebody who "
        "came to two counts twice. They are in no other figure of this report: nobody at them is a client."
    ),
    ("H25",),
    stands_alone=True,
)


def activity(session: Session, actor: Actor, period: Period) -> Report:
    """The report of the actor's organisation; without breakdowns where there were very few clients."""
    contacts = counts.counted(session, actor, period)
    totals = counts.totals(session, actor, period, contacts)
    too_few = is_small(totals.clients) or is_small(totals.contacts)
    enough = totals.contacts > 0 and not too_few
    return Report(
        title=_("Advice: what was done"),
        organization=name_of_organization(session, actor.organization_id) if actor.organization_id else "",
        period=period,
        made_at=clock.now(),
        headline=_headline(totals),
        tables=(*(_tables(session, actor, period, contacts) if enough else ()), *_group_tables(session, actor, period)),
        too_few=too_few,
    )


def _headline(totals: counts.Totals) -> Table:
    """Each line stands by itself, but clients, contacts and hours go together."""
    few = is_small(totals.clients) or is_small(totals.contacts)
    hours = round(totals.minutes / 60)
    lines = [
        (_("Clients"), totals.clients, few, Of.PEOPLE),
        (_("Contacts"), totals.contacts, few, None),
        (_("Hours of contact"), hours, few, None),
        (_("Attempts that did not reach the client"), totals.attempts, is_small(totals.attempts), None),
        (_("Clients left out: they asked not to be counted"), totals.left_out, is_small(totals.left_out), Of.PEOPLE),
    ]
    return Table.of_lines(HEADLINE, NUMBER, (Line(label, (None if hid else n,), of) for label, n, hid, of in lines))


def _tables(session: Session, actor: Actor, period: Period, contacts: Sequence[counts.Counted]) -> Iterable[Table]:
    asked = (session, actor, period)
    yield _issue_table(counts.by_main_issue(contacts))
    yield _issues_table(counts.by_any_issue(*asked))
    yield _both(CHANNEL, ((CHANNELS[key], each) for key, each in counts.by_channel(contacts).items()))
    yield _both(PLACE, ((PLACES[key], each) for key, each in counts.by_place(contacts).items()))
    yield _both(PRACTICE, ((_practice(*key), each) for key, each in counts.by_practice(contacts).items()))
    yield _age_table(counts.by_age(contacts, period))
    for question, found in counts.by_equality(session, contacts).items():
        yield _equality_table(question, found)
    yield from _appointment_tables(counts.appointments(*asked))
    yield _signpost_table(counts.signposted(*asked))
    yield _money_table(counts.money(*asked))
    yield from _result_tables(results.by_result(*asked), results.followed_up(*asked))


def _both(definition: Definition, rows: Iterable[tuple[object, tuple[int, int]]]) -> Table:
    ordered = sorted(rows, key=lambda row: str(row[0]))
    return tabled(definition, (CONTACTS, CLIENTS), [Row(label, values) for label, values in ordered]).largest_first()


def _issue_table(found: Mapping[str, tuple[int, int]]) -> Table:
    labels = {code: issue_tree().label(code) if code else NOT_KNOWN for code in found}
    return _both(ISSUE, ((labels[code], each) for code, each in found.items()))


def _issues_table(found: Mapping[str, tuple[int, int]]) -> Table:
    """In the order of the tree; the lines of one branch are shown beside its sum in the table before."""
    order = [code for code in issue_tree() if code in found] + sorted(set(found) - set(issue_tree()))
    rows = [Row(_label_alone(code), found[code], group=code.partition("/")[0]) for code in order]
    return tabled(ISSUES, (CONTACTS, CLIENTS), rows)


def _label_alone(code: str) -> object:
    """A branch among its twigs is not their sum: it counts where nobody said more."""
    label = issue_tree().label(code)
    return _("%(issue)s, no more said", issue=label) if issue_tree().below(code) else label


def _practice(code: str, name: str) -> object:
    return f"{name} ({code})" if name and code else code or NOT_KNOWN


def _age_table(found: Counter[int | None]) -> Table:
    rows = []
    for at, (youngest, label) in enumerate(AGES):
        below = AGES[at + 1][0] if at + 1 < len(AGES) else 1000
        rows.append((label, sum(n for age, n in found.items() if age is not None and youngest <= age < below)))
    return _people(AGE, [*rows, (NOT_KNOWN, found[None])])


def _equality_table(question: str, found: Counter[StrEnum | None]) -> Table:
    title, words = EQUALITY[question]
    if question == "ethnicity":
        groups: list[tuple[object, int]] = [(label, sum(found[code] for code in codes))
                                            for label, codes in ETHNIC_GROUPS]  # fmt: skip
    else:
        groups = [(label, found[code]) for code, label in CODES[question].items()]
    unknown = found.total() - sum(count for _label, count in groups)
    return _people(Definition(question, 1, title, words, ("R56",)), [*groups, (NOT_KNOWN, unknown)])


def _people(definition: Definition, rows: Iterable[tuple[object, int]]) -> Table:
    return tabled(definition, (CLIENTS,), [Row(label, (count,)) for label, count in rows if count])


def _signpost_table(found: counts.Signposted) -> Table:
    """Each line is a part of the one before it; the referrals stand by themselves."""
    lines = [
        (_("Signposts given"), found.signposts),
        (_("Services on them"), found.services),
        (_("Services about which somebody told us how it went"), found.answered),
        (_("Of them: they got in touch"), found.contacted),
        (_("Of them: it helped, at least a little"), found.helped),
    ]
    referrals = Line(_("Referrals sent"), (shown(found.referrals),))
    return Table.of_lines(SIGNPOSTS, NUMBER, [*_parts(lines), referrals])


def _appointment_tables(found: counts.Kept) -> Iterable[Table]:
    """Only for those who give appointments."""
    lines = [
        (_("Appointments"), found.appointments),
        (_("Of them: the person came"), found.came),
        (_("Of those: a contact was logged"), found.logged),
    ]
    if found.appointments:
        yield Table.of_lines(APPOINTMENTS, NUMBER, _parts(lines))


def _parts(lines: Iterable[tuple[object, int]]) -> list[Line]:
    """Lines each of which is a part of the one before it: what is too small takes what follows along."""
    told: list[Line] = []
    before: int | None = 0
    for label, count in lines:
        before = None if before is None or is_small(count) or _tells(before, count) else count
        told.append(Line(label, (before,)))
    return told


def _tells(before: int, count: int) -> bool:
    """Whether the difference to the line before would be a small number: how many did not."""
    return before > count and is_small(before - count)


def _group_tables(session: Session, actor: Actor, period: Period) -> Iterable[Table]:
    """Only for those who hold group sessions."""
    found = counts.by_group_topic(session, actor, period)
    rows = [Row(issue_tree().label(code), values) for code, values in sorted(found.items())]
    if rows:
        columns = (
            Column(_("People counted")),
            Column(_("Sessions"), Of.THINGS),
            Column(_("Minutes"), Of.THINGS),
        )
        yield tabled(GROUPS, columns, rows).largest_first()


def _money_table(found: Mapping[tuple[MoneyStatus, MoneyKind], tuple[int, int, int]]) -> Table:
    rows = [
        Row(_("%(status)s: %(kind)s", status=status_words, kind=kind_words), found[status, kind], group=status.value)
        for status, status_words in MONEY_STATUSES.items()
        for kind, kind_words in MONEY_KINDS.items()
        if (status, kind) in found
    ]
    return tabled(MONEY, (Column(_("Outcomes")), CLIENTS, Column(_("Worth in a year"), Of.PENCE)), rows)


def _result_tables(found: Mapping[tuple[Achieved, ResultKind], int], later: results.FollowedUp) -> Iterable[Table]:
    """Only for those who note results."""
    rows = [
        Row(_("%(status)s: %(kind)s", status=how_far, kind=words), (found[achieved, kind],), group=achieved.value)
        for achieved, how_far in ACHIEVED.items()
        for kind, words in RESULT_KINDS.items()
        if (achieved, kind) in found
    ]
    if rows:
        yield tabled(RESULTS, (Column(_("Cases")),), rows)
    if later.results:
        yield _followed_up_table(later)


def _followed_up_table(found: results.FollowedUp) -> Table:
    lines = _parts(
        [
            (_("Results of cases that ended"), found.results),
            (_("Of them: followed up"), found.followed_up),
            (_("Of those: confirmed"), found.confirmed),
        ]
    )
    is_told = all(None not in line.values for line in lines)
    share = told_share(found.confirmed, found.followed_up) if is_told else None
    if share is not None:
        lines.append(Line(_("Confirmed, in per cent of those followed up"), (share,), Of.PER_CENT))
    return Table.of_lines(FOLLOWED_UP, NUMBER, lines)
