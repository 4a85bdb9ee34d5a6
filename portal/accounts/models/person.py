"""People: who logs in, applies, checks, votes."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.identifiers import Sex, masked
from portal.accounts.names import sort_key
from portal.shared.encryption import EncryptedTextField, blind_index
from portal.shared.models import Coded, Dated

# Columns that are derived from another one and saved with it.
_FOLLOWERS = {"full_name": "sort_key", "phone": "phone_index"}


class PersonManager(BaseUserManager["Person"]):
    """Creates people; there are no superusers, for nobody may do everything."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """Store a person who logs in as ``username``; without ``password`` only through the identity service."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def with_phone(self, phone: str) -> "models.QuerySet[Person]":
        """Return the people who gave this mobile number, in its stored form; a family may share one."""
        return self.filter(phone_index=blind_index(phone, "phone"))


class Person(Coded, Dated, AbstractBaseUser):
    """One natural person, whatever roles they hold.

    The mobile number is encrypted; ``phone_index`` finds it again. ``sort_key`` follows the name by itself.
    """

    CODE_PREFIX: ClassVar[str] = "P"

    username = models.CharField(_("账号"), max_length=60, unique=True)
    full_name = models.CharField(_("姓名"), max_length=50)
    sort_key = models.CharField(max_length=400, editable=False, db_index=True, default="")
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = EncryptedTextField(_("手机号码"), blank=True)
    phone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    is_active = models.BooleanField(_("启用"), default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = PersonManager()

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(self.full_name)
        self.phone_index = blind_index(self.phone, "phone") if self.phone else ""
        named = kwargs.get("update_fields")
        if named is not None:
            kwargs["update_fields"] = {*named, *(_FOLLOWERS[name] for name in named if name in _FOLLOWERS)}
        super().save(*args, **kwargs)

    @property
    def masked_phone(self) -> str:
        """Return the mobile number as screens show it."""
        return masked(self.phone)
