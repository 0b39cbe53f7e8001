"""Posts and what hangs on them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from majlis.core.fields import Id
from majlis.posts.slices import keys_sql


class Audience(models.TextChoices):
    """Who may see a post. The rule itself stands in ``visibility.sql``."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    FRIENDS = "friends"
    CIRCLE = "circle"
    MENTIONED = "mentioned"


class Permit(models.TextChoices):
    """Who may reply to or quote a post, among those who see it."""

    EVERYONE = "everyone"
    FOLLOWERS = "followers"
    FRIENDS = "friends"
    MENTIONED = "mentioned"
    NOBODY = "nobody"


class Post(models.Model):
    """A post, or a boost of one (``boost_of`` set, nothing of its own but its time and audience).

    ``text`` is what was typed, ``html`` what the sanitiser made of it. An article keeps Markdown in
    ``text`` and its title in ``title``. ``imported_from`` marks posts of an archive: they carry their
    old date (and an id of that date) and never enter anybody's home feed.
    """

    class Kind(models.TextChoices):
        NOTE = "note"
        ARTICLE = "article"
        BOOST = "boost"

    id = Id()
    author = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.NOTE)
    audience = models.CharField(max_length=16, choices=Audience, default=Audience.PUBLIC)
    circle = models.ForeignKey("people.Circle", null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    warning = models.TextField(blank=True, help_text="Content warning; the text is behind it.")
    sensitive = models.BooleanField(default=False)
    language = models.CharField(max_length=16, blank=True)
    reply_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    # kept when the parent goes, so that "a reply to somebody you do not follow" stays answerable
    reply_to_author_id = models.BigIntegerField(null=True)
    thread_id = models.BigIntegerField(help_text="Id of the first post of the conversation.")
    boost_of = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    quote_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    quote_state = models.CharField(max_length=16, blank=True, help_text="accepted, revoked, deleted or empty")
    may_reply = models.CharField(max_length=16, choices=Permit, default=Permit.EVERYONE)
    may_quote = models.CharField(max_length=16, choices=Permit, default=Permit.EVERYONE)
    cover = models.ForeignKey("media.Photo", null=True, on_delete=models.SET_NULL, related_name="+")
    application = models.ForeignKey(
        "accounts.Application", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    imported_from = models.CharField(max_length=16, blank=True)
    imported_id = models.CharField(max_length=255, blank=True)
    made_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    # gone for everybody at once; content is purged some minutes later, so that it can be undone
    deleted_at = models.DateTimeField(null=True)
    # taken down by the operator; the decision's own row says who and why
    withdrawn_at = models.DateTimeField(null=True)
    search = SearchVectorField(null=True)

    class Meta:
        indexes = [
            # profile pages, rings and deep pages of the home feed
            models.Index(
                fields=["author", "-id"], name="posts_of_author", condition=models.Q(deleted_at=None)
            ),
            models.Index(fields=["thread_id", "id"], name="posts_of_thread"),
            models.Index(
                fields=["-id"],
                name="posts_public",
                condition=models.Q(audience="public", boost_of=None, deleted_at=None, imported_from=""),
            ),
            # words, and before them slices of time: a search walks from the newest back. Without the list of what
            # is still to be put in order, which every slice of every search would read from end to end
            GinIndex(
                models.Func("id", template=keys_sql("%(expressions)s")),
                "search",
                name="posts_search",
                fastupdate=False,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "author",
                "boost_of",
                name="posts_boost_once",
                condition=models.Q(boost_of__isnull=False, deleted_at=None),
            ),
            models.UniqueConstraint(
                "author",
                "imported_from",
                "imported_id",
                name="posts_import_once",
                condition=~models.Q(imported_from=""),
            ),
        ]


class PostCount(models.Model):
    """Counters of a post, apart because they change far more often than the post."""

    post = models.OneToOneField(Post, primary_key=True, on_delete=models.CASCADE, related_name="count")
    replies = models.IntegerField(default=0)
    boosts = models.IntegerField(default=0)
    quotes = models.IntegerField(default=0)
    like = models.IntegerField(default=0)
    love = models.IntegerField(default=0)
    laugh = models.IntegerField(default=0)
    wow = models.IntegerField(default=0)
    sad = models.IntegerField(default=0)
    angry = models.IntegerField(default=0)


class Mention(models.Model):
    """A profile that a post speaks to. It may see the post whatever the audience."""

    id = Id()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint("post", "profile", name="posts_mention_once")]
        indexes = [models.Index(fields=["profile", "-post"], name="posts_mentions_of")]


class Tag(models.Model):
    """A hashtag. ``name`` is folded (case, Arabic forms); ``shown`` as first written."""

    id = Id()
    name = models.CharField(max_length=255, unique=True)
    shown = models.CharField(max_length=255)
    usable = models.BooleanField(default=True, help_text="May trend.")
    made_at = models.DateTimeField()


class PostTag(models.Model):
    """A hashtag on a post."""

    id = Id()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint("post", "tag", name="posts_tag_once")]
        indexes = [models.Index(fields=["tag", "-post"], name="posts_of_tag")]


