from flask import Flask
from werkzeug.routing import Map

from tests.compiled_once import share


def test_an_application_outside_of_the_tests_keeps_its_own_routes() -> None:
    """As that of which the screenshots are taken."""
    plain = Flask("plain")
    plain.url_map = Map()
    share(plain)
    assert plain.jinja_env.bytecode_cache is not None
    assert type(plain.url_map) is Map
