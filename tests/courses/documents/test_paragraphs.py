"""Lines of a PDF page become paragraphs again."""

from courses.documents.reading.pdf import paragraphs


def test_full_lines_are_joined_and_chinese_ones_without_a_space() -> None:
    assert paragraphs("汛前要把山坡水路都\r\n查一遍查到\r\nten words of this line\r\nin all") == [
        "汛前要把山坡水路都",
        "查一遍查到",
        "ten words of this line in all",
    ]
    assert paragraphs("汛前要把山坡水路都查一遍\n查到的问题当天要登记好\n谁来改") == [
        "汛前要把山坡水路都查一遍查到的问题当天要登记好谁来改"
    ]


def test_a_sentence_that_ends_and_a_row_of_a_table_stand_alone() -> None:
    assert paragraphs("汛前查一遍。\n查到就登记。") == ["汛前查一遍。", "查到就登记。"]
    assert paragraphs("预警员 网格员 敲锣\n责任人 小组长 带走") == [
        "预警员 网格员 敲锣",
        "责任人 小组长 带走",
    ]


def test_control_characters_and_empty_lines_are_left_out() -> None:
    assert paragraphs("\x00\x0b\n \n甲\ufffe乙") == ["甲乙"]
    assert paragraphs("") == []
