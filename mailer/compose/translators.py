"""`_("text")` and `ngettext("one", "many", n)` for templates, as gettext's tools look for them."""

from collections.abc import Callable, Mapping

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from course.language.words import Phrase, Words


def translators(words: Callable[[Context], Words]) -> dict[str, Callable[..., str]]:
    """Globals for an environment; `words` finds those of the template that asks.

    Blanks are `%(name)s`, a percent sign is `%%`. Values are escaped where the template escapes.
    """

    @pass_context
    def gettext(context: Context, text: str, **values: object) -> str:
        return _safe(context, words(context).text(text)) % _said(words(context), values)

    @pass_context
    def ngettext(context: Context, one: str, many: str, num: int, **values: object) -> str:
        return _safe(context, words(context).form(one, many, num)) % {"num": num, **_said(words(context), values)}

    return {"_": gettext, "ngettext": ngettext}


def _said(words: Words, values: Mapping[str, object]) -> dict[str, object]:
    return {name: words.of(value) if isinstance(value, Phrase) else value for name, value in values.items()}


def _safe(context: Context, text: str) -> str:
    return Markup(text) if context.eval_ctx.autoescape else text  # noqa: S704 - ours, from the catalogues
