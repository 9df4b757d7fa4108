"""Which of the things on offer a client would rather have: the Accept header of RFC 9110, 12.5.1."""

from __future__ import annotations

from collections.abc import Sequence


def best(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer with the highest weight, the first on a tie; None where the client takes none of them.

    No header, or an empty one, takes the first. A range that can't be read counts for nothing.
    """
    if not accept or not accept.strip():
        return offers[0]
    ranges = [found for part in accept.split(",") if (found := _range(part))]
    weighed = [(_weight(offer, ranges), -at) for at, offer in enumerate(offers)]
    weight, at = max(weighed)
    return offers[-at] if weight > 0 else None


def _range(part: str) -> tuple[str, float] | None:
    kind, *parameters = [word.strip().casefold() for word in part.split(";")]
    if kind.count("/") != 1:
        return None
    weight = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return None
    return (kind, weight) if 0 <= weight <= 1 else None


def _weight(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight that the most specific matching range gives an offer."""
    for pattern in (offer, offer.split("/")[0] + "/*", "*/*"):
        weights = [weight for kind, weight in ranges if kind == pattern]
        if weights:
            return max(weights)
    return 0.0
