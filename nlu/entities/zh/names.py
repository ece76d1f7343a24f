"""Mandarin names: after 我叫 anywhere, and bare, by their surname, where a name was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.candidate import Candidate
from nlu.inventory import EntityType
from nlu.understanding import Entity

_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|端木|夏侯|南宫|长孙|宇文|轩辕"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍"
    "庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻"
    "祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾"
)
_PARTICLES = (
    "的了是不在我你您他她它们吗呢吧啊么这那有没就都也很还要会说给"
    "把被叫姓请跟和对先哈呀哦啦嘛来去就行打找请听到知道什谁怎"
)
_GIVEN = rf"[^个\W\d{_PARTICLES}a-z]"
_TITLE = r"(?:先生|女士|小姐|老师|师傅|太太|经理|医生|阿姨|大哥|总)"
_SURNAME = rf"(?:{_DOUBLE}|[{_SURNAMES}])"
_FULL = rf"(?:{_SURNAME}{_TITLE}|(?:{_DOUBLE}){_GIVEN}{{1,2}}|[{_SURNAMES}]{_GIVEN}{{1,2}}?|[老小阿]{_SURNAME})"
_END = rf"(?=$|[{_PARTICLES}]|{_TITLE}|本人)"
_STATED = re.compile(
    rf"(?:(?<!帮)我叫|名字叫|名字是|姓名是?|叫做|我名叫)(?P<n>(?![什你他她人我])(?:(?:{_DOUBLE}){_GIVEN}{{1,2}}|{_GIVEN}{{2,3}}?)){_END}"
    rf"|姓(?P<s>{_SURNAME})名(?P<g>{_GIVEN}{{1,2}})"
    rf"|(?:免贵|我)姓(?P<m>{_SURNAME})"
)
_TITLED = re.compile(rf"(?:我是|我就是|这是|这里是|是)(?P<n>{_SURNAME}(?:先生|女士|小姐))")
_SELF = re.compile(rf"(?:我是|我就是|本人是?|这里是)(?P<n>{_FULL}){_END}")
_CHARACTERS = {
    "弓长": "张", "木子": "李", "耳东": "陈", "口天": "吴", "言午": "许", "古月": "胡", "立早": "章",
    "双木": "林", "双人": "徐",
}  # fmt: skip
# Common words that begin like a surname.
_WORDS = (
    "谢谢|全部|关于|安全|安排|时间|时候|房子|房价|辛苦|应该|方便|白天|高兴|高峰|钱包|成功|马上|明天|任何|单位|卡里|王八|万一|于是|常常|毛病|"
    "黄金|金额|利息|程序|通过|经常|平时|方法|项目|支付|路上|米饭|严重|夏天|简单|解决|余额|周转|费心|连饭|周末|周[一二三四五六日]"
)
_BARE = re.compile(
    rf"(?:^|(?<=[是叫姓啊哦不对呀喂好])|(?<=本人)|(?<=叫我))(?:{'|'.join(_CHARACTERS)})?(?!{_WORDS})(?P<n>{_FULL}){_END}(?=.{{0,4}}$|.{{0,3}}不?是)"
    rf"|姓(?:{'|'.join(_CHARACTERS)})?(?P<m>{_SURNAME})"
)

# A name without a known surname, where nothing else was said.
_WHOLE = re.compile(rf"^(?:你好|您好|喂|对|是的)*我是(?P<n>{_GIVEN}{{2,4}})$")


def names(text: str, *, expected: bool) -> Iterator[Candidate]:
    for pattern in (_STATED, _SELF, _TITLED, *((_BARE, _WHOLE) if expected else ())):
        for match in pattern.finditer(text):
            first, last = ("s", "g") if match.groupdict().get("s") else ("n", "n") if match["n"] else ("m", "m")
            start, end = match.start(first), match.end(last)
            name = match[first] if first == last else match[first] + match[last]
            yield Candidate(Entity(EntityType.NAME, name, text[start:end]), start, end, 4 if expected else 0)
