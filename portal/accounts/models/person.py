"""People: who logs in, applies, checks, votes."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.shared.models import Coded, Dated


class PersonManager(BaseUserManager["Person"]):
    """Creates people; there are no superusers, for nobody may do everything."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """Store a person who logs in as ``username``; without ``password`` only through the identity service."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(Coded, Dated, AbstractBaseUser):
    """One natural person, whatever roles they hold."""

    CODE_PREFIX: ClassVar[str] = "P"

    username = models.CharField(_("账号"), max_length=60, unique=True)
    full_name = models.CharField(_("姓名"), max_length=50)
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = PersonManager()

    def __str__(self) -> str:
        return self.full_name
