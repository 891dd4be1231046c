"""Writes the days of another implementation of the Chinese calendar (PyPI `lunar-python` 1.4.8), for
`content/tests/calendar.rs` to compare ours with.

    pip install lunar-python==1.4.8 && python3 tests/external/calendar.py > content/tests/data/calendar.csv

A line: `rule,year,day`. For every solar year its 24 terms, the first and the fifteenth day of its twelve
months (leap months aside) and the last day of the twelfth.
"""

from lunar_python import Lunar, LunarMonth, LunarYear, Solar

MONTHS = "正 二 三 四 五 六 七 八 九 十 冬 腊".split()
TERMS = "冬至 小寒 大寒 立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑 立秋 处暑 白露 秋分 寒露 霜降 立冬 小雪 大雪".split()


def terms(year):
    table = Lunar.fromSolar(Solar.fromYmd(year, 7, 1)).getJieQiTable()
    days = {(name, solar.toYmd()) for name, solar in table.items() if name in TERMS}
    later = Lunar.fromSolar(Solar.fromYmd(year + 1, 7, 1)).getJieQiTable()
    days |= {(name, solar.toYmd()) for name, solar in later.items() if name in TERMS}
    return sorted(((day, name) for name, day in days if day.startswith(f"{year}-")))


def lunar(year):
    for month, name in enumerate(MONTHS, 1):
        for day, word in ((1, "初一"), (15, "十五")):
            yield Lunar.fromYmd(year, month, day).getSolar().toYmd(), f"农历{name}月{word}"
    last = LunarMonth.fromYm(year, 12).getDayCount()
    yield Lunar.fromYmd(year, 12, last).getSolar().toYmd(), "农历腊月最后一天"


rows = set()
for year in range(2019, 2061):
    rows |= {(name, day) for day, name in terms(year)}
    rows |= {(name, day) for day, name in lunar(year)}
print("rule,year,day")
for name, day in sorted(rows, key=lambda row: (row[1], row[0])):
    if "2020" <= day[:4] <= "2060":
        print(f"{name},{day[:4]},{day}")
