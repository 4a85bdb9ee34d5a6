"""What staff hold in their hand when they log in: an authenticator that shows codes of six digits."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

SECRET = re.compile(r'<code class="zc-code">([A-Z2-7]+)</code>')
STEP = 30


def code_for(shown: str) -> str:
    """Return the code that an authenticator shows now, after its owner copied the secret from the page ``shown``."""
    secret = SECRET.search(shown)
    assert secret is not None, shown
    step = int(time.time()) // STEP  # noqa: TID251 - an authenticator goes by the real time
    return str(format_hotp_value(hotp_value(secret[1], step)))
