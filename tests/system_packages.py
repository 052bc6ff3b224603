"""Sees to what tests need of the operating system: Chromium and a PostgreSQL server.

`python -m tests.system_packages` installs what is missing where apt-get is there and the user may use it; else it says
what to install and ends with status 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = {"chromium": "Chromium", "postgresql": "a PostgreSQL server"}
# Chromium without a window: a page takes a third of the time. Not every system has it as a package.
SHELL = "chromium-headless-shell"


def chromium() -> str | None:
    """Path of a Chromium or Chrome, if there is one."""
    names = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


def postgresql_bin() -> Path | None:
    """The folder that holds initdb and postgres, the newest if there are several."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name.split(".")[0]), default=None)


def missing() -> list[str]:
    """Names of the packages that are not there."""
    return [name for name, found in (("chromium", chromium()), ("postgresql", postgresql_bin())) if not found]


def main() -> int:
    """Install or explain."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
    wanted = missing()
    for name in wanted:
        print(f"Tests need {PACKAGES[name]}: install the package {name!r} of your operating system.", file=sys.stderr)
    return 1 if wanted else 0


def _install() -> None:
    if shutil.which(SHELL) and not missing():
        return
    _apt("update")
    if not shutil.which(SHELL):
        _apt("install", SHELL)
    if wanted := missing():
        _apt("install", *wanted)


def _apt(verb: str, *packages: str) -> None:
    """Where it fails, what is still missing is said in the end."""
    options = ["-y", "--no-install-recommends"] if packages else []
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", verb, *options, *packages], check=False, env=environment)


if __name__ == "__main__":
    sys.exit(main())
