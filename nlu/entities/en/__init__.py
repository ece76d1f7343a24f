"""English grammars, over text in which number words are already numbers (`nlu.entities.en.coded`)."""
