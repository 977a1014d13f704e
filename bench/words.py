"""Made-up words of four languages, some frequent and some rare as in real text."""

import random
from itertools import accumulate, product

LETTERS = {
    "en": ("b c d f g l m n p r s t v w", "a e i o u"),
    "uk": ("б в г д ж з к л м н п р с т", "а е и і о у є"),
    "ru": ("б в г д ж з к л м н п р с т", "а е и о у ы э"),
    "sq": ("b d gj k l ll m nj p q r sh t xh", "a e ë i o u y"),
}
LANGUAGES = tuple(LETTERS)
WORDS = 150
"""How many words a language has, besides the rare ones."""
FLATTER = 8
"""Word number n comes as often as 1 / (n + FLATTER) says, so that the first are not everywhere."""
RARE = 200_000
"""How many rare words there are: codes, names and misspellings, of which each is in few texts."""


def vocabulary(language: str) -> list[str]:
    """Return a language's words, the most frequent first; the same each time."""
    dice = random.Random(f"words of {language}")
    consonants, vowels = (letters.split() for letters in LETTERS[language])
    syllables = [a + b for a, b in product(consonants, vowels)]
    words: dict[str, None] = {}
    while len(words) < WORDS:
        words["".join(dice.choices(syllables, k=dice.randint(2, 4)))] = None
    return list(words)


class Speaker:
    """Says texts in a language, by the dice that it is given."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._words = {language: vocabulary(language) for language in LANGUAGES}
        self._weights = list(accumulate(1 / (n + FLATTER) for n in range(WORDS)))

    def say(self, language: str, least: int, most: int) -> str:
        """Return a text of so many words; in three of ten texts a rare word comes last."""
        dice = self._dice
        count = dice.randint(least, most)
        words = dice.choices(self._words[language], cum_weights=self._weights, k=count)
        if dice.random() < 0.3:
            words.append(f"ref{dice.randrange(RARE)}")
        return " ".join(words).capitalize()
