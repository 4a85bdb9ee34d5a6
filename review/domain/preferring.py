"""How somebody likes the queue: filters kept under a name, and the columns to be seen."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.shared.errors import Reason, Refusal
from review.enums.queueing import LONGEST_NAME
from review.models import ChosenColumns, SavedFilter

# A longer list is no shortcut.
MOST_FILTERS = 20


def save_filter(name: str, criteria: Mapping[str, str], *, is_default: bool = False, by: Actor) -> SavedFilter:
    """Keep a narrowing under a name, in place of one of the same name; raises Refusal without a name or with too many."""
    person, organisation = _who(by)
    title = _fitting(name)
    own = SavedFilter.objects.of(by)
    with transaction.atomic():
        Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if own.exclude(name=title).count() >= MOST_FILTERS:
            text = _("常用筛选最多%(most)s个，请先删除不用的。") % {"most": MOST_FILTERS}
            raise Refusal([Reason(text, code="too_many_filters", field="name")])
        kept, _new = SavedFilter.objects.update_or_create(
            person=person, organisation=organisation, name=title, defaults={"criteria": dict(criteria)}
        )
        return make_default(kept, by=by) if is_default else kept


def rename(kept: SavedFilter, name: str) -> SavedFilter:
    """Give another name; raises Refusal for an empty one, or one that another filter of the person has."""
    title = _fitting(name)
    others = SavedFilter.objects.filter(person=kept.person_id, organisation=kept.organisation_id).exclude(pk=kept.pk)
    if others.filter(name=title).exists():
        raise Refusal([Reason(_("已有同名的常用筛选。"), code="name_taken", field="name")])
    kept.name = title
    kept.save(update_fields=["name", "updated_at"])
    return kept


def make_default(kept: SavedFilter, *, by: Actor) -> SavedFilter:
    """Open the queue with this one from now on, in place of any other."""
    with transaction.atomic():
        SavedFilter.objects.of(by).filter(is_default=True).exclude(pk=kept.pk).update(is_default=False)
        kept.is_default = True
        kept.save(update_fields=["is_default", "updated_at"])
    return kept


def drop_default(kept: SavedFilter) -> SavedFilter:
    """Open the queue with everything that waits again."""
    kept.is_default = False
    kept.save(update_fields=["is_default", "updated_at"])
    return kept


def choose_columns(keys: Iterable[str], *, by: Actor) -> ChosenColumns:
    """Keep which columns the person sees."""
    person, organisation = _who(by)
    chosen, _new = ChosenColumns.objects.update_or_create(
        person=person, organisation=organisation, defaults={"keys": list(dict.fromkeys(keys))}
    )
    return chosen


def chosen_columns(by: Actor) -> list[str] | None:
    """Return the keys of the columns that the person chose; None before any choice."""
    return ChosenColumns.objects.of(by).values_list("keys", flat=True).first()


def filters_of(by: Actor) -> list[SavedFilter]:
    """Return the person's kept filters by name."""
    return list(SavedFilter.objects.of(by).order_by("name"))


def _fitting(name: str) -> str:
    title = name.strip()
    if not 0 < len(title) <= LONGEST_NAME:
        text = _("请填写名称，最多%(most)s个字。") % {"most": LONGEST_NAME}
        raise Refusal([Reason(text, code="name_missing", field="name")])
    return title


def _who(by: Actor) -> tuple[Person, Organisation]:
    assert by.person is not None and by.organisation is not None  # noqa: S101, PT018 - the desk is for staff only
    return by.person, by.organisation
