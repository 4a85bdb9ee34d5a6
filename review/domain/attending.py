"""The day of the defence: the code on the notice, who comes, who does not, and the end of the hearing."""

import datetime as dt

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from applications.domain import clocks, submitting
from applications.enums import EXCUSE
from applications.models import Application
from portal.accounts.actors import SYSTEM, Actor
from portal.deadlines import setting
from portal.shared.codes import ALPHABET
from portal.shared.office import in_office_language
from portal.workflow import Attempt, carry_out, settle_due
from portal.workflow.carry_out import locked
from review.domain import planning, telling_defence
from review.enums.defending import AHEAD, NO_SHOW, OPEN, TOLD, DefenceState, RequestState
from review.guards import defending as guards
from review.models import Defence

EXCUSE_WORKDAYS = 2
# The 24:00 at which a day is over is the 00:00 of the next one; the absence belongs to the day.
INSTANT = dt.timedelta(microseconds=1)
NONCE, MARK, GROUP = 8, 4, 4
SALT = "review.defence.check_in"


def code_of(defence: Defence) -> str:
    """Return the code on the person's notice: ``7HK2-M9QW-XA3B``, signed, of no meaning to anybody else.

    It holds nothing of the person, and a later notice has another one.
    """
    whole = defence.nonce + _mark(defence.nonce)
    return "-".join(whole[start : start + GROUP] for start in range(0, len(whole), GROUP))


def found_by(typed: str, by: Actor) -> Defence | None:
    """Return the defence before the actor's agency whose notice carries the code, or None for a wrong or foreign one."""
    sign = "".join(letter for letter in typed.upper() if letter in ALPHABET)
    nonce, mark = sign[:NONCE], sign[NONCE:]
    if len(sign) != NONCE + MARK or not constant_time_compare(mark, _mark(nonce)):
        return None
    return Defence.objects.of_agency(by).with_all().filter(nonce=nonce).first()


def check_in(
    defence: Defence, *, typed: str, identity: bool, by: Actor, at: dt.datetime, key: str | None = None
) -> Defence:
    """Let the person in who shows the notice and was recognised; raises StepRefused otherwise (R-105)."""
    settle_due(defence.application, at)
    with transaction.atomic():
        application = locked(defence.application)
        shown = found_by(typed, by)
        is_right = shown is not None and shown.pk == defence.pk
        slot = defence.slot
        done = carry_out(
            defence, "check_in", by=by, at=at, key=key, code_is_right=is_right, identity=identity, slot=slot
        )
        setting.lift(NO_SHOW, application, at=at)
        _lapse_requests(done, at)
        return done


def miss(defence: Defence, *, by: Actor, at: dt.datetime, key: str | None = None) -> Defence:
    """Write down that the person did not come; two working days remain for an excuse (A-27)."""
    settle_due(defence.application, at)
    with transaction.atomic():
        application = locked(defence.application)
        done = carry_out(defence, "miss", by=by, at=at, key=key)
        setting.lift(NO_SHOW, application, at=at)
        if setting.waiting(EXCUSE, application) is None:
            deadline = clocks.set_workdays(EXCUSE, application, workdays=EXCUSE_WORKDAYS, at=at - INSTANT, basis="A-27")
            telling_defence.tell_missed(done, deadline.due_at, at)
        return done


def complete(defence: Defence, *, by: Actor, at: dt.datetime, key: str | None = None) -> Defence:
    """Close the hearing once the whole panel handed in; the application goes on to the committee (domain §8.1 #20)."""
    settle_due(defence.application, at)
    with transaction.atomic():
        application = locked(defence.application)
        done = carry_out(defence, "complete", by=by, at=at, key=key)
        if done.completed_at == at:
            carry_out(application, "complete_defence", by=SYSTEM, at=at)
        return done


