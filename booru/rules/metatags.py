"""The names that mean something other than a tag in a search or in a tag edit (behaviour D.2, D.5)."""


def _names(text: str) -> list[str]:
    return text.split()


_RELATIONS = _names("""
    user approver commenter comm noter noteupdater artcomm commentaryupdater flagger appealer upvote downvote
    fav ordfav favgroup ordfavgroup reacted pool ordpool note comment commentary search disapproved parent
    child
""")
_ATTRIBUTES = _names("""
    id rating source status filetype embedded md5 pixelhash width height mpixels ratio score upvotes downvotes
    favcount filesize date age tagcount pixiv_id pixiv unaliased exif duration is has ai
""")
_CONTROLS = ["order", "limit", "random"]
_COUNTED = {
    "comment": "comments",
    "note": "notes",
    "flag": "flags",
    "child": "children",
    "pool": "pools",
    "appeal": "appeals",
    "approval": "approvals",
    "replacement": "replacements",
    "disapproval": "disapprovals",
}
_COUNTED_KINDS = {
    "comment": ["deleted_", "active_"],
    "note": ["deleted_", "active_"],
    "child": ["deleted_", "active_"],
    "pool": ["deleted_", "active_", "series_", "collection_"],
}

# "comments" means "comment_count", and so on.
COUNT_SYNONYMS = {
    f"{kind}{plural}": f"{kind}{singular}_count"
    for singular, plural in _COUNTED.items()
    for kind in ["", *_COUNTED_KINDS.get(singular, [])]
}
_TAG_COUNTS = _names("arttags copytags chartags gentags metatags")

SEARCH_METATAGS = (
    *_RELATIONS,
    *_ATTRIBUTES,
    *_CONTROLS,
    *COUNT_SYNONYMS.values(),
    *COUNT_SYNONYMS,
    *_TAG_COUNTS,
)

CATEGORY_METATAGS = {
    "general": "general",
    "gen": "general",
    "artist": "artist",
    "art": "artist",
    "copyright": "copyright",
    "copy": "copyright",
    "co": "copyright",
    "character": "character",
    "char": "character",
    "ch": "character",
    "meta": "meta",
}
_BEFORE_SAVING = ["parent", "-parent", "rating", "source", "status", *CATEGORY_METATAGS]
_AFTER_SAVING = _names("""
    newpool pool -pool favgroup -favgroup fav -fav child -child upvote downvote disapproved status -status
""")

EDIT_METATAGS = tuple(dict.fromkeys([*_BEFORE_SAVING, *_AFTER_SAVING]))
