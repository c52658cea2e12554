"""Properties that programs read in different ways, or that push a paragraph out of sight, are told."""

from __future__ import annotations

import pytest
from lxml import etree

from conventool.word.looks import Looks
from word.test_automatic_colours import W, look_of, paragraph

TWICE = {
    "off, then on": '<w:vanish w:val="0"/><w:vanish/>',
    "on, then off": '<w:vanish/><w:vanish w:val="0"/>',
    "two colours": '<w:color w:val="FFFFFF"/><w:color w:val="000000"/>',
    "off without its namespace": '<w:vanish val="0"/>',
    "a colour without its namespace": '<w:color val="000000" w:val="000000"/>',
}


@pytest.mark.parametrize("properties", TWICE.values(), ids=TWICE)
def test_what_is_said_in_two_ways_is_told(properties: str) -> None:
    assert "décrit de deux façons" in look_of(paragraph(properties)).drawn


def test_styles_that_say_it_in_two_ways_are_told() -> None:
    styles = '<w:styles xmlns:w="{}"><w:style w:styleId="A"><w:rPr>{}</w:rPr></w:style></w:styles>'
    found = {name: Looks(etree.fromstring(styles.format(W, one))).is_ambiguous for name, one in TWICE.items()}
    assert found == dict.fromkeys(TWICE, True)
    assert not Looks(etree.fromstring(styles.format(W, "<w:vanish/>"))).is_ambiguous


@pytest.mark.parametrize(
    ("spacing", "is_odd"),
    [
        ('w:line="20"', True),
        ('w:line="120" w:lineRule="auto"', True),
        ('w:line="31680" w:lineRule="exact"', True),
        ('w:line="31680" w:lineRule="atLeast"', True),
        ('w:before="31680"', True),
        ('w:after="12000"', True),
        ('w:line="240" w:before="2400" w:after="600"', False),
        ('w:line="192" w:lineRule="auto"', False),
        ('w:line="20" w:lineRule="atLeast"', False),
    ],
)
def test_lines_on_each_other_and_far_off(spacing: str, is_odd: bool) -> None:
    """At least a point is as high as the letters are; a tenth of a line is lines on lines."""
    properties = f'<w:pPr xmlns:w="{W}"><w:spacing {spacing}/></w:pPr>'
    assert bool(Looks(None).layout(properties.encode(), ()).odd) is is_odd
