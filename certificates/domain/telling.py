"""Posting what holders and employers are told, each in the transaction of its step (N-11)."""

import datetime as dt

from django.utils.translation import gettext as _

from applications.rules import STAFF
from certificates import letters
from certificates.models import Certificate, IssueOrder, RegisterExport
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind, Role
from portal.notifications.kinds import Letter
from portal.notifications.post import post
from portal.notifications.recipients import holders_at
from portal.shared.office import in_office_language


@in_office_language
def tell_issued(certificate: Certificate, at: dt.datetime) -> None:
    """N-11: the holder learns where to download it, the employer that it was issued."""
    _tell_holder(letters.CertificateIssued, certificate, at)
    _tell_employer(letters.CertificateIssuedToEmployer, certificate, at)


@in_office_language
def tell_corrected(certificate: Certificate, replaced: Certificate, at: dt.datetime) -> None:
    """The holder learns the new number; the old one shows whoever checks it where it went."""
    _tell_holder(letters.CertificateCorrected, certificate, at, replaced=replaced.number)


@in_office_language
def tell_suspended(certificate: Certificate, at: dt.datetime) -> None:
    """The holder learns that it is under review and why."""
    _tell_holder(letters.CertificateSuspended, certificate, at, reason=certificate.reason)


@in_office_language
def tell_resumed(certificate: Certificate, at: dt.datetime) -> None:
    """The holder learns that it is valid again."""
    _tell_holder(letters.CertificateResumed, certificate, at)


@in_office_language
def tell_revoked(certificate: Certificate, at: dt.datetime) -> None:
    """The holder learns it with the remedies, the employer that the title holds no more (R-141)."""
    remedies = _("对撤销决定不服的，可以在收到决定书之日起六十日内申请行政复议，或者在六个月内提起行政诉讼。")
    facts = {"reason": certificate.reason, "on": certificate.ended_on, "remedies": remedies}
    _tell_holder(letters.CertificateRevoked, certificate, at, **facts)
    _tell_employer(letters.CertificateRevokedToEmployer, certificate, at, on=certificate.ended_on)


@in_office_language
def tell_restored(certificate: Certificate, at: dt.datetime) -> None:
    """Both learn that the decision was quashed."""
    _tell_holder(letters.CertificateRestored, certificate, at)
    _tell_employer(letters.CertificateRestoredToEmployer, certificate, at)


@in_office_language
def tell_order_waits(order: IssueOrder, at: dt.datetime) -> None:
    """The leads learn that an order waits for one of them."""
    found = Organisation.objects.filter(kind=OrganisationKind.BUREAU, is_active=True).order_by("pk")
    to = [holders_at(one, {Role.BUREAU_LEAD}) for one in found]
    post(letters.OrderWaits, to=to, about=order, at=at, facts={"people": order.lines.count()})


def _tell_holder(kind: type[Letter], certificate: Certificate, at: dt.datetime, **facts: object) -> None:
    told = {"title": certificate.title, "number": certificate.number, **facts}
    post(kind, to=certificate.holder, about=certificate, at=at, facts=told)


def _tell_employer(kind: type[Letter], certificate: Certificate, at: dt.datetime, **facts: object) -> None:
    recommendation = certificate.case.application.recommendation
    told = {"name": certificate.holder_name, "title": certificate.title, "number": certificate.number, **facts}
    post(kind, to=holders_at(recommendation.organisation, STAFF), about=recommendation, at=at, facts=told)


@in_office_language
def tell_sheet_ready(export: RegisterExport, kept_days: int, at: dt.datetime) -> None:
    """Who asked for the register's sheet can fetch it; nobody else can."""
    post(
        letters.RegisterReady,
        to=export.person,
        about=export,
        at=at,
        facts={"number": export.rows, "kept_days": kept_days},
    )


@in_office_language
def tell_sheet_failed(export: RegisterExport, at: dt.datetime) -> None:
    """No sheet comes any more; another can be asked for."""
    post(letters.RegisterFailed, to=export.person, about=export, at=at, facts={"asked_at": export.asked_at})
