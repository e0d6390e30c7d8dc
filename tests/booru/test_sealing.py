import pytest

from booru.sealing import CannotUnseal, seal, unseal


def test_what_is_sealed_is_not_read_and_comes_back():
    sealed = seal("JBSWY3DP é")
    assert "JBSWY3DP" not in sealed
    assert unseal(sealed) == "JBSWY3DP é"
    assert seal("JBSWY3DP é") != sealed


def test_another_key_opens_nothing_unless_it_is_known(settings):
    settings.SECRET_KEY = "old"
    sealed = seal("text")
    settings.SECRET_KEY = "new"
    with pytest.raises(CannotUnseal):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = ["older", "old"]
    assert unseal(sealed) == "text"
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(seal("text")) == "text"


@pytest.mark.parametrize("text", ["", "JBSWY3DPEHPK3PXP", "gAAAAA", "\u20ac"])
def test_what_was_never_sealed_is_not_taken_for_it(text):
    with pytest.raises(CannotUnseal):
        unseal(text)
