"""Jinja2, set up once the same way for every public page: escaped, translated, strict."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from habeas.lib import languages


@cache
def environment(package: str, folder: str, language: str) -> Environment:
    """Return the environment for the templates in `folder` of `package`, speaking `language`."""
    made = Environment(
        loader=PackageLoader(package, folder),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["digits"] = lambda value: languages.in_own_digits(str(value), language)
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}  # Arabic is a third as long then
    made.install_gettext_translations(languages.words(language), newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    return made
