"""Whether a text is in English at all: kmidi reads English and says so when it meets another language."""

from __future__ import annotations

from .background import pulls
from .tokens import Token

# the commonest small words of each language that are not English words too
_SMALL_WORDS = {
    "Spanish": "porque mi mis este esta cuando el la los las de del que y en un una por con para como más pero sus le ya muy yo mi tu está soy estoy quiero siento canción",
    "French": "le la les des du et je tu il elle nous vous est suis une un pas pour dans que qui ce cette mon ma avec très veux j'ai c'est une",
    "German": "der das und ich du er sie wir ist bin ein eine nicht für mit auf dem den von zu wie mein meine sehr aber auch mich möchte",
    "Italian": "il lo gli di che è un una per con non sono mi ti io tu della nel molto ma voglio sento questa come",
    "Portuguese": "o os da do das dos que e é um uma para com não eu você meu minha muito mas quero sinto estou uma saudade",
    "Dutch": "het een en ik je wij ze is ben niet voor met op van te hoe mijn zeer maar ook wil voel heel",
    "Polish": "i w na z się nie jest że to jak do jestem ale mój moja bardzo chcę",
    "Norwegian": "og jeg er ikke du på til med av som har meg deg så uten min hver veldig men vil være etter",
    "Danish": "og jeg er ikke du på til med af som har mig dig så uden min hver meget men vil være efter",
    "Afrikaans": "ek jou nie baie is het vir met jy ons",
    "Swedish": "och jag du är inte för med på av till hur min mycket men vill känner ett en",
    "Turkish": "ve bir bu ben sen seni için çok ama değil gibi daha istiyorum",
}
_ENGLISH = frozenset(
    ["the", "a", "i", "and", "of", "to", "in", "it", "is", "my", "me", "that", "for", "you", "with", "but", "on", "so", "this", "be", "feel", "im", "i'm"]
)  # fmt: skip
_WORDS = {name: frozenset(line.split()) - _ENGLISH for name, line in _SMALL_WORDS.items()}
_TONGUES_OF = {
    word: tuple(name for name, small in _WORDS.items() if word in small) for word in set().union(*_WORDS.values())
}
_LATIN = 0x36F  # the last letter of Latin script here
_SCRIPTS = (("Cyrillic", 0x400, 0x52F), ("Greek", 0x370, 0x3FF), ("Hebrew", 0x590, 0x5FF), ("Arabic", 0x600, 0x6FF), ("Devanagari", 0x900, 0x97F), ("Thai", 0xE00, 0xE7F), ("Japanese or Chinese", 0x3040, 0x9FFF), ("Korean", 0xAC00, 0xD7AF))  # fmt: skip


def known_share(tokens: list[Token], named: frozenset[int]) -> float:
    """The share of words (0..1) that the English table or the vocabulary knows; `named` holds where named words start."""
    words = [token for token in tokens if token.kind == "word"]
    table = pulls()
    known = sum(token.start in named or token.norm in table or token.norm.split("'")[0] in table for token in words)
    return known / max(1, len(words))


def foreign(tokens: list[Token], share: float) -> str | None:
    """The language or script that a text seems to be in where that is not English; `share` of its words are known."""
    words = [token.norm for token in tokens if token.kind == "word"]
    letters = [ord(word[0]) for word in words]
    for name, low, high in _SCRIPTS if max(letters, default=0) > _LATIN else ():
        if sum(low <= letter <= high for letter in letters) * 2 > len(letters):
            return name
    small = [name for word in words for name in _TONGUES_OF.get(word, ())]
    if not small:
        return None
    english = sum(word in _ENGLISH for word in words)
    counts = {name: small.count(name) for name in _WORDS}
    best = max(counts, key=lambda name: counts[name])
    found, unknown = counts[best], 1 - share
    whole = found > max(1, english) and found * 6 >= len(words)
    short = found > 0 and found >= english and unknown > 0.3  # "tu me manques"
    mixed = found > 1 and unknown > 0.35
    return best if whole or short or mixed else None
