"""The search language once more, from the text of its rules alone, over sets: slow, short and independent.

A post is the set of its words: its tags, and `name:value` for each metatag that is true of it.
"""

import re
from fnmatch import fnmatchcase

METATAGS = ("rating", "source", "pool", "order")
SMILEYS = {":)", ":(", ";)", ";(", ">:)", ">:("}


class SearchSyntaxError(Exception):
    pass


def find(text, posts):
    """The numbers of the posts that a search finds."""
    everything = set(range(len(posts)))
    text = "".join(" " if letter.isspace() else letter for letter in text).strip()
    if not text:
        return everything
    try:
        found, rest = or_part(text, posts, 0)
    except SearchSyntaxError:
        return set()
    return found if not rest else set()


def or_part(text, posts, depth):
    found, rest = and_part(text, posts, depth)
    if keyword := re.match("or +", rest, re.IGNORECASE):
        more, rest = or_part(rest[keyword.end() :], posts, depth)
        found = found | more
    return found, rest


def and_part(text, posts, depth):
    found, rest = factors(text, posts, depth)
    if keyword := re.match("and +", rest, re.IGNORECASE):
        more, rest = and_part(rest[keyword.end() :], posts, depth)
        found = found & more
    return found, rest


def factors(text, posts, depth):
    found, options = set(range(len(posts))), None
    text = text.lstrip(" ")
    while True:
        if text[:1] == "-":
            some, text = expr(text[1:], posts, depth)
            found = found - some
        elif text[:1] == "~":
            some, text = expr(text[1:], posts, depth)
            options = some if options is None else options | some
        else:
            some, text = expr(text, posts, depth)
            found = found & some
        text = text.lstrip(" ")
        if not text or (depth and text[0] == ")") or re.match("(or|and) +", text, re.IGNORECASE):
            return found if options is None else found & options, text


def expr(text, posts, depth):
    if not text.startswith("("):
        return term(text, posts, depth)
    found, rest = or_part(text[1:], posts, depth + 1)
    if not rest.startswith(")"):
        raise SearchSyntaxError
    return found, rest[1:]


def term(text, posts, depth):
    name, colon, rest = text.partition(":")
    if colon and name.lower() in METATAGS:
        value, rest = value_of(rest, depth)
        return having(posts, lambda word: word == f"{name.lower()}:{value}"), rest
    word, rest = give_back(text.partition(" ")[0], text, depth, keeps_balanced=True)
    word = word.lower()
    if not word or word[0] in ")~-" or word in {"and", "or"}:
        raise SearchSyntaxError
    tags = [tag for post in posts for tag in post if ":" not in tag or tag in SMILEYS]
    wanted = {tag for tag in tags if fnmatchcase(tag, word)} if "*" in word else {word}
    return having(posts, lambda tag: tag in wanted), rest


def value_of(text, depth):
    if text[:1] in {'"', "'"}:
        quote, value, place = text[0], "", 1
        while text[place : place + 1] != quote:
            if place >= len(text):
                raise SearchSyntaxError
            if text.startswith(f"\\{quote}", place):
                place += 1
            value += text[place]
            place += 1
        return value, text[place + 1 :]
    end = re.match(r"(\\ |[^ ])*", text).end()
    value, rest = give_back(text[:end], text, depth, keeps_balanced=False)
    return value.replace("\\ ", " "), rest


def give_back(word, text, depth, *, keeps_balanced):
    for _ in range(depth):
        if not word.endswith(")") or (keeps_balanced and is_balanced(word)):
            break
        word = word[:-1]
    return word, text[len(word) :]


def is_balanced(word):
    if word in SMILEYS:
        return True
    inner = re.sub(r"[^()]", "", word)
    while "()" in inner:
        inner = inner.replace("()", "")
    return not inner


def having(posts, fits):
    return {number for number, post in enumerate(posts) if any(map(fits, post))}
