"""What README, CONTRIBUTING and docs/ link to, or name as a file, is there."""

import re

import pytest

from tests.docs.commands import FENCE, ROOT, documents

# The first words of paths that are in this project; others are examples, or made when it runs.
_PATH = re.compile(r"`((?:booru|jobs|mailers|tests|docs|benchmarks|bin|static|templates)/[\w./<>*-]*)`")
# Readers make these.
TO_BE_MADE = {
    "jobs/more_facts.html",
    "templates/user_mailer/x.html",
    "jobs/greetings.py",
    "templates/user_mailer/happy_birthday.html",
    "templates/user_mailer/happy_birthday.txt",
}
DOCUMENTS = documents()
NAMES = [str(document.relative_to(ROOT)) for document in DOCUMENTS]


def anchors(text):
    """The anchors of headings as hosts of Git make them, and those written as HTML."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)"', text))


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_links_lead_somewhere(document):
    text = FENCE.sub("", document.read_text())
    lost = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        if ":" in path:
            continue
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_files_that_are_named_exist(document):
    named = set(_PATH.findall(document.read_text())) - TO_BE_MADE
    lost = [path for path in named if "<" not in path and not any(ROOT.glob(path.rstrip("/")))]
    assert sorted(lost) == []


def test_tests_that_are_named_exist():
    there = set()
    for file in (ROOT / "tests").rglob("*.py"):
        there.update(re.findall(r"^ *def (test_\w+)", file.read_text(), re.MULTILINE))
    named = {name for document in DOCUMENTS for name in re.findall(r"`(test_\w+)`", document.read_text())}
    assert named - there == set()


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150
