"""Every rule that is cited by number is in docs/behaviour.md, and all are cited alike."""

import re

from tests.docs.commands import ROOT, documents

_NUMBER = r"(?:[A-N0]\.\d+(?:\.\d+)?|[A-N]\b)"
_CITATION = re.compile(rf"\bbehaviour ({_NUMBER}(?:(?:,| and| to)\s+{_NUMBER})*)")
# A number without the word, or with another one before it.
_OTHER_FORM = re.compile(
    r"\(([A-N]\.\d+(?:\.\d+)?)[;,)]|\bBehaviour [A-N0](?:\.\d|\b)|\b(?:rule|scenario|section)s? [A-N]\.\d"
)
_FOLDERS = ("booru", "jobs", "mailers", "tests", "templates", "benchmarks")
_KINDS = {".py", ".html", ".txt", ".sql"}


def texts():
    found = (path for folder in _FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in _KINDS)
    rules = ROOT / "docs" / "behaviour.md"
    for path in [*found, *(document for document in documents() if document != rules)]:
        yield path.relative_to(ROOT), path.read_text()


def rules():
    text = (ROOT / "docs" / "behaviour.md").read_text()
    return set(re.findall(r"^#+ ([A-N0](?:\.\d+)*) ", text, re.MULTILINE))


def test_every_rule_that_is_cited_is_told():
    cited = {
        (number, str(path))
        for path, text in texts()
        for citation in _CITATION.findall(re.sub(r"\s+#?\s*", " ", text))
        for number in re.findall(_NUMBER, citation)
    }
    assert len(cited) > 200
    told = rules()
    assert sorted((number, path) for number, path in cited if number not in told) == []


def test_rules_are_cited_in_one_form():
    this = "tests/docs/test_rules.py"
    other = [(str(path), match[0]) for path, text in texts() for match in _OTHER_FORM.finditer(text)]
    assert [(path, found) for path, found in other if path != this] == []


def test_other_forms_are_seen():
    wrong = ["(M.8)", "Behaviour I.5: so", "rule B.4", "scenarios L.7", "(G.5; but)"]
    assert [text for text in wrong if not _OTHER_FORM.search(text)] == []
    assert _CITATION.findall("(behaviour A.10, E.8), behaviour N") == ["A.10, E.8", "N"]
