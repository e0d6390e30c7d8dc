"""The SQL of a search against the plainest way to answer it: to look at each post."""

from itertools import chain, combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booru.models import Post
from booru.posts.search import PostSearch
from booru.search.language import SearchQuery
from booru.search.language.tree import And, Metatag, Not, Or, Tag, Wildcard, all_of, any_of
from tests.support.factories import PostFactory, UserFactory
from tests.support.tag_factories import make_tag

NAMES = ["a", "ab", "b", "bc"]
TERMS = st.one_of(
    st.sampled_from([*NAMES, "missing"]).map(Tag),
    st.sampled_from(["a*", "*b", "b*", "*", "x*"]).map(Wildcard),
    st.builds(Metatag, st.just("score"), st.sampled_from([">1", "0..2", "1,3", "x"])),
    st.sampled_from([Metatag("status", "all"), Metatag("user", "nobody"), Metatag("rating", "s")]),
)
SEARCHES = st.recursive(
    TERMS,
    lambda trees: st.one_of(
        trees.map(Not),
        st.lists(trees, min_size=2, max_size=4).map(all_of),
        st.lists(trees, min_size=2, max_size=4).map(any_of),
    ),
    max_leaves=15,
)


@pytest.fixture
def posts(db):
    """One with every set of the tags."""
    uploader = UserFactory()
    for name in NAMES:
        make_tag(name, post_count=8)
    subsets = chain.from_iterable(combinations(NAMES, size) for size in range(len(NAMES) + 1))
    for number, tags in enumerate(subsets):
        PostFactory(tag_string=" ".join(tags), score=number % 4, rating="gs"[number % 2], uploader=uploader)
    return list(Post.objects.all())


def fits(node, post):
    match node:
        case Tag(name):
            return name in post.tags
        case Wildcard(pattern):
            begins, ends = pattern.partition("*")[::2]
            return any(tag.startswith(begins) and tag.endswith(ends) for tag in post.tags)
        case Metatag():
            return has(node, post)
        case Not(child):
            return not fits(child, post)
        case And(children):
            return all(fits(child, post) for child in children)
        case Or(children):
            return any(fits(child, post) for child in children)
    raise AssertionError(node)


def has(term, post):
    if term.name == "score":
        scores = {">1": {2, 3}, "0..2": {0, 1, 2}, "1,3": {1, 3}, "x": set()}
        return post.score in scores[term.value]
    return post.rating == "s" if term.name == "rating" else term.name == "status"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(tree=SEARCHES)
def test_a_search_finds_just_the_posts_that_fit(posts, tree):
    assert SearchQuery.parse(str(tree)).tree == tree
    search = PostSearch(str(tree))
    expected = {post.pk for post in posts if fits(tree, post)}
    assert set(search.posts().values_list("pk", flat=True)) == expected
    assert [post.pk for post in search.ordered()] == sorted(expected, reverse=True)
    required = search.query.required_tags
    assert all(required <= set(post.tags) for post in posts if post.pk in expected)
