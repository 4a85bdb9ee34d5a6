"""Plausible facts about anybody, derived from the document number: the same question, the same answer."""

import hashlib
from datetime import date
from typing import Any

from portal.connectors.sandbox.identifiers import birth_date

SCHOOLS = ("燕京理工大学", "华北工业大学", "京西师范大学", "海河大学", "北方农林大学", "通惠医科大学", "长城财经大学")
COLLEGES = ("京南职业技术学院", "永定河工程专科学校")
MAJORS = ("电子信息工程", "土木工程", "机械工程", "计算机科学与技术", "会计学", "环境工程", "材料科学与工程", "农学")
TITLES = (
    ("工程技术", ("助理工程师", "工程师", "高级工程师", "正高级工程师")),
    ("经济", ("助理经济师", "经济师", "高级经济师", "正高级经济师")),
    ("会计", ("助理会计师", "会计师", "高级会计师", "正高级会计师")),
    ("农业技术", ("助理农艺师", "农艺师", "高级农艺师", "正高级农艺师")),
)
LEVELS = ("assistant", "intermediate", "senior_associate", "senior_full")
YEARS_OF_WORK = (1, 6, 12, 19)
BEIJING_BUREAU, ELSEWHERE = "北京市人力资源和社会保障局", "河北省人力资源和社会保障厅"

Step = tuple[str, str | None, int, tuple[str, ...]]
"""Level, degree, years that it takes, schools."""
UNIVERSITY: list[Step] = [
    ("bachelor", "bachelor", 4, SCHOOLS),
    ("master", "master", 3, SCHOOLS),
    ("doctor", "doctor", 4, SCHOOLS),
]


class Person:
    """A person of whom only kind and number of a document are known."""

    def __init__(self, kind: str, number: str) -> None:
        self.kind, self.number = kind, number
        self.born = birth_date(kind, number) or date(1970 + self._pick("born", 28), 1 + self._pick("month", 12), 15)

    def schooling(self, at: date) -> list[dict[str, Any]]:
        """Return what was completed up to `at`, latest first: college, bachelor, perhaps master and doctor."""
        started = self.born.year + 18
        done = []
        for level, degree, years, schools in self._steps():
            graduated = date(started + years, 7, 1)
            done.append(self._schooling(level, degree, schools, date(started, 9, 1), graduated))
            started = graduated.year
        return [each for each in reversed(done) if each["graduated_on"] <= at.isoformat()]

    def insurance(self, at: date, employers: list[dict[str, str]]) -> dict[str, Any] | None:
        """Return months paid without a gap since the end of school, by one employer or by oneself."""
        since = self._works_since()
        months = (at.year - since.year) * 12 + at.month - since.month + 1
        if months < 1:
            return None
        flexible = self._pick("flexible", 100) < 4 or not employers
        employer = None if flexible else employers[self._pick("employer", len(employers))]
        spells = [{"employer": employer, "since": since.isoformat(), "until": None}] if employer else []
        return {
            "insured_as": "flexible" if flexible else "employee",
            "months_paid": months,
            "months_in_a_row": months,
            "employer": employer,
            "work_unit": None,
            "spells": spells,
        }

    def titles(self, at: date) -> list[dict[str, Any]]:
        """Return titles held by `at`, latest first: the longer at work the higher, never skipping a level."""
        series, names = TITLES[self._pick("series", len(TITLES))]
        authority = ELSEWHERE if self._pick("elsewhere", 100) < 10 else BEIJING_BUREAU
        held = []
        for level, name, years in zip(LEVELS, names, YEARS_OF_WORK, strict=True):
            passed = date(self._works_since().year + years + self._pick(f"late {level}", 4), 10, 20)
            if passed > at or self._pick(f"holds {level}", 100) >= 70:
                break
            held.append(self._title(series, name, level, passed, authority))
        return held[::-1]

    def _steps(self) -> list[Step]:
        share = self._pick("share", 100)
        if share < 15:
            return [("college", None, 3, COLLEGES)]
        return UNIVERSITY[: 1 if share < 60 else 2 if share < 92 else 3]

    def _works_since(self) -> date:
        latest = self.schooling(date.max)[0]["graduated_on"]
        return date(int(latest[:4]), 8, 1)

    def _schooling(
        self, level: str, degree: str | None, schools: tuple[str, ...], enrolled: date, graduated: date
    ) -> dict[str, Any]:
        school = self._pick(f"school {level}", len(schools))
        number = f"9{school:04d}1{graduated.year}0{self._pick(f'number {level}', 10**7):07d}"
        return {
            "level": level,
            "degree": degree,
            "school": schools[school],
            "major": MAJORS[self._pick("major", len(MAJORS))],
            "study_mode": "full_time",
            "enrolled_on": enrolled.isoformat(),
            "graduated_on": graduated.isoformat(),
            "certificate_number": number,
            "degree_number": f"D{number[:15]}" if degree else None,
        }

    def _title(self, series: str, title: str, level: str, passed: date, authority: str) -> dict[str, Any]:
        prefix = "JX" if authority == BEIJING_BUREAU else "HB"
        return {
            "certificate_number": f"{prefix}{passed.year}{self._pick(f'certificate {level}', 10**6):06d}",
            "series": series,
            "specialty": MAJORS[self._pick("major", len(MAJORS))],
            "title": title,
            "level": level,
            "passed_on": passed.isoformat(),
            "authority": authority,
            "district_limited": False,
            "standing": "valid",
        }

    def _pick(self, about: str, below: int) -> int:
        """Return a number that looks random, and is always the same for this person and question."""
        return int(hashlib.sha256(f"{self.kind}:{self.number}:{about}".encode()).hexdigest(), 16) % below
