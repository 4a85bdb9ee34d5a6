"""Writes every encrypted column anew under the first key of FIELD_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.shared.reencryption import encrypted_columns, reencrypt


class Command(BaseCommand):
    help = "Re-write all encrypted columns under the first key; safe to interrupt and to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        for model, field in encrypted_columns():
            rewritten = reencrypt(model, field)
            self.stdout.write(f"{model._meta.label}.{field.name}: {rewritten}")
