"""The pages of the directory: those on which listings are kept true."""

from app.directory.curation.views import install

__all__ = ["install"]
