import pytest

from jobs.engine.requests.address_checks import address_problems, check_addresses


def ids(binds=()):
    return [problem.id for problem in address_problems(binds)]


@pytest.mark.parametrize(
    ("proxies", "binds", "found"),
    [
        (0, [], []),
        (0, ["127.0.0.1:8000", "0.0.0.0:8000"], []),
        (0, ["unix:/run/site.sock"], ["jobs.W001"]),
        (1, ["unix:/run/site.sock", "127.0.0.1:8000", "http://[::1]:8000", "localhost:8000", "fd://3"], []),
        (1, ["0.0.0.0:8000"], ["jobs.W003"]),
        (2, [":8000"], ["jobs.W003"]),
        (1, ["http://[::]:8000"], ["jobs.W003"]),
        (1, ["booru.example:8000"], ["jobs.W003"]),
        (-1, [], ["jobs.E007"]),
        ("1", [], ["jobs.E007"]),
    ],
)
def test_what_hides_addresses_or_lets_visitors_choose_them_is_named(settings, proxies, binds, found):
    settings.JOBS_TRUSTED_PROXIES = proxies
    assert ids(binds) == found


def test_behind_a_proxy_that_ends_tls_everybody_would_have_its_address(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert ids() == ["jobs.W002"]
    settings.JOBS_TRUSTED_PROXIES = 1
    assert ids() == []


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("", []),
        ("-b unix:/run/site.sock", ["jobs.W001"]),
        ("--workers 2 --bind=unix:/run/site.sock", ["jobs.W001"]),
        ("--bind 127.0.0.1:8000", []),
        ("--bind 'unclosed", []),
        ("--bind", []),
    ],
)
def test_the_check_reads_what_gunicorn_is_told(monkeypatch, arguments, found):
    monkeypatch.setenv("GUNICORN_CMD_ARGS", arguments)
    assert [problem.id for problem in check_addresses(None)] == found
