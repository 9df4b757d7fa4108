"""Key profiles: the share of each scale degree, in semitones above the tonic, in common-practice music.

Albrecht & Shanahan, "The use of large corpora to develop a new type of key-finding algorithm", Music Perception 2013.
"""

from __future__ import annotations

MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
