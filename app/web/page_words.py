"""The messages of a page's language for its templates, looked up once a request and not at every word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from babel import Locale
from flask import Flask, current_app, g, has_app_context
from flask_babel import Domain, force_locale, get_locale, get_translations
from jinja2 import nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from markupsafe import Markup

_KEPT = "page_words"
# By catalogue: as many words as the templates have.
_ready: WeakKeyDictionary[object, dict[str, Markup]] = WeakKeyDictionary()


class PageWords:
    """The messages of one language. `ready` keeps those without variables as markup, for as long as the catalogue."""

    __slots__ = ("counted", "language", "ready", "translated")

    def __init__(self) -> None:
        locale = get_locale()
        self.language: str = locale.language if locale else "en"
        translations = get_translations()
        self.translated = translations.ugettext
        self.counted = translations.ungettext
        self.ready = _ready.setdefault(translations, {})


def page_words() -> PageWords:
    """Those of this request's page."""
    try:
        # Itself and not its proxy, which takes longer than the look-up.
        own: Any = g._get_current_object()
    except RuntimeError:  # outside of an application
        return PageWords()
    kept: PageWords | None = own.get(_KEPT)
    if kept is None:
        kept = _of_locale()
        setattr(own, _KEPT, kept)
    return kept


def _of_locale() -> PageWords:
    """Those of the present locale, made once for each: an application's catalogues stay as they were loaded."""
    known: dict[Locale | None, PageWords] = current_app.extensions.setdefault(_KEPT, {})
    locale = get_locale()
    found = known.get(locale)
    if found is None:
        found = known[locale] = PageWords()
    return found


def forget() -> None:
    """Look the words up anew: the language of the page is another now."""
    if has_app_context():
        g.pop(_KEPT, None)


@contextmanager
def words_of(locale: str) -> Iterator[None]:
    """Speak another language for as long as this lasts, whatever the page speaks."""
    forget()
    try:
        with force_locale(locale):
            yield
    finally:
        forget()


def gettext(message: str, **variables: Any) -> str:
    """As Flask-Babel's, for words that a page has many of."""
    text = page_words().translated(message)
    return text % variables if variables else text


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """As Flask-Babel's; the number stands in the words as `num`."""
    return page_words().counted(singular, plural, num) % {"num": num, **variables}


def _markup(words: PageWords, message: str) -> Markup:
    # The words of templates and catalogues are ours; what is put into them is escaped.
    return Markup(words.translated(message))  # noqa: S704


@pass_context
def _gettext(context: Context, message: str, /, **variables: Any) -> str:
    """As Jinja's own newer style: the words are markup where values are escaped, and always a format."""
    words = page_words()
    if not context.eval_ctx.autoescape:
        return words.translated(message) % variables
    if variables:
        return _markup(words, message) % variables
    return page_word(message)


def page_word(message: str) -> Markup:
    """Words without variables."""
    words = page_words()
    found = words.ready.get(message)
    if found is None:
        found = words.ready[message] = _markup(words, message) % {}
    return found


class OneLookUp(Domain):  # type: ignore[misc]
    """Flask-Babel's own words, for all that is not in a template: it looks for the language at each of them."""

    def gettext(self, string: str, **variables: Any) -> str:
        """A message in the language of this request's page."""
        return gettext(string, **variables)

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """The same for a message that counts."""
        return ngettext(singular, plural, num, **variables)


class _WordsAtHand(CodeGenerator):
    """Writes `_("words")` as a plain call of ours: Jinja's own way of calling costs more than the look-up."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802, FBT001, FBT002
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and _is_word(node):
            self.write(f"environment.page_word({node.args[0].value!r})")  # type: ignore[attr-defined]
        else:
            super().visit_Call(node, frame, forward_caller=forward_caller)


def _is_word(node: nodes.Call) -> bool:
    plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs) and len(node.args) == 1
    return (
        plain and isinstance(node.node, nodes.Name) and node.node.name == "_" and isinstance(node.args[0], nodes.Const)
    )


def install(app: Flask) -> None:
    """Give the templates these words in place of Flask-Babel's."""
    app.jinja_env.page_word = page_word  # type: ignore[attr-defined]
    app.jinja_env.code_generator_class = _WordsAtHand
    app.jinja_env.globals.update({"_": _gettext, "gettext": _gettext})
