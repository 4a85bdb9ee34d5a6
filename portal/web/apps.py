"""Application of the roof: home, desks, information pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import anyone, logged_in
from portal.http import navigation
from portal.web.rules import operators


class WebConfig(AppConfig):
    """Adds the roof's own entries to the navigation."""

    name = "portal.web"

    def ready(self) -> None:
        navigation.register("web:home", _("首页"), who=anyone, place=0)
        navigation.register("web:desk", _("我的工作台"), who=logged_in, place=10)
        navigation.register("web:operations", _("运行状况"), who=operators, place=300)
        navigation.register("web:help", _("办事指南"), who=anyone, place=95)
