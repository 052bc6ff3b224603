"""What can go wrong, by name. Nothing else leaves this package on purpose."""


class SearchIndexError(Exception):
    """Base of the errors below."""


class IndexUnavailable(SearchIndexError):
    """There is no index, or it cannot be read: rebuild it from the database."""


class WriterBusy(SearchIndexError):
    """Another process of this machine is writing to this index."""


class IndexWriteFailed(SearchIndexError):
    """The write did not happen (disk full, read only): the last commit still stands."""
