"""Why something of an archive was not taken, or was taken with a repair: one sentence per code.

The codes are stable (reports are kept); the sentences are for the person and are translated.
Placeholders are named and hold limits and counts, never text from the archive.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOT_TAKEN: Final[dict[str, Promise]] = {
    # The container: a member is left out, the rest is read.
    "name_outside": _("The file's name points outside the archive."),
    "name_unusable": _("The file's name is empty, too long or cannot be read."),
    "name_repeated": _("Another file in the archive has the same name; the first one was read."),
    "not_a_file": _("Links, devices and other special entries are not read."),
    "member_encrypted": _("The file is protected by a password."),
    "member_method": _("The file is packed in a way that is not read here."),
    "member_ratio": _("The file claims to unpack to more than %(ratio)s times its size."),
    "member_nested": _("Archives inside the archive are not opened."),
    "member_broken": _("The file is damaged: it ends early or its checksum is wrong."),
    "member_not_allowed": _("The file may not be read."),
    # The parts and items of a network's layout.
    "part_not_json": _("The file does not hold what its name promises."),
    "item_not_json": _("The entry is damaged and cannot be read."),
    "item_too_large": _("The entry is larger than %(limit)s bytes."),
    "item_encoding": _("The entry is not in UTF-8."),
    "item_shape": _("The entry lacks what it must have."),
    "no_date": _("The post has no date that can be read."),
    "no_id": _("The post has no number of its own."),
    "repeated": _("The same post was already in the archive."),
    "nothing_left": _("Nothing of the post is left that can be taken."),
    "boost_of_other": _("Shared posts belong to those who wrote them."),
    "not_own": _("The post was written by somebody else."),
    "not_a_post": _("This kind of activity is not a post."),
    "profile_event": _("The network wrote this entry by itself, about the account."),
    "media_missing": _("The photo is not in the archive."),
    "video_not_yet": _("Not yet taken: video."),
    "audio_not_yet": _("Not yet taken: audio."),
    "media_kind": _("The attached file is of a kind that is not taken."),
    "media_too_large": _("The attached file is larger than %(limit)s bytes."),
    "story": _("Stories were made to disappear and are not taken."),
    "archived_by_author": _("Posts you had archived there are not made public here."),
    "closed_circle": _("Posts to a closed circle of another network are not taken."),
    "long_text_alone": _("A long text that belongs to no post in the archive."),
    "too_many_long_texts": _(
        "Long texts beyond %(limit)s bytes; their posts were taken with the short text."
    ),
    "long_texts_at_once": _("More than %(limit)s long texts within one second."),
    "row_shape": _("The line of the table cannot be read."),
    # What the importing half refuses.
    "imported_before": _("The post was taken before."),
    "here_already": _("The post is here already."),
    "future_date": _("The post is dated in the future."),
    "photo_refused": _("The photo is damaged, too large, or of a kind that is not taken."),
    "poll_shape": _("The poll has fewer than two or more than eight different options."),
    "not_composed": _("The post cannot be written here as it is."),
    "contact_not_here": _("The person is not on this server."),
    "contact_refused": _("The list or server cannot be taken over as it is."),
    "circle_refused": _("The circle cannot be taken over as it is; its posts are for you alone."),
    "filter_here": _("The filter is here already."),
    "filter_ended": _("The filter had ended."),
    "filter_refused": _("The filter cannot be taken over as it is."),
    "note_here": _("You have a note about this person already."),
    "note_refused": _("The note cannot be taken over as it is."),
    "page_here": _("The page says something of itself here already."),
    "page_refused": _("Some of what the page says of itself cannot be taken over."),
    "page_no_business": _("This profile is no business, and has no page."),
    "draft_here": _("The draft is here already."),
    "draft_refused": _("The draft cannot be taken over: there are as many as there can be."),
    "post_not_here": _("The post is not on this server, or not for you."),
}

TAKEN_WITH: Final[dict[str, Promise]] = {
    "control_characters": _("Characters that cannot be shown were left out."),
    "half_characters": _("Broken characters, such as half an emoji, stand as a mark."),
    "mojibake": _("Letters garbled by the other network were restored."),
    "date_from_id": _("The date was taken from the post's number."),
    "short_links": _("Short links of the other network stayed as they are."),
    "long_text": _("The full long text was used."),
    "reply_to_other": _("The post answers somebody on the other network."),
    "poll_closed": _("The poll was taken with its final votes."),
    "album_continued": _("An album of more than 16 photos goes on in answers to its first post."),
    "recipients_not_here": _("Somebody whom the post was for is not here, or not to be reached."),
    "draft_unscheduled": _("A post that waited for its hour is a draft now: choose the hour anew."),
    "draft_alone": _("A draft was for a post that is not here; its words were taken alone."),
    "warning_shortened": _("A content warning was shortened to 500 characters."),
    "title_shortened": _("The title of an article was shortened to 300 characters."),
    "text_shortened": _("A text that was too long was shortened."),
    "alt_shortened": _("The description of a photo was shortened to 1,500 characters."),
}
