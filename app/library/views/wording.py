"""Topics and lay phrases on screen: changed by editors, tried before they are published, with their history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import get_translations, lazy_gettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import staff
from app.accounts.codes import Role
from app.accounts.current import current_actor
from app.core.errors import InvalidInput, NotFound
from app.core.text import single_line
from app.directory.codes import WordingKind
from app.directory.queries import topics_tree
from app.directory.wording import operations, queries
from app.directory.wording.queries import Wording
from app.directory.wording.rules import TopicWords, phrase_key
from app.directory.wording.shipped import shipped_phrases, shipped_topics
from app.library.engine import engine_of
from app.library.request import LONGEST_TEXT
from app.library.topics import forget
from app.library.trying import Trial, try_out
from app.library.views.blueprint import library
from app.library.wording_forms import Choices, PhraseForm, TopicForm
from app.web import staff_menu
from app.web.database import db
from app.web.done import done_before
from app.web.languages import WELSH
from app.web.page_words import words_of
from app.web.pagination import Page, page_number

EDITOR = staff(Role.DIRECTORY_EDITOR)
VERSIONS_A_PAGE = 30
staff_menu.register(
    staff_menu.StaffMenuItem(
        lazy_gettext("Topics and words"), "/desk/words", roles=frozenset({Role.DIRECTORY_EDITOR.value}), order=41
    )
)


@library.route("/desk/words", access=EDITOR)
def words_home() -> str:
    """The tree of topics and the phrases that were taught here; `q` says what some words find as things are."""
    session = db.session()
    topics = queries.topic_words(session)
    text = single_line(request.args.get("q", ""))[:LONGEST_TEXT]
    return render_template(
        "library/words.html",
        tree=_tree(topics),
        retired=[(slug, words) for slug, words in topics.items() if words.retired],
        changed=queries.changed_topics(session),
        sizes=_sizes(),
        phrases=queries.taught_phrases(session),
        names={slug: words.name for slug, words in topics.items()},
        text=text,
        trial=_trial(text, queries.wording_now(session)) if text else None,
        done=done_before(),
    )


@library.route("/desk/words/topics/new", access=EDITOR, methods=["GET", "POST"])
def new_topic() -> Response | str | tuple[str, int]:
    """A topic of one's own."""
    session = db.session()
    topics = queries.topic_words(session)
    form = TopicForm(parent=request.args.get("parent", "")).offer(_broad(topics), [])
    if form.validate_on_submit() and (slug := _add(form)):
        return redirect(url_for("library.edit_topic", slug=slug, done="published"), code=303)
    page = render_template("library/words_topic.html", form=form, slug="", topic=None, in_welsh="", trial=None, done="")
    return (page, 422) if form.errors else page


def _add(form: TopicForm) -> str:
    try:
        slug = operations.add_topic(db.session(), current_actor(), form.words(None))
    except operations.TreeWouldBreak as refusal:
        _tell(form, refusal)
        return ""
    forget()
    return slug


@library.route("/desk/words/topics/<slug>", access=EDITOR, methods=["GET", "POST"])
def edit_topic(slug: str) -> Response | str | tuple[str, int]:
    """What a topic says, tried with some words and published."""
    session = db.session()
    topics = queries.topic_words(session)
    if (topic := topics.get(slug)) is None:
        raise NotFound("topic")
    form = TopicForm(obj=topic).offer(_broad(topics, slug), _narrow(topics, slug))
    trial: Trial | None = None
    if form.validate_on_submit():
        if request.form.get("do") == "try":
            trial = _trial(form.trial.data or form.name.data or "", _with_topic(slug, form))
        elif _publish(slug, form):
            return redirect(url_for("library.edit_topic", slug=slug, done="published"), code=303)
    page = render_template(
        "library/words_topic.html",
        form=form,
        slug=slug,
        topic=topic,
        in_welsh=_shipped_welsh(topic.name),
        shipped=shipped_topics().get(slug),
        known=shipped_phrases().get(slug, ()),
        taught=[one for one in queries.taught_phrases(session) if slug in one.document["topics"]],
        bearing=len(operations.services_with(session, slug)),
        versions=queries.versions(session, kind=WordingKind.TOPIC, key=slug),
        names={other: words.name for other, words in topics.items()},
        trial=trial,
        done=done_before(),
    )
    return (page, 422) if form.errors else page


def _shipped_welsh(name: str) -> str:
    """The translation of a name that Waymark ships; nothing where there is none."""
    with words_of(WELSH):
        translated = get_translations().ugettext(name)
    return translated if translated != name else ""


def _publish(slug: str, form: TopicForm) -> bool:
    session, actor = db.session(), current_actor()
    try:
        operations.publish_topic(session, actor, slug, form.words(queries.topic_words(session)[slug]))
    except operations.TreeWouldBreak as refusal:
        _tell(form, refusal)
        return False
    forget()
    return True


def _with_topic(slug: str, form: TopicForm) -> Wording:
    known = queries.wording_now(db.session())
    words = form.words(None)
    return known.with_heir(slug, (words.heir or words.parent) if words.retired else None)


@library.route("/desk/words/topics/<slug>/up", access=EDITOR, methods=["POST"])
def move_topic_up(slug: str) -> Response:
    """Let it stand before its neighbour."""
    operations.move_up(db.session(), current_actor(), slug)
    return redirect(url_for("library.words_home", done="moved", _anchor=f"t-{slug}"), code=303)


