"""Taste as data: what a musician would want to change is a row here."""

from .load import load_folder, load_rows, table_path
from .rows import Genre, Instrument, PartRow, genres, instruments

__all__ = ["Genre", "Instrument", "PartRow", "genres", "instruments", "load_folder", "load_rows", "table_path"]
