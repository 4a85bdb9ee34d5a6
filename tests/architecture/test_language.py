"""Both languages: every text is gathered, translated and whole, and the Chinese is written as Chinese is."""

import ast
import re
import shutil
from collections import Counter
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command

from tests.architecture.sources import PACKAGES, ROOT, python_files, templates

CATALOGUE = Path("portal/locale/en/LC_MESSAGES/django.po")
HAN = "[\u3400-\u9fff]"
CHINESE = re.compile(r"[\u3400-\u9fff，。、；：？！（）「」《》]")

# --- Every text is gathered -----------------------------------------------------------------
GETTEXT = {
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
    "gettext_noop",
}
MARKS = {*GETTEXT, "_"}
# Chinese that is a fact, not a text of ours; demonstrations and sandboxes invent theirs.
FACTS = (
    "*/demo.py",
    "*/demo_*.py",
    "portal/web/simulation/*.py",
    "*/sandbox/*",
    "portal/launch/*",
    "portal/accounts/invented.py",
    "portal/accounts/glyphs.py",
    "portal/accounts/surnames.py",
    "portal/accounts/districts.py",  # the official names of the districts' bureaus
    "certificates/domain/artwork.py",  # the words of the seal
    "review/domain/naming_words.py",  # how people and companies are called for short
    "portal/catalogue/interfaces/sheets.py",  # the headings of the exchanged sheet, the same for everybody
    "review/interfaces/expert_sheets.py",  # the headings of the exchanged sheet of experts, the same for everybody
    "certificates/interfaces/check_sheets.py",  # the headings of the exchanged sheet of checks, the same for everybody
    "portal/sealing/names.py",  # words in certificates and codes, signed as they are
    "portal/formats/*/*",
    "portal/settings/base.py",  # a language is named in itself
)
CITED = re.compile(r"〔\d{4}〕|《.+》|^ ?[（一二三四五六七八九十）附件0-9、]+( [一二三四五六七八九十])?$")
SPLIT = re.compile(r"(?P<signs>[，、；]|星期|周|各区|各专业|文件)|.*[\[\\].*")


def unmarked_literals(root: Path) -> list[str]:
    """Return Chinese literals that no gettext call holds: whoever reads English would meet them in Chinese."""
    found = []
    for path in python_files(root):
        name = path.relative_to(root)
        if any(name.match(pattern) for pattern in FACTS):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        marked = {id(part) for call in ast.walk(tree) if _is_marked(call) for part in ast.walk(call)}
        found += [f"{name}: {node.value}" for node in ast.walk(tree) if _is_chinese(node) and id(node) not in marked]
    return found


