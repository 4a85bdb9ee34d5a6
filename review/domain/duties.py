"""How each expert did the duty of a session, written down once the chair signed (R-164)."""

from django.db.models import Count

from review.enums.pooling import Attendance
from review.enums.sitting import MemberState, RecusalSource
from review.models import CommitteeSession, DutyRecord, ItemRecusal, SessionMember

ASKED = frozenset({MemberState.ACCEPTED, MemberState.PRESENT, MemberState.LEFT, MemberState.DECLINED})


def note(session: CommitteeSession) -> None:
    """Write down for everybody who answered the invitation whether they came, and in how many cases they kept out.

    Must stand in the transaction of the signature; a second call writes nothing new. Who never answered is passed
    over: no duty was taken on. What is known later (complaints, breaches) is added to the same rows.
    """
    members = session.members.filter(state__in=sorted(ASKED)).order_by("place")
    own = dict(
        ItemRecusal.objects.filter(member__in=members, source=RecusalSource.OWN)
        .values_list("member")
        .annotate(number=Count("pk"))
    )
    DutyRecord.objects.bulk_create(
        [
            DutyRecord(
                term_id=member.term_id,
                session=session.code,
                held_on=session.day,
                attendance=_attendance(member),
                recusals=own.get(member.pk, 0),
            )
            for member in members
        ],
        ignore_conflicts=True,
    )


def _attendance(member: SessionMember) -> Attendance:
    if member.checked_in_at is not None:
        return Attendance.PRESENT
    return Attendance.EXCUSED if member.state == MemberState.DECLINED else Attendance.ABSENT
