"""The content security policy: it stands where a browser finds it before all else."""

from __future__ import annotations

import re

import pytest

from clausebook.site.security import with_policy

META = '<meta http-equiv="Content-Security-Policy"'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<!doctype html>\n<html lang="en" class="no-js">\n  <head>', "<title>x</title>"),
        ("<!DOCTYPE html>\n<HTML>\n<HEAD>", "<title>x</title>"),
        ("<html data-x=\"> <head>\"><head data-y='>'>", "<title>x</title>"),
        ("<!doctype html>", "<!-- <head> --><html><head><script src=//elsewhere.example></script></head>"),
        ("<!doctype html>", "<html x=a'b><head>"),
        ("<!doctype html>", "<header>no head</header>"),
        ("", "<p>no more than this</p>"),
    ],
)
def test_the_policy_stands_before_all_else_in_the_head(before: str, after: str) -> None:
    page = with_policy(before + after, re.compile("own"))
    assert page.startswith(f"{before}\n    {META}")
    assert page.endswith(f">{after}")
    assert page.count(META) == 1
