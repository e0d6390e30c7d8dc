import pytest

from booru.rules.wiki_links import rewrite_wiki_links


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("see [[old tag]].", "see [[new tag]]."),
        ("see [[old_tag]].", "see [[new tag]]."),
        ("[[ old  tag ]]", "[[new tag]]"),
        ("[[Old tag]]", "[[New tag]]"),
        ("[[Old Tag]]", "[[New Tag]]"),
        ("[[OLD tag]]", "[[OLD tag]]"),
        ("[[old tag|it]]", "[[new tag|it]]"),
        ("[[older tag]] old tag", "[[older tag]] old tag"),
        ("[[old tag]] [[old tag]]", "[[new tag]] [[new tag]]"),
        ("[[old tag", "[[old tag"),
    ],
)
def test_a_link_follows_in_the_same_letters(text, rewritten):
    assert rewrite_wiki_links(text, "old_tag", "new_tag") == rewritten


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("[[old]]", "[[new (a series)|]]"),
        ("[[Old]]", "[[New (a series)|]]"),
        ("[[old|]]", "[[new (a series)|]]"),
        ("[[old|it]]", "[[new (a series)|it]]"),
    ],
)
def test_a_qualified_name_is_shown_without_its_qualifier(text, rewritten):
    assert rewrite_wiki_links(text, "old", "new_(a_series)") == rewritten


def test_qualifiers_stay_in_lower_case():
    text = "[[Hatsune Miku (old series)]]"
    rewritten = rewrite_wiki_links(text, "hatsune_miku_(old_series)", "kagamine_rin_(new_series)")
    assert rewritten == "[[Kagamine Rin (new series)|]]"
