"""Start-up checks of the entrance."""

from typing import Any

from django.conf import settings
from django.core.checks import Error


def second_factor_is_required(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a production start in which staff log in with a password alone."""
    if settings.REQUIRE_SECOND_FACTOR:
        return []
    return [Error("REQUIRE_SECOND_FACTOR must be on in production: staff decide over others.", id="portal.E005")]