def break_off(defence: Defence, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> Defence:
    """End a hearing that cannot be finished, with a reason that the person reads; another time is looked for.

    An opinion that was handed in stands, and counts where its expert sits in the other hearing as well.
    """
    settle_due(defence.application, at)
    with transaction.atomic():
        locked(defence.application)
        before, words = locked(defence).slot, reason.strip()[: planning.LONGEST_REASON]
        done = carry_out(defence, "break_off", by=by, at=at, key=key, reason=words)
        if done.state_since == at and before is not None:
            telling_defence.tell_put_off(done, before, words, at)
        return done


@in_office_language
def give_up(defence: Defence, *, by: Actor, at: dt.datetime) -> Defence:
    """End an absence without accepted cause, and the application with it; must stand in a transaction (domain §8.1 #21)."""
    done = carry_out(defence, "give_up", by=by, at=at)
    reason = _("未按通知参加答辩，且无正当理由，视为放弃申报。")
    ended = carry_out(done.application, "miss_defence", by=SYSTEM, at=at, reason=reason)
    submitting.close(ended, at)
    telling_defence.tell_forfeited(done, reason, at)
    return done


def day_is_over(application: Application, at: dt.datetime) -> None:
    """The day of the defence ended and nobody checked the person in: absent, whoever forgot to say so."""
    defence = Defence.objects.filter(application=application, state__in=TOLD).first()
    if defence is not None:
        miss(defence, by=SYSTEM, at=at)


def excuse_is_over(application: Application, at: dt.datetime) -> None:
    """Two working days passed; an excuse that waits for its answer keeps the matter open."""
    defence = Defence.objects.filter(application=application, state=DefenceState.ABSENT).first()
    if defence is not None and not defence.requests.filter(state=RequestState.ASKED).exists():
        give_up(defence, by=SYSTEM, at=at)


def application_ended(application: Application, at: dt.datetime) -> None:
    """Close the defence of an application that was withdrawn or disqualified; its place is free again."""
    defence = Defence.objects.filter(application=application).first()
    if defence is None:
        return
    _lapse_requests(defence, at)
    if defence.state in OPEN:
        carry_out(defence, "close", by=SYSTEM, at=at)


def given_away(application: Application, at: dt.datetime) -> None:
    """Free the slot of a defence that another agency will arrange anew; the application is locked already (R-153)."""
    defence = Defence.objects.filter(application=application, state__in=AHEAD).first()
    if defence is not None:
        _lapse_requests(defence, at)
        carry_out(defence, "give_away", by=SYSTEM, at=at)
        setting.lift(NO_SHOW, application, at=at)


@in_office_language
def clocks_run_on(application: Application, at: dt.datetime) -> None:
    """Look at the time that the person was told, now that a hold or a suspension ended (A-08, R-152).

    A time that passed meanwhile is no absence: another one is looked for. One that is still to come stands, and the end
    of its day with it. Who had not come before the clock was stopped is absent once the rest of the day has run. Where
    something else holds the clocks as well, nothing is done yet.
    """
    defence = Defence.objects.with_all().filter(application=application, state__in=TOLD).first()
    deadline = setting.waiting(NO_SHOW, application)
    if defence is None or defence.slot is None or deadline is None or deadline.due_at is None:
        return
    stopped = deadline.pauses.order_by("paused_at").first()
    if stopped is not None and stopped.paused_at >= defence.slot.starts_at:
        return
    setting.lift(NO_SHOW, application, at=at)
    if defence.slot.starts_at > at:
        planning.expect(defence, defence.slot, at)
        return
    _lapse_requests(defence, at)
    done = carry_out(defence, "put_off", by=SYSTEM, at=at)
    reason = _("原定答辩时间处于申报核查或者评审工作暂停期间，答辩未能举行。")
    if guards.session_runs_on.reasons_against(done, Attempt("put_off", SYSTEM, at)):
        reason += _("本年度评审期所剩时间不足以另行安排，须待市人力资源社会保障局延长评审期后安排，您的申报继续保留。")
    telling_defence.tell_put_off(done, defence.slot, reason, at)


def _lapse_requests(defence: Defence, at: dt.datetime) -> None:
    for request in defence.requests.filter(state=RequestState.ASKED):
        carry_out(request, "lapse", by=SYSTEM, at=at)


def _mark(nonce: str) -> str:
    digest = salted_hmac(SALT, nonce, algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:MARK])
