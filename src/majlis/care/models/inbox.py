"""One inbox: who speaks to a page, in which conversation, what was said, and what became of it."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id

DUE = "coalesce(%(expressions)s, 'infinity'::timestamptz)"
"""When a conversation is due, for lists: what has no clock comes last."""


class Arrival(models.Model):
    """Something was said to a page, or about it, and is not yet in a conversation. Written in the transaction that
    published it, or by an adapter; gone once it was taken in.

    Exactly one of ``post``, ``review`` and ``given`` says what it is; ``given`` is what an outside source told
    (``intake.Outside``).
    """

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=24)
    post_id = models.BigIntegerField(null=True)
    review_id = models.BigIntegerField(null=True)
    given = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["page", "id"], name="care_arrivals")]


class Person(models.Model):
    """Somebody who speaks to a page, by one channel or by several that she said are hers.

    ``name`` is kept for those of outside networks alone; members are named by their profiles.
    """

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    blocked_at = models.DateTimeField(null=True)
    answered_by_itself_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True, help_text="How content she is.")
    made_at = models.DateTimeField()


class Channel(models.Model):
    """A way by which a person speaks: a profile of this server, or an account of an outside network (``kind`` is the
    network's name, ``key`` the account's there; of a profile its id). ``first_person`` is whose it was at first, so
    that a join can be undone."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="channels")
    first_person_id = models.BigIntegerField()
    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=200)
    profile = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    joined_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    joined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("page", "kind", "key", name="care_channel_once")]


class Conversation(models.Model):
    """What one person and a page say to each other about one thing.

    Everything from ``opened_at`` to ``resolution_seconds`` follows from the messages and steps and is worked out anew
    from them whenever one comes (``settling``); seconds are of business hours. ``due_at`` is the next end of a clock.
    ``complaint``, ``negative`` and ``urgency`` are the highest read or said of what the person wrote (0 to 1).
    """

    class Status(models.TextChoices):
        OPEN = "open"
        WAITING = "waiting"  # for the customer
        SNOOZED = "snoozed"
        SOLVED = "solved"
        CONFIRMED = "confirmed"  # by the customer

    class Priority(models.IntegerChoices):
        URGENT = 0
        HIGH = 1
        NORMAL = 2
        LOW = 3

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="conversations")
    source = models.CharField(max_length=24)
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    priority_said = models.BooleanField(default=False, help_text="By a person or a rule: readings keep off.")
    assignee = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    assigned_at = models.DateTimeField(null=True)
    cause = models.ForeignKey("care.Cause", null=True, on_delete=models.SET_NULL, related_name="+")
    cause_said = models.BooleanField(default=False, help_text="By a person: readings keep off.")
    language = models.CharField(max_length=16, blank=True)
    complaint = models.FloatField(null=True)
    negative = models.FloatField(null=True)
    urgency = models.FloatField(null=True)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    last_in_at = models.DateTimeField(null=True)
    last_out_at = models.DateTimeField(null=True)
    messages = models.IntegerField(default=0)
    unanswered = models.BooleanField(default=True, help_text="The last word is the customer's.")
    first_reply_at = models.DateTimeField(null=True)
    first_reply_seconds = models.FloatField(null=True)
    resolution_seconds = models.FloatField(null=True)
    due_at = models.DateTimeField(null=True)
    due_kind = models.CharField(max_length=12, blank=True, help_text="first, next, resolution")
    # the due_at that was warned of, and that was told to be missed: each is told once
    warned_for = models.DateTimeField(null=True)
    missed_for = models.DateTimeField(null=True)
    breached = models.BooleanField(default=False)
    called_at = models.DateTimeField(null=True, help_text="Somebody was called to this complaint.")
    snoozed_until = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    # raised by every change, for lists that are live
    version = models.IntegerField(default=0)

    class Meta:
        indexes = [
            # the list of a shift: what is open, by what is due first, and by what came last
            models.Index(
                "page",
                "status",
                "priority",
                models.Func("due_at", template=DUE),
                "id",
                name="care_inbox_due",
                condition=models.Q(merged_into=None),
            ),
            models.Index(
                fields=["page", "status", "-last_at", "-id"],
                name="care_inbox_newest",
                condition=models.Q(merged_into=None),
            ),
            models.Index(
                fields=["page", "assignee", "status", "-last_at"],
                name="care_inbox_mine",
                condition=models.Q(merged_into=None, assignee__isnull=False),
            ),
            models.Index(
                fields=["page", "-last_at", "-id"],
                name="care_all_newest",
                condition=models.Q(merged_into=None),
            ),
            models.Index(fields=["page", "-opened_at"], name="care_opened"),
            models.Index(fields=["page", "cause", "-opened_at"], name="care_of_cause"),
            models.Index(fields=["person", "-last_at"], name="care_of_person"),
            # clocks that run, for warnings
            models.Index(
                fields=["due_at"],
                name="care_due",
                condition=models.Q(status__in=("open", "snoozed"), merged_into=None, due_at__isnull=False),
            ),
            models.Index(
                fields=["page", "called_at"], name="care_called", condition=models.Q(called_at__isnull=False)
            ),
            models.Index(fields=["snoozed_until"], name="care_snoozed", condition=models.Q(status="snoozed")),
        ]


