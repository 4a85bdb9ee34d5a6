"""Who stands behind a session: allauth's way to log in, and the person looked up with a statement that is written once."""

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend

from portal.accounts.models import Person
from portal.shared.prepared import ByKey


class PersonBackend(AuthenticationBackend):
    """Logs people in by account and password; one who was put out of use is nobody at the next request."""

    def get_user(self, user_id: int) -> Person | None:
        try:
            person = _people().get(user_id)
        except Person.DoesNotExist:
            return None
        return person if self.user_can_authenticate(person) else None


@cache
def _people() -> ByKey[Person]:
    return ByKey(Person.objects.all())
