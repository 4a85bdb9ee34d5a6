"""How much one owner may keep, so that nobody can fill the house."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation, Person
from portal.documents.models import StoredFile, Upload
from portal.shared.errors import Reason, Refusal

GIGABYTE = 1024**3
OF_PERSON = 2 * GIGABYTE
OF_ORGANISATION = 100 * GIGABYTE
UPLOADS_AT_ONCE = 20

Owner = Person | Organisation


def refuse_beyond(owner: Owner, more: int) -> None:
    """Lock ``owner`` and refuse where ``more`` bytes would exceed what they may keep; must run in a transaction.

    The lock is held until the row that uses the bytes is committed, so that two uploads at once cannot both fit in
    the last megabyte. Raises Refusal.
    """
    table, allowed = (Person, OF_PERSON) if isinstance(owner, Person) else (Organisation, OF_ORGANISATION)
    table._base_manager.select_for_update(no_key=True).get(pk=owner.pk)
    if used_by(owner) + more > allowed:
        text = _("存储空间不足：每个账户最多保存 %(gigabytes)s GB。请先删除不再需要的材料。") % {
            "gigabytes": allowed // GIGABYTE
        }
        raise Refusal([Reason(text, code="quota_exceeded", field="file")])


def refuse_too_many_uploads(person: Person) -> None:
    """Refuse where ``person`` already has too many uploads under way; call it under the lock of refuse_beyond."""
    if Upload.objects.arriving().filter(person=person).count() >= UPLOADS_AT_ONCE:
        text = _("同时上传的文件不能超过 %(limit)s 个，请等待已开始的上传完成。") % {"limit": UPLOADS_AT_ONCE}
        raise Refusal([Reason(text, code="too_many_uploads", field="file")])


def used_by(owner: Owner) -> int:
    """Return how many bytes the files of ``owner`` take and their uploads still arriving will take."""
    if isinstance(owner, Person):
        files = StoredFile.objects.filter(owner_person=owner)
        uploads = Upload.objects.arriving().filter(person=owner, organisation=None)
    else:
        files = StoredFile.objects.filter(owner_organisation=owner)
        uploads = Upload.objects.arriving().filter(organisation=owner)
    kept = files.aggregate(total=Sum("received_size"))["total"] or 0
    coming = uploads.aggregate(total=Sum("length"))["total"] or 0
    return int(kept) + int(coming)