class Strand(models.Model):
    """Where further words of a conversation come in: a thread with one person in it, a review, a thread outside. A
    merged conversation's strands are those of the one it went into."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=300)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="strands")
    first_conversation_id = models.BigIntegerField(help_text="Before merges, so that one can be undone.")

    class Meta:
        constraints = [models.UniqueConstraint("page", "key", name="care_strand_once")]


class Message(models.Model):
    """Something said in a conversation. The words of a post or review stay where they are; ``text`` is kept for notes
    and for what came from outside. ``by`` is who of the team wrote it.

    ``read_at`` null: its readings are still to come. Readings are probabilities, 0 to 1.
    """

    class Side(models.TextChoices):
        CUSTOMER = "customer"
        TEAM = "team"
        AUTOMATIC = "automatic"  # never stops a clock
        NOTE = "note"  # of the team, for the team

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="said", db_index=False
    )
    side = models.CharField(max_length=12, choices=Side)
    source = models.CharField(max_length=24)
    post_id = models.BigIntegerField(null=True)
    review_id = models.BigIntegerField(null=True)
    outside_id = models.CharField(max_length=200, blank=True)
    channel = models.ForeignKey(
        Channel, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, help_text="Its author or an operator took it away.")
    read_at = models.DateTimeField(null=True)
    complaint = models.FloatField(null=True)
    negative = models.FloatField(null=True)
    neutral = models.FloatField(null=True)
    positive = models.FloatField(null=True)
    cause = models.CharField(max_length=24, blank=True, help_text="Of the model's list.")
    cause_sure = models.FloatField(null=True)
    urgency = models.FloatField(null=True)
    language = models.CharField(max_length=16, blank=True)
    dialect = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "page", "post_id", name="care_post_once", condition=models.Q(post_id__isnull=False)
            ),
            models.UniqueConstraint(
                "page", "review_id", name="care_review_once", condition=models.Q(review_id__isnull=False)
            ),
            models.UniqueConstraint(
                "page", "source", "outside_id", name="care_outside_once", condition=~models.Q(outside_id="")
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "at", "id"], name="care_said"),
            models.Index(fields=["page", "-at"], name="care_said_to_page"),
            models.Index(
                fields=["post_id"], name="care_about_post", condition=models.Q(post_id__isnull=False)
            ),
            models.Index(
                fields=["id"], name="care_to_read", condition=models.Q(read_at=None, side="customer")
            ),
        ]


class Step(models.Model):
    """What was done with a conversation: by whom, when. ``status`` is the state from then on, where it changed; clocks
    are worked out from these. Never changed or deleted while the conversation stands."""

    id = Id()
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="steps", db_index=False
    )
    what = models.CharField(max_length=24)
    status = models.CharField(max_length=12, blank=True)
    by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    by_customer = models.BooleanField(default=False)
    details = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["conversation", "at", "id"], name="care_steps")]


class ConversationTag(models.Model):
    """A tag of the page's own on a conversation."""

    id = Id()
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="tags", db_index=False
    )
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint("conversation", "name", name="care_tag_once")]
        indexes = [models.Index(fields=["page", "name"], name="care_tagged")]


class Presence(models.Model):
    """Who has a conversation open right now, and whether she is writing an answer. Worth nothing after a minute."""

    pk = models.CompositePrimaryKey("conversation_id", "member_id")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    answering = models.BooleanField(default=False)
    at = models.DateTimeField()
