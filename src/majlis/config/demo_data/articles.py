"""Articles of the example community."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Article:
    """A long text in Markdown, and whether the bakery wrote it."""

    language: str
    title: str
    text: str
    bakery: bool = False


ARTICLES: Final = (
    Article(
        "en",
        "How a sourdough survives a holiday",
        """We are asked about this every summer, so here it is, once and for all.

## The day before

Feed the starter with **twice** the flour you usually take and less water, until it feels like putty. A stiff \
starter works slowly, and slowly is what we want.

## While you are away

1. A clean jar, a loose lid, the lowest shelf of the fridge.
2. A slip of paper with the date. You will not remember.
3. Nothing else. Do not ask the neighbours to feed it: they will be kind, and kindness means too much water.

## When you are back

It will look grey and smell of vinegar. Pour that off, take a spoonful from below and feed it on two evenings. \
On the third morning it bakes as if nothing had happened.

> A starter is not a pet. It is a habit, and habits wait.

We have kept ours since the shop opened. It has been to the mountains, to a wedding and once, by mistake, to work.
""",
        bakery=True,
    ),
    Article(
        "ar",
        "لماذا نخبز بالزعتر البلدي",
        """يسألنا الزبائن كل أسبوع: ما الذي يجعل منقوشتكم مختلفة؟ والجواب قصير: الزعتر.

## من أين يأتي

نشتريه من ثلاث عائلات تقطفه **بعد الندى وقبل الحر**، وتجففه في الظل لا في الشمس. الشمس تأخذ رائحته.

## كيف نخلطه

- ثلاثة أجزاء من الزعتر المطحون خشنًا
- جزء من السماق
- جزء من السمسم المحمّص في اليوم نفسه
- ملح أقل مما تظنون

ثم زيت الزيتون، ولا نبخل به.

## على العجين

نضعه قبل الفرن بدقيقة واحدة. إن انتظر شرب العجين زيته فجفّ، وإن تأخر احترق.

> الخبز صبر، والزعتر ذاكرة.

تعالوا صباحًا، فالرائحة مجانية.
""",
        bakery=True,
    ),
    Article(
        "en",
        "Forty-one minutes on the slow train",
        """The fast train needs nineteen minutes. I have taken the slow one for a year, and I have kept a list.

## What one sees

A man who waters a single sunflower on platform two. A school that practises the same song from October to May, and \
gets it right in June. The back of the town, which is more honest than its front.

## What one hears

Nobody telephones on the slow train; there is no signal between the bridge and the mill. People talk instead. I have \
learnt how to prune a fig, why the clock of the town hall is wrong, and that the woman who sells tickets writes poems.

## What it costs

Twenty-two minutes a day, which makes **ninety-five hours** in a year. I asked myself what else I would have done with \
them. I could not think of anything that I would rather have.
""",
    ),
    Article(
        "ar",
        "دفتر جدتي ومكاييله العجيبة",
        """ورثت عن جدتي دفتر وصفات ليس فيه غرام واحد ولا ميزان. فيه «فنجان العصر» و«ملعقة العيد» و«رشة أم سمير».

## فك الرموز

قضيت شتاءً كاملًا مع خالتي نقيس ما لا يقاس. اكتشفنا أن **فنجان العصر** أصغر من فنجان الصباح، لأن القهوة بعد الظهر \
تُشرب على مهل، وأن **ملعقة العيد** هي ملعقة الصغار التي لا تخرج من الدرج إلا مرتين في السنة.

## ما لا يُترجم

1. «حتى يقول كفى»: أي حتى يتغير صوت الزيت.
2. «نار هادئة كصاحبتها»: أي أهدأ نار عندك.
3. «وتتركه حتى يأتي أبوك»: أي خمسين دقيقة تقريبًا.

## النتيجة

كتبت الوصفات بالغرامات فخرجت صحيحة، ثم طبختها بالفنجان فخرجت لذيذة. احتفظت بالدفترين.
""",
    ),
)
