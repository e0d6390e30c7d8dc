from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import time_machine

from booru.rules.one_time_codes import (
    another_backup_code,
    app_link,
    backup_code,
    new_backup_codes,
    new_secret,
    shown_backup_code,
    step_of,
)

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = 1_700_000_010  # in the first second of a half minute
STEP = NOON // 30


def code_at(seconds):
    return pyotp.TOTP(SECRET).at(NOON + seconds)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_a_code_is_of_its_half_minute():
    assert step_of(SECRET, code_at(0)) == STEP


@pytest.mark.parametrize(("seconds", "step"), [(-30, STEP - 1), (30, STEP + 1), (-31, None), (60, None)])
def test_clocks_may_differ_by_half_a_minute(seconds, step):
    assert step_of(SECRET, code_at(seconds)) == step


def test_a_code_and_those_before_it_are_used_up():
    assert step_of(SECRET, code_at(0), after=STEP) is None
    assert step_of(SECRET, code_at(-30), after=STEP) is None
    assert step_of(SECRET, code_at(30), after=STEP) == STEP + 1


def test_spaces_and_dashes_do_not_matter():
    code = code_at(0)
    assert step_of(SECRET, f" {code[:3]} {code[3:]}\n") == STEP
    assert backup_code("0000-0012 ") == 12


@pytest.mark.parametrize(
    "text", ["", " ", "12345", "1234567", "abcdef", "\u0661" * 6, "9" * 100_000, "-12345"]
)
def test_other_text_is_no_code(text):
    assert step_of(SECRET, text) is None
    assert backup_code(text) is None


def test_without_a_secret_no_code_is_right():
    assert step_of("", "000000") is None


def test_secrets_differ_and_have_160_bits():
    assert len({new_secret() for _ in range(20)}) == 20
    assert len(new_secret()) * 5 >= 160


def test_an_app_reads_the_link():
    link = app_link(SECRET, account="a b&c", site="Danbooru")
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parse_qs(parts.query) == {"secret": [SECRET], "issuer": ["Danbooru"]}
    assert pyotp.parse_uri(link).now() == code_at(0)


def test_backup_codes_have_eight_digits_and_differ(noon):
    codes = new_backup_codes()
    assert len(set(codes)) == len(codes) == 10
    assert {len(shown_backup_code(code)) for code in [*codes, 0]} == {8}
    assert [backup_code(shown_backup_code(code)) for code in codes] == codes
    assert another_backup_code(codes) not in codes
    noon.shift(timedelta(minutes=1))
    assert new_backup_codes() != codes
