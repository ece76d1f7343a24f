# ruff: noqa: E501 (a row a line)
"""What is said when a call is answered, and by whom: a line a row, `who: words`; an announcement names its status.

People's sentences that sound like a machine's stand among the ordinary ones: to take a person for a machine is the
error that must not happen.
"""

from __future__ import annotations

from typing import NamedTuple

from bot.vocabulary import Answerer
from telephony_bridge.line_status import LineStatus


class Row(NamedTuple):
    language: str
    answerer: Answerer
    line_status: LineStatus | None
    text: str


ENGLISH = """
human: hello
human: hello?
human: yes
human: yes speaking
human: Yes, this is she.
human: hi, good morning
human: this is John
human: John Smith
human: who is this
human: who's calling please
human: may I ask who's calling
human: may I ask who is calling and what it's about
human: what is this about
human: the general manager is not available
human: I'm sorry, the GM is not available right now
human: he's not available right now, can I take a message
human: she can't come to the phone right now, do you want to leave a message
human: you can leave a message with me and I will get back to you
human: would you like to leave a message for him
human: please don't leave a message after the beep again
human: why do you keep leaving messages on my voicemail
human: I got your voicemail, I was going to call you back
human: sorry I missed your call, my phone was switched off
human: my phone was switched off yesterday
human: is this a recording
human: are you an answering machine
human: I thought this was the voicemail
human: no this is not a voicemail, this is a real person
human: this is not the answering machine, go ahead
human: the number you dialed is my work number, I never use it
human: you have the wrong number
human: I was told the number has been changed
human: my line was busy, I was on another call
human: I can't talk right now, call me later
human: I'm not available right now
human: I can't answer the phone at work
human: I'm driving, can you call back later
human: not interested, don't call again
human: hello, hello, I can't hear you
human: hold on please
human: you've reached the Smith residence
human: you've reached John, how can I help
human: thank you for calling Acme Industries, this is Susan speaking, how may I help you today
human: what message? I never left a message after the tone
human: can you state your name again please
human: did you say your name and why you are calling
human: do I have to press one to leave a message
human: my voice mailbox is full I think
human: I have a virtual assistant but I picked up myself
human: the network is busy at our office, what do you want
machine: please leave a message after the tone
machine: Hi, you've reached John. I can't come to the phone right now. Please leave a message after the beep.
machine: Please record your message after the tone. When you have finished recording, you may hang up or press one for more options.
machine: Your call has been forwarded to an automatic voice message system.
machine: Your call has been forwarded to voicemail. The person you're trying to reach is not available. At the tone, please record your message.
machine: The mailbox is full and cannot accept any messages at this time. Goodbye.
machine: The person you are calling has a voice mailbox that has not been set up yet. Goodbye.
machine: Hi this is Anna, I can't take your call right now, leave your name and number and I'll get back to you as soon as I can
machine: You have reached the voicemail of Peter Jones.
machine: We are not available to take your call. Please leave a message.
machine: You've reached the Miller family. We can't come to the phone right now, please leave your name and number.
machine: Sorry we missed your call, please leave us a short message
machine: Hello, you've reached Bob, please leave a message
machine: You have reached the answering machine of the Brown family
machine: to leave a callback number press five
screener: Hi, the person you're calling is using a screening service from Google and will get a copy of this conversation. Go ahead and say your name and why you're calling.
screener: Hi, if you record your name and reason for calling, I'll see if this person is available.
screener: Please state your name and why you are calling
screener: Please say your name and the reason for your call, and I will see if this person is available
screener: I am the virtual assistant for Mr Smith. State your name and the purpose of your call.
screener: This call is being screened. Please say who is calling.
screener: The person you're calling does not accept calls from unknown numbers.
screener: Record your name and the reason for calling
screener: state your name, and the reason for your call
screener: I'm a digital assistant answering on behalf of Mary, why are you calling
announcement unallocated: The number you have dialed is not in service. Please check the number and dial again.
announcement unallocated: We're sorry, you have reached a number that has been disconnected or is no longer in service.
announcement unallocated: Sorry, the number you dialed does not exist. Please check it and dial again.
announcement unallocated: Your call cannot be completed as dialed. Please check the number and dial again.
announcement unallocated: The number you have called has not been recognised.
announcement number_changed: The number you have dialed has been changed. The new number is five five five one two three four.
announcement unreachable: Sorry, the subscriber you dialed is powered off.
announcement unreachable: The mobile phone you are calling is switched off. Please try again later.
announcement unreachable: The number you are calling cannot be reached at the moment. Please try again later.
announcement unreachable: Sorry, the subscriber you dialed can not be connected for the moment, please redial later.
announcement unreachable: The customer you are calling is out of the coverage area
announcement unreachable: Sorry, the number you have dialed is temporarily suspended.
announcement unreachable: The wireless customer you are calling is not available. Please try again later.
announcement busy: Sorry, the number you dialed is busy now. Please redial later.
announcement busy: Sorry, the subscriber you dialed is busy now, please redial later
announcement busy: The person you have called is on another call. Please hold or try again later.
announcement no_answer: Sorry, the number you dialed is not answering. Please redial later.
announcement no_answer: The subscriber you have dialed does not answer, please try again later
announcement rejected: Sorry, incoming calls are barred for this number.
announcement rejected: The number you have dialed is not accepting incoming calls
announcement rejected: The subscriber you have called has call restrictions and is restricted from receiving calls
announcement congestion: All circuits are busy now. Please try your call again later.
announcement congestion: Due to network congestion your call could not go through
announcement congestion: Sorry, the network is busy now, please try again later
"""

