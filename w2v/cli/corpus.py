"""`w2v corpus list` and `w2v corpus get`."""

import json
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.config_options import json_option
from w2v.errors import ConfigError


@click.group()
def corpus() -> None:
    """List the known corpora, or get one."""


@corpus.command("list")
@json_option
def list_corpora(as_json: bool) -> None:
    """Print the corpora that `get` knows."""
    from w2v.datasets.recipe_files import list_recipes

    recipes = list_recipes()
    if as_json:
        click.echo(json.dumps([_as_json(recipe) for recipe in recipes], ensure_ascii=False, indent=1))
        return
    for recipe in recipes:
        size = f"{recipe.result.tokens:,} tokens. " if recipe.result.tokens else ""
        options = "".join(f" [--{name} {parameter.default}]" for name, parameter in recipe.parameters.items())
        click.echo(f"{recipe.name}{options}\n    {recipe.description}\n    {size}{recipe.licence}\n    {recipe.homepage}")


@corpus.command("get")
@click.argument("name")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("downloads"), show_default=True, help="Folder of all corpora."
)
@click.option("--language", metavar="CODE", help="Of wikipedia-dump: which Wikipedia, such as en, zh or simple. [default: en]")
@click.option("--date", metavar="YYYYMMDD", help="Of wikipedia-dump and enwiki8: day of the dump. [default: latest]")
def get(name: str, out: Path, **chosen: str | None) -> None:
    """Download, unpack and clean the corpus NAME, and print the path of its text.

    \b
    w2v corpus get text8
    w2v corpus get wikipedia-dump --language zh
    """
    from w2v.datasets.get_corpus import find_corpus, get_corpus
    from w2v.datasets.recipe_files import find_recipe

    parameters = {name: value for name, value in chosen.items() if value is not None}
    try:
        recipe = find_recipe(name)
        recipe.values(parameters)
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    path = find_corpus(recipe, out, parameters=parameters)
    if path is not None:
        click.echo(f"{name} is there already, and verified", err=True)
    else:
        path = get_corpus(recipe, out, parameters=parameters, progress=True)
        click.echo(f"{name}: {path.stat().st_size:,} bytes. {recipe.licence}", err=True)
    click.echo(path)


def _as_json(recipe: Any) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "description": recipe.description,
        "language": recipe.language,
        "licence": recipe.licence,
        "homepage": recipe.homepage,
        "file": recipe.result.file,
        "size": recipe.result.size,
        "tokens": recipe.result.tokens,
        "download_size": sum(source.size or 0 for source in recipe.sources) or None,
        "parameters": {name: parameter.default for name, parameter in recipe.parameters.items()},
    }
