"""Eligibility: what is known of a person, the conditions of a level, and the check that holds one against the other."""

from portal.catalogue.conditions.assessing import assess
from portal.catalogue.conditions.facts import Candidate, Education, ExamPass, HeldTitle, Sanction, Skill
from portal.catalogue.conditions.lines import Assessment, Line
from portal.catalogue.conditions.reading import conditions_for, conditions_of
from portal.catalogue.conditions.routes import Conditions, Route
from portal.catalogue.conditions.spans import Spell
from portal.catalogue.conditions.walking import Finding, RouteReport

__all__ = [
    "Assessment",
    "Candidate",
    "Conditions",
    "Education",
    "ExamPass",
    "Finding",
    "HeldTitle",
    "Line",
    "Route",
    "RouteReport",
    "Sanction",
    "Skill",
    "Spell",
    "assess",
    "conditions_for",
    "conditions_of",
]
