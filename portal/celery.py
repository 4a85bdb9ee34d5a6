"""The Celery application and its schedule.

Redis is only a wake-up call: everything that must happen stands as a row in PostgreSQL,
and each beat entry is a sweep over such rows that may run late, twice or not at all.
"""

import os

from celery import Celery
from kombu.entity import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# What somebody looks at a page for has a queue of its own. Workers take from both in turn, so that a thousand letters or
# proofs before it cost the time of one task; it may wait for that longer than until its next turn.
WAITED_FOR = {"queue": "waited_for", "expires": 30}
app.conf.task_queues = tuple(Queue(name, routing_key=name) for name in ("celery", "waited_for"))  # type: ignore[no-untyped-call]

app.conf.beat_schedule = {
    "ring-due-deadlines": {"task": "deadlines.ring_due", "schedule": 30.0, "options": {"expires": 25}},
    "deliver-waiting-messages": {"task": "notifications.deliver_waiting", "schedule": 20.0, "options": {"expires": 15}},
    "report-to-credit-platforms": {
        "task": "integrity.report_to_platforms",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "note-that-the-board-answers": {"task": "publicity.note_presence", "schedule": 300.0, "options": {"expires": 250}},
    "write-proofs-of-publicity": {"task": "publicity.write_proofs", "schedule": 20.0, "options": {"expires": 15}},
    "scan-waiting-files": {"task": "documents.scan_waiting", "schedule": 10.0, "options": WAITED_FOR},
    "ask-registers": {"task": "applications.ask_registers", "schedule": 5.0, "options": WAITED_FOR},
    "write-application-forms": {"task": "applications.write_forms", "schedule": 20.0, "options": {"expires": 15}},
    "work-off-batches": {"task": "applications.work_off_batches", "schedule": 3.0, "options": WAITED_FOR},
    "ask-about-orders": {"task": "review.ask_about_orders", "schedule": 10.0, "options": WAITED_FOR},
    "send-refunds": {"task": "review.send_refunds", "schedule": 30.0, "options": {"expires": 25}},
    # From two in the morning on for the day before; every minute for what somebody asked for.
    "give-files-to-clerks": {"task": "review.work_off_allotments", "schedule": 3.0, "options": WAITED_FOR},
    "recount-ballots": {"task": "review.recount_ballots", "schedule": 10.0, "options": {"expires": 9}},
    "write-exports": {"task": "review.write_exports", "schedule": 5.0, "options": WAITED_FOR},
    # One at a time, so that deadlines find a free worker; `manage.py make_certificates` makes more hands.
    "make-certificates": {"task": "certificates.make", "schedule": 10.0, "options": {"expires": 9}},
    "write-registers": {"task": "certificates.write_exports", "schedule": 5.0, "options": WAITED_FOR},
    "tell-the-national-platform": {"task": "certificates.tell_platform", "schedule": 60.0, "options": {"expires": 50}},
    "reconcile-payments": {"task": "review.reconcile", "schedule": 60.0, "options": {"expires": 50}},
    "finish-uploads": {"task": "documents.finish_uploads", "schedule": 30.0, "options": {"expires": 25}},
    "drop-orphaned-bytes": {"task": "documents.drop_orphans", "schedule": 21600.0, "options": {"expires": 3600}},
    "forget-old-answers-and-sessions": {"task": "http.forget_the_past", "schedule": 86400.0},
    "sign-the-certificate-log": {"task": "certificates.sign_log", "schedule": 300.0, "options": {"expires": 250}},
    "stamp-the-certificate-log": {"task": "certificates.stamp_log", "schedule": 1800.0, "options": {"expires": 1500}},
    "seal-the-ledger": {"task": "ledger.seal", "schedule": 10.0, "options": {"expires": 8}},
}
