"""Email providers: the domains that one of them has, and the well-known ones (behaviour F.4, F.6)."""

from __future__ import annotations

from typing import Final

_DOMAINS: Final = {
    "gmail.com": "googlemail.com",
    "outlook.com": """
        hotmail.com hotmail.com.ar hotmail.com.au hotmail.com.br hotmail.com.hk hotmail.com.tw
        hotmail.co.jp hotmail.co.nz hotmail.co.th hotmail.co.uk hotmail.be hotmail.ca hotmail.cl
        hotmail.de hotmail.dk hotmail.es hotmail.fi hotmail.fr hotmail.hu hotmail.it hotmail.my
        hotmail.nl hotmail.no hotmail.ru hotmail.sg hotmail.se live.com live.com.au live.com.ar
        live.com.mx live.com.pt live.co.uk live.at live.be live.ca live.cl live.cn live.de live.dk
        live.fr live.hk live.ie live.it live.jp live.nl live.no live.ru live.se msn.com outlook.com.ar
        outlook.com.au outlook.com.br outlook.co.id outlook.co.uk outlook.co.jp outlook.co.nz
        outlook.co.th outlook.at outlook.be outlook.cl outlook.cn outlook.de outlook.dk outlook.es
        outlook.fr outlook.ie outlook.kr outlook.jp outlook.nl outlook.pt outlook.ru outlook.sa
        outlook.se
    """,
    "yahoo.com": """
        yahoo.com.au yahoo.com.ar yahoo.com.br yahoo.com.cn yahoo.com.hk yahoo.com.mx yahoo.com.my
        yahoo.com.ph yahoo.com.sg yahoo.com.tw yahoo.com.vn yahoo.co.id yahoo.co.kr yahoo.co.jp
        yahoo.co.nz yahoo.co.uk yahoo.co.th yahoo.ne.jp yahoo.ca yahoo.cn yahoo.de yahoo.dk yahoo.es
        yahoo.fr yahoo.ie yahoo.in yahoo.it yahoo.no yahoo.se ymail.com
    """,
    "163.com": "126.com",
    "aol.com": "aim.com",
    "gmx.net": "gmx.com gmx.at gmx.ch gmx.de gmx.fr gmx.us",
    "protonmail.com": "pm.me protonmail.ch proton.me",
    "tutanota.com": "tuta.io",
    "mail.com": "email.com",
    "icloud.com": "me.com",
    "yandex.ru": "ya.ru yandex.com yandex.by yandex.ua yandex.kz",
    "mail.ru": "inbox.ru bk.ru list.ru internet.ru",
    "daum.net": "hanmail.net",
}

# Another domain of the same provider -> the one that stands for them all.
DOMAIN_ALIASES: Final = {alias: domain for domain, aliases in _DOMAINS.items() for alias in aliases.split()}

WELL_KNOWN_PROVIDERS: Final = frozenset(
    [
        "gmail.com",
        "outlook.com",
        "yahoo.com",
        "aol.com",
        "comcast.net",
        "att.net",
        "bellsouth.net",
        "cox.net",
        "sbcglobal.net",
        "verizon.net",
        "icloud.com",
        "rocketmail.com",
        "windowslive.com",
        "qq.com",
        "vip.qq.com",
        "sina.com",
        "naver.com",
        "163.com",
        "daum.net",
        "mail.goo.ne.jp",
        "nate.com",
        "mail.com",
        "protonmail.com",
        "gmx.net",
        "web.de",
        "freenet.de",
        "o2.pl",
        "op.pl",
        "wp.pl",
        "interia.pl",
        "mail.ru",
        "yandex.ru",
        "rambler.ru",
        "abv.bg",
        "seznam.cz",
        "libero.it",
        "laposte.net",
        "free.fr",
        "orange.fr",
        "citromail.hu",
        "ukr.net",
        "t-online.de",
        "inbox.lv",
        "luukku.com",
        "lycos.com",
        "tlen.pl",
        "infoseek.jp",
        "excite.co.jp",
        "mac.com",
        "wanadoo.fr",
        "ezweb.ne.jp",
        "arcor.de",
        "docomo.ne.jp",
        "earthlink.net",
        "charter.net",
        "hushmail.com",
        "inbox.com",
        "juno.com",
        "shaw.ca",
        "walla.com",
        "tutanota.com",
        "foxmail.com",
        "vivaldi.net",
        "fastmail.com",
        "relay.firefox.com",
    ]
)
