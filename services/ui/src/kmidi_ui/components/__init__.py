"""Parts of pages: a value in, a figure, a player or a set of fields out."""
