"""The preview: of which changes it builds."""

from __future__ import annotations

from pathlib import Path

from clausebook.site.preview import Saves


def test_a_save_that_is_told_several_times_is_one(tmp_path: Path) -> None:
    deal, saves = tmp_path / "deal.yaml", Saves()
    deal.write_text("title: One", encoding="utf-8")
    assert saves.new(str(deal), "")
    assert not saves.new(str(deal), "")
    deal.write_text("title: Another", encoding="utf-8")
    assert saves.new(str(deal))
    deal.unlink()
    assert saves.new(str(deal))
    assert not saves.new(str(deal))


def test_a_save_by_another_name_counts_once(tmp_path: Path) -> None:
    draft, deal, saves = tmp_path / "draft.yaml", tmp_path / "deal.yaml", Saves()
    draft.write_text("title: One", encoding="utf-8")
    draft.rename(deal)
    assert saves.new(str(draft), str(deal))
    assert not saves.new(str(deal))


def test_what_an_editor_keeps_for_itself_is_no_save(tmp_path: Path) -> None:
    for name in (".deal.yaml.swp", "deal.yaml~", "#deal.yaml#", ".#deal.yaml"):
        place = tmp_path / name
        place.write_text("title: One", encoding="utf-8")
        assert not Saves().new(str(place)), name
