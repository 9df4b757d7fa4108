"""kmidi api."""
