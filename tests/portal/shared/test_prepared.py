"""A statement written once answers as the queryset that it was written from."""

import pytest
from django.db import connection, transaction
from django.db.models import Count, F
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from portal.shared.prepared import Asked, ByKey, Prepared, Statement
from tests.errand.models import Errand
from tests.factories import accounts


def errand_of(owner) -> Errand:
    return Errand.objects.create(owner=owner, papers=2, opinion="同意")


def test_the_row_comes_with_the_rows_around_it(db):
    prepared = ByKey(Errand.objects.select_related("owner"))
    owned, nobodys = errand_of(accounts.person()), errand_of(None)
    with CaptureQueriesContext(connection) as asked:
        for errand in (owned, nobodys, owned):
            found = prepared.get(errand.pk)
            assert vars(found).keys() == vars(Errand.objects.select_related("owner").get(pk=errand.pk)).keys()
            assert (found, found.owner, found.opinion) == (errand, errand.owner, "同意")
    assert len(asked) == 6  # ours and the queryset's, nothing more


def test_each_answer_is_read_anew(db):
    prepared = ByKey(Errand.objects.all())
    errand = errand_of(None)
    first = prepared.get(errand.pk)
    Errand.objects.filter(pk=errand.pk).update(papers=7)
    assert (first.papers, prepared.get(errand.pk).papers) == (2, 7)


def test_a_row_that_is_not_there(db):
    with pytest.raises(Errand.DoesNotExist):
        ByKey(Errand.objects.select_related("owner")).get(-1)


def test_only_the_key_may_be_asked_for(db):
    with pytest.raises(ValueError, match="Only the key"):
        ByKey(Errand.objects.filter(papers=1))


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_taken_inside_a_transaction_only():
    errand = errand_of(None)
    with transaction.atomic():
        prepared = ByKey(Errand.objects.select_for_update(of=("self",), no_key=True))
        with CaptureQueriesContext(connection) as asked:
            assert prepared.get(errand.pk) == errand
    assert len(asked) == 1
    assert 'FOR NO KEY UPDATE OF "errand_errand"' in prepared.sql
    with pytest.raises(TransactionManagementError):
        prepared.get(errand.pk)


def test_what_is_told_stands_where_it_was_left_open(db):
    mine, other = accounts.person(), accounts.person()
    first, second, foreign = errand_of(mine), errand_of(mine), errand_of(other)
    rows = Errand.objects.filter(owner=Asked("owner"), papers__gte=Asked("papers"), opinion="同意").order_by("-pk")
    prepared = Prepared(rows.select_related("owner"))
    assert prepared.all(owner=mine.pk, papers=2) == [second, first]
    assert prepared.all(owner=other.pk, papers=2) == [foreign]
    assert prepared.all(owner=mine.pk, papers=3) == []
    assert (prepared.first(owner=mine.pk, papers=1), prepared.first(owner=mine.pk, papers=3)) == (second, None)


def test_columns_without_rows(db):
    person = accounts.person()
    errand_of(person), errand_of(person)
    counted = Errand.objects.filter(owner=Asked("owner")).values_list("papers").annotate(Count("pk"))
    assert [tuple(row) for row in Statement(counted).values(owner=person.pk)] == [(2, 2)]


@pytest.mark.parametrize("told", [{}, {"owner": 1}, {"owner": 1, "papers": 2, "opinion": "同意"}])
def test_nothing_is_left_open_and_nothing_told_in_vain(told, db):
    prepared = Prepared(Errand.objects.filter(owner=Asked("owner"), papers=Asked("papers")))
    with pytest.raises(TypeError, match="leaves open"):
        prepared.all(**told)


def test_what_would_not_come_along_is_refused(db):
    with pytest.raises(ValueError, match="Only whole rows"):
        Prepared(Errand.objects.annotate(twice=F("papers") * 2))
    with pytest.raises(ValueError, match="Only whole rows"):
        Prepared(Errand.objects.values_list("papers"))
    with pytest.raises(ValueError, match="further statements"):
        Prepared(Errand.objects.prefetch_related("owner"))


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_taught_again():
    prepared, errand = ByKey(Errand.objects.select_related("owner")), errand_of(None)
    assert prepared.get(errand.pk) == errand
    connection.close()
    assert prepared.get(errand.pk) == errand


def test_what_was_taught_outlives_a_rollback(db):
    prepared, errand = ByKey(Errand.objects.order_by("papers")), errand_of(None)
    with transaction.atomic():
        prepared.get(errand.pk)
        transaction.set_rollback(True)
    assert prepared.get(errand.pk) == errand
