"""What a repository's mkdocs.yml may not do before somebody trusts it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.findings.model import FindingsError
from clausebook.site.config_trust import untrusted
from clausebook.site.site_content import SiteContent
from tests.support.bad_input import tame_repository
from tests.support.repositories import ROOT
from tests.support.whole_sites import write_site

REFUSED = [
    ("hooks: [evil.py]", 2, "`hooks` runs Python files"),
    ('"ho\\x6fks": [evil.py]', 2, "`hooks` runs Python files"),
    ("INHERIT: ../other.yml", 2, "`INHERIT` reads another configuration"),
    ("mdx_configs: {}", 2, "`mdx_configs` is no setting that is known"),
    ("<<: {hooks: [evil.py]}", 2, "`<<` takes in settings out of sight"),
    ("extra:\n  a: &a {hooks: 1}\n<<: *a", 4, "`<<` takes in settings out of sight"),
    ("extra:\n  x: !!python/name:os.system", 3, "the tag `!!python/name:os.system` runs code"),
    ("extra:\n  - {x: [!!python/object/apply:os.system [id]]}", 3, "the tag `!!python/object/apply:os.system` runs"),
    ("site_author: !ENV GITHUB_TOKEN", 2, "the tag `!ENV` runs code or reads what is outside"),
    ("!!binary aG9va3M=: [evil.py]", 2, "the tag `!!binary`"),
    ("plugins: [clausebook, search, macros]", 2, "the plugin `macros` runs code of its own"),
    ("plugins:\n  clausebook: {}\n  gen-files: {scripts: [a.py]}", 4, "the plugin `gen-files` runs code of its own"),
    (
        "plugins:\n  - search\n  - mkdocs-simple-hooks: {hooks: {on_pre_build: evil:run}}",
        4,
        "the plugin `mkdocs-",
    ),
    ("markdown_extensions: [evil]", 2, "the Markdown extension `evil` may run code or read files"),
    ("markdown_extensions:\n  - pymdownx.snippets: {base_path: /etc}", 3, "the Markdown extension `pymdownx.snippets`"),
    ("markdown_extensions:\n  pymdownx.b64: {base_path: /etc}", 3, "the Markdown extension `pymdownx.b64`"),
    ("docs_dir: /etc", 2, "`docs_dir` leads out of the repository"),
    ("watch: [agreements, ../..]", 2, "`watch` leads out of the repository"),
    ("theme:\n  name: material\n  custom_dir: ../theme", 4, "`custom_dir` leads out of the repository"),
    ("theme:\n  custom_dir: link", 3, "`custom_dir` leads out of the repository"),
    ("theme:\n  name: material\n  custom_dir: theme", 4, "theme/main.html is a link out of the repository"),
    ("docs_dir: theme", 2, "theme/main.html is a link out of the repository"),
    ("docs_dir: 'round'", 2, "`docs_dir` leads out of the repository"),
    ('docs_dir: "a\\0"', 2, "`docs_dir` leads out of the repository"),
    ("? [hooks]\n: [evil.py]", 2, "is no setting that is known"),
    ("theme: evil", 2, "the theme `evil` is not one that is known"),
    ("theme:\n  name: evil", 3, "the theme `evil` is not one that is known"),
    ("extra_javascript: [assets/a.js, https://evil.example/a.js]", 2, "`extra_javascript` loads `https://evil.exampl"),
    ("extra_javascript:\n  - {path: //evil.example/a.js, defer: true}", 3, "`extra_javascript` loads `//evil.exampl"),
    ("extra_css: ['\\\\evil.example\\a.css']", 2, "`extra_css` loads"),
    ("theme: material\ntheme: evil", 3, "the theme `evil` is not one that is known"),
]


@pytest.mark.parametrize(("text", "line", "said"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_what_runs_code_or_leads_outside_is_refused(text: str, line: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "link").symlink_to(tmp_path)
    (tmp_path / "root" / "round").symlink_to("round")
    (tmp_path / "root" / "theme").mkdir()
    (tmp_path / "root" / "theme" / "main.html").symlink_to("/etc/passwd")
    (tmp_path / "root" / "mkdocs.yml").write_text(f"site_name: x\n{text}\n", encoding="utf-8")
    found = list(untrusted(tmp_path / "root" / "mkdocs.yml"))
    assert any(said in each.message for each in found)
    assert {each.line for each in found} == {line}
    assert "--trust-config" in found[0].hint


def test_this_repository_and_harmless_settings_are_not_refused(tmp_path: Path) -> None:
    assert list(untrusted(ROOT / "mkdocs.yml")) == []
    config = tmp_path / "mkdocs.yml"
    config.write_text(
        "site_name: x\ntheme: {name: null, custom_dir: theme}\nplugins: [material/search: {lang: en}]\n"
        "markdown_extensions:\n  - toc: {permalink: true}\n  - markdown.extensions.tables\n  - pymdownx.tasklist\n"
        "extra_javascript: [{path: a.js, async: true}, b.js]\nwatch: templates\nnav: [Home: index.md]\n",
        encoding="utf-8",
    )
    assert list(untrusted(config)) == []


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("cycler.__init__.__globals__.os.getcwd()", "access to attribute '__init__'"),
        ("config.theme.get_env()", "may not call `get_env`"),
        ("(config.theme|attr('get_env'))()", "may not call `get_env`"),
        ("config.load_file('x')", "may not call `load_file`"),
        ("config.plugins.run_event('config', config)", "may not call `run_event`"),
        ("config.plugins.clausebook.on_env(1)", "may not call `on_env`"),
    ],
)
def test_a_template_of_the_look_runs_no_code(expression: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match=re.escape(said)):
        write_site(_with_look(tmp_path, expression), tmp_path / "out", SiteContent((), ()))


def test_a_template_of_the_look_calls_what_belongs_to_a_page(tmp_path: Path) -> None:
    loop = "{% for a in [1, 2] %}{{ loop.cycle('x', 'y') }}{% endfor %}"
    text = "{{ '%s-{0}{0.__class__}'.format(page.meta.get('a') if page else config.extra.a|d('b')) }}"
    root = _with_look(tmp_path, f"'' }}}}{loop}{text}{{{{ ','.join(range(2)|map('string'))")
    write_site(root, tmp_path / "out", SiteContent((), ()))
    assert "xy%s-b0,1" in (tmp_path / "out" / "404.html").read_text(encoding="utf-8")


def _with_look(folder: Path, expression: str) -> Path:
    root = folder / "root"
    shutil.copytree(ROOT / "templates" / "site", root / "templates" / "site")
    (root / "schemas").mkdir()
    shutil.copy(ROOT / "schemas" / "search.schema.json", root / "schemas")
    # Without an address, the page for what is not there leads nowhere, and has no look.
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "mkdocs.yml").write_text(f"{config}site_url: https://agreements.example.com/\n", encoding="utf-8")
    main = root / "templates" / "site" / "theme" / "main.html"
    block = f"{{% block announce %}}{{{{ {expression} }}}}{{% endblock %}}\n"
    main.write_text(main.read_text(encoding="utf-8") + block, encoding="utf-8")
    return root


@pytest.mark.slow("the site built, and refused, by three commands")
def test_no_command_runs_what_the_configuration_names_unless_it_is_trusted(tmp_path: Path) -> None:
    root = tame_repository(tmp_path)
    config, ran = root / "mkdocs.yml", tmp_path / "ran"
    config.write_text(config.read_text(encoding="utf-8") + "\nhooks: [evil.py]\n", encoding="utf-8")
    (root / "evil.py").write_text(f"from pathlib import Path\nPath({str(ran)!r}).touch()\n", encoding="utf-8")
    for command in ("check", "build", "serve"):
        more = [] if command == "serve" else ["--report", "json"]
        done = CliRunner().invoke(cli, [command, *more, "--root", str(root)])
        assert (done.exit_code, ran.exists()) == (1, False), done.output
        if more:
            found = [each for each in json.loads(done.stdout)["findings"] if each["severity"] != "note"]
            assert [each["rule"] for each in found] == ["core/site-config"]
        assert "hooks" in done.output
    assert not (root / "site").exists()
    assert CliRunner().invoke(cli, ["build", "--trust-config", "--root", str(root)]).exit_code == 0
    assert ran.exists()