def _is_marked(node: ast.AST) -> bool:
    """Whether the node is a gettext call, a docstring, or what a letter must say: letters are written in Chinese."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return [getattr(target, "id", "") for target in node.targets] == ["must_say"]
    return isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKS


def _is_chinese(node: ast.AST) -> bool:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or not CHINESE.search(node.value):
        return False
    return not CITED.search(node.value) and not SPLIT.fullmatch(node.value)


def other_names(root: Path) -> list[str]:
    """Return imports of gettext under a name by which texts are not gathered."""
    found = []
    for path in python_files(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                strange = [
                    each.asname for each in node.names if each.name in GETTEXT and each.asname not in {None, "_"}
                ]
                found += [f"{path.relative_to(root)}: {name}" for name in strange]
    return found


# Letters and papers are written in Chinese whoever reads them; pages of faults speak both languages at once.
CHINESE_TEMPLATES = re.compile(r"/letters/|^errors/")
MARKED_IN_TEMPLATES = re.compile(
    r"{% comment.*?endcomment %}|{% blocktranslate.*?endblocktranslate %}|{% translate .*? %}|_\(\"[^\"]*\"\)|{#.*?#}",
    re.DOTALL,
)


def unmarked_words(root: Path) -> list[str]:
    """Return the templates with Chinese words or signs outside ``translate``, and what they are."""
    found = []
    for path in templates(root):
        name = path.relative_to(root / "templates").as_posix()
        rest = MARKED_IN_TEMPLATES.sub("", path.read_text(encoding="utf-8"))
        if not CHINESE_TEMPLATES.search(name) and CHINESE.search(rest):
            found.append(f"{name}: {''.join(CHINESE.findall(rest))}")
    return found


def test_every_text_is_marked_for_translation() -> None:
    assert unmarked_literals(ROOT) == []
    assert unmarked_words(ROOT) == []
    assert other_names(ROOT) == []


# --- The catalogue is in step ---------------------------------------------------------------
def out_of_step(root: Path) -> list[str]:
    """Gather the texts of a copy anew and return what its catalogue lacks, keeps without need, or leaves unfinished."""
    kept = {_key(entry): entry for entry in polib.pofile(str(root / CATALOGUE))}
    call_command("makemessages", verbosity=0)
    fresh = {_key(entry) for entry in polib.pofile(str(root / CATALOGUE)) if not entry.obsolete}
    unfinished = [key for key, entry in kept.items() if key in fresh and not entry.translated()]
    return [
        *(f"not in the catalogue: {key}" for key in sorted(fresh - kept.keys())),
        *(f"no longer in the code: {key}" for key in sorted(kept.keys() - fresh)),
        *(f"without its English: {key}" for key in sorted(unfinished)),
    ]


def _key(entry: polib.POEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


@pytest.fixture
def gathering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: settings) -> Path:
    """Return an empty folder in which texts are gathered; gathering writes beside templates, so never in the tree."""
    (tmp_path / CATALOGUE).parent.mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path / CATALOGUE.parents[2]]
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_catalogue_is_complete_and_in_step(gathering: Path) -> None:
    """``make messages`` brings it in step; what it adds then wants translating."""
    for package in (*PACKAGES, "templates"):
        shutil.copytree(ROOT / package, gathering / package, dirs_exist_ok=True)
    assert out_of_step(gathering) == []


# --- Both sides of an entry agree, and the Chinese is written as Chinese is ------------------
PLACES = re.compile(r"%\(\w+\)[sd]|%%?\{\w+\}|%[sd]|\{\w+\}|%%|</?\w+>")
HALF_WIDTH = re.compile(rf"{HAN}[,;:?!]|[,;:?!]{HAN}|{HAN}\.(?!\w)|[()]")


def disagreeing(catalogue: polib.POFile) -> list[str]:
    """Return the entries whose English does not hold the same values and marks as their Chinese."""
    found = []
    for entry in catalogue:
        wanted = Counter(PLACES.findall(entry.msgid))
        said = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        found += [entry.msgid for words in said if Counter(PLACES.findall(words)) != wanted]
    return found


def with_half_width_signs(catalogue: polib.POFile) -> list[str]:
    """Return the Chinese texts with punctuation of another script."""
    texts = [(entry.msgid, PLACES.sub("某", entry.msgid)) for entry in catalogue]
    return [text for text, bare in texts if re.search(HAN, bare) and HALF_WIDTH.search(bare)]


def in_chinese(catalogue: polib.POFile) -> list[str]:
    """Return the English texts that still hold Chinese; what stands in quotation marks 「」 or names a holiday is cited."""
    said = [(entry.msgid, words) for entry in catalogue for words in (entry.msgstr, *entry.msgstr_plural.values())]
    return [text for text, words in said if CHINESE.search(re.sub(r"「[^」]*」|元旦|春节", "", words))]


def test_both_sides_of_every_entry_agree() -> None:
    catalogue = polib.pofile(str(ROOT / CATALOGUE))
    assert disagreeing(catalogue) == []
    assert with_half_width_signs(catalogue) == []
    assert in_chinese(catalogue) == []


# --- Planted violations ---------------------------------------------------------------------
def test_planted_texts_are_found(gathering: Path) -> None:
    (gathering / "templates").mkdir()
    (gathering / "templates" / "page.html").write_text(
        '{% load i18n %}<p title="{{ x|default:"无" }}">{% translate "新的" %}：{% translate "空的" %}</p>',
        encoding="utf-8",
    )
    (gathering / "portal" / "room.py").write_text(
        '"""说明。"""\nfrom django.utils.translation import gettext as text\n\nlabel = text("标签")\n', encoding="utf-8"
    )
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.extend([polib.POEntry(msgid="旧的", msgstr="Old"), polib.POEntry(msgid="空的")])
    catalogue.save(str(gathering / CATALOGUE))
    assert unmarked_words(gathering) == ["page.html: 无："]
    assert unmarked_literals(gathering) == ["portal/room.py: 标签"]
    assert other_names(gathering) == ["portal/room.py: text"]
    assert [words.split(":")[0] for words in out_of_step(gathering)] == [
        "not in the catalogue",
        "no longer in the code",
        "without its English",
    ]


@pytest.mark.parametrize(
    ("chinese", "english", "finds"),
    [
        ("共 %(n)s 条", "%(m)s in all", disagreeing),
        ("<strong>重要</strong>", "Important", disagreeing),
        ("还剩 {d} 天", "left", disagreeing),
        ("请登录, 再试", "Log in and try again", with_half_width_signs),
        ("通知(试行)", "Notice", with_half_width_signs),
        ("请稍后再试.", "Try again later.", with_half_width_signs),
        ("标签", "标签", in_chinese),
        ("标签", "Label：", in_chinese),
    ],
)
def test_planted_entries_are_found(chinese: str, english: str, finds) -> None:
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid=chinese, msgstr=english))
    assert finds(catalogue) == [chinese]
