"""Cleaning steps, on pages small enough to judge by eye."""

from __future__ import annotations

import io

import pytest

from w2v.datasets.cleaning import CLEANERS, gensim_wikicorpus, gensim_wikitext, require, text8_form
from w2v.errors import CorpusError, MissingExtraError

PAGE = '<page><title>{title}</title><ns>{ns}</ns><id>{id}</id><revision><text xml:space="preserve">{text}</text></revision></page>'
LONG = "'''Anarchism''' is a [[political philosophy|philosophy]] of [[state]]less societies{{cite|x}}. " * 20


def dump(*texts: str, ns: int = 0) -> io.BytesIO:
    pages = "\n".join(PAGE.format(title=f"T{i}", ns=ns, id=i, text=text) for i, text in enumerate(texts))
    head = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/"><siteinfo><sitename>W</sitename></siteinfo>'
    return io.BytesIO(f"{head}\n{pages}\n</mediawiki>".encode())


def lines(step, stream: io.BytesIO) -> list[str]:
    return b"".join(step(stream)).decode().splitlines()


def text8(text: str) -> list[str]:
    return lines(text8_form, dump(text))


class TestText8Form:
    def test_the_beginning_of_text8(self):
        markup = (
            "{{Anarchism}}\n'''Anarchism''' originated as a term of abuse first used against early [[working class]] "
            "[[radical]]s including the [[Diggers]] of the [[English Revolution]] and the [[sans-culotte|''sans-culottes'']] "
            "of the [[French Revolution]].&lt;ref&gt; [http://uk.encarta.msn.com/encyclopedia_761568770/Anarchism.html] &lt;/ref&gt; Whilst"
        )
        assert text8(markup) == [
            "anarchism originated as a term of abuse first used against early working class radicals including the diggers of the "
            "english revolution and the sans culottes of the french revolution whilst"
        ]

    @pytest.mark.parametrize(
        ("markup", "words"),
        [
            ("In 1789, 3 &amp;amp; 4", "in one seven eight nine three four"),
            ("a[[Image:x.jpg|thumb|left|180px|A [[fine]] caption]]b", "aa fine captionb"),
            ("[[Category:Cats|*]] [[de:Katze]] [[zh-min-nan:Niau]]", "cats"),
            ("see [http://example.org/a?b the site], [[cat|cats]]", "see the site cats"),
            ("x {| border=1\n| cell\n|} y {{a\n|b}} z", "x y z"),
            ("caf\u00e9 na\u00efve", "caf na ve"),
            ("1&amp;nbsp;km &lt;br /&gt; &lt;!-- no --&gt; end", "one km end"),
        ],
    )
    def test_rules(self, markup, words):
        assert text8(markup) == [words]

    def test_an_article_a_line_and_no_redirects(self):
        assert lines(text8_form, dump("One", "#REDIRECT [[One]]", "#redirect [[One]]", "", "Two")) == ["one", "two"]

    def test_a_page_without_text_does_not_swallow_the_next(self):
        assert lines(text8_form, io.BytesIO(b'<text xml:space="preserve" /><title>no</title><text a="b">yes</text>')) == ["yes"]

    def test_a_file_that_ends_inside_an_article(self):
        assert lines(text8_form, io.BytesIO(b'<page><text xml:space="preserve">The end is')) == ["the end is"]

    def test_borders_of_blocks_do_not_matter(self, monkeypatch):
        texts = [LONG, "", "#redirect", LONG + "end"]
        whole = lines(text8_form, dump(*texts))
        assert len(whole) == 2
        for size in (1, 7, 100):
            monkeypatch.setattr("w2v.datasets.cleaning._BLOCK", size)
            assert lines(text8_form, dump(*texts)) == whole


class TestGensim:
    def test_words(self):
        found = lines(gensim_wikicorpus, dump(LONG, "#REDIRECT [[T0]]", "too short", LONG))
        assert found == [" ".join(["anarchism", "is", "philosophy", "of", "stateless", "societies"] * 20)] * 2

    def test_equals_gensims_own_corpus(self, tmp_path):
        import bz2

        wikicorpus = pytest.importorskip("gensim.corpora.wikicorpus")
        stream = dump(LONG, "#REDIRECT [[T0]]", LONG * 2)
        path = tmp_path / "dump.xml.bz2"
        path.write_bytes(bz2.compress(stream.getvalue()))
        theirs = wikicorpus.WikiCorpus(str(path), processes=1, dictionary={}).get_texts()
        assert lines(gensim_wikicorpus, stream) == [" ".join(words) for words in theirs]

    @pytest.mark.medium
    def test_text_of_any_language(self):
        chinese = "'''数学'''是研究[[数量]]、[[结构]]以及[[空间]]等概念的一门学科。" * 20
        found = lines(gensim_wikitext, dump(chinese, "#重定向 [[数学]]", f"== Head ==\n* {LONG}"))
        assert found == [
            "".join(["数学是研究数量、结构以及空间等概念的一门学科。"] * 20),
            "Head Anarchism " + "is a philosophy of stateless societies. Anarchism " * 19 + "is a philosophy of stateless societies.",
        ]

    def test_articles_only(self):
        assert lines(gensim_wikicorpus, dump(LONG, ns=1)) == []

    @pytest.mark.parametrize("content", [b"", b"no xml", b"<html><page/></html>", dump(LONG).getvalue()[:-300]])
    def test_what_is_not_a_dump(self, content):
        with pytest.raises(CorpusError, match="a Wikipedia dump must be whole MediaWiki XML"):
            lines(gensim_wikicorpus, io.BytesIO(content))

    def test_no_gensim(self, monkeypatch):
        monkeypatch.setitem(__import__("sys").modules, "gensim.corpora.wikicorpus", None)
        with pytest.raises(MissingExtraError, match=r"pip install 'w2v\[validate\]'"):
            require("gensim-wikitext")
        require("text8-form")


def test_every_step_has_a_name():
    assert sorted(CLEANERS) == ["gensim-wikicorpus", "gensim-wikitext", "text8-form"]
