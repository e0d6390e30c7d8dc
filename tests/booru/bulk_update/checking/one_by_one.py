"""Checks a script as Danbooru does: line after line, each by making what it makes, and then undoing it all.

It asks the database many times a line; the real check must say the same (behaviour A.6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from booru.bulk_update.commands.category import Category
from booru.bulk_update.commands.convert import Convert
from booru.bulk_update.commands.create_alias import CreateAlias
from booru.bulk_update.commands.create_implication import CreateImplication
from booru.bulk_update.commands.deprecate import Deprecate
from booru.bulk_update.commands.invalid_line import InvalidLine
from booru.bulk_update.commands.mass_update import MassUpdate
from booru.bulk_update.commands.nuke import Nuke
from booru.bulk_update.commands.remove_alias import RemoveAlias
from booru.bulk_update.commands.remove_implication import RemoveImplication
from booru.bulk_update.commands.rename import Rename
from booru.bulk_update.commands.undeprecate import Undeprecate
from booru.models import Credit, Pool, Tag, TagAlias, TagImplication, User, WikiPage
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.models.tags.tag import TagCategory
from booru.posts.search import PostSearch
from booru.rules.text import is_invisible
from booru.search.language import SearchQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from booru.bulk_update.kinds.command import Command
    from booru.bulk_update.kinds.tag_pair import TagPairCommand
    from booru.models.tag_relationships.tag_relationship import TagRelationship


def errors_one_by_one(commands: Sequence[Command], context: ValidationContext) -> list[list[str]]:
    with transaction.atomic():
        errors = [_errors(command, context) for command in commands]
        transaction.set_rollback(True)
    return errors


def _errors(command: Command, context: ValidationContext) -> list[str]:  # noqa: PLR0911
    is_request = context is ValidationContext.REQUEST
    match command:
        case CreateAlias():
            if not is_request and TagAlias.objects.moved_on(command.old, command.new):
                return []
            return _made(command, "alias", TagAlias, context)
        case CreateImplication():
            return _made(command, "implication", TagImplication, context)
        case RemoveAlias():
            return _removed(command, "alias", TagAlias, is_request=is_request)
        case RemoveImplication():
            return _removed(command, "implication", TagImplication, is_request=is_request)
        case Rename():
            return _told(f"Can't rename {command.links}", _rename(command))
        case Category():
            what = f"Can't change the category of [[{command.tag}]] to {command.category}"
            return _told(what, _category(command, is_request=is_request))
        case Nuke():
            search = PostSearch(command.target)
            return _told(f"Can't nuke {{{{{search}}}}}", _nuke(search))
        case Deprecate() | Undeprecate():
            problem = _deprecation(command.tag, command.keyword) if is_request else ""
            return _told(f"Can't {command.keyword} [[{command.tag}]]", problem)
        case MassUpdate():
            what = f"Can't mass update {{{{{command.search}}}}} -> {{{{{command.edit}}}}}"
            is_null = SearchQuery.parse(command.search).is_null
            return _told(what, f"the search {{{{{command.search}}}}} has a syntax error" if is_null else "")
        case Convert():
            return _told(*_convert(command.left, command.right))
        case InvalidLine():
            return [f"Invalid line: {command.line}"]
    raise AssertionError(command)


def _told(what: str, problem: str) -> list[str]:
    return [f"{what} ({problem})"] if problem else []


def _made(
    command: TagPairCommand, kind: str, model: type[TagRelationship], context: ValidationContext
) -> list[str]:
    system = User.objects.system()
    try:
        model._default_manager.create_valid(command.old, command.new, creator=system, context=context)
    except ValidationError as error:
        return [f"Can't create {kind} {command.links} ({'; '.join(error.messages)})"]
    return []


def _removed(
    command: TagPairCommand, kind: str, model: type[TagRelationship], *, is_request: bool
) -> list[str]:
    active = model._default_manager.active_of(command.old, command.new)
    if is_request and not active.exists():
        return [f"Can't remove {kind} {command.links} ({kind} doesn't exist)"]
    model._default_manager.reject_all(active, Credit(User.objects.system()))
    return []


def _rename(command: Rename) -> str:
    tag = Tag.objects.named(command.old)
    if tag is None:
        return f"[[{command.old}]] doesn't exist"
    if tag.post_count > 200:
        return f"[[{command.old}]] has more than 200 posts, use an alias instead"
    return "; ".join(Tag.objects.name_errors(command.new))


def _category(command: Category, *, is_request: bool) -> str:
    tag, category = Tag.objects.named(command.tag), TagCategory.from_word(command.category)
    if tag is None:
        return f"[[{command.tag}]] doesn't exist"
    if category is None:
        return f"{command.category} is not a valid category"
    if tag.category == category:
        return f"[[{command.tag}]] is already in that category" if is_request else ""
    if is_request and category != TagCategory.ARTIST and tag.has_artist_entry():
        return f"[[{command.tag}]] has an artist entry"
    return "; ".join(tag.category_errors(category))


def _nuke(search: PostSearch) -> str:
    pool = search.metatag("pool")
    return "pool doesn't exist" if pool is not None and Pool.objects.find(pool) is None else ""


def _deprecation(name: str, keyword: str) -> str:
    tag = Tag.objects.named(name)
    if tag is None:
        return "tag doesn't exist"
    if keyword == "undeprecate":
        return "" if tag.is_deprecated else "tag is not deprecated"
    if tag.is_deprecated:
        return "tag is already deprecated"
    page = WikiPage.objects.titled(name)
    if page is None:
        return "tag must have a wiki page"
    return "wiki page is deleted" if page.is_deleted else ""


def _convert(left: str, right: str) -> tuple[str, str]:
    first, second = SearchQuery.parse(left), SearchQuery.parse(right)
    if first.simple_tag is not None and (pool := second.metatag("pool")) is not None:
        return f"Can't convert [[{first.simple_tag}]] -> {{{{{right}}}}}", _tag_to_pool(
            first.simple_tag, pool
        )
    if second.simple_tag is not None and (pool := first.metatag("pool")) is not None:
        return f"Can't convert {{{{{left}}}}} -> [[{second.simple_tag}]]", _pool_to_tag(
            left, pool, second.simple_tag
        )
    return (
        f"Can't convert {{{{{left}}}}} -> {{{{{right}}}}}",
        "convert takes exactly one pool and one tag",
    )


def _tag_to_pool(typed: str, pool_name: str) -> str:
    (name,) = TagAlias.objects.to_aliased([typed])
    if Tag.objects.named(name) is None:
        return f"tag [[{typed}]] doesn't exist"
    page, pool = WikiPage.objects.titled(name), Pool.objects.find(pool_name)
    if is_invisible(page.body if page else "") and is_invisible(pool.description if pool else ""):
        return "either the tag or the pool must have a description"
    try:
        with transaction.atomic():
            _fill(pool or Pool(name=pool_name), page.body if page else "")
            transaction.set_rollback(True)
    except ValidationError as error:
        by_field = error.message_dict.items()
        return (
            f"pool {'; '.join(f'{field} {message}' for field, messages in by_field for message in messages)}"
        )
    return ""


def _fill(pool: Pool, description: str) -> None:
    filled = description if is_invisible(pool.description) else pool.description
    pool.update(Credit(User.objects.system()), is_deleted=False, description=filled)


def _pool_to_tag(typed: str, pool_name: str, typed_tag: str) -> str:
    if Pool.objects.find(pool_name) is None:
        return f"{{{{{typed}}}}} does not exist"
    (name,) = TagAlias.objects.to_aliased([typed_tag])
    if errors := Tag.objects.name_errors(name):
        return "; ".join(errors)
    is_deprecated = Tag.objects.filter(name=name, is_deprecated=True).exists()
    return f"[[{name}]] is deprecated" if is_deprecated else ""
