"""Recipes: the ones that we ship, where they are found, and what is refused in one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import w2v
from w2v.datasets.recipe import fill, is_plain_name
from w2v.datasets.recipe_files import find_recipe, list_recipes, read_recipe
from w2v.errors import ConfigError, FormatError

GOOD = """
name = "good"
description = "d"
language = "en"
licence = "l"
homepage = "h"

[[sources]]
urls = ["https://example.org/a.zip"]
file = "a.zip"
size = 3
sha256 = "{sha256}"
unpack = "zip"
member = "a"
unpacked_size = 4
clean = "text8-form"

[result]
file = "a.txt"
""".replace("{sha256}", "0" * 64)


def read(tmp_path: Path, text: str):
    path = tmp_path / "good.toml"
    path.write_text(text)
    return read_recipe(path)


def test_shipped_recipes_are_good():
    assert [recipe.name for recipe in list_recipes()] == ["enwik9", "enwiki8", "starter", "text8", "wikipedia-dump"]


def test_text8():
    recipe = find_recipe("text8")
    (source,) = recipe.sources
    assert (source.size, source.unpacked_size, recipe.result.size) == (31_344_016, 100_000_000, 100_000_000)
    assert recipe.result.checksums["crc32"] == "7d6be66f"
    assert recipe.result.checksums["md5"] == "3bea1919949baf155f99411df5fada7e"


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ConfigError, match=r"no corpus 'text9': the known ones are enwik9, enwiki8, starter, text8, wikipedia-dump"):
        find_recipe("text9")


@pytest.mark.medium
def test_an_installed_package_finds_its_own_recipes(tmp_path):
    package = Path(w2v.__file__).parent
    shutil.copytree(package, tmp_path / "w2v", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(package.parent / "corpora", tmp_path / "w2v" / "corpora")
    code = "from w2v.datasets.recipe_files import list_recipes, recipe_folder; print(recipe_folder(), len(list_recipes()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(tmp_path / "w2v" / "corpora"), str(len(list_recipes()))]


def test_the_wheel_carries_the_recipes():
    import tomllib

    project = tomllib.loads((Path(w2v.__file__).parents[1] / "pyproject.toml").read_text())
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]["corpora"] == "w2v/corpora"


def test_a_good_recipe(tmp_path):
    recipe = read(tmp_path, GOOD)
    assert recipe.sources[0].checksums == {"sha256": "0" * 64}
    assert recipe.sources[0].urls == ("https://example.org/a.zip",)
    assert recipe.result.tokens is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "good"', 'name = "other"', r"good\.toml: name must be 'good'"),
        ('name = "good"', "", r"good\.toml: name is missing"),
        ('licence = "l"', "licence = 3", r"good\.toml: licence must be a text: found 3"),
        ('licence = "l"', 'license = "l"', r"good\.toml: licence is missing"),
        ('homepage = "h"', 'homepage = "h"\nmirror = "m"', r"good\.toml: there is no key 'mirror'"),
        ("size = 3", 'size = "3"', r"source 1: size must be a number"),
        ("size = 3", "size = -3", r"source 1: size must be a number"),
        ("size = 3", "size = true", r"source 1: size must be a number"),
        ("size = 3", "sizes = 3", r"source 1: there is no key 'sizes'"),
        ("sha256 = ", "sha512 = ", r"source 1: there is no key 'sha512'"),
        (f'"{"0" * 64}"', '"00"', r"source 1: sha256 must be 64 lower-case hexadecimal digits"),
        (f'"{"0" * 64}"', f'"{"A" * 64}"', r"source 1: sha256 must be 64 lower-case hexadecimal digits"),
        ('urls = ["https://example.org/a.zip"]', "", r"source 1: a source has either urls and file, or gensim_file"),
        ('urls = ["https://example.org/a.zip"]', 'gensim_file = "x"', r"source 1: a source has either"),
        ('urls = ["https://example.org/a.zip"]', "urls = [1]", r"source 1: urls must be a list of texts"),
        ("https://example.org/a.zip", "ftp://example.org/a.zip", r"source 1: a URL must be https"),
        ("https://example.org/a.zip", "a.zip", r"source 1: a URL must be https"),
        ('unpack = "zip"', 'unpack = "tar"', r"source 1: unpack must be one of zip, bz2: found 'tar'"),
        ('unpack = "zip"', "", r"source 1: member goes with unpack = 'zip'"),
        ('unpack = "zip"', 'unpack = "bz2"', r"source 1: member goes with unpack = 'zip'"),
        ('member = "a"', "", r"source 1: member goes with unpack = 'zip', and is needed there"),
        ("unpacked_size = 4", "", r"source 1: unpacked_size goes with unpack, and is needed with zip"),
        ('unpack = "zip"\nmember = "a"', "", r"source 1: unpacked_size goes with unpack, and is needed with zip"),
        ('clean = "text8-form"', 'clean = "rinse"', r"source 1: clean must be one of .*text8-form: found 'rinse'"),
        ('file = "a.zip"', 'file = "../a.zip"', r"source 1: a file name has"),
        ('file = "a.txt"', 'file = ".."', r"result: a file name has"),
        ('file = "a.txt"', 'file = "a.txt"\nlines = 3', r"result: there is no key 'lines'"),
        ('description = "d"', 'description = "{date}"', r"\{date\} is not one of its parameters"),
        ("[result]", "[results]", r"result is missing"),
        ("[[sources]]", "[sources]", r"sources must be a list"),
        (GOOD, "name = ", r"good\.toml is not TOML"),
    ],
)
def test_what_a_recipe_may_not_say(tmp_path, old, new, message):
    assert old in GOOD
    with pytest.raises(FormatError, match=message):
        read(tmp_path, GOOD.replace(old, new, 1))


def test_a_cut_is_for_whole_lines(tmp_path):
    cut = GOOD + "cut = 9\n"
    assert read(tmp_path, cut).result.cut == 9
    with pytest.raises(FormatError, match="cut needs sources with clean, which gives whole lines"):
        read(tmp_path, cut.replace('clean = "text8-form"', ""))


def test_the_unpacked_size_of_a_bz2_is_optional(tmp_path):
    packed = GOOD.replace('unpack = "zip"\nmember = "a"', 'unpack = "bz2"')
    assert read(tmp_path, packed).sources[0].unpacked_size == 4
    assert read(tmp_path, packed.replace("unpacked_size = 4", "")).sources[0].unpacked_size is None


class TestHttp:
    HTTP = GOOD.replace("https:", "http:")

    def test_with_sha256(self, tmp_path):
        assert read(tmp_path, self.HTTP).sources

    def test_with_crc32_and_size(self, tmp_path):
        assert read(tmp_path, self.HTTP.replace(f'sha256 = "{"0" * 64}"', 'crc32 = "00000000"')).sources

    @pytest.mark.parametrize("weak", ["", f'md5 = "{"0" * 32}"', f'sha1 = "{"0" * 40}"'])
    def test_not_with_less(self, tmp_path, weak):
        with pytest.raises(FormatError, match="http needs a recorded sha256, or crc32 and size"):
            read(tmp_path, self.HTTP.replace(f'sha256 = "{"0" * 64}"', weak))

    def test_published_sums_are_https_always(self, tmp_path):
        sums = '[sources.sums]\nurl = "http://example.org/s"\nalgorithm = "sha1"\nentry = "a"\n[result]'
        with pytest.raises(FormatError, match="http needs a recorded sha256"):
            read(tmp_path, GOOD.replace("[result]", sums))


class TestParameters:
    def test_defaults_and_choices(self):
        recipe = find_recipe("wikipedia-dump")
        assert recipe.values() == {"language": "en", "date": "latest"}
        assert recipe.values({"language": "zh_yue"}) == {"language": "zh_yue", "date": "latest"}

    @pytest.mark.parametrize("language", ["", "../en", "en/..", "EN", "en wiki", "en\n", "{date}"])
    def test_a_value_that_does_not_match(self, language):
        with pytest.raises(ConfigError, match="language must be the code of the Wikipedia, such as en, zh"):
            find_recipe("wikipedia-dump").values({"language": language})

    def test_a_parameter_that_is_not_there(self):
        with pytest.raises(ConfigError, match="text8 has no parameter language: its parameters are none"):
            find_recipe("text8").values({"language": "en"})

    def test_filling_leaves_other_braces(self):
        assert fill("{a}[0-9]{8}{b}", {"a": "1", "b": "2"}) == "1[0-9]{8}2"


@pytest.mark.parametrize(("name", "plain"), [("a.txt", True), ("..", False), (".a", False), ("a/b", False), ("a\\b", False), ("", False)])
def test_plain_names(name, plain):
    assert is_plain_name(name) is plain
