"""The words of messages, and the carriers that keep them at home."""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
import stat
from pathlib import Path

import pytest
from flask import Flask

from app.notifications import kinds
from app.notifications.carriers.local import ConsoleCarrier, FileCarrier
from app.notifications.codes import Channel
from app.notifications.kinds import MessageKind
from app.notifications.rendering import address_of, previews, render_message
from app.web.languages import LANGUAGES
from tests.integration.notifications.conftest import Bench, Put

pytestmark = pytest.mark.usefixtures("session")
# Words that give a person away to whoever sees a locked screen.
TELLING = re.compile(
    r"mental|health|illness|depress|anxi|suicid|self.harm|crisis|therap|psych|diagnos|addict|alcohol|drug|debt|benefit",
    re.IGNORECASE,
)
# GOV.UK Notify takes 918 characters; a text of more than 612 costs as much as four.
LONGEST_SMS = 612


@pytest.fixture
def real_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the features alone."""
    left = {name: kind for name, kind in kinds._kinds.items() if not name.startswith("trial.")}
    monkeypatch.setattr(kinds, "_kinds", left)


@pytest.mark.usefixtures("real_kinds")
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_kind_can_be_read_and_gives_nobody_away(app: Flask, language: str) -> None:
    shown = previews(language)
    assert {preview.kind.name for preview in shown} == {kind.name for kind in kinds.all_kinds()}
    for preview in shown:
        words, name = preview.words, preview.kind.name
        assert words.text, name
        assert str(preview.kind.title), name
        assert not TELLING.search(words.subject), name
        for link in re.findall(r"https?://\S+", words.text):
            assert link.startswith("http://localhost/"), (name, link)
        if words.channel is Channel.SMS:
            assert (words.subject, words.html) == ("", None)
            assert len(words.text) <= LONGEST_SMS, name
            assert not TELLING.search(words.text), name
        else:
            assert 3 <= len(words.subject) <= 78, name
            assert words.html is not None
            assert f'<html lang="{language}">' in words.html


@pytest.fixture
def own_template(app: Flask) -> None:
    from jinja2 import ChoiceLoader, DictLoader

    body = (
        '{% extends "emails/layout.txt" %}'
        "{% block subject %}{{ title }}{% endblock %}"
        "{% block body %}Hello {{ name }},\n\n- one\n- two & three\n\n"
        '{{ link("See it", "http://localhost/x?a=1&b=2") }}\n{% endblock %}'
    )
    templates = {
        "emails/trial/letter.txt": body,
        "emails/trial/letter.sms.txt": 'Hello {{ name }} {{ link("See", home) }}',
    }
    assert app.jinja_env.loader is not None
    app.jinja_env.loader = ChoiceLoader([DictLoader(templates), app.jinja_env.loader])
    kinds.register(MessageKind(name="trial.letter", title="Letter", sample=dict, channels=kinds.BOTH))


@pytest.mark.usefixtures("own_template")
def test_text_and_html_say_the_same() -> None:
    words = render_message("trial.letter", "en", title="A letter", name="<b>Ann</b>\ue000x\ue001javascript:x\ue002")
    assert words.subject == "A letter"
    assert "See it:\nhttp://localhost/x?a=1&b=2" in words.text
    assert "- two & three" in words.text
    assert words.html is not None
    assert "&lt;b&gt;Ann&lt;/b&gt;" in words.html
    assert "<li>two &amp; three</li>" in words.html
    assert 'href="http://localhost/x?a=1&amp;b=2">See it</a>' in words.html
    assert words.html.count("<a ") == 1
    assert "\ue000" not in words.text + words.html


@pytest.mark.usefixtures("own_template")
def test_a_text_message(app: Flask) -> None:
    words = render_message("trial.letter", "en", by=Channel.SMS, name="Ann")
    assert words.text == "Hello Ann See:\nhttp://localhost/"


@pytest.mark.usefixtures("own_template")
def test_a_title_cannot_move_into_the_body() -> None:
    words = render_message("trial.letter", "en", title="A\r\nBcc: evil@example.org\n\nletter", name="Ann")
    assert words.subject == "A Bcc: evil@example.org letter"


@pytest.mark.usefixtures("own_template")
def test_what_is_missing_is_noticed() -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        render_message("trial.letter", "en", title="A letter")
    with pytest.raises(LookupError):
        render_message("notifications.unheard-of", "en")


def test_the_language_is_the_messages_and_not_the_pages(app: Flask) -> None:
    from flask_babel import get_locale

    with app.test_request_context(headers={"Accept-Language": "cy"}):
        words = render_message("notifications.test", "en")
        assert "This is a test" in words.text
        assert str(get_locale()) == "cy"


def test_addresses_come_from_the_settings_alone(app: Flask) -> None:
    with app.test_request_context("/", base_url="http://127.0.0.1:9999"):
        assert address_of("library.home") == "http://localhost/"
        assert "9999" not in render_message("notifications.test", "en").text


def test_the_file_drop(bench: Bench, put: Put, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    mail, sms = put(), put(Channel.SMS, urgent=True)
    names = {f"{message.created_at:%Y%m%dT%H%M%S}-{message.id}" for message in (mail, sms)}
    bench.run(FileCarrier(drop))
    assert {path.stem for path in drop.iterdir()} == names
    assert {stat.S_IMODE(path.stat().st_mode) for path in drop.iterdir()} == {0o600}
    (eml,), (text,) = drop.glob("*.eml"), drop.glob("*.json")
    written = email.message_from_bytes(eml.read_bytes(), policy=email.policy.default)
    assert written["To"] == "ann@example.org"
    told = json.loads(text.read_text())
    assert (told["to"], told["text"]) == ("+447700900123", "Hello")


def test_a_drop_that_cannot_be_written_is_tried_later(bench: Bench, put: Put, tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("")
    message = put()
    bench.run(FileCarrier(tmp_path / "in-the-way"))
    bench.session.refresh(message)
    assert (message.state.value, message.attempts) == ("queued", 1)


def test_the_console(bench: Bench, put: Put) -> None:
    out = io.StringIO()
    put()
    bench.run(ConsoleCarrier(out))
    assert "email to ann@example.org" in out.getvalue()