MANDARIN = """
human: 喂
human: 喂，你好
human: 您好，哪位
human: 你好，请问你是谁
human: 请问您是哪位？
human: 我是，请讲
human: 对，是我
human: 我就是，您说
human: 什么事
human: 谁啊
human: 请问您是哪位，有什么事
human: 您是哪位，有什么事情吗
human: 你找谁
human: 你打错了
human: 我在开会，晚点打给我
human: 我现在不方便接听电话
human: 我正在通话中，等一下打给你
human: 我手机刚才关机了，不好意思
human: 他不在，你要不要留言
human: 总经理不在，您要留言吗
human: 他手机关机了，你晚点再打
human: 他的电话无人接听，你打我这个
human: 你刚才给我留言了吗
human: 我以为是语音信箱
human: 这不是语音信箱，你说
human: 这不是空号，你说吧
human: 是机器人吗
human: 你是不是录音啊
human: 我不需要，别再打了
human: 听不清，你大声一点
human: 不好意思，刚才我这边网络不好
human: 你说在滴声后留言是什么意思
human: 我爸手机停机了，有事跟我说
human: 我是他秘书，您有什么事
human: 他现在不方便接电话，我帮您转达
human: 稍等一下啊
human: 你怎么知道我这个号码变更了
human: 什么银行
human: 我是王经理的助理，请问您哪位
human: 陈先生现在不在
human: 我不是机主，我是他太太
machine: 请在滴声后留言
machine: 您好，我现在无法接听您的电话，请在提示音后留言
machine: 您拨打的用户暂时无法接听，请在滴声后留言，留言完毕请挂机
machine: 您的来电已转接到语音信箱，请在嘀声后留言
machine: 欢迎使用语音信箱，请留言
machine: 听到滴的一声之后开始留言
machine: 语音信箱已满
machine: 留言完毕请按井号键
machine: 机主暂时不方便接听您的电话，请留言
machine: 请留下您的姓名和电话，我会尽快回复您
machine: 目前无法接听，请留言，稍后回电
machine: 请在嘟声后录音，结束请挂机
screener: 您好，我是机主的智能语音助理，请问您是哪位，找机主有什么事
screener: 您好，我是机主的智能秘书，机主现在不方便接听电话，有什么事我可以帮您转告
screener: 你好，这里是电话秘书，请问您有什么事情，我会帮您转达
screener: 您好，机主正在忙，我是他的语音助手，请说明来意
screener: 您好，我是来电助理，请问您是哪位
screener: 这里是通信助理，机主暂时不方便接听电话，请问有什么可以帮您转达
screener: 您好，我是AI助理，请问有什么事需要我转告机主
screener: 您好，我是中国移动智能语音助理，正在为您服务，请问您找机主有什么事
screener: 请说出您的姓名和来电事由
screener: 我是机主的小助理，机主现在在忙，您有什么事我帮您记录
announcement unallocated: 您好，您拨打的号码是空号，请核对后再拨
announcement unallocated: 对不起，您拨打的号码不存在，请核实后再拨
announcement unallocated: 您好，您所拨打的电话号码有误，请查证后再拨
announcement unreachable: 您好，您拨打的电话已关机，请稍后再拨
announcement unreachable: 对不起，您所拨打的用户已关机。Sorry, the subscriber you dialed is powered off.
announcement unreachable: 您好，您拨打的电话已停机
announcement unreachable: 对不起，您拨打的用户已暂停服务
announcement unreachable: 您好，您拨打的电话暂时无法接通，请稍后再拨
announcement unreachable: 对不起，您拨打的用户不在服务区，请稍后再拨
announcement unreachable: 您好，您拨打的用户暂时无法接通，您的来电信息将以短信形式通知机主
announcement unreachable: 来电提醒服务将以短信通知该用户
announcement busy: 您好，您拨打的电话正在通话中，请稍后再拨
announcement busy: 对不起，您拨打的用户正忙，请稍后再拨
announcement busy: 您所拨打的号码占线，请稍后再拨
announcement busy: 您好，请不要挂机，您拨打的电话正在通话中
announcement no_answer: 对不起，您拨打的电话无人接听，请稍后再拨
announcement no_answer: 您好，您拨打的用户暂时无人接听，请稍后再拨
announcement no_answer: 您呼叫的用户没有应答
announcement rejected: 对不起，您拨打的用户已设置呼入限制
announcement rejected: 您好，您拨打的号码已呼入受限
announcement congestion: 对不起，网络忙，请稍后再拨
announcement congestion: 您好，线路繁忙，请稍后再拨
announcement number_changed: 您好，您拨打的号码已变更，新号码是一三八零零一三八零零零
announcement number_changed: 对不起，您拨打的用户已改号，请查询后再拨
"""


def _rows(language: str, table: str) -> list[Row]:
    rows = []
    for line in table.strip().splitlines():
        label, _, text = line.partition(": ")
        answerer, _, status = label.partition(" ")
        rows.append(Row(language, Answerer(answerer), LineStatus(status) if status else None, text))
    return rows


ROWS = [*_rows("en", ENGLISH), *_rows("zh", MANDARIN)]
