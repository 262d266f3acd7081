"""What is told of many texts at once is what would be told of each."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crink_events import damage, texts
from crink_events.layers import kernels

#: Pieces of which suspicious texts are made, beside letters of any kind.
PIECES = (
    "=", "+", "-", "'", "'2024", "@", "#REF!", "####", " ", "  ", "\n", "\t", "<b>", "&amp;", "](",
    "Jun-24", "24-Jun", "1.0E+05", "N/A", "...", "\u2013", "café", "cafÃ©", "Россия", "\u0455",
    "{{", "}}", "${", "<%", "[[", "]]", '["', "['", '{"', "\ufb01", "\uff32", "\U0001f680", "\u2714",
    "Ελλάδα", "中国", "ایران", "\u200b", "\ufeff", "\ufffd", "e\u0301", "É", "a", "A", "7", ";", ".",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(min_size=1, max_size=8),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join),
)


@settings(deadline=None)
@given(st.sets(TEXTS, max_size=8))
@example({"Rus\u0455ia", "Россия", "КНДР"})
@example({"a\n", "\nb", "c"})
def test_many_texts_are_judged_like_each(some: set[str]) -> None:
    assert texts.suspicious(some) == {text for text in some if not texts.is_plain(text)}


@settings(deadline=None)
@given(TEXTS)
@example("7E5")
@example("\u0627\u0664-Jun")
@example("Россия中国Jun")
@example("Рус\u1ea1")
def test_a_plain_text_has_no_fault(text: str) -> None:
    if texts.is_plain(text):
        assert not list(damage.faults(text))


@settings(deadline=None)
@given(st.one_of(st.text(st.characters(max_codepoint=127), min_size=1, max_size=8), TEXTS))
@example("1-Jan")
@example("Nur-05")
def test_re2_lets_no_fault_pass(text: str) -> None:
    if text.isascii() and not kernels.matches(pa.array([text]), texts.SUSPECT)[0].as_py():
        assert not list(damage.faults(text))


@pytest.mark.parametrize(
    ("constant", "span"), [("_FIRST", range(0xC2, 0xF5)), ("_SECOND", range(0x80, 0xC0))]
)
def test_letters_that_bytes_of_utf8_become(constant: str, span: range) -> None:
    read = {c for e in texts._MISTAKEN for c in bytes(span).decode(e, "ignore")}
    assert getattr(texts, constant) == {letter for letter in read if letter.isprintable()}


@pytest.mark.parametrize("encoding", texts._MISTAKEN)
def test_utf8_read_in_another_encoding_is_never_plain(encoding: str) -> None:
    for word in ("é", "Россия", "中国", "تهران", "Ürümqi"):
        wrong = word.encode().decode(encoding, "ignore")
        if wrong.encode(encoding, "ignore") == word.encode():
            assert not texts.is_plain(wrong)
            assert texts.suspicious({wrong, "plain"}) == {wrong}
