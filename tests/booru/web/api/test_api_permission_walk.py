"""Every address with every method: no key does anything by the permission for something else."""

from base64 import b64encode

import pytest
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, resolve
from django.views.generic import RedirectView

from booru.models import ApiKey, Level
from booru.web.api.permissions import all_permissions, permission_for
from jobs.engine.models import BackgroundJob
from tests.support.factories import TagAliasFactory, TagImplicationFactory, UserFactory

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND"}
# What a form names in `_method`, in a POST.
NAMED = ("put", "PATCH", "delete", "Delete", "get", "HEAD", "options", "nonsense")
SAMPLES = {
    "id": "1",
    "uuid": "01a1fcea-3c78-704b-9eb7-58fcd23d3d50",
    "slug": "word",
    "path": "some/word",
}
# One page that asks, and one that may only be reached with a password: for people, and offered to no key. The
# other is one record, of the address and of its user.
TWO_ADDRESSES = {"sessions:destroy", "emails:show"}


def addresses():
    """A path of each line of the URL conf."""
    return sorted(_walk(get_resolver(), "/"))


def _walk(resolver, prefix):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
            continue
        for name, converter in pattern.pattern.converters.items():
            kind = next(kind for kind in SAMPLES if f"<{kind}:{name}>" in route)
            assert converter.to_python(SAMPLES[kind]) is not None
            route = route.replace(f"<{kind}:{name}>", SAMPLES[kind])
        yield route


def requests():
    """(how it is told, method, path, form): each address with each method, by itself and named in a form."""
    for path in addresses():
        for method in METHODS:
            yield f"{method} {path}", method, path, {}
        for method in NAMED:
            yield f"POST {path} as {method}", "POST", path, {"_method": method}


def name_of(method, path, form):
    factory = RequestFactory()
    request = factory.post(path, form) if method == "POST" else factory.generic(method, path)
    return permission_for(request, resolve(path).func)


@pytest.fixture
def owner(db):
    return UserFactory(name="olga", level=Level.OWNER)


@pytest.fixture
def program(owner):
    """A client with a key for what it is called with."""
    api_key, key = ApiKey.objects.make(owner)
    login = b64encode(f"olga:{key}".encode()).decode()

    def client(*permissions):
        ApiKey.objects.filter(pk=api_key.pk).update(permissions=list(permissions))
        return Client(headers={"authorization": f"Basic {login}"})

    return client


def send(client, method, path, form):
    return client.post(path, form) if method == "POST" else client.generic(method, path)


def test_every_address_has_one_function_for_each_method():
    """A view that looks at the method itself does two things by one name."""
    for path in addresses():
        view = resolve(path).func
        leads_elsewhere = getattr(view, "view_class", None) is RedirectView
        if leads_elsewhere or getattr(view, "checks_credentials_itself", False):
            continue
        assert hasattr(view, "by_method"), path


def test_no_name_both_reads_and_writes_or_says_two_pages():
    reading, writing, pages = set(), set(), {}
    for _, method, path, form in requests():
        if not (name := name_of(method, path, form)):
            continue
        really = {"patch": "PUT"}.get(method := form.get("_method", method).upper(), method)
        (reading if really in SAFE else writing).add(name)
        pages.setdefault(name, set()).add(path.removesuffix(".json"))
    assert reading & writing == set()
    assert {name for name, paths in pages.items() if len(paths) > 1} == TWO_ADDRESSES
    assert set(all_permissions()) <= reading | writing


def test_the_methods_of_an_address_are_named_apart():
    """Unless one function answers both, as with a PUT and a POST that ask for the same."""
    for path in addresses():
        by_method = getattr(resolve(path).func, "by_method", {})
        names = {method: name_of(method, path, {}) for method in by_method}
        assert len(set(names.values())) == len(set(by_method.values())), path


def test_all_other_permissions_together_do_not_reach_it(program):
    names = {*all_permissions(), *(name_of(*one[1:]) for one in requests())} - {None}
    # Each once, where programs ask for it if they can. One function says what all spellings of a method do.
    ways = {name_of(*one[1:]): one for one in requests() if not one[3]}
    for name, (told, *one) in ways.items():
        if name:
            assert send(program(*(names - {name})), *one).status_code == 403, told


def test_a_method_without_a_name_is_reached_with_none(program):
    client = program(*all_permissions())
    for told, method, path, form in requests():
        if method == "OPTIONS" and path.endswith(".json"):
            assert name_of(method, path, form) is None
            assert send(client, method, path, form).status_code == 403, told


def test_a_key_that_may_look_at_jobs_deletes_none(program):
    job = BackgroundJob.objects.create(job_class="x.Y")
    page, data = f"/jobs/{job.pk}", f"/jobs/{job.pk}.json"
    looking = program("jobs:show")
    assert looking.get(data).status_code == 200
    assert looking.delete(data).status_code == 403
    assert looking.post(page, {"_method": "delete"}).status_code == 403
    assert looking.put(f"/jobs/{job.pk}/cancel.json").status_code == 403
    assert BackgroundJob.objects.filter(pk=job.pk, finished_at=None).exists()
    deleting = program("jobs:destroy")
    assert deleting.get(data).status_code == 403
    assert deleting.delete(data).status_code == 204
    assert not BackgroundJob.objects.exists()


def test_a_name_of_earlier_versions_means_what_it_meant(program):
    alias, implication = TagAliasFactory(), TagImplicationFactory()
    client = program("tag_relationships:show")
    assert client.get(f"/tag_aliases/{alias.pk}.json").status_code == 200
    assert client.get(f"/tag_implications/{implication.pk}.json").status_code == 200
    assert client.get("/tag_aliases.json").status_code == 403
    assert client.delete(f"/tag_aliases/{alias.pk}.json").status_code == 403
    assert program("tag_aliases:show").get(f"/tag_implications/{implication.pk}.json").status_code == 403


def test_a_key_of_before_does_what_it_did_and_no_more(program, owner):
    job = BackgroundJob.objects.create(job_class="x.Y")
    client = program("jobs.job:show", "profiles:show")
    assert client.get(f"/jobs/{job.pk}.json").status_code == 200
    assert client.get("/jobs.json").status_code == 403
    assert client.delete(f"/jobs/{job.pk}.json").status_code == 403
    assert client.get(f"/users/{owner.pk}.json").status_code == 200
    assert client.delete(f"/users/{owner.pk}.json").status_code == 403