class TagFollow(models.Model):
    """A member reads a hashtag in her home feed."""

    id = Id()
    follower = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("follower", "tag", name="posts_tag_follow_once")]


class TagFeature(models.Model):
    """A hashtag that a member shows on her profile."""

    id = Id()
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("profile", "tag", name="posts_tag_feature_once")]


class Reaction(models.Model):
    """One of six feelings of a member about a post; older apps see each as a favourite."""

    class Kind(models.TextChoices):
        LIKE = "like"
        LOVE = "love"
        LAUGH = "laugh"
        WOW = "wow"
        SAD = "sad"
        ANGRY = "angry"

    id = Id()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.LIKE)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("post", "profile", name="posts_reaction_once")]
        indexes = [models.Index(fields=["profile", "-id"], name="posts_reactions_by")]


class Bookmark(models.Model):
    """A post that a member keeps, for herself alone."""

    id = Id()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("profile", "post", name="posts_bookmark_once")]
        indexes = [models.Index(fields=["profile", "-id"], name="posts_bookmarks_by")]


class Pin(models.Model):
    """A post that its author keeps on top of her profile."""

    id = Id()
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="+")
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()


class ThreadMute(models.Model):
    """A conversation that a member does not want to be notified of."""

    id = Id()
    thread_id = models.BigIntegerField()
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("profile", "thread_id", name="posts_thread_mute_once")]


class Revision(models.Model):
    """What a post said before an edit. Shown to whoever may see the post."""

    id = Id()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    warning = models.TextField(blank=True)
    sensitive = models.BooleanField(default=False)
    # ids of photos with their alt texts, and the poll's options, as they were
    media = models.JSONField(default=list)
    poll_options = models.JSONField(null=True)
    made_at = models.DateTimeField()


class Poll(models.Model):
    """A question on a post. ``options`` are titles in order; votes are counted per option."""

    id = Id()
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="poll")
    options = models.JSONField()
    votes = models.JSONField(help_text="Votes per option, in the order of the options.")
    voters = models.IntegerField(default=0)
    multiple = models.BooleanField(default=False)
    hide_totals = models.BooleanField(default=False, help_text="Totals are shown only after the end.")
    ends_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, help_text="When the end was told to voters.")


class PollVote(models.Model):
    """One choice of one member."""

    id = Id()
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    choice = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("poll", "profile", "choice", name="posts_vote_once")]


class Draft(models.Model):
    """What will be posted at ``due_at``, or is kept as a draft (``due_at`` null).

    ``params`` are the keywords of ``actions.publish`` as the member gave them.
    """

    id = Id()
    author = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    params = models.JSONField()
    due_at = models.DateTimeField(null=True, db_index=True)
    failure = models.TextField(blank=True, help_text="Why it could not be published when due.")
    made_at = models.DateTimeField()


class Submission(models.Model):
    """An idempotency key that was used: the same one again gives the same post."""

    id = Id()
    author = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    post_id = models.BigIntegerField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("author", "key", name="posts_submission_once")]


class LinkCard(models.Model):
    """What a linked page says of itself. ``url`` is what was asked, fetched once for everybody."""

    id = Id()
    url = models.URLField(max_length=2000, unique=True)
    title = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    site = models.CharField(max_length=200, blank=True)
    author_name = models.CharField(max_length=200, blank=True)
    image_key = models.CharField(max_length=64, blank=True)
    image_width = models.IntegerField(default=0)
    image_height = models.IntegerField(default=0)
    blurhash = models.CharField(max_length=128, blank=True)
    language = models.CharField(max_length=16, blank=True)
    fetched_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)


class PostCard(models.Model):
    """The card shown under a post."""

    post = models.OneToOneField(Post, primary_key=True, on_delete=models.CASCADE, related_name="+")
    card = models.ForeignKey(LinkCard, on_delete=models.CASCADE, related_name="+")
