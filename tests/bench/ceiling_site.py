"""The least that a Django page can do: a session, a person, one indexed SELECT, twenty rows in a template.

A project of its own in one file with a database of its own, CEILING_URL. ``python -m tests.bench.ceiling_site`` makes
tables, rows and a session and prints its cookie; ``tests.bench.ceiling_site:application`` is served by gunicorn.
"""

import datetime as dt
import secrets
import sys

import django
from django.conf import settings
from environs import Env

NAME = "tests.bench.ceiling_site"
ROWS = 20_000
BASE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title></head>
<body><header><nav>{% for name in sections %}<a href="/{{ forloop.counter }}">{{ name }}</a>{% endfor %}</nav>
<p>{{ user.username }}</p></header><main>{% block main %}{% endblock %}</main></body></html>"""
LIST = """{% extends "base.html" %}{% block title %}Papers{% endblock %}{% block main %}<table>{% for row in rows %}
<tr><td><a href="/{{ row.code }}">{{ row.code }}</a></td><td>{{ row.title }}</td><td>{{ row.holder }}</td>
<td>{{ row.office }}</td><td>{{ row.state }}</td><td>{{ row.made_at|date:"Y-m-d H:i" }}</td></tr>{% endfor %}</table>{% endblock %}"""
FILL = """
INSERT INTO ceiling_paper (code, title, holder, office, state, made_at)
SELECT 'P' || i, '关于第' || i || '号事项的材料', '张' || i %% 5000, i %% 97, (array['open', 'done'])[1 + i %% 2],
       now() - i * interval '1 second'
FROM generate_series(1, %s) i
"""

settings.configure(
    SECRET_KEY="bench-only",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=NAME,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[f"django.contrib.{app}" for app in ("contenttypes", "auth", "sessions", "messages")],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DATABASES={"default": Env().dj_db_url("CEILING_URL", conn_max_age=60)},
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ],
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [("django.template.loaders.locmem.Loader", {"base.html": BASE, "list.html": LIST})],
                    )
                ],
            },
        }
    ],
    LOGGING_CONFIG=None,
)
django.setup()

from django import forms  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402 (after set-up)
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402

SECTIONS = ("首页", "公示", "目录", "证书", "法规", "帮助", "联系", "登录")


class Paper(models.Model):
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    holder = models.CharField(max_length=100)
    office = models.IntegerField()
    state = models.CharField(max_length=20)
    made_at = models.DateTimeField()

    class Meta:
        app_label = "ceiling"
        indexes = [models.Index(name="paper_of_office", fields=["office", "state", "-made_at"])]

    def __str__(self) -> str:
        return self.code


def papers(request: HttpRequest) -> HttpResponse:
    rows = Paper.objects.filter(office=7, state="open").order_by("-made_at")[:20]
    return render(request, "list.html", {"rows": rows, "sections": SECTIONS})


class Journal(models.Model):
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "ceiling"

    def __str__(self) -> str:
        return self.kind


class PaperForm(forms.Form):
    title = forms.CharField(max_length=200)
    holder = forms.CharField(max_length=100)


def save(request: HttpRequest) -> HttpResponse:
    """One INSERT and its line in a journal, in a transaction: the least that a form can do."""
    form = PaperForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors.as_json(), status=422)
    with transaction.atomic():
        told = {"office": 7, "state": "draft", "made_at": dt.datetime.now(tz=dt.UTC)}  # noqa: TID251 - a project of its own
        paper = Paper.objects.create(code=f"N{secrets.randbits(60)}", **form.cleaned_data, **told)
        Journal.objects.create(paper=paper, kind="created")
    return HttpResponseRedirect(f"/{paper.code}")


urlpatterns = [path("", papers), path("save", save)]
application = get_wsgi_application()

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Paper)
        editor.create_model(Journal)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [ROWS])
        cursor.execute("ANALYZE ceiling_paper")
    browser = Client()
    browser.force_login(User.objects.create_user("bench"))
    sys.stdout.write(browser.cookies["sessionid"].value + "\n")
