"""Opening an account: one natural person, proved by the identity register, with one document (R-051, A-41)."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import acting_personally
from portal.accounts.countries import country_code
from portal.accounts.identifiers import DocumentKind, Sex, identify, telephone
from portal.accounts.models import IdentityDocument, Person, VerificationSource
from portal.accounts.names import normal_name
from portal.connectors import identity
from portal.connectors.errors import ConnectorError
from portal.connectors.people import DocumentKind as RegisterKind
from portal.connectors.people import Who
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal

ISSUED_ABROAD = frozenset({DocumentKind.PASSPORT, DocumentKind.FOREIGN_WORK_PERMIT})
OUTAGE = _("身份核验服务暂时不可用，不能完成实名核验。您可以稍后重试；除密码外，已填写的内容仍在页面上。")


@dataclass(frozen=True)
class Registration:
    """What a person tells when registering; its representation shows nothing of it.

    ``country`` is the issuing state (three letters) of a passport or work permit; ``born_on`` and ``sex`` are needed
    only where the number does not carry them.
    """

    kind: DocumentKind
    full_name: str = field(repr=False)
    number: str = field(repr=False)
    phone: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)
    email: str = field(default="", repr=False)
    country: str = ""
    valid_until: dt.date | None = None
    born_on: dt.date | None = field(default=None, repr=False)
    sex: str = ""


def register(told: Registration, *, at: dt.datetime) -> Person:
    """Open an account and return the person; raises Refusal with every reason, and creates nothing then.

    Whether a document is registered already is told only to who knows its number and the name on it. Of several
    registrations at once with one document, one succeeds. Outage of the identity register blocks (A-46).
    """
    checked = checked_form_of(told, at=at)
    prove_identity(checked.full_name, checked.kind, checked.number, at=at)
    try:
        with transaction.atomic():
            return _store(checked, at)
    except IntegrityError as error:
        raise _taken(error) from error


def checked_form_of(told: Registration, *, at: dt.datetime) -> Registration:
    """Return what was told in its stored form, with birth and sex from the number; raises Refusal with all reasons."""
    reasons: list[Reason] = []
    known = replace(told, country="")
    with _collecting(reasons):
        known = replace(known, full_name=normal_name(told.full_name))
    with _collecting(reasons):
        found = identify(told.kind, told.number, on=clock.day_of(at))
        known = replace(known, number=found.number, born_on=found.born_on or told.born_on, sex=found.sex or told.sex)
        reasons += _missing(known)
    if told.kind in ISSUED_ABROAD:
        with _collecting(reasons):
            known = replace(known, country=country_code(told.country))
    with _collecting(reasons):
        known = replace(known, phone=telephone(told.phone))
    reasons += [*_run_out(known, at), *_weak_password(known)]
    if reasons:
        raise Refusal(reasons)
    return replace(known, username=told.username.strip().lower())


def prove_identity(full_name: str, kind: DocumentKind, number: str, *, at: dt.datetime) -> None:
    """Ask the identity register whether name and number belong together; raises Refusal where not, or where it is down."""
    try:
        verdict = identity.check(Who(full_name, RegisterKind(kind.value), number), at=at)
    except ConnectorError as error:
        raise Refusal([Reason(OUTAGE, basis="A-46", code="identity_register_down")]) from error
    if verdict is not identity.Verdict.MATCH:
        text = _("姓名与证件号码未通过核验，请按证件核对姓名、证件种类和号码。")
        raise Refusal([Reason(text, basis="A-46", code="identity_not_proved", field="number")])


def _store(checked: Registration, at: dt.datetime) -> Person:
    person = Person.objects.create_user(
        checked.username,
        checked.password,
        full_name=checked.full_name,
        phone=checked.phone,
        email=checked.email,
        born_on=checked.born_on,
        sex=checked.sex,
    )
    document = IdentityDocument.objects.create(
        person=person,
        kind=checked.kind,
        number=checked.number,
        country=checked.country,
        valid_until=checked.valid_until,
        verified_at=at,
        source=VerificationSource.IDENTITY_REGISTER,
    )
    facts = {"document": document.code, "kind": checked.kind, "source": document.source}
    if person.email:
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)
    record(person, "register", by=acting_personally(person), at=at, facts=facts, basis="R-051")
    return person


def _missing(known: Registration) -> Iterator[Reason]:
    if known.born_on is None:
        yield Reason(_("该证件号码不含出生日期，请填写。"), code="born_on_missing", field="born_on")
    if known.sex not in Sex.values:
        yield Reason(_("该证件号码不含性别，请选择。"), code="sex_missing", field="sex")


def _run_out(known: Registration, at: dt.datetime) -> Iterator[Reason]:
    if known.valid_until is not None and known.valid_until < clock.day_of(at):
        yield Reason(_("证件已过有效期，请使用有效证件。"), code="document_run_out", field="valid_until")


def _weak_password(known: Registration) -> Iterator[Reason]:
    person = Person(username=known.username, full_name=known.full_name, email=known.email, phone=known.phone)
    try:
        validate_password(known.password, person)
    except ValidationError as error:
        for text in error.messages:
            yield Reason(text, code="password_weak", field="password")


def _taken(error: IntegrityError) -> Refusal:
    if "number_index" in str(error):
        text = _("该证件已注册账号，请直接登录；忘记账号或密码的，可以用统一身份认证登录或者找回密码。")
        return Refusal([Reason(text, code="document_registered", field="number")])
    if "username" in str(error):
        return Refusal([Reason(_("该账号名已被使用，请换一个。"), code="username_taken", field="username")])
    raise error


@contextmanager
def _collecting(reasons: list[Reason]) -> Iterator[None]:
    """Gather the reasons of a refusal and go on, so that a person learns of all faults at once."""
    try:
        yield
    except Refusal as refusal:
        reasons.extend(refusal.reasons)
