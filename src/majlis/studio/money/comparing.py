"""The models of attribution side by side: their words, their tables, one plot."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.insights.exports.sheet import Cell, Column, Note, Sheet
from majlis.insights.figures import Grade
from majlis.insights.methods.attribution import Credits
from majlis.insights.plots import look, writing
from majlis.insights.plots.plot import Plot, notes
from majlis.insights.words import SOURCES
from majlis.studio.money.journeys import MODELS, NO_POST, PROMO_CODE, By, Comparison

_HUNDREDTH: Final = Decimal("0.01")
_COLOURS: Final = 6


class Words(msgspec.Struct, frozen=True):
    """A model: its name, what it says, what it cannot say."""

    name: str | Promise
    says: str | Promise
    cannot: str | Promise


MODEL_WORDS: Final[Mapping[str, Words]] = {
    "first": Words(
        gettext_lazy("First touch"),
        gettext_lazy("Who brought somebody to you in the first place."),
        gettext_lazy("Nothing of what made her come back and order."),
    ),
    "last": Words(
        gettext_lazy("Last touch"),
        gettext_lazy("What stood right before the order."),
        gettext_lazy("Nothing of what made her want it: it praises whoever stands at the till."),
    ),
    "last_non_direct": Words(
        gettext_lazy("Last non-direct touch"),
        gettext_lazy("The same, without visits of which nobody knows where they came from."),
        gettext_lazy(
            "Visits that follow no link of yours are not measured here, so it mostly equals the last touch."
        ),
    ),
    "linear": Words(
        gettext_lazy("Linear"),
        gettext_lazy("Every touch has the same part."),
        gettext_lazy("A click in passing counts as much as the one that decided."),
    ),
    "position": Words(
        gettext_lazy("Position"),
        gettext_lazy("40 % to the first, 40 % to the last, the rest between them."),
        gettext_lazy("Why 40 and not 30: the shares are a habit of the trade, not measured."),
    ),
    "time_decay": Words(
        gettext_lazy("Time decay"),
        gettext_lazy("The nearer to the order, the more; half as much for each week before."),
        gettext_lazy("Whether a week is the right half-life for your trade."),
    ),
    "markov": Words(
        gettext_lazy("Markov"),
        gettext_lazy(
            "How many orders would be lost if nobody came this way: also from journeys without an order."
        ),
        gettext_lazy("What people would have done instead; with few journeys a single one moves it far."),
    ),
    "shapley": Words(
        gettext_lazy("Shapley"),
        gettext_lazy("A fair part for everybody who was in it, whatever the order of touches."),
        gettext_lazy("Anything of the sequence, or of journeys that led to no order."),
    ),
}
_CHANNELS: Final[Mapping[str, str | Promise]] = {
    **{source.name.lower(): words for source, words in SOURCES.items()},
    "promotion": gettext_lazy("Promotion"),
    PROMO_CODE: gettext_lazy("Promo code"),
}
_NONE: Final = {By.POST: gettext_lazy("Links of no post"), By.CAMPAIGN: gettext_lazy("Links of no campaign")}
POPULATION: Final = gettext_lazy(
    "Orders that stand, and clicks on the page's tracked links up to 90 days before them"
)


def name_of(found: Comparison, key: str, names: Mapping[int, str]) -> str:
    """A channel, post or campaign in words; ``names``: of posts or campaigns, by id."""
    if found.by is By.CHANNEL:
        return str(_CHANNELS.get(key, key))
    if key == PROMO_CODE:
        return str(_CHANNELS[key])
    if key == NO_POST:
        return str(_NONE[found.by])
    return names.get(int(key), _("gone"))


def orders(found: Comparison, names: Mapping[int, str], *, zone: str) -> Sheet:
    """Orders credited by each model; every column adds up to the orders of the window."""
    rows = [
        (
            name_of(found, key, names),
            *(_rounded(found.models[model].by_channel.get(key, 0.0)) for model in MODELS),
        )
        for key in found.names
    ]
    untouched = found.models["last"].untouched
    if untouched:
        rows.append((_("No click or code is known"), *(_rounded(untouched) for _model in MODELS)))
    return _sheet(_("Orders credited"), found, rows, zone=zone)


def worth(found: Comparison, names: Mapping[int, str], *, zone: str) -> Sheet:
    """The same of their value, in the currency the page counts in; every column adds up to the last cent."""
    money = {model: found.models[model].money() for model in MODELS}
    nothing = Decimal(0)
    rows: list[tuple[Cell, ...]] = [
        (name_of(found, key, names), *(money[model].get(key, nothing) for model in MODELS))
        for key in found.names
    ]
    untouched = found.models["last"].untouched_worth
    if untouched:
        rows.append((_("No click or code is known"), *(untouched.quantize(_HUNDREDTH) for _model in MODELS)))
    title = _("Value credited, in %(currency)s") % {"currency": found.currency}
    return _sheet(title, found, rows, zone=zone)


def _sheet(title: str, found: Comparison, rows: Any, *, zone: str) -> Sheet:
    said = notes(window=found.window, population=POPULATION, zone=zone, grade=Grade.EXACT)
    apart = [
        Note(_("Left out, in %(currency)s") % {"currency": code}, writing.number(count))
        for code, count in found.apart.items()
    ]
    first = {By.CHANNEL: _("Channel"), By.POST: _("Post"), By.CAMPAIGN: _("Campaign")}[found.by]
    columns = (Column(first), *(Column(str(MODEL_WORDS[model].name), "money") for model in MODELS))
    told = [Note(str(words.name), f"{words.says} — {words.cannot}") for words in MODEL_WORDS.values()]
    return Sheet(title, columns, tuple(tuple(row) for row in rows), (*said, *apart, *told))


def plot(found: Comparison, names: Mapping[int, str], *, zone: str) -> Plot:
    """A bar for each model: how it shares the orders among the five who get most, and the others together."""
    sheet = orders(found, names, zone=zone)
    top = found.names[: _COLOURS - 1]
    others = _("Others")
    parts: list[tuple[str, str]] = [
        (name_of(found, key, names), f"--plot-{at}") for at, key in enumerate(top, 1)
    ]
    if len(found.names) > len(top):
        parts.append((others, f"--plot-{_COLOURS}"))
    drawn: list[dict[str, Any]] = []
    for model in MODELS:
        shared = found.models[model]
        whole = math.fsum(max(value, 0.0) for value in shared.by_channel.values())
        values = [shared.by_channel.get(key, 0.0) for key in top]
        if len(parts) > len(top):
            values.append(max(whole - math.fsum(values), 0.0))
        for (name, _colour), value in zip(parts, values, strict=True):
            if whole and value > 0:
                model_name = str(MODEL_WORDS[model].name)
                drawn.append(
                    {"model": writing.words(model_name), "name": writing.words(name), "value": value / whole,
                     "said": f"{model_name}, {name}: {writing.percent(value / whole)}"}
                )  # fmt: skip
    joint = "؛ " if writing.rtl() else "; "
    said = [
        f"{MODEL_WORDS[model].name}: {_most(found.models[model], found, names)}"
        for model in MODELS
        if found.models[model].by_channel and any(found.models[model].by_channel.values())
    ]
    return Plot(
        name="attribution", title=_("How each model shares the orders"),
        said=joint.join(said) or _("Nothing that can be told yet."), sheet=sheet, spec=_stacked(drawn, parts),
    )  # fmt: skip


def _most(shared: Credits, found: Comparison, names: Mapping[int, str]) -> str:
    key = max(shared.by_channel, key=lambda each: shared.by_channel[each])
    share = shared.by_channel[key] / math.fsum(shared.by_channel.values())
    return _("most to %(name)s, %(share)s") % {
        "name": name_of(found, key, names),
        "share": writing.percent(share),
    }


def _stacked(rows: list[dict[str, Any]], parts: list[tuple[str, str]]) -> look.Spec | None:
    if not rows:
        return None
    names = [writing.words(name) for name, _colour in parts]
    mirrored = writing.rtl()
    encoding: look.Spec = {
        "y": {"field": "model", "type": "nominal", "sort": None,
              "axis": {"title": None, "orient": look.side(), "domain": False, "ticks": False, "labelLimit": 140,
                       "labelColor": "--ink"}},
        "x": {"field": "value", "type": "quantitative", "stack": "zero", "axis": None,
              "scale": {"domain": [0, 1], "reverse": mirrored}},
        "order": {"field": "order", "type": "quantitative"},
        "color": {"field": "name", "type": "nominal", "sort": names,
                  "legend": {"title": None, "columns": {"expr": "width < 300 ? 1 : 2"}, "labelLimit": 140},
                  "scale": {"domain": names, "range": [colour for _name, colour in parts]}},
        "description": {"field": "said", "type": "nominal"},
    }  # fmt: skip
    ordered = [row | {"order": names.index(row["name"])} for row in rows]
    models = len({row["model"] for row in rows})
    return look.spec(
        ordered, height=34 * models, encoding=encoding,
        mark={"type": "bar", "height": {"band": 0.66}, "stroke": "--surface", "strokeWidth": 1},
    )  # fmt: skip


def _rounded(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_HUNDREDTH)
