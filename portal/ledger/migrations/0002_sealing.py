"""The functions that seal and verify, kept as SQL beside the room's code."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sealing.sql").read_text(encoding="utf-8")
UNDO = """
DROP FUNCTION ledger_faults();
DROP FUNCTION ledger_seal();
DROP FUNCTION ledger_link(bytea, bytea, bigint, bigint);
DROP FUNCTION ledger_digest(ledger_entry);
DROP FUNCTION ledger_genesis();
ALTER TABLE ledger_entry DROP COLUMN xid;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(SQL, UNDO)]
