"""`w2v`: the command line. Each command lives in a file of its own that is imported when it is called."""

import contextlib
import difflib
import errno
import importlib
import io
import os
import re
import shlex
import sys
import warnings
from typing import Any

import click

from w2v.cli.shared.option_names import find_command, with_options
from w2v.cli.shared.vector_remedies import with_vector_options
from w2v.config import foreign_name_hint
from w2v.errors import W2VError
from w2v.progress import LineBar, is_terminal
from w2v.text_tables import printable
from w2v.version import __version__

# command -> (module:attribute, one line of help), in the order of the work
_COMMANDS = {
    "corpus": ("w2v.cli.corpus:corpus", "List the known corpora, or get one."),
    "encode": ("w2v.cli.encode:encode", "Turn text into an encoded corpus."),
    "phrases": ("w2v.cli.phrases:phrases", "Turn text into an encoded corpus in which phrases are words."),
    "train": ("w2v.cli.train:train", "Train word vectors on text or an encoded corpus."),
    "categories": ("w2v.cli.categories:categories", "Train vectors of the categories in a table."),
    "info": ("w2v.cli.info:info", "Tell what a model, a partial model, a corpus or a vector file holds."),
    "neighbors": ("w2v.cli.neighbors:neighbors", "Print the nearest neighbors of words."),
    "similarity": ("w2v.cli.word_relations:similarity", "Print the similarity of two words."),
    "analogy": ("w2v.cli.word_relations:analogy", "Answer: A is to B as C is to ?"),
    "odd-one-out": ("w2v.cli.word_relations:odd_one_out", "Print which word does not go with the others."),
    "mean-vector": ("w2v.cli.word_relations:mean_vector", "Print the mean of the vectors of words."),
    "walks": ("w2v.cli.walks:walks", "Turn a graph into an encoded corpus of random walks."),
    "embed": ("w2v.cli.embed:embed", "Make vectors of texts."),
    "evaluate": ("w2v.cli.measuring.evaluate:evaluate", "Measure vectors on test sets of similarity and analogy."),
    "evaluate-next": ("w2v.cli.measuring.evaluate_next:evaluate_next", "Measure how well vectors say which item comes next."),
    "evaluate-links": ("w2v.cli.measuring.evaluate_links:evaluate_links", "Measure how well vectors of nodes tell held-out edges."),
    "tune": ("w2v.cli.measuring.tune:tune", "Search for good settings of a training."),
    "classify": ("w2v.cli.classify.commands:classify", "Learn labels of texts on top of word vectors; compare with random ones."),
    "cluster": ("w2v.cli.cluster:cluster", "Group words by k-means."),
    "plot": ("w2v.cli.plot:plot", "Draw a map of words, or the course of a training."),
    "report": ("w2v.cli.report:report", "Write a page about a training."),
    "explore": ("w2v.cli.explore:explore", "Look at the vectors in a browser."),
    "export": ("w2v.cli.export:export", "Write vectors in another format."),
    "import": ("w2v.cli.export:import_vectors", "Make a model directory of a vector file."),
    "validate": ("w2v.cli.measuring.validate:validate", "Compare quality and speed with gensim, side by side."),
    "bench": ("w2v.cli.measuring.bench:bench", "Measure reading, training and the whole pipeline."),
}
# command -> what other tools call it, and words that people type
_CALLED_ELSEWHERE = {
    "corpus get": "get download",
    "encode": "tokenize vocab",
    "phrases": "word2phrase",
    "train": "word2vec fit skipgram",
    "neighbors": "most-similar similar nearest nn knn distance",
    "analogy": "word-analogy analogies",
    "odd-one-out": "doesnt-match",
    "evaluate": "test eval",
    "classify train": "supervised",
    "classify predict": "predict",
    "cluster": "kmeans",
    "plot": "tsne umap map visualize",
    "explore": "serve",
    "export": "convert save",
    "import": "load",
    "--help": "help",
    "--version": "version",
}
_FOREIGN_COMMANDS = {name: here for here, names in _CALLED_ELSEWHERE.items() for name in names.split()}

