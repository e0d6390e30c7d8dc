"""DText, Danbooru's markup: a subset, whose HTML is safe because everything else is escaped.

Blocks: [quote] [expand] [expand=title] [code] [hr], `h4. headings`, `* lists`, and through `embed` [bur:1],
[ta:1] and [ti:1].
In a line: [b] [i] [u] [s] [tn], [[wiki page]] [[wiki page|title]], {{search}} {{search|title}}, "title":/path
"title":[url] <url> url, @user <@user>, post #1, topic #1, forum #1, user #1, dmail #1, BUR #1,
pool #1, artist #1, tag #1, alias #1, implication #1, :emoji:.
"""

from booru.dtext.blocks import render

__all__ = ["render"]
