"""The rows of the agency's half."""

from review.models.agency_review import AgencyReview
from review.models.finding import Finding

__all__ = ["AgencyReview", "Finding"]
