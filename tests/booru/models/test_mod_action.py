import pytest
from django.contrib.auth.models import AnonymousUser

from booru.models import Level, ModAction
from tests.support.factories import TagAliasFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_action_tells_what_it_was_done_to():
    admin, alias = UserFactory(level=Level.ADMIN), TagAliasFactory()
    action = ModAction.objects.log(
        admin, ModAction.Category.TAG_ALIAS_DELETE, "deleted tag alias a -> b", alias
    )
    assert (action.subject_type, action.subject_id) == ("TagAlias", alias.pk)
    assert (action.creator, action.category, str(action)) == (admin, 122, "deleted tag alias a -> b")


def test_actions_that_tell_addresses_are_for_moderators():
    admin = UserFactory(level=Level.ADMIN)
    ban = ModAction.objects.log(admin, ModAction.Category.USER_BAN, "banned <@x>")
    secret = ModAction.objects.log(admin, ModAction.Category.IP_BAN_CREATE, "banned 192.0.2.1")
    for visitor in (None, AnonymousUser(), UserFactory(level=Level.BUILDER)):
        assert list(ModAction.objects.visible_to(visitor)) == [ban]
    assert list(ModAction.objects.visible_to(UserFactory(level=Level.MODERATOR))) == [secret, ban]
