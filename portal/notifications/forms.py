"""Filters of lists, and the choice of channels."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.notifications.choosing import Choice, choices
from portal.notifications.enums import NEEDS_STAFF, Channel, DeliveryState, Occasion
from portal.notifications.models import Delivery, NotificationQuerySet


class InboxFilter(forms.Form):
    is_all_optional = True

    show = forms.ChoiceField(label=_("显示"), required=False, choices=[("", _("全部消息")), ("unread", _("未读消息"))])
    occasion = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部类别")), *Occasion.choices])

    def narrow(self, messages: NotificationQuerySet) -> NotificationQuerySet:
        """Return the messages that fit; an input that cannot be read filters nothing."""
        self.is_valid()
        if self.cleaned_data.get("show"):
            messages = messages.unread()
        if self.cleaned_data.get("occasion"):
            messages = messages.filter(occasion=self.cleaned_data["occasion"])
        return messages


class FailureFilter(forms.Form):
    is_all_optional = True

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), *((state.value, state.label) for state in DeliveryState if state in NEEDS_STAFF)],
    )
    channel = forms.ChoiceField(label=_("方式"), required=False, choices=[("", _("全部方式")), *Channel.choices])

    def narrow(self, deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """Return the deliveries that fit; an input that cannot be read filters nothing."""
        self.is_valid()
        return deliveries.filter(**{name: value for name, value in self.cleaned_data.items() if value})


class ChannelsForm(forms.Form):
    """One group of boxes per occasion; a ticked box is a channel by which the person wants to be told."""

    is_all_optional = True

    def __init__(self, *args: Any, declined: frozenset[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for choice in choices():
            if choice.optional:
                self.fields[choice.occasion] = _boxes(choice, declined)

    def declined(self) -> set[tuple[str, str]]:
        """Return the pairs whose box was left empty."""
        return {
            (name, value)
            for name, field in self.fields.items()
            for value, _words in field.choices  # type: ignore[attr-defined]
            if value not in self.cleaned_data[name]
        }


def _boxes(choice: Choice, declined: frozenset[tuple[str, str]]) -> forms.MultipleChoiceField:
    wanted = [channel for channel in choice.optional if (choice.occasion, channel) not in declined]
    return forms.MultipleChoiceField(
        label=choice.occasion.label,
        required=False,
        choices=[(channel.value, channel.label) for channel in choice.optional],
        initial=wanted,
        widget=forms.CheckboxSelectMultiple,
    )
