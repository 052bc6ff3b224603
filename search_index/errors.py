"""What can go wrong, by name. Nothing else leaves this package on purpose."""


class SearchIndexError(Exception):
    """Base of the errors below."""


class IndexUnavailable(SearchIndexError):  # noqa: N818 - reads as what happened
    """There is no index, or it cannot be read: rebuild it from the database."""


class WriterBusy(SearchIndexError):  # noqa: N818 - reads as what happened
    """Another process of this machine is writing to this index."""


class IndexWriteFailed(SearchIndexError):  # noqa: N818 - reads as what happened
    """The write did not happen (disk full, read only): the last commit still stands."""
