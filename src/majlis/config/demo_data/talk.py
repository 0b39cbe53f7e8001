"""What is said in the example community: posts, replies, boosts, quotes, polls, articles, over thirty days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from majlis.config.demo_data.articles import ARTICLES
from majlis.config.demo_data.bakery import posting
from majlis.config.demo_data.bakery.posting import Planned
from majlis.config.demo_data.grammar import Language
from majlis.config.demo_data.people import Ids, Person
from majlis.core.ids import lowest_id_at
from majlis.posts.actions.bulk import WholePoll, WholePost
from majlis.posts.composing import PostParams, compose

DAYS: Final = 30
# how much is written in each hour of the day: little at night, most at breakfast and after supper
_RHYTHM: Final = (1, 1, 1, 1, 2, 4, 9, 14, 15, 12, 10, 10, 13, 12, 9, 9, 10, 12, 14, 17, 20, 18, 11, 4)
_LIVELY: Final = {"alice": 26, "bob": 26, "dana": 14, "rooftop_radio": 40, "charlie": 2}
_AUDIENCES: Final = ("public",) * 17 + ("unlisted", "followers", "friends")


@dataclass(slots=True)
class Talk:
    """All posts so far, with what is needed to go on from them."""

    posts: list[WholePost] = field(default_factory=list)
    votes: list[tuple[int, int, int]] = field(default_factory=list)  # post, profile, choice
    authors: dict[int, Person] = field(default_factory=dict)
    tracked: dict[int, Planned] = field(default_factory=dict)  # posts of the bakery with a link of its own


class Writer:
    """Writes for everybody; the same chance, the same posts."""

    def __init__(
        self, *, at: datetime, ids: Ids, chance: Random, languages: Mapping[str, Language], albums: Albums
    ) -> None:
        self._at, self._ids, self._chance = at, ids, chance
        self._languages, self._albums = languages, albums
        self.talk = Talk()

    def everything(self, people: Sequence[Person]) -> Talk:
        """Thirty days; of the bakery, thirteen weeks."""
        for person in people:
            self.talk.authors[person.id] = person
        for person in people:
            if person.handle == "bayt_zaytoun":
                self._bakery(person)
                continue
            for _number in range(self._number_of_posts(person)):
                self._post(person)
        self._articles(people)
        opening = [post for post in self.talk.posts if post.audience in ("public", "unlisted")]
        for post in opening:
            self._replies(post)
        self._boosts(opening)
        self._quotes(opening)
        self.talk.posts.sort(key=lambda post: post.id)
        return self.talk

    def _number_of_posts(self, person: Person) -> int:
        return _LIVELY.get(person.handle) or min(int(self._chance.lognormvariate(1.8, 0.8)), 40)

    def _moment(self, since: datetime | None = None) -> datetime:
        """Some time in the thirty days, or soon after ``since``."""
        if since is not None:
            return min(since + timedelta(minutes=self._chance.expovariate(1 / 90) + 1), self._at)
        day = self._chance.randrange(DAYS + 1)
        hour = self._chance.choices(range(24), weights=_RHYTHM)[0]
        midnight = self._at.replace(hour=0, minute=0, second=0, microsecond=0)
        moment = midnight - timedelta(days=day) + timedelta(hours=hour, seconds=self._chance.uniform(0, 3599))
        return moment if moment < self._at else moment - timedelta(days=1)

    def _post(self, person: Person) -> None:
        kind = self._chance.random()
        language = self._languages[person.language]
        if kind < 0.025:
            self._poll(person, language)
        elif kind < 0.05:
            warning, text = language.warned(self._chance)
            self._add(person, PostParams(text=text, warning=warning))
        else:
            topic = self._chance.choice(language.topics)
            first = self._photo_or_text(person, language.post(topic, self._chance), topic, language)
            if kind > 0.95:
                self._thread(person, first, topic, language)

    def _bakery(self, bakery: Person) -> None:
        """What the bakery posted in thirteen weeks, and what of it it showed once more a day later."""
        for number, planned in enumerate(posting.thirteen_weeks(at=self._at, chance=self._chance)):
            language = self._languages[planned.language]
            text = posting.with_link(language.bakery(self._chance), planned)
            wants = self._chance.random() < 0.45
            photos = (
                self._albums.take(bakery, "food", language.code, self._chance, planned.at) if wants else ()
            )
            params = PostParams(text=text, language=language.code)
            post = self._add(bakery, params, moment=planned.at, photo_ids=photos)
            if planned.code:
                self.talk.tracked[post.id] = planned
            again = planned.at + timedelta(hours=25)
            if number % 8 == 3 and again < self._at:
                self.talk.posts.append(
                    WholePost(
                        id=self._ids.at(again),
                        author_id=bakery.id,
                        made_at=again,
                        kind="boost",
                        boost_of_id=post.id,
                    )
                )

    def _thread(self, person: Person, first: WholePost, topic: str, language: Language) -> None:
        last = first
        for _number in range(self._chance.randint(1, 3)):
            params = PostParams(text=language.post(topic, self._chance), audience=first.audience)
            last = self._add(person, params, after=last)

    def _photo_or_text(self, person: Person, text: str, topic: str, language: Language) -> WholePost:
        params = PostParams(text=text, audience=self._chance.choice(_AUDIENCES))
        wants = topic == "light" or "#photo" in text or "#صورة" in text or self._chance.random() < 0.05
        post_id_moment = self._moment()
        photos = (
            self._albums.take(person, topic, language.code, self._chance, post_id_moment) if wants else ()
        )
        return self._add(person, params, moment=post_id_moment, photo_ids=photos)

    def _poll(self, person: Person, language: Language) -> None:
        asked = language.poll(self._chance)
        post = self._add(person, PostParams(text=asked.question))
        ends = post.made_at + timedelta(days=self._chance.choice((1, 3, 7)))
        voters = self._some_followers(person, 40)
        choices = [self._chance.randrange(len(asked.options)) for _voter in voters]
        self.talk.votes += [
            (post.id, voter.id, choice) for voter, choice in zip(voters, choices, strict=True)
        ]
        poll = WholePoll(
            options=asked.options,
            votes=[choices.count(number) for number in range(len(asked.options))],
            voters=len(voters),
            ends_at=ends,
            closed_at=ends if ends <= self._at else None,
        )
        self.talk.posts[-1] = _with(post, poll=poll)

    def _some_followers(self, person: Person, most: int) -> list[Person]:
        seen = [each for each in person.followers if not each.light]
        return self._chance.sample(seen, min(len(seen), self._chance.randint(0, most)))

    def _articles(self, people: Sequence[Person]) -> None:
        bakery = next(person for person in people if person.handle == "bayt_zaytoun")
        for article in ARTICLES:
            near = [each for each in people if each.language == article.language and each.kind == "person"]
            author = bakery if article.bakery else self._chance.choice(near)
            moment = self._at - timedelta(days=self._chance.uniform(1, 14))
            topic = "food" if article.bakery else "walks"
            cover = self._albums.take(author, topic, article.language, self._chance, moment)[0]
            params = PostParams(text=article.text, title=article.title, language=article.language)
            self._add(author, params, moment=moment, cover_id=cover)

    def _replies(self, post: WholePost) -> None:
        author = self.talk.authors[post.author_id]
        if self._chance.random() > 0.4:
            return
        last = post
        for replier in self._some_followers(author, 5 if len(author.followers) > 100 else 3):
            if last.made_at >= self._at - timedelta(minutes=2):
                return
            # an answer to the answer now and then, and sometimes the author herself
            target = last if self._chance.random() < 0.35 else post
            who = author if target is not post and self._chance.random() < 0.5 else replier
            if who.id == target.author_id:
                target = post
            to = self.talk.authors[target.author_id]
            text = self._languages[who.language].reply(self._chance)
            text = f"@{to.handle} {text}" if to is not who else text
            last = self._add(who, PostParams(text=text, audience=post.audience), after=target)

    def _boosts(self, opening: Sequence[WholePost]) -> None:
        done: set[tuple[int, int]] = set()
        for post in self._chance.sample(opening, len(opening) // 5):
            for booster in self._some_followers(self.talk.authors[post.author_id], 4):
                if (booster.id, post.id) in done:
                    continue
                done.add((booster.id, post.id))
                moment = self._moment(post.made_at)
                self.talk.posts.append(
                    WholePost(
                        id=self._ids.at(moment),
                        author_id=booster.id,
                        made_at=moment,
                        kind="boost",
                        boost_of_id=post.id,
                    )
                )

    def _quotes(self, opening: Sequence[WholePost]) -> None:
        public = [post for post in opening if post.audience == "public"]
        for post in self._chance.sample(public, min(60, len(public))):
            for quoting in self._some_followers(self.talk.authors[post.author_id], 1):
                text = self._languages[quoting.language].reply(self._chance)
                moment = self._moment(post.made_at)
                self._add(quoting, PostParams(text=text, quote_of_id=post.id), moment=moment)

    def _add(
        self,
        person: Person,
        params: PostParams,
        *,
        after: WholePost | None = None,
        moment: datetime | None = None,
        photo_ids: Sequence[int] = (),
        cover_id: int | None = None,
    ) -> WholePost:
        moment = moment or self._moment(after.made_at if after else None)
        composed = compose(params, by=person.id)
        post_id = self._ids.at(moment)
        if after is not None and post_id <= after.id:
            post_id = self._ids.at(after.made_at + timedelta(milliseconds=2))
        post = WholePost(
            id=post_id,
            author_id=person.id,
            made_at=moment,
            kind="article" if params.is_article else "note",
            audience=params.audience,
            title=composed.title,
            text=composed.text,
            html=composed.html,
            search=composed.search,
            warning=composed.warning,
            language=params.language or person.language,
            reply_to_id=after.id if after else None,
            reply_to_author_id=after.author_id if after else None,
            thread_id=(after.thread_id or after.id) if after else None,
            quote_of_id=params.quote_of_id,
            cover_id=cover_id,
            tags=composed.tags,
            mentioned=composed.mentioned,
            photo_ids=photo_ids,
        )
        self.talk.posts.append(post)
        return post


class Albums:
    """Hands out photos for posts; each use is a row of its own."""

    def __init__(self, stock: Mapping[str, Sequence[Any]]) -> None:
        self._stock = stock
        self.taken: list[tuple[int, Any, Person, str, datetime]] = []
        self._ids: set[int] = set()

    def take(
        self, owner: Person, topic: str, language: str, chance: Random, moment: datetime
    ) -> tuple[int, ...]:
        """The ids of one to four photos."""
        fitting = self._stock.get(topic) or [each for kind in self._stock.values() for each in kind]
        chosen = chance.sample(list(fitting), min(len(fitting), chance.choice((1, 1, 1, 1, 2, 4))))
        ids = []
        for picture in chosen:
            while (made := lowest_id_at(moment) | chance.getrandbits(16)) in self._ids:
                pass
            self._ids.add(made)
            self.taken.append((made, picture, owner, language, moment))
            ids.append(made)
        return tuple(ids)


def _with(post: WholePost, **changes: Any) -> WholePost:
    values = {name: getattr(post, name) for name in WholePost.__dataclass_fields__}
    return WholePost(**{**values, **changes})


def reactions(
    talk: Talk, *, at: datetime, ids: Ids, chance: Random
) -> Iterator[tuple[int, int, int, str, datetime]]:
    """Rows of reactions: some of those who follow, more for those whom many follow."""
    kinds, weights = ("like", "love", "laugh", "wow", "sad", "angry"), (50, 28, 12, 6, 3, 1)
    for post in talk.posts:
        if post.boost_of_id is not None or post.audience not in ("public", "unlisted"):
            continue
        author = talk.authors[post.author_id]
        followers = [each for each in author.followers if each.id not in author.silent]
        most = max(int(len(followers) ** 0.6), 1)
        number = min(int(most * chance.random() ** 3), len(followers), 220)
        for reader in chance.sample(followers, number):
            moment = min(post.made_at + timedelta(hours=chance.expovariate(1 / 5)), at)
            yield ids.at(moment), post.id, reader.id, chance.choices(kinds, weights)[0], moment
