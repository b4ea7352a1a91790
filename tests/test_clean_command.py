"""`khabar clean`."""

import json

import pytest

from pipelines.__main__ import main

PAGE = """होम
बारिश के बाद पुल की मरम्मत शुरू
विज्ञापन
जिला प्रशासन ने सोमवार को नदी पर बने पुराने पुल की मरम्मत का काम शुरू कराया। पुल पर आवाजाही एक महीने तक बंद रहेगी।
इंजीनियरों का कहना है कि पिछले साल की बारिश में पुल के दो खंभे कमजोर हो गए थे और उन्हें बदला जाएगा।
"""


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return str(path)


def test_every_line_of_the_page_is_shown_with_what_it_is(page, capsys):
    assert main(["clean", page]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown  # not a terminal
    pieces = [line.split(maxsplit=1) for line in shown.partition("\n\n")[2].strip().split("\n")]
    assert [kind for kind, _ in pieces] == ["nav", "title", "ad", "text", "text"]
    assert [text.removeprefix("- ") for _, text in pieces] == PAGE.strip().split("\n")


def test_json_gives_the_row_and_the_pieces(page, capsys):
    assert main(["clean", "--json", page]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["article"]["title"] == PAGE.split("\n")[1]
    assert {"kind": "ad", "text": "विज्ञापन"} in row["pieces"]


def test_a_file_that_is_not_there_is_an_error(tmp_path, capsys):
    assert main(["clean", str(tmp_path / "none.txt")]) == 2
    assert "none.txt" in capsys.readouterr().err
