"""The page's JavaScript modules as one script, for a file that is opened without a server: browsers load no modules from ``file:``."""

import importlib.resources
import re

_IMPORT = re.compile(r'^import \{ (.+?) \} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


def page_file(name: str) -> str:
    """A file of the page, such as ``style.css``."""
    return (importlib.resources.files("w2v.explorer") / "page" / name).read_text(encoding="utf-8")


def one_script() -> str:
    """``main.js`` and what it imports, each module a function; ``carried/answers.js`` stands in the place of ``api.js``."""
    written: dict[str, str] = {}
    _add("main", written)
    return '"use strict";\n' + "".join(written.values())


def _add(name: str, written: dict[str, str]) -> None:
    """Write a module behind those that it imports."""
    if name == "api":
        source = (importlib.resources.files("w2v.explorer") / "carried" / "answers.js").read_text(encoding="utf-8")
    else:
        source = page_file(f"{name}.js")
    for _, imported in _IMPORT.findall(source):
        if imported not in written:
            _add(imported, written)
    body = _IMPORT.sub(r"const { \1 } = \2_module;\n", source)
    exported = ", ".join(_EXPORT.findall(body))
    written[name] = f"const {name}_module = (() => {{\n{_EXPORT.sub('', body)}return {{ {exported} }};\n}})();\n"
