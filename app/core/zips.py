"""Zip files that come from outside."""

from __future__ import annotations

import zipfile
import zlib

# What reading a zip file raises that is damaged, locked with a password or packed in a way that Python does not know.
UNREADABLE_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
