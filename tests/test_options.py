"""Wrong options: one clear line, exit code 2, and nothing done."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ingest

from pipelines.options import parse, without_secrets


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--compression", "rar"], "rar"),
        (["--dedup", "maybe"], "maybe"),
        (["--min_chars", "-1"], "-1"),
        (["--max_document_bytes", "0"], "at least 1"),
        (["--max_error_rate", "1.5"], "1.5"),
        (["--languages", "hi,Deutsch!"], "Deutsch!"),
        (["--run_id", "../up"], "../up"),
        (["--compresion", "gzip"], "compresion"),
        (["stray"], "stray"),
        (["--seen", "index", "--dedup", "none"], "--dedup exact or near"),
        (["--direct_num_workers", "two"], "two"),
    ],
)
def test_a_wrong_value_is_named_in_the_message(args, word, seeds, tmp_path, capsys):
    assert ingest("--input", seeds / "000_1ca48a4bd88a22bf.txt", "--output", tmp_path / "out", *args) == 2
    assert word in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out").exists()


def test_the_index_of_runs_is_no_output_directory(seeds, tmp_path, capsys):
    assert ingest("--input", seeds, "--output", tmp_path / "out", "--seen", f"{tmp_path}/out/") == 2
    assert "another directory" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_index_of_runs_remembers_no_password(seeds, capsys):
    assert ingest("--input", seeds, "--output", "sftp://me:secret@host/out", "--seen", "index") == 2
    assert "no user, password or query" in capsys.readouterr().err


def test_input_and_output_are_needed(capsys):
    assert ingest() == 2
    assert "--input, --output" in capsys.readouterr().err


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: None])
def test_nothing_to_read_is_said_before_any_work(make, tmp_path, capsys):
    make(tmp_path / "in")
    assert ingest("--input", tmp_path / "in", "--output", tmp_path / "out") == 2
    assert "no documents found" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_finished_run_is_not_overwritten(seed_run, seeds, capsys):
    before = (seed_run / "manifest.json").read_bytes()
    assert ingest("--input", seeds, "--output", seed_run.parent, "--run_id", "seeds") == 2
    assert "already complete" in capsys.readouterr().err
    assert (seed_run / "manifest.json").read_bytes() == before


def test_an_output_that_cannot_be_written_fails_with_one_line(seeds, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert ingest("--input", seeds, "--output", tmp_path / "file" / "out") == 1
    assert capsys.readouterr().err.startswith("khabar ingest: failed: cannot write to")
    assert (tmp_path / "file").read_text() == "in the way"


def test_keys_in_urls_stay_out_of_the_manifest():
    assert without_secrets("s3://key:secret@bucket/a/b?X-Amz-Signature=1") == "s3://bucket/a/b"
    assert without_secrets("seeds/क ख?.txt") == "seeds/क ख?.txt"


def test_streaming_is_refused_in_one_line_that_tells_what_to_do_instead(capsys):
    with pytest.raises(SystemExit) as ended:
        parse(["--input", "x", "--output", "y", "--runner=PrismRunner", "--streaming"])
    assert ended.value.code == 2
    assert "khabar ingest --seen" in capsys.readouterr().err.splitlines()[-1]


def test_the_parameters_of_the_flex_template_are_the_options():
    deploy = Path(__file__).parent.parent / "deploy"
    printed = subprocess.run([sys.executable, str(deploy / "flex_template.py")], capture_output=True, check=True).stdout
    assert json.loads(printed) == json.loads((deploy / "flex_template.json").read_text(encoding="utf-8"))
