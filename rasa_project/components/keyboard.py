"""Undoes what a Vietnamese keyboard left undone: "maatj khaaur" (Telex) and "ma65t kha63u" (VNI) become "mật khẩu".

A word is only touched when what comes out is a Vietnamese syllable and what went in is none.
"""

from __future__ import annotations

import re
import unicodedata

_TONE_OF_KEY = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TONE_OF_DIGIT = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_SHAPE_OF_DIGIT = {"6": "\u0302", "7": "\u031b", "8": "\u0306"}

# Longer ones first.
_TELEX_SHAPES = (
    ("uwow", "ươ"),
    ("uow", "ươ"),
    *(("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư")),
    ("w", "ư"),
)

_ONSET = r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
_NUCLEUS = (
    r"(?:iê|yê|uô|ươ|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iêu|yêu|uyê|uya|uyu|"
    r"ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oa|oă|oe|oi|ôi|ơi|ua|uâ|ui|uy|ưa|ưi|ưu|uê|uơ|"
    r"[aăâeêioôơuưy])"
)
_SYLLABLE = re.compile(rf"{_ONSET}{_NUCLEUS}(?:ng|nh|ch|[cmnpt])?")
_STOPPED = re.compile(r"(?:ch|[cpt])$")
_VOWEL = re.compile(r"[aăâeêioôơuưy]")


def decode(word: str) -> str:
    """A lower-case word with its Telex or VNI keys turned into marks, or the word as it was."""
    if _is_syllable(word):
        return word
    for undo in (_telex, _vni):
        decoded = undo(word)
        if decoded is not None and decoded != word and _is_syllable(decoded):
            return decoded
    return word


def _telex(word: str) -> str | None:
    first_vowel = re.search(r"[aeiouwy]", _bare(word))
    if first_vowel is None:
        return None
    # The key of the tone may stand anywhere behind the first vowel, but only one such key.
    keys = [i for i, letter in enumerate(word) if letter in _TONE_OF_KEY and i > first_vowel.start()]
    if len(keys) > 1:
        return None
    if not keys:
        return _telex_shape(word)
    return _with_tone(_telex_shape(word[: keys[0]] + word[keys[0] + 1 :]), _TONE_OF_KEY[word[keys[0]]])


def _telex_shape(word: str) -> str:
    for keys, letters in _TELEX_SHAPES:
        word = word.replace(keys, letters)
    return word


def _vni(word: str) -> str | None:
    if not re.search(r"[a-zà-ỹ][6-9]", word) or "0" in word:
        return None
    shaped = word.replace("d9", "đ")
    tone = ""
    letters: list[str] = []
    for letter in shaped:
        if letter in _SHAPE_OF_DIGIT:
            target = next((i for i in range(len(letters) - 1, -1, -1) if _VOWEL.match(letters[i])), None)
            if target is None:
                return None
            letters[target] = unicodedata.normalize("NFC", letters[target] + _SHAPE_OF_DIGIT[letter])
        elif letter in _TONE_OF_DIGIT:
            tone = _TONE_OF_DIGIT[letter]
        else:
            letters.append(letter)
    plain = re.sub(r"uơ(?=[a-z])", "ươ", "".join(letters))
    return _with_tone(plain, tone) if tone else plain


def _with_tone(syllable: str, tone: str) -> str | None:
    """Puts the tone on the vowel that bears it; None when the syllable has one already."""
    if _bare_of_tone(syllable)[1]:
        return None
    vowels = list(_VOWEL.finditer(syllable))
    if syllable.startswith(("qu", "gi")) and len(vowels) > 1:
        vowels = vowels[1:]
    if not vowels:
        return None
    marked = [vowel for vowel in vowels if vowel[0] in "ăâêôơư"]
    if marked:
        bearer = marked[-1]
    elif len(vowels) > 1 and (vowels[-1].end() < len(syllable) or len(vowels) > 2):
        bearer = vowels[1]
    else:
        bearer = vowels[0]
    return unicodedata.normalize("NFC", syllable[: bearer.end()] + tone + syllable[bearer.end() :])


def _bare(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


def _bare_of_tone(word: str) -> tuple[str, str]:
    """The word without its tone, and the tone marks it had."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(mark for mark in decomposed if mark in _TONE_OF_KEY.values())
    kept = "".join(mark for mark in decomposed if mark not in _TONE_OF_KEY.values())
    return unicodedata.normalize("NFC", kept), tones


def _is_syllable(word: str) -> bool:
    toneless, tones = _bare_of_tone(word)
    if len(tones) > 1 or not _SYLLABLE.fullmatch(toneless):
        return False
    # A syllable that ends in p, t, c or ch has no other tone than these two.
    return not (_STOPPED.search(toneless) and tones and tones not in "\u0301\u0323")
