"""The defence notice on paper: when, where, what to bring, and the code by which the person is let in (R-107)."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM, Actor
from portal.documents import intake, pdf, qr
from portal.documents.enums import Kind
from portal.documents.models import StoredFile
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal
from portal.shared.office import office_language
from portal.workflow import carry_out, settle_due
from portal.workflow.carry_out import locked
from review.domain import attending
from review.enums.defending import DefenceState
from review.models import Defence

PURPOSE = "defence_notice"
TEMPLATE = "documents/review/defence_notice.html"

AddressOf = Callable[[str], str]


def download(defence: Defence, *, address_of: AddressOf, by: Actor, at: dt.datetime) -> StoredFile:
    """Return the person's defence notice, written the first time; taking it is the receipt (domain §8.5 #3).

    ``address_of(code)`` gives the address that the picture on the notice leads to. Raises Refusal where none was sent.
    """
    settle_due(defence.application, at)
    with transaction.atomic():
        locked(defence.application)
        row = locked(defence)
        if row.slot is None or row.notified_at is None or row.state == DefenceState.CLOSED:
            raise Refusal([Reason(_("现在没有有效的答辩通知书。"), "R-107", "no_notice")])
        if row.state == DefenceState.NOTIFIED:
            row = carry_out(row, "acknowledge", by=by, at=at)
        if row.notice is None:
            row.notice = _kept(row, _written(row, address_of, at), at)
            row.save(update_fields=["notice", "updated_at"])
        assert row.notice is not None  # noqa: S101 - just made
        return row.notice


def _written(defence: Defence, address_of: AddressOf, at: dt.datetime) -> bytes:
    application, slot = defence.application, defence.slot
    assert slot is not None  # noqa: S101 - asked before
    code = attending.code_of(defence)
    context = {
        "application": application,
        "committee": application.entry.committee,
        "agency": application.entry.agency,
        "defence": defence,
        "slot": slot,
        "round": slot.round,
        "code": code,
        "picture": qr.picture_of(address_of(code)),
    }
    with office_language():
        return pdf.render(TEMPLATE, context, at=at)


def _kept(defence: Defence, content: bytes, at: dt.datetime) -> StoredFile:
    with office_language():
        name = _("答辩通知书") + f"-{defence.code}.pdf"
    owner = defence.application.applicant
    file = intake.keep(content, name=name, purpose=PURPOSE, kind=Kind.PDF, owner=owner, at=at)
    record(defence, "print", by=SYSTEM, at=at, basis="R-107", facts={"file": file.code, "sha256": file.sha256})
    return file