# Commands that speak themselves, wait for somebody, or answer at once.
_HEARD = ("train", "explore", "neighbors", "similarity", "analogy", "odd-one-out", "mean-vector")
_FREE_SPACE = "free some space, or choose another disk (TMPDIR says where temporary files are)"
_REMEDIES = {
    errno.ENOSPC: _FREE_SPACE,
    errno.EDQUOT: _FREE_SPACE,
    errno.EMFILE: "raise the limit that ulimit -n shows",
    errno.EACCES: "change its permissions, or choose another place",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            if name == "help" and self.get_command(ctx, args[-1]) is not None:
                ctx.fail(f"there is no command 'help': did you mean w2v {args[-1]} --help?")
            ctx.fail(f"there is no command {printable(name)!r}: {_meant(name)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):  # from the table, so that --help imports no command
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


def _meant(name: str) -> str:
    plain = name.lower().replace("_", "-").replace(" ", "-")
    close = difflib.get_close_matches(plain, _COMMANDS, n=2)
    if plain in _COMMANDS:
        close = [plain]
    elif plain in _FOREIGN_COMMANDS:
        close = [_FOREIGN_COMMANDS[plain]]
    if close:
        return f"did you mean {' or '.join(f'w2v {command}' for command in close)}?"
    if os.path.exists(name):
        return f"to train on this file, w2v train {shlex.quote(name)} --out MODEL"
    return f"the commands are {', '.join(_COMMANDS)}"


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="w2v")
def cli() -> None:
    """Word vectors from text: train, query, export.

    \b
    w2v train my.txt --out my.w2v
    w2v neighbors my.w2v king queen
    w2v export my.w2v my.vec
    """


class _Messages(io.FileIO):
    """stderr on a disk that may be full, or on a terminal that was hung up: messages are lost then, and the work goes on."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
                raise
            return memoryview(data).nbytes


def main() -> None:
    """Run the command line: results on stdout, one line on stderr for an error, exit codes 0, 1, 2, 130."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us; bars and messages need somewhere to go
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - until the process ends
    if isinstance(sys.stderr, io.TextIOWrapper) and sys.stderr is sys.__stderr__:
        raw = io.BufferedWriter(_Messages(sys.stderr.fileno(), "w", closefd=False))
        sys.stderr = io.TextIOWrapper(raw, sys.stderr.encoding, sys.stderr.errors, line_buffering=True)
    if isinstance(sys.stdout, io.TextIOWrapper):  # words are printed in any script, also where the terminal knows ASCII only
        sys.stdout.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):  # what is typed at a prompt and is no text is an unknown word
        sys.stdin.reconfigure(errors="surrogateescape")
    warnings.showwarning = _show_warning
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    with _heartbeat(arguments):
        return _run(arguments)


def _heartbeat(arguments: list[str]) -> contextlib.AbstractContextManager[object]:
    """A line every ten seconds where there is no terminal, so that no long command looks dead in a log."""
    command = arguments[0] if arguments else ""
    if command not in _COMMANDS or command in _HEARD or is_terminal():
        return contextlib.nullcontext()
    return LineBar(f"w2v {command}")


def _run(arguments: list[str]) -> int:
    try:
        result: Any = cli.main(arguments, prog_name="w2v", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.NoSuchOption as error:
        hint = _option_hint(error, arguments)
        shown = error if hint is None else click.UsageError(with_options(hint, find_command(cli, arguments)), error.ctx)
        shown.show()
        return 2
    except click.ClickException as error:
        if isinstance(error, click.UsageError):
            error = click.UsageError(with_options(error.format_message(), find_command(cli, arguments)), error.ctx)
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:  # the reader of our output has gone (head): nothing to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except W2VError as error:
        command = find_command(cli, arguments)
        return _fail(with_options(with_vector_options(str(error), command), command))
    except MemoryError:
        return _fail("out of memory: fewer words (--min-count, --max-vocabulary) or a smaller --dim need less")
    except OSError as error:
        where = f"{error.filename}: " if error.filename is not None else ""
        remedy = f": {_REMEDIES[error.errno]}" if error.errno in _REMEDIES else ""
        return _fail(f"{where}{error.strerror or error}{remedy}")
    return result if isinstance(result, int) else 0


def _option_hint(error: click.NoSuchOption, arguments: list[str]) -> str | None:
    """What to write instead of an option of another tool, which may have one dash: word2vec.c's ``-size 100``."""
    written = error.option_name
    if not written.startswith("--"):  # click takes -size for -s
        written = next((argument.partition("=")[0] for argument in arguments if argument.startswith(written)), written)
        own = {option for parameter in error.ctx.command.params for option in parameter.opts} if error.ctx else set()
        if f"-{written}" in own:
            return f"{written} has two dashes here: -{written}"
    hint = foreign_name_hint(written)
    return hint and re.sub(r"is called (\w+) here", lambda match: f"is called {_as_option(match[1])} here", hint)


def _as_option(name: str) -> str:
    return f"-{name}" if len(name) == 1 else f"--{name.replace('_', '-')}"


def _fail(message: str) -> int:
    click.echo(printable(f"Error: {' '.join(message.split())}"), err=True)
    return 1


def _show_warning(message: Warning | str, *where: object, **more: object) -> None:
    """A line for a person, who has no use for the place in the program."""
    text = with_options(" ".join(str(message).split()), find_command(cli, sys.argv[1:]))
    click.echo(printable(f"Warning: {text}"), err=True)


if __name__ == "__main__":
    main()
