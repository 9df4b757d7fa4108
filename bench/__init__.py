"""Figures that can be printed again: `uv run --group bench python -m bench`."""
