"""Whoever chose English meets Chinese only where it is a fact, marked as Chinese, or kept in the database."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from portal.accounts.actors import PUBLIC, Actor, acting_personally
from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.http.access import access_of, all_patterns
from portal.shared import clock
from portal.web import demonstration
from tests.architecture.test_language import CHINESE
from tests.factories import accounts

VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}
# What a reader never meets as words: where a form or link leads, what is sent, what programs read.
UNREAD = {"action", "href", "src", "value", "class", "id", "name", "for", "pattern", "content", "data-value"}
FRAME = {
    *("web:home", "web:desk", "web:rules", "web:rule", "web:help", "web:operations", "account_login"),
    *("workdays:years", "workdays:year", "publicity:board", "publicity:notice", "catalogue:browse", "catalogue:entry"),
}
# Whoever follows these is no longer who they were, or reads another language.
TURNING = {"account_logout", "web:language"}
OWN = ("portal.", "applications", "review", "certificates", "autonomous_units")


class Reader(HTMLParser):
    """Reads a page as people do: its texts and the words in its attributes, parts marked as Chinese apart."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.words: list[str] = []
        self.links: list[str] = []

    @property
    def is_chinese(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        language = known.get("lang")
        # A page that is Chinese as a whole is no citation: nobody asked for it.
        is_chinese = self.is_chinese if language is None or tag == "html" else language.startswith("zh")
        if not is_chinese and tag != "meta":
            self.words += [value for name, value in known.items() if name not in UNREAD]
        if tag == "a":
            self.links.append(known.get("href", ""))
        if tag not in VOID:
            self.open.append((tag, is_chinese))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.is_chinese and (not self.open or self.open[-1][0] not in {"script", "style"}):
            self.words.append(data.strip())


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def facts() -> list[str]:
    """Return the Chinese that the database holds, the longest first."""
    found = set()
    for model in apps.get_models():
        if model.__module__.startswith(OWN):
            kinds = (models.CharField, models.TextField, models.JSONField)
            fields = [field.name for field in model._meta.concrete_fields if isinstance(field, kinds)]
            for row in model._default_manager.values_list(*fields) if fields else ():
                found.update(text for value in row for text in _texts(value))
    return sorted(filter(CHINESE.search, found), key=len, reverse=True)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from value.split()
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


class Known:
    """Facts to be taken out of words, the longest first; asked for the same words on most pages, it answers them once."""

    def __init__(self, found: list[str]) -> None:
        self.beginning: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, fact in enumerate(found):
            self.beginning[fact[0]].append((place, fact))
        self.is_all_of = cache(self._is_all_of)

    def _is_all_of(self, words: str) -> bool:
        """Say whether no Chinese is left; taking out adds no character, so no fact comes in that begins with another."""
        for _, fact in sorted(pair for character in set(words) for pair in self.beginning.get(character, ())):
            if not CHINESE.search(words):
                return True
            words = words.replace(fact, "")
        return not CHINESE.search(words)


def left_in_chinese(words: Iterable[str], known: Known) -> list[str]:
    """Return the words of a page that hold Chinese beyond what the database says."""
    return [one for one in words if CHINESE.search(one) and not known.is_all_of(one)]


def doors(who: Actor) -> list[str]:
    """Return the addresses that name no object and are open to ``who``, and one rule of either sort."""
    found = ["/rules/R-112/", "/rules/A-05/"]
    for name, pattern in all_patterns():
        access = access_of(pattern.callback, pattern.name)
        if access is None or not access.test(who):
            continue
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return [address for address in found if (kind_of(address) or "account_logout") not in TURNING]


def kind_of(address: str) -> str | None:
    """Return which kind of page an address of ours is; nothing for others."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return None
    return match.view_name if match.namespaces[:1] not in (["admin"], ["api"]) else None


def walk(who: Actor) -> Iterator[tuple[str, list[str]]]:
    """Follow the links from every door, to one page of each kind; give its address and what is read on it."""
    browser = accounts.client(who)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    waiting = deque(doors(who))
    met = {*TURNING, *(kind_of(address) for address in waiting)}
    while waiting:
        address = waiting.popleft()
        answer = browser.get(address, follow=True)
        if answer.status_code >= 400 or not answer["Content-Type"].startswith("text/html"):
            answer.getvalue()  # a download stays open until it is read
            continue
        page = read(answer.content.decode())
        yield address, page.words
        for link in page.links:
            target = urljoin(address, link).split("#")[0]
            kind = None if urlsplit(target).netloc else kind_of(target)
            if kind is not None and kind not in met:
                met.add(kind)
                waiting.append(target)


def accounts_by_roles() -> list[Actor]:
    """Return one account of the demonstration for every set of roles, acting where it holds them, and the public."""
    found = {frozenset(): PUBLIC}
    for person in Person.objects.order_by("username"):
        held = person.memberships.select_related("organisation").first()
        who = acting_personally(person)
        if held is not None:
            who = actor_of(person, held.organisation.code, on=clock.today())
        found.setdefault((who.roles, who.kind), who)
    return list(found.values())


def test_nobody_who_chose_english_meets_chinese_words(db: None) -> None:
    """The public and every role of the demonstration, each through a page of every kind that they can open."""
    demonstration.load()
    known, wrong, kinds = Known(facts()), {}, set()
    for actor in accounts_by_roles():
        for address, said in walk(actor):
            kinds.add(kind_of(address))
            for words in left_in_chinese(said, known):
                wrong.setdefault(words, f"{actor} {address}")
    assert wrong == {}
    assert kinds >= FRAME


def test_planted_words_are_found() -> None:
    known = Known(["示例大学"])

    def left(page: str) -> list[str]:
        return left_in_chinese(read(page).words, known)

    assert left('<p title="提示">示例大学：<b>Log in</b></p>') == ["提示", "示例大学："]
    assert left('<div lang="zh-CN"><p>通知</p></div><p>示例大学</p><a href="/?q=无">x</a>') == []
    assert left('<html lang="zh-CN"><p>通知</p></html>') == ["通知"]
    assert left('<br><p lang="zh">通<b lang="en">知</b></p>') == ["知"]
