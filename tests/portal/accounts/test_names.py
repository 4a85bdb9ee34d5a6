"""Names: what they may hold, how they sort, whether they can be drawn."""

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder

from portal.accounts.glyphs import undrawable
from portal.accounts.names import normal_name, sort_key
from portal.shared.errors import Refusal


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("王岚", "王岚"),
        (" 王 岚 ", "王岚"),
        ("买买提•艾力", "买买提·艾力"),
        ("阿依古丽・热合曼", "阿依古丽·热合曼"),
        ("Anna  Müller", "Anna Müller"),
        ("Jose\u0301 O’Neill-Smith", "José O’Neill-Smith"),
        ("𬸪𨭉", "𬸪𨭉"),
        ("李\U00030edd", "李\U00030edd"),
        ("李\U00031350", "李\U00031350"),
        ("李\U0002ebf0", "李\U0002ebf0"),
        ("〇一", "〇一"),
        ("د. أحمد".replace(". ", ""), "دأحمد"),
        ("字" * 50, "字" * 50),
    ],
)
def test_names_of_every_script_have_one_stored_form(typed: str, stored: str) -> None:
    assert normal_name(typed) == stored


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("", "name_empty", "请填写姓名"),
        ("   ", "name_empty", "请填写姓名"),
        ("·", "name_letters", "没有文字"),
        ("字" * 51, "name_length", "不得超过50个字，现有51个字"),
        ("李\ue5a1", "name_private", "自造字（U+E5A1）"),
        ("李\U000f0001", "name_private", "自造字"),
        ("李\u200b四", "name_invisible", "不可见"),
        ("李\x00四", "name_invisible", "U+0000"),
        ("李\ufdd0", "name_invisible", "未编码"),
        ("李四1", "name_sign", "「1」"),
        ("<b>李四", "name_sign", "「<」"),
    ],
)
def test_other_signs_are_refused_with_the_sign(typed: str, code: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        normal_name(typed)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field) == (code, "full_name")
    assert words in str(reason.text)


def test_names_sort_by_sound_and_surnames_as_surnames_sound() -> None:
    names = ["张三", "单雄信", "仇英", "查良镛", "解缙", "盖叫天", "欧阳修", "Anna Müller", "艾青", "单田芳", "尉迟恭"]
    expected = [
        "Anna Müller",
        "艾青",
        "盖叫天",
        "欧阳修",
        "仇英",
        "单田芳",
        "单雄信",
        "解缙",
        "尉迟恭",
        "查良镛",
        "张三",
    ]
    assert sorted(names, key=sort_key) == expected


def test_the_same_sound_sorts_by_character() -> None:
    assert sort_key("张明") != sort_key("章明")
    assert sort_key("张明")[:6] == sort_key("章明")[:6]


@pytest.fixture
def font(tmp_path: Path) -> Path:
    """A font that draws 王 and 岚 and nothing else."""
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "wang", "lan"])
    builder.setupCharacterMap({ord("王"): "wang", ord("岚"): "lan"})
    builder.save(tmp_path / "two.otf")
    return tmp_path / "two.otf"


def test_characters_that_no_font_draws_are_named_once(font: Path) -> None:
    assert undrawable("王岚", [font]) == []
    assert undrawable("王 㐀㐀岚", [font]) == ["㐀"]


def test_a_file_that_is_no_font_draws_nothing(font: Path) -> None:
    broken = font.with_name("broken.ttf")
    broken.write_bytes(b"no font")
    assert undrawable("王芳", [broken, font]) == ["芳"]


def test_without_fonts_nothing_is_said(settings: object, tmp_path: Path) -> None:
    settings.FONT_DIRS = [tmp_path]  # type: ignore[attr-defined]
    assert undrawable("王岚") == []


def test_the_configured_fonts_are_asked(settings: object, font: Path) -> None:
    settings.FONT_DIRS = [font.parent]  # type: ignore[attr-defined]
    assert undrawable("王岚芳") == ["芳"]
