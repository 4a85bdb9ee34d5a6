"""Statements that are asked so often that they are written once.

Django writes the statement anew each time that a queryset is evaluated, and that takes longer than the database needs to
answer it. What is kept here names tables, columns and constants only: it is the same for whoever asks, and each answer
is read anew.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row", bound=models.Model)
Rows = list[tuple[Any, ...]]

# What each session of the database was taught; it forgets when it ends.
_taught: "WeakKeyDictionary[Any, set[str]]" = WeakKeyDictionary()


class Taught:
    """A statement that each session of the database is taught once, with ``$1`` and so on where ``types`` are asked for.

    The database keeps it for as long as the connection lasts, and after a few times weighs no more how to answer it,
    which with a dozen joins takes longer than to find the rows. A pooler between must keep such statements, too.
    """

    def __init__(self, sql: str, *types: str) -> None:
        self.sql, self.types = sql, types
        self.name = f"taught_{hashlib.sha256(sql.encode()).hexdigest()[:16]}"
        self.call = f"EXECUTE {self.name} ({', '.join(['%s'] * len(types))})"

    def rows(self, *values: Any, database: str = DEFAULT_DB_ALIAS) -> Rows:
        """Return what the statement answers with these values."""
        connection = connections[database]
        with connection.cursor() as cursor:
            self._teach(connection)
            cursor.execute(self.call, values)
            found: Rows = cursor.fetchall()
        return found

    def _teach(self, connection: BaseDatabaseWrapper) -> None:
        known = _taught.setdefault(connection.connection, set())
        if self.name not in known:
            # Past Django's own cursor: it is no question of the portal's, and nobody counts it.
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute(f"PREPARE {self.name} ({', '.join(self.types)}) AS {self.sql}")
            known.add(self.name)


class Asked(models.Value):
    """Stands in a queryset for what differs from question to question: ``filter(code=Asked("code"))``.

    What is asked goes to the database as it is given: keys, texts, days and instants, never None.
    """

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """Leave its place in the statement open."""
        return "%s", [self]


class Statement:
    """The statement of a queryset in which ``Asked`` stands for what is told with each question."""

    def __init__(self, rows: "models.QuerySet[Any]") -> None:
        if rows._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001
            raise ValueError("What is fetched by further statements is fetched by whoever asks.")
        self.locks = rows.query.select_for_update
        self.database = rows.db
        self.compiler = rows.query.get_compiler(using=self.database)
        self.sql, self.params = self.compiler.as_sql()
        self.names = {one.value for one in self.params if isinstance(one, Asked)}

    def values(self, **asked: Any) -> list[Any]:
        """Return the columns of each row; raises TypeError unless everything open in the statement is told."""
        if asked.keys() != self.names:
            raise TypeError(f"Asked for {sorted(asked)}, the statement leaves open {sorted(self.names)}.")
        if self.locks and connections[self.database].get_autocommit():
            raise TransactionManagementError("A row is locked inside a transaction only.")
        told = [asked[one.value] if isinstance(one, Asked) else one for one in self.params]
        return list(self.compiler.results_iter([self._answer(told)]))

    def _answer(self, told: Sequence[Any]) -> Rows:
        with connections[self.database].cursor() as cursor:
            cursor.execute(self.sql, told)
            found: Rows = cursor.fetchall()
        return found


class Prepared(Statement, Generic[Row]):
    """The statement of whole rows, with the rows that are selected around each."""

    def __init__(self, rows: "models.QuerySet[Row]") -> None:
        super().__init__(rows)
        if self.compiler.klass_info is None or self.compiler.annotation_col_map:
            raise ValueError(f"Only whole rows are made of this: {self.sql}")
        self.model: Any = rows.model
        fields = self.compiler.klass_info["select_fields"]
        self.own = slice(fields[0], fields[-1] + 1)
        self.columns = [column.target.attname for column, _, _ in self.compiler.select[self.own]]
        self.around = get_related_populators(  # type: ignore[call-arg]  # described as Django 6 has it
            self.compiler.klass_info, self.compiler.select, self.database
        )

    def all(self, **asked: Any) -> list[Row]:
        """Return the rows."""
        return [self._row(values) for values in self.values(**asked)]

    def first(self, **asked: Any) -> Row | None:
        """Return the first row, None where there is none."""
        return next(iter(self.all(**asked)), None)

    def _row(self, values: Any) -> Row:
        row: Row = self.model.from_db(self.database, self.columns, values[self.own])
        for around in self.around:
            around.populate(values, row)
        return row


class ByKey(Prepared[Row]):
    """One row by its primary key, with the rows that ``rows`` selects around it; the database keeps the statement."""

    def __init__(self, rows: "models.QuerySet[Row]") -> None:
        super().__init__(rows.filter(pk=Asked("pk")))
        if len(self.params) != 1:
            raise ValueError(f"Only the key may be asked for: {self.sql}")
        self.taught = Taught(self.sql % "$1", "bigint")

    def get(self, pk: int) -> Row:
        """Return the row; raises the model's DoesNotExist, and TransactionManagementError for a lock outside one."""
        found = self.first(pk=pk)
        if found is None:
            raise self.model.DoesNotExist
        return found

    def _answer(self, told: Sequence[Any]) -> Rows:
        return self.taught.rows(*told, database=self.database)
