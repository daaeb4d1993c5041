"""Fields that other programs read at the beginning of a text, such as Jekyll, Hugo, Hexo and Docusaurus."""

OURS = {
    "description": ("preheader", "summary"),
    "excerpt": ("preheader", "summary"),
    "abstract": ("summary", "preheader"),
    "headline": ("title",),
    "name": ("title",),
    "lang": ("language",),
    "locale": ("language",),
    "subtitle": ("tagline", "preheader"),
    "from": ("sender",),
    "reply-to": ("reply_to",),
    "color": ("accent",),
    "colour": ("accent",),
}
"""What they are here, the nearest first."""

NOBODYS = {
    "layout", "date", "lastmod", "updated", "tags", "tag", "categories", "category", "keywords", "draft",
    "published", "permalink", "slug", "url", "aliases", "weight", "order", "sort_order", "image", "cover",
    "thumbnail", "featured", "author", "authors", "type", "id", "toc", "sidebar", "sidebar_label",
    "sidebar_position", "nav_order", "parent", "series", "comments", "math", "lesson", "module", "status",
    "created", "modified", "version",
}  # fmt: skip


def meant_by(name: str, known: tuple[str, ...]) -> str:
    """The field of ours that means the same, or is the same in other letters; empty where there is none."""
    plain = name.casefold().replace(" ", "_")
    if plain in known and plain != name:
        return plain
    return next((ours for ours in OURS.get(plain, ()) if ours in known), "")


def is_foreign(name: str) -> bool:
    return name.casefold() in NOBODYS