@library.route("/desk/words/topics/<slug>/as-shipped", access=EDITOR, methods=["POST"])
def topic_as_shipped(slug: str) -> Response:
    """Let it say what Waymark ships."""
    try:
        operations.as_shipped(db.session(), current_actor(), slug)
    except InvalidInput:
        return redirect(url_for("library.edit_topic", slug=slug, done="refused"), code=303)
    forget()
    return redirect(url_for("library.edit_topic", slug=slug, done="published"), code=303)


@library.route("/desk/words/phrase", access=EDITOR, methods=["GET", "POST"])
def teach_phrase() -> Response | str | tuple[str, int]:
    """What a phrase means: tried with some words, published, or given up again."""
    session, actor = db.session(), current_actor()
    known = queries.topic_words(session)
    asked = single_line(request.args.get("phrase", ""))[:LONGEST_TEXT]
    taught = queries.latest_of(session, WordingKind.PHRASE, phrase_key(asked)) if asked else None
    form = PhraseForm(**_filled(asked, taught.document if taught else {})).offer(_choices(known))
    trial: Trial | None = None
    if request.form.get("do") == "drop" and asked:
        operations.unteach(session, actor, asked)
        return redirect(url_for("library.words_home", done="dropped"), code=303)
    if form.validate_on_submit():
        phrase = " ".join((form.phrase.data or "").split())
        if request.form.get("do") == "try":
            draft = queries.wording_now(session).with_phrase(phrase, form.topics)
            trial = _trial(form.trial.data or phrase, draft)
        else:
            operations.teach(session, actor, phrase, form.topics)
            return redirect(url_for("library.teach_phrase", phrase=phrase, done="published"), code=303)
    page = render_template(
        "library/words_phrase.html",
        form=form,
        taught=taught if taught and taught.document else None,
        versions=queries.versions(session, kind=WordingKind.PHRASE, key=phrase_key(asked)) if asked else [],
        names={slug: words.name for slug, words in known.items()},
        trial=trial,
        done=done_before(),
    )
    return (page, 422) if form.errors else page


def _filled(asked: str, document: Mapping[str, object]) -> dict[str, str]:
    topics = document.get("topics") or request.args.getlist("topic")
    chosen = dict(zip(("first", "second", "third"), topics if isinstance(topics, list) else [], strict=False))
    return {"phrase": str(document.get("phrase") or asked), **chosen}


@library.route("/desk/words/history", access=EDITOR)
def words_history() -> str:
    """Every change, newest first."""
    session = db.session()
    page = Page(page_number(request.args.get("page")), VERSIONS_A_PAGE, queries.count_versions(session))
    return render_template(
        "library/words_history.html",
        versions=queries.versions(session, limit=page.size, offset=page.offset),
        names={slug: words.name for slug, words in queries.topic_words(session).items()},
        page=page,
        pager=lambda number: url_for("library.words_history", page=number),
        done=done_before(),
    )


@library.route("/desk/words/versions/<uuid:version_id>/restore", access=EDITOR, methods=["POST"])
def restore_wording(version_id: UUID) -> Response:
    """Let it say again what it said then."""
    try:
        operations.restore(db.session(), current_actor(), version_id)
    except InvalidInput:
        return redirect(url_for("library.words_history", done="refused"), code=303)
    forget()
    return redirect(url_for("library.words_history", done="restored"), code=303)


def _trial(text: str, draft: Wording) -> Trial:
    return try_out(db.session(), engine_of(current_app), single_line(text)[:LONGEST_TEXT], draft)


def _tree(topics: Mapping[str, TopicWords]) -> list[tuple[str, TopicWords, list[tuple[str, TopicWords]]]]:
    used = [slug for slug in operations.in_order(topics) if not topics[slug].retired]
    return [
        (root, topics[root], [(slug, topics[slug]) for slug in used if topics[slug].parent == root])
        for root in used
        if not topics[root].parent
    ]


def _choices(topics: Mapping[str, TopicWords]) -> Choices:
    found: list[tuple[str, str]] = []
    for root, words, children in _tree(topics):
        found.append((root, words.name))
        found.extend((slug, f"{words.name}: {its.name}") for slug, its in children)
    return found


def _broad(topics: Mapping[str, TopicWords], but: str = "") -> Choices:
    return [(slug, words.name) for slug, words, _children in _tree(topics) if slug != but]


def _narrow(topics: Mapping[str, TopicWords], but: str) -> Choices:
    return [choice for choice in _choices(topics) if choice[0] != but]


def _sizes() -> Counter[str]:
    sizes: Counter[str] = Counter()
    for node in topics_tree(db.session()):
        sizes[node.code] = node.services
        sizes.update({child.code: child.services for child in node.children})
    return sizes


def _tell(form: TopicForm, refusal: operations.TreeWouldBreak) -> None:
    """Say beside the field why a topic cannot be so."""
    field, words = {
        "name": (form.name, _("There is a topic of this name")),
        "parent": (form.parent, _("Choose a broad topic that is in use")),
        "children": (form.parent, _("A topic that has narrower ones stays a broad one")),
        "retired": (form.retired, _("Retire its narrower topics first, or make them part of another")),
        "heir": (form.heir, _("Choose a topic that is in use")),
    }[refusal.why]
    field.errors = [*field.errors, words]
