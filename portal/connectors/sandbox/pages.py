"""The sandbox's pages for people: what every system does, messages sent, orders, and the payer's page.

They need no JavaScript, and say on top that nothing here is real.
"""

from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any

from portal.connectors.sandbox.world import BEIJING, FAULTS, SYSTEMS

Facts = dict[str, Any]
DELAYS = (0, 1000, 4000, 8000)
STATES = {"open": "待支付 open", "succeeded": "已支付 paid", "closed": "已关闭 closed", "refunded": "已退款 refunded"}
STYLE = """
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 0 auto; max-width: 60rem; padding: 0 1rem 2rem; color: #0b0c0c; }
.band { background: #ffdd00; margin: 0 -1rem; padding: .5rem 1rem; font-weight: 700; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; font-weight: 700; padding-block: .5rem; font-size: 1.2rem; }
th, td { text-align: start; vertical-align: top; border-bottom: 1px solid #b1b4b6; padding: .4rem .6rem .4rem 0; min-width: 6rem; }
.wide { overflow-x: auto; }
form { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .8rem; margin: 0 0 .6rem; }
form p { margin: 0; }
select, button { font: inherit; padding: .3rem .7rem; min-height: 2.6rem; }
button { background: #0f5c4a; color: #fff; border: 0; cursor: pointer; }
button.plain { background: #f3f2f1; color: #0b0c0c; box-shadow: 0 2px 0 #929191; }
:focus-visible { outline: 3px solid #ffdd00; outline-offset: 0; box-shadow: 0 0 0 5px #0b0c0c; }
.sum { font-size: 2rem; font-weight: 700; }
.bad { color: #b5121b; font-weight: 700; }
dt { font-weight: 700; }
dd { margin: 0 0 .6rem; overflow-wrap: anywhere; }
"""


def overview(shown: Facts) -> str:
    """Return the page that lists systems, orders and messages."""
    return _page(
        "外部系统沙箱 Sandbox of the outside systems",
        _systems(shown)
        + _notices_form(shown["notices"], shown["held"])
        + _table(
            "订单 Orders",
            ("订单号 Number", "事项 Subject", "金额 Amount", "状态 State", ""),
            map(_order_row, shown["orders"]),
        )
        + _table(
            "已发短信 Messages", ("号码 Phone", "内容 Text", "时间 Time"), map(_message_row, reversed(shown["sms"]))
        )
        + '<h2>重新开始 Start over</h2><form method="post" action="/_mode"><input type="hidden" name="reset" value="1">'
        '<button class="plain">全部恢复正常并清空 Everything works, nothing happened</button></form>',
    )


def payer(order: Facts, said: str = "") -> str:
    """Return the page on which the payer pays an order, or lets it fail."""
    warning = f'<p class="bad" role="alert">{escape(said)}</p>' if said else ""
    if order["status"] == "open":
        deed = (
            '<form method="post"><button name="outcome" value="succeeded">立即支付 Pay now</button>'
            '<button class="plain" name="outcome" value="failed">支付失败 Let it fail</button></form>'
        )
    else:
        deed = f'<p><a href="{escape(order["return_url"])}">返回 Back to the portal</a></p>'
    facts = (
        ("订单号 Order", order["order_number"]),
        ("事项 Subject", order["subject"]),
        ("截止 Until", _moment(order["expires_at"])),
        ("状态 State", STATES[order["status"]]),
    )
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return _page("网上缴费 Payment", f'{warning}<p class="sum">¥ {_yuan(order["amount"])}</p><dl>{listed}</dl>{deed}')


def missing() -> str:
    """Return the page for an address that does not exist."""
    return _page("没有这个页面 Not found", '<p><a href="/">沙箱首页 Back to the sandbox</a></p>')


def masked(phone: str) -> str:
    """Return a phone number with its middle hidden."""
    return f"{phone[:3]}****{phone[-4:]}"


def _systems(shown: Facts) -> str:
    asked = [call["system"] for call in shown["calls"]]
    rows = (
        (
            f"{SYSTEMS[name]}<br>{name}",
            _mood(mood),
            str(asked.count(name)),
            _mood_form(name, mood),
        )
        for name, mood in shown["systems"].items()
    )
    return _table("系统 Systems", ("系统 System", "现在 Now", "请求 Requests", "改为 Change to"), rows)


def _mood(mood: Facts) -> str:
    text = FAULTS[mood["fault"]]
    if mood["delay_ms"]:
        text += f"，慢 slow {mood['delay_ms']} ms"
    return text if mood["fault"] == "none" and not mood["delay_ms"] else f'<span class="bad">{text}</span>'


def _mood_form(name: str, mood: Facts) -> str:
    faults = "".join(_option(fault, label, mood["fault"]) for fault, label in FAULTS.items())
    delays = "".join(_option(delay, f"延迟 delay {delay} ms", mood["delay_ms"]) for delay in DELAYS)
    label = SYSTEMS[name]
    return (
        f'<form method="post" action="/_mode"><input type="hidden" name="system" value="{name}">'
        f'<select name="fault" aria-label="{label}：故障 fault">{faults}</select>'
        f'<select name="delay_ms" aria-label="{label}：延迟 delay">{delays}</select>'
        f'<button aria-label="{label}：设定 set">设定 Set</button></form>'
    )


def _notices_form(told: Facts, held: int) -> str:
    copies = "".join(_option(number, f"{number} 次 times", told["copies"]) for number in (1, 2, 3))
    delays = "".join(_option(delay, f"延迟 delay {delay} ms", told["delay_ms"]) for delay in DELAYS)
    boxes = "".join(
        f'<label><input type="checkbox" name="{name}"{" checked" if told[name] else ""}> {label}</label>'
        for name, label in (("hold", "扣留 hold back"), ("forge", "假签名 forge"))
    )
    return (
        "<h2>缴费通知 Notices of payments</h2>"
        '<form method="post" action="/_notices">'
        f'<select name="copies" aria-label="通知次数 copies">{copies}</select>'
        f'<select name="delay_ms" aria-label="通知延迟 delay">{delays}</select>{boxes}<button>设定 Set</button></form>'
        f'<form method="post" action="/_notices"><p>扣留中 held back: {held}</p>'
        '<button class="plain" name="release" value="forward">依次放行 Release in order</button>'
        '<button class="plain" name="release" value="reverse">倒序放行 Release in reverse</button></form>'
    )


def _option(value: object, label: str, chosen: object) -> str:
    return f'<option value="{value}"{" selected" if value == chosen else ""}>{label}</option>'


def _order_row(order: Facts) -> tuple[str, ...]:
    link = f'<a href="/pay/{order["token"]}">支付页 Pay page<span> {escape(order["order_number"])}</span></a>'
    number, subject = escape(order["order_number"]), escape(order["subject"])
    return number, subject, f"¥ {_yuan(order['amount'])}", STATES[order["status"]], link


def _message_row(message: Facts) -> tuple[str, ...]:
    return masked(message["phone"]), escape(message["text"]), _moment(message["accepted_at"])


def _table(caption: str, heads: tuple[str, ...], rows: Any) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    head = "".join(f'<th scope="col">{each}</th>' if each else "<td></td>" for each in heads)
    body = body or f'<tr><td colspan="{len(heads)}">暂无 None</td></tr>'
    return f'<div class="wide" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _page(title: str, main: str) -> str:
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="stylesheet" href="/style.css"></head><body>'
        '<header class="band">沙箱：此处一切均非真实 Sandbox: nothing here is real</header>'
        f"<main><h1>{title}</h1>{main}</main></body></html>"
    )


def _moment(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(BEIJING):%Y-%m-%d %H:%M}"


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"
