"""The table rules × tests: `make rules` collects every test and tells which rules it proves and which nothing proves."""

from collections import defaultdict

import pytest

from portal.web.rulebook import chapters


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rules", action="store_true", help="print the table rules × tests and run nothing")


def pytest_collection_finish(session: pytest.Session) -> None:
    if not session.config.getoption("--rules"):
        return
    proofs: dict[str, set[str]] = defaultdict(set)
    for item in session.items:
        for mark in item.iter_markers("rule"):
            for number in mark.args:
                proofs[number].add(item.nodeid.split("[")[0])
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    for line in _table(proofs):
        reporter.write_line(line)  # type: ignore[union-attr]
    session.items.clear()


def _table(proofs: dict[str, set[str]]) -> list[str]:
    lines, covered, total = [], 0, 0
    for chapter in chapters():
        lines.append(f"\n{chapter.title_en}")
        for rule in chapter.rules:
            tests = sorted(proofs.get(rule.number, ()))
            total += 1
            covered += bool(tests)
            lines.append(f"  {rule.number} {rule.kind}  {tests[0] if tests else '—'}")
            lines += [f"           {test}" for test in tests[1:]]
    return [*lines, f"\n{covered} of {total} rules and decisions have a proof."]
