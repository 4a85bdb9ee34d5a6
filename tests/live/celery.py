"""The portal's queue with an impatient schedule: what production does every half minute happens every second."""

from portal.celery import app

INTERVALS = {"ring-due-deadlines": 1.0, "deliver-waiting-messages": 3.0, "seal-the-ledger": 1.0}

app.conf.beat_schedule = {
    name: {**entry, "schedule": INTERVALS[name], "options": {"expires": 5}}
    for name, entry in app.conf.beat_schedule.items()
    if name in INTERVALS
}
