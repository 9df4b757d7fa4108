"""kmidi ui."""
