"""Who may enter which route: the authorisation matrix. Every route has a row; `test_who_may_enter.py` walks them all.

A new route gets a line in the module of its feature, by its endpoint there:

- `PUBLIC`: everybody. `BY_TOKEN`: whoever has the secret that the address or a header holds.
- `STAFF_ACCOUNT`: any member of staff who is signed in. `SIGNED_IN`: a person looking for help too.
- `roles(Role.X, ...)`: only those who hold one of these roles where they work; `ANY_ROLE` is all of them.
- where the address names an object, add `own=` and, where organisations own such objects, `other=`: functions that take
  the `World` and give the object's address, one of the visitor's organisation and one of another's. An object of
  another organisation must be a 404, like one that is not there.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pkgutil import iter_modules

from tests.contract.entry.rows import PUBLIC, Row


def _routes() -> Mapping[str, Row]:
    """The rows of every feature: a module is named as the blueprint whose routes it lists."""
    found = {"static": PUBLIC}
    for module in iter_modules(__path__):
        if module.name != "rows":
            own = importlib.import_module(f"{__name__}.{module.name}").ROUTES
            found |= {f"{module.name}.{endpoint}": row for endpoint, row in own.items()}
    return found


ROUTES = _routes()
