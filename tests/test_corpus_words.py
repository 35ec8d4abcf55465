"""The dictionary of words: the same that jieba makes of it."""

import jieba

from corpus import segmenter


def test_the_dictionary_is_the_one_that_jieba_reads() -> None:
    theirs = jieba.Tokenizer()
    frequencies, total = theirs.gen_pfdict(theirs.get_dict_file())
    assert frequencies == segmenter().FREQ
    assert segmenter().total == total
