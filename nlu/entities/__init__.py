"""Typed values in an utterance: grammars per language that know the answer expected and the day it is said.

Rules where words leave a choice:
* A weekday or a bare day of the month is the next one after the reference day, never that day itself, which people call
  "today"; told of a payment already made ("I paid it on Friday", "上周五"), it is the one before.
* A length of time counts from the reference day if a date was asked for ("give me ten days", "半个月吧").
* "next Friday", "下周五" is the Friday of the next calendar week; weeks begin on Monday.
* "the end of the week" is Friday, "the weekend", "周末" Saturday; "by", "before", "之前" do not move a day.
* A month and a day are the next such date, the reference day included.
* Hours one to seven without "am", "上午" or the like are in the afternoon.
* "two fifty" as an amount is 250, "三千五" is 3500.
* "the weekend", a bare holiday and "before" it are the first day there is; "the day before", "国庆前一天" count.
* Vague words ("next week", "soon", "过几天", "early august") give no value: the bot asks.
* Where the words leave a choice ("three or four", "between the fifth and the tenth", "三四百") every value is an entity
  and an alternative (`reading.Reading.alternatives`), and none of them is the answer.
* A value taken back ("tuesday, no, wednesday"; "不是周五是周六") is no entity of an answer to the question asked.
* A date in digits ("3/8") is read in English only where day and month cannot change places.
"""
