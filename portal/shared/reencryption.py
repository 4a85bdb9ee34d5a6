"""Rotating the keys of encrypted columns: every value written anew under the first key."""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import connection, models, transaction

from portal.shared.encryption import EncryptedTextField, decrypt, encrypt, writing_key_id

BATCH = 500

Rewriter = Callable[[], int]
_elsewhere: dict[str, Rewriter] = {}


def register(name: str, rewrite: Rewriter) -> None:
    """Have secrets that are encrypted elsewhere than in a column of ours written anew too; ``rewrite`` returns how many."""
    _elsewhere[name] = rewrite


def reencrypt_everything() -> Iterator[tuple[str, int]]:
    """Write all that is encrypted anew under the first key; yields what and how many values changed their key."""
    for model, field in encrypted_columns():
        yield f"{model._meta.label}.{field.name}", reencrypt(model, field)
    for name, rewrite in _elsewhere.items():
        yield name, rewrite()


def encrypted_columns() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    """Yield every encrypted column of the house."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def reencrypt(model: type[models.Model], field: EncryptedTextField) -> int:
    """Write the column anew and return how many values changed their key.

    Goes batch by batch in transactions of their own, locking the rows, so that it can run beside the portal,
    be interrupted and be repeated. Raises CannotDecrypt at the first value that does not open.
    """
    rewritten = 0
    while batch := _rewrite_some(model, field):
        rewritten += batch
    return rewritten


def _rewrite_some(model: type[models.Model], field: EncryptedTextField) -> int:
    table, column, pk = (connection.ops.quote_name(name) for name in _names(model, field))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {pk}, {column} FROM {table} WHERE {column} <> '' AND {column} NOT LIKE %s"  # noqa: S608
            f" ORDER BY {pk} LIMIT {BATCH} FOR NO KEY UPDATE",
            [writing_key_id().replace("%", r"\%").replace("_", r"\_") + ".%"],
        )
        rows = cursor.fetchall()
        for key, stored in rows:
            fresh = encrypt(decrypt(stored, field.context), field.context)
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {pk} = %s", [fresh, key])  # noqa: S608
    return len(rows)


def _names(model: type[models.Model], field: EncryptedTextField) -> tuple[str, str, str]:
    return model._meta.db_table, str(field.column), str(model._meta.pk.column)
