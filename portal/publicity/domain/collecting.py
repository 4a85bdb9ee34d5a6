"""Files handed in with an objection: they come from anybody, and only whoever answers the objection reads them."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.accounts.queries import the_bureau
from portal.documents import intake
from portal.documents.models import StoredFile
from portal.documents.purposes import MEGABYTE
from portal.publicity import rules
from portal.publicity.models import Objection
from portal.shared.errors import Reason, Refusal

PURPOSE = "objection_evidence"
FIELD = "evidence"
MOST_FILES, MOST_BYTES = 3, 8 * MEGABYTE


def keep(files: "Iterable[UploadedFile[bytes]]", *, by: Actor, at: dt.datetime) -> list[StoredFile]:
    """Keep the files of an objection and return them; raises Refusal beside the field ``evidence``.

    They are kept under names of our own and belong to the bureau: the name of a file, or whose it is, could tell an
    employer who objects.
    """
    files = list(files)
    if len(files) > MOST_FILES:
        text = _("最多可以上传%(most)s个文件。") % {"most": MOST_FILES}
        raise Refusal([Reason(text, code="too_many_files", field=FIELD)])
    try:
        return [
            intake.accept(
                file.chunks(),
                name=_("异议材料") + f"-{number}{PurePath(file.name or '').suffix}",
                purpose=PURPOSE,
                by=by,
                at=at,
                owner=the_bureau(),
            )
            for number, file in enumerate(files, start=1)
        ]
    except Refusal as refusal:
        refusal.reasons = [dataclasses.replace(reason, field=FIELD) for reason in refusal.reasons]
        raise


def may_read(actor: Actor, file: StoredFile) -> bool:
    """Return whether the actor answers the objection with which the file came."""
    return rules.staff.test(actor) and Objection.objects.handled_by(actor).filter(evidence__file=file).exists()
