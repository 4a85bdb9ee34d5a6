"""Templates: each is used, loads only what it uses, and holds no script or style of its own."""

import re
from pathlib import Path

from tests.architecture.sources import ROOT, python_files, templates

# Found by Django or by libraries under names that no source spells out.
FOUND_BY_NAME = ("django/", "account/", "mfa/", "socialaccount/", "allauth/", "404.html", "500.html")
LETTER = re.compile(r"letters/.+_(subject|body|sms)\.txt$")
OWN_SCRIPT = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
LOADED = re.compile(r"{% load ([^%]+?) %}")
TAGS_OF = {
    "i18n": re.compile(
        r"{% (?:translate|blocktranslate|trans|get_current_language|get_available_languages|language)\b"
    ),
    "static": re.compile(r"{% static\b"),
    "humanize": re.compile(r"\|(?:intcomma|naturaltime|naturalday)\b"),
    "workdays": re.compile(r"{% day_strip\b"),
}


def unused(root: Path) -> list[str]:
    """Return the templates that neither code nor another template names."""
    gallery = (root / "tests").rglob("*.html")
    sources = [*python_files(root), *python_files(root, "tests"), *templates(root), *gallery]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    names = [path.relative_to(root / "templates").as_posix() for path in templates(root)]
    return [
        name for name in names if name not in text and not name.startswith(FOUND_BY_NAME) and not LETTER.search(name)
    ]


def needless_loads(root: Path) -> list[str]:
    """Return the tag libraries that a template loads without using one of their tags."""
    found = []
    for path in templates(root):
        text = path.read_text(encoding="utf-8")
        loaded = [name for match in LOADED.findall(text) for name in match.split()]
        found += [
            f"{path.relative_to(root)}: {name}"
            for name in loaded
            if name in TAGS_OF and not TAGS_OF[name].search(text) and not ('_("' in text and name == "i18n")
        ]
    return found


def own_scripts(root: Path) -> list[str]:
    """Return the templates for the browser with a script or style inside, which the browser would refuse to run."""
    pages = [path for path in templates(root) if path.suffix == ".html" and "documents" not in path.parts]
    return [str(path.relative_to(root)) for path in pages if OWN_SCRIPT.search(path.read_text(encoding="utf-8"))]


def test_every_template_is_used() -> None:
    assert unused(ROOT) == []


def test_no_template_loads_what_it_does_not_use() -> None:
    assert needless_loads(ROOT) == []


def test_no_template_has_a_script_or_style_of_its_own() -> None:
    assert own_scripts(ROOT) == []


def test_planted_violations_are_found(tmp_path: Path) -> None:
    (tmp_path / "templates" / "room").mkdir(parents=True)
    (tmp_path / "templates" / "room" / "lost.html").write_text(
        '{% load static %}<p style="color:red">', encoding="utf-8"
    )
    assert unused(tmp_path) == ["room/lost.html"]
    assert needless_loads(tmp_path) == ["templates/room/lost.html: static"]
    assert own_scripts(tmp_path) == ["templates/room/lost.html"]
