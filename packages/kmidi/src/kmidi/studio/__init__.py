"""The studio: one set of verbs that the command, the API and the page are faces of."""

from .again import alike, takes
from .bundle import bundle, changed_bundle, chord_sheet
from .explain import explain
from .local import LocalStudio, Studio
from .readers import reader_in
from .take import Take, version

__all__ = [
    "LocalStudio",
    "Studio",
    "Take",
    "alike",
    "bundle",
    "changed_bundle",
    "chord_sheet",
    "explain",
    "reader_in",
    "takes",
    "version",
]
