"""Where the keys lie with which certificates are sealed, and who signs with them (docs/sealing-keys.md)."""

from typing import Any

from environs import Env


def from_environment(env: Env) -> dict[str, Any]:
    """Return what SEALING_… say; without a folder of keys nothing can be sealed or verified.

    Without time stamps a seal's time is what the portal claims: for installations that have no time-stamp authority.
    """
    return {
        "keys": env.str("SEALING_KEYS", default=""),
        "time_stamps": env.bool("SEALING_TIME_STAMPS", default=True),
        "record_signer": env.str("SEALING_RECORD_SIGNER", default=""),
        "pkcs11": {
            "module": env.str("SEALING_PKCS11_MODULE", default=""),
            "label": env.str("SEALING_PKCS11_LABEL", default=""),
            "key": env.str("SEALING_PKCS11_KEY", default=""),
            "pin": env.str("SEALING_PKCS11_PIN", default=""),
        },
    }
