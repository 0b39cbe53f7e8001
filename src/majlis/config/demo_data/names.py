"""Names of people who do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from majlis.core.text.names import skeleton

_ENGLISH_FIRST: Final = [
    "Ada",
    "Agnes",
    "Alma",
    "Anton",
    "Arthur",
    "Astrid",
    "Basil",
    "Bea",
    "Bruno",
    "Carla",
    "Cecil",
    "Clara",
    "Conrad",
    "Cora",
    "Daisy",
    "Edgar",
    "Edith",
    "Elin",
    "Elsa",
    "Emil",
    "Erik",
    "Esther",
    "Felix",
    "Fern",
    "Flora",
    "Frank",
    "Freya",
    "George",
    "Greta",
    "Hanna",
    "Hazel",
    "Hugo",
    "Ida",
    "Ines",
    "Iris",
    "Ivo",
    "Jasper",
    "Joan",
    "Jonas",
    "Juno",
    "Karl",
    "Kit",
    "Lars",
    "Lena",
    "Leo",
    "Lotte",
    "Mabel",
    "Magnus",
    "Marta",
    "Max",
    "Mina",
    "Nell",
    "Nils",
    "Nora",
    "Olive",
    "Oskar",
    "Otto",
    "Paula",
    "Pia",
    "Ralph",
    "Rosa",
    "Ruth",
    "Silas",
    "Signe",
    "Tess",
    "Theo",
    "Tilda",
    "Una",
    "Vera",
    "Viktor",
    "Willa",
    "Winnie",
]
_ENGLISH_LAST: Final = [
    "Abbott",
    "Ashdown",
    "Barley",
    "Bramble",
    "Calder",
    "Carrow",
    "Dahl",
    "Ebbing",
    "Elmwood",
    "Fairlie",
    "Fenwick",
    "Garland",
    "Gilmore",
    "Hale",
    "Harrow",
    "Hartley",
    "Holm",
    "Inglis",
    "Jarvis",
    "Keel",
    "Kestrel",
    "Lamb",
    "Larkin",
    "Lindqvist",
    "Marlow",
    "Mercer",
    "Moss",
    "Nordin",
    "Oakes",
    "Osgood",
    "Pell",
    "Penrose",
    "Quill",
    "Reed",
    "Rivers",
    "Rowan",
    "Sandell",
    "Sexton",
    "Stone",
    "Tarn",
    "Thorne",
    "Tully",
    "Underhill",
    "Vale",
    "Voss",
    "Wren",
    "Yarrow",
]
# as written in Latin letters for the handle, and in Arabic for the name
_ARABIC_FIRST: Final = tuple(
    pair.split("/")
    for pair in [
        "layla/ليلى",
        "samir/سمير",
        "hala/هالة",
        "karim/كريم",
        "rana/رنا",
        "omar/عمر",
        "salma/سلمى",
        "yusuf/يوسف",
        "mariam/مريم",
        "tariq/طارق",
        "huda/هدى",
        "nabil/نبيل",
        "dalal/دلال",
        "ziad/زياد",
        "amal/أمل",
        "faris/فارس",
        "rima/ريما",
        "khalid/خالد",
        "suha/سهى",
        "bassam/بسّام",
        "lina/لينا",
        "adnan/عدنان",
        "nour/نور",
        "hassan/حسن",
        "widad/وداد",
        "rami/رامي",
        "ghada/غادة",
        "walid/وليد",
        "abir/عبير",
        "munir/منير",
        "jumana/جمانة",
        "issam/عصام",
        "samar/سمر",
        "hadi/هادي",
        "iman/إيمان",
        "jamal/جمال",
        "farah/فرح",
        "anas/أنس",
        "wafa/وفاء",
        "majid/ماجد",
        "rula/رولا",
        "nizar/نزار",
        "dima/ديمة",
        "fuad/فؤاد",
        "lama/لمى",
        "hisham/هشام",
        "asma/أسماء",
        "shadi/شادي",
        "zeina/زينة",
        "idris/إدريس",
        "hanan/حنان",
        "murad/مراد",
        "sawsan/سوسن",
        "taha/طه",
        "basma/بسمة",
    ]
)
_ARABIC_LAST: Final = tuple(
    pair.split("/")
    for pair in [
        "haddad/الحداد",
        "najjar/النجار",
        "khayyat/الخياط",
        "halabi/الحلبي",
        "shami/الشامي",
        "masri/المصري",
        "khoury/الخوري",
        "attar/العطار",
        "sabbagh/الصباغ",
        "qabbani/القباني",
        "bakri/البكري",
        "zein/الزين",
        "darwish/درويش",
        "mansour/منصور",
        "saleh/صالح",
        "rifai/الرفاعي",
        "tamimi/التميمي",
        "nasser/ناصر",
        "barakat/بركات",
        "ayyub/أيوب",
        "hariri/الحريري",
        "jaber/جابر",
        "kanaan/كنعان",
        "lahham/اللحام",
        "maalouf/المعلوف",
        "nimr/النمر",
        "odeh/عودة",
        "qasim/قاسم",
        "rashid/رشيد",
        "safi/الصافي",
        "taji/التاجي",
        "warraq/الوراق",
        "yazigi/اليازجي",
        "zaytouni/الزيتوني",
    ]
)
_DIGITS: Final = "23456789"  # no 0 or 1: they look like letters, and such handles are taken for one another


def people(chance: Random, *, language: str) -> Iterator[tuple[str, str]]:
    """Handle and name of one after another, without end; a handle may come twice."""
    while True:
        if language == "en":
            first, last = chance.choice(_ENGLISH_FIRST), chance.choice(_ENGLISH_LAST)
            yield f"{first}_{last}".lower(), f"{first} {last}"
        else:
            (first, arabic_first), (last, arabic_last) = (
                chance.choice(_ARABIC_FIRST),
                chance.choice(_ARABIC_LAST),
            )
            yield f"{first}_{last}", f"{arabic_first} {arabic_last}"


class Register:
    """Gives out handles that cannot be confused with one another."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, handle: str) -> str | None:
        """The skeleton of the handle, which is taken from now on; None when it was."""
        looks = skeleton(handle)
        if looks in self._taken:
            return None
        self._taken.add(looks)
        return looks

    def with_digits(self, handle: str, chance: Random) -> tuple[str, str]:
        """The handle, with digits as long as it is taken; and its skeleton."""
        candidate = handle
        while (looks := self.take(candidate)) is None:
            candidate = f"{handle}{''.join(chance.choices(_DIGITS, k=2))}"
        return candidate, looks
